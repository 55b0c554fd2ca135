//! What was done to a volume, in order, with enough to do it again.
//!
//! An [`Operation`] names a function of this workspace and its parameters as typed values; what entered it besides the volume
//! itself (the other volumes of a stack, the fixed image of a registration) is kept with a history of its own.
//!
//! # Examples
//! ```
//! use isocenter_volume::{Provenance, provenance::Parameter};
//!
//! let mut done = Provenance::default();
//! done.push("crop", [("start", Parameter::from([1usize, 0, 0])), ("size", [2usize, 4, 4].into())]);
//! assert_eq!(done.operations()[0].parameters()["size"], Parameter::Numbers(vec![2.0, 4.0, 4.0]));
//! ```

mod parameter;

use std::collections::BTreeMap;

pub use parameter::Parameter;

/// One operation with its parameters. Other crates add it through [`Provenance::push`] and read it from [`Provenance::operations`].
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Operation {
    #[cfg_attr(feature = "serde", serde(rename = "operation"))]
    name: String,
    #[cfg_attr(feature = "serde", serde(default))]
    parameters: BTreeMap<String, Parameter>,
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    inputs: Vec<Provenance>,
}

impl Operation {
    /// An operation without other inputs.
    pub fn new<P: Into<Parameter>>(
        name: impl Into<String>,
        parameters: impl IntoIterator<Item = (impl Into<String>, P)>,
    ) -> Self {
        let parameters = parameters.into_iter().map(|(k, v)| (k.into(), v.into())).collect();
        Self { name: name.into(), parameters, inputs: Vec::new() }
    }

    /// Adds the histories of what entered besides the volume whose history this is, in the order they were given.
    #[must_use]
    pub fn with_inputs(mut self, inputs: impl IntoIterator<Item = Provenance>) -> Self {
        self.inputs.extend(inputs);
        self
    }

    /// Its name, such as `reorient` or `resample`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its parameters by name. Never a patient's value.
    pub const fn parameters(&self) -> &BTreeMap<String, Parameter> {
        &self.parameters
    }

    /// The histories of its other inputs.
    pub fn inputs(&self) -> &[Provenance] {
        &self.inputs
    }
}

/// The ordered list of what was done.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Provenance {
    operations: Vec<Operation>,
}

impl Provenance {
    /// Adds an operation at the end.
    pub fn push<P: Into<Parameter>, const N: usize>(&mut self, name: &str, parameters: [(&str, P); N]) {
        self.add(Operation::new(name, parameters));
    }

    /// Adds an operation at the end.
    pub fn add(&mut self, operation: Operation) {
        self.operations.push(operation);
    }

    /// The operations, oldest first.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// Whether nothing was done.
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }
}

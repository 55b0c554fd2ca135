//! What was done to a volume, in order.

use std::collections::BTreeMap;

/// One operation with its parameters.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Step {
    /// Name of the operation, such as `reorient` or `resample`.
    pub operation: String,
    /// Its parameters as text, by name; numbers in their shortest exact spelling. Never a patient's value.
    pub parameters: BTreeMap<String, String>,
}

/// The ordered list of what was done.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Provenance {
    steps: Vec<Step>,
}

impl Provenance {
    /// Adds an operation at the end.
    pub fn push<const N: usize>(&mut self, operation: &str, parameters: [(&str, String); N]) {
        self.steps.push(Step {
            operation: operation.to_owned(),
            parameters: parameters.into_iter().map(|(k, v)| (k.to_owned(), v)).collect(),
        });
    }

    /// The operations, oldest first.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }
}

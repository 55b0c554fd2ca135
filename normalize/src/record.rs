//! A step with what it found: one line of a manifest.

use serde::{Deserialize, Serialize};

use crate::{Fitted, Step};

/// A step with what it found. Its version is that of the fitted map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FittedRecord {
    step: Step,
    fitted: Fitted,
}

impl FittedRecord {
    /// Joins a step and what it came to.
    pub const fn new(step: Step, fitted: Fitted) -> Self {
        Self { step, fitted }
    }

    /// The step as asked for.
    pub const fn step(&self) -> &Step {
        &self.step
    }

    /// What it came to for one volume.
    pub const fn fitted(&self) -> &Fitted {
        &self.fitted
    }
}

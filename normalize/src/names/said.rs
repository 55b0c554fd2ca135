//! What an answer was read from, and why there is none.

use serde::Serialize;

/// One piece of evidence: what was found, and what it was taken to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    /// Words of a text as folded, or a fact with its value (`TE 2.5 ms`).
    pub found: String,
    /// What it says: `region=chest`, `diffusion`.
    pub says: String,
}

impl Said {
    pub(crate) fn new(found: impl Into<String>, says: impl Into<String>) -> Self {
        Self { found: found.into(), says: says.into() }
    }
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.found, self.says)
    }
}

/// Why no name is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Abstained {
    /// Neither words nor facts said anything.
    NothingUnderstood,
    /// What was understood does not say which machine.
    NoMethod,
    /// What was understood names no part of the body.
    NoRegion,
    /// Two readings are possible.
    TwoReadings,
    /// The parts are understood, but no code in the list has them.
    NoCode,
}

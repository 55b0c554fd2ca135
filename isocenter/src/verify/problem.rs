//! What does not hold of an output tree.

use serde::{Deserialize, Serialize};

/// One thing that does not hold.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct Problem {
    /// Its kind.
    pub fault: Fault,
    /// The file or folder, below the output folder.
    pub file: String,
    /// What is wrong, in words.
    pub sentence: String,
}

/// Kinds of what does not hold.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Fault {
    /// A file that was written is not there.
    Missing,
    /// A file is not as it was written.
    Changed,
    /// A file is there that was not written.
    Stray,
    /// The system does not let a file be read.
    Unreadable,
    /// Counts do not add up, or a record does not parse.
    Record,
    /// An export is not whole.
    Export,
}

impl Problem {
    pub(super) fn new(fault: Fault, file: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self { fault, file: file.into(), sentence: sentence.into() }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.file, self.sentence)
    }
}

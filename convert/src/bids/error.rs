//! What is wrong with a mapping, or with who is named.

use isocenter_volume::Family;

/// What is wrong with a mapping, or with who is named.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The mapping is no JSON.
    #[error("the mapping is no JSON")]
    Json(#[source] serde_json::Error),
    /// Something in the mapping is not what it has to be.
    #[error("{at}: {what}")]
    Mapping {
        /// Where it stands, such as `descriptions 2, criteria`.
        at: String,
        /// What is wrong.
        what: String,
    },
    /// A label of a subject or a session has other characters than letters and digits.
    #[error("{0:?} is no label: one has letters and digits alone")]
    Label(String),
}

impl Error {
    /// A stable code of the kind of failure.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Json(_) => "mapping-json",
            Self::Mapping { .. } => "mapping",
            Self::Label(_) => "bids-label",
        }
    }

    /// What a caller can do about it.
    pub const fn family(&self) -> Family {
        match self {
            Self::Json(_) | Self::Mapping { .. } => Family::Malformed,
            Self::Label(_) => Family::Argument,
        }
    }
}

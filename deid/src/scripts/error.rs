//! Why a script cannot be used. Messages name lines, elements and functions of the script, nothing of a patient.

use isocenter_volume::Family;

/// Why a script cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The content does not tell of what format it is.
    #[error("not a script of a format that is known, or one that could be of several")]
    Unrecognized,
    /// It breaks the rules of its format.
    #[error("{place}: {what}")]
    Malformed {
        /// The line, the element or the key.
        place: String,
        /// What is wrong.
        what: String,
    },
    /// It asks for what cannot be honoured.
    #[error("{place}: {function} is not honoured: {why}")]
    Unsupported {
        /// The line, the element or the key.
        place: String,
        /// The function, action or setting.
        function: String,
        /// The reason.
        why: &'static str,
    },
    /// It needs what was not given.
    #[error("{place}: {what} is needed and not given")]
    Missing {
        /// The line, the element or the key.
        place: String,
        /// What is needed.
        what: String,
    },
    /// It is larger than a script can be.
    #[error("the script has {asked} {what}, limit is {limit}")]
    Limit {
        /// What was counted.
        what: &'static str,
        /// How many.
        asked: usize,
        /// How many are allowed.
        limit: usize,
    },
}

impl Error {
    /// A short, stable code of the reason.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Unrecognized => "unrecognized-script",
            Self::Malformed { .. } => "malformed-script",
            Self::Unsupported { .. } => "unsupported-script",
            Self::Missing { .. } => "missing-for-script",
            Self::Limit { .. } => "limit",
        }
    }

    /// What a caller can do about it.
    pub const fn family(&self) -> Family {
        match self {
            Self::Unrecognized | Self::Unsupported { .. } => Family::Unsupported,
            Self::Malformed { .. } => Family::Malformed,
            Self::Missing { .. } => Family::Argument,
            Self::Limit { .. } => Family::Limit,
        }
    }

    pub(super) fn malformed(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Malformed { place: place.into(), what: what.into() }
    }

    pub(super) fn unsupported(place: impl Into<String>, function: impl Into<String>, why: &'static str) -> Self {
        Self::Unsupported { place: place.into(), function: function.into(), why }
    }

    pub(super) fn missing(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Missing { place: place.into(), what: what.into() }
    }
}

//! Why a transform file was not read or written.

use std::path::PathBuf;

use isocenter_volume::Family;

/// Why a transform file was not read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text does not follow its convention.
    #[error("line {line} of the transform: {what}")]
    Malformed {
        /// Line, counted from 1.
        line: usize,
        /// What is wrong.
        what: &'static str,
    },
    /// The file holds what is not read here.
    #[error("the transform file holds {found}, which is not supported")]
    Unsupported {
        /// What it holds.
        found: String,
    },
    /// Neither name nor content say whose convention the numbers follow.
    #[error("the file does not say whose convention its numbers follow: name it with --transform-format")]
    Unnamed,
    /// The file is larger than a transform can be.
    #[error("the file is larger than {limit} bytes, which no transform is")]
    Limit {
        /// The limit, bytes.
        limit: u64,
    },
    /// The file could not be read or written.
    #[error("could not read or write the transform file")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl Error {
    /// A stable code of the kind of refusal, for records and programs: words joined by hyphens.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "malformed",
            Self::Unsupported { .. } => "unsupported",
            Self::Unnamed => "unnamed-convention",
            Self::Limit { .. } => "limit",
            Self::Io { .. } => "io",
        }
    }

    /// What a caller can do about it.
    pub const fn family(&self) -> Family {
        match self {
            Self::Malformed { .. } => Family::Malformed,
            Self::Unsupported { .. } => Family::Unsupported,
            Self::Unnamed => Family::Argument,
            Self::Limit { .. } => Family::Limit,
            Self::Io { .. } => Family::Io,
        }
    }
}

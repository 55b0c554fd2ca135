//! Why pixels could not be cleaned, or a rule file not be read. No message holds a value of an element or a path.

use isocenter_volume::{Cancelled, Family};

/// Why pixels could not be cleaned, or a rule file not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The pixels could not be decoded or coded.
    #[error("frame {frame}: {source}")]
    Frame {
        /// The frame, from 0.
        frame: usize,
        /// The reason.
        source: isocenter_dcm::Error,
    },
    /// The pixels could not be found, or not be put back.
    #[error(transparent)]
    Dicom(#[from] isocenter_dcm::Error),
    /// Only the header was read.
    #[error("only the header was read, pixels are cleaned whole")]
    HeaderOnly,
    /// Pixels whose form cannot be changed in place or coded again.
    #[error("cannot blank {what}")]
    Unsupported {
        /// Which form.
        what: &'static str,
    },
    /// A line of a rule file that cannot be honoured.
    #[error("line {line}: {what}")]
    Rule {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        what: String,
    },
    /// A file of rules that is no TOML, or has keys or values that are not known.
    #[error("not a file of pixel rules: {message}")]
    Rules {
        /// What the reader says, with the place.
        message: String,
    },
    /// Text in the pixels could not be read.
    #[error(transparent)]
    Read(#[from] super::read::Error),
    /// What is known of the patient could not be compiled into one search.
    #[error("the values to look for could not be compiled into one search")]
    Patterns {
        /// The reason.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The caller's observer asked to stop.
    #[error("cancelled")]
    Cancelled,
}

impl Error {
    /// A short, stable code of the reason, such as `rule`.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Frame { source, .. } | Self::Dicom(source) => source.reason(),
            Self::HeaderOnly => "header-only",
            Self::Unsupported { .. } => "unsupported-pixels",
            Self::Rule { .. } => "rule",
            Self::Rules { .. } => "rules",
            Self::Read(source) => source.reason(),
            Self::Patterns { .. } => "patterns",
            Self::Cancelled => "cancelled",
        }
    }

    /// What a caller can do about it.
    pub const fn family(&self) -> Family {
        match self {
            Self::Frame { source, .. } | Self::Dicom(source) => source.family(),
            Self::HeaderOnly => Family::Argument,
            Self::Unsupported { .. } => Family::Unsupported,
            Self::Rule { .. } | Self::Rules { .. } => Family::Malformed,
            Self::Read(source) => source.family(),
            Self::Patterns { .. } => Family::Limit,
            Self::Cancelled => Family::Cancelled,
        }
    }

    /// What went wrong at a frame.
    pub(super) fn at(frame: usize) -> impl Fn(isocenter_dcm::Error) -> Self {
        move |source| match source {
            isocenter_dcm::Error::Cancelled => Self::Cancelled,
            source => Self::Frame { frame, source },
        }
    }
}

impl From<Cancelled> for Error {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

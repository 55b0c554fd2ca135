//! Why a phantom could not be made or written.

use std::path::PathBuf;

use isocenter_volume::Family;

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A grid, an affine or a volume was refused by `isocenter-volume`.
    #[error("the grid or volume is not valid")]
    Volume(#[source] isocenter_volume::Error),
    /// An argument outside of what it may be.
    #[error("{what}")]
    Argument {
        /// What was asked for, and what is possible.
        what: &'static str,
    },
    /// The pose has no inverse.
    #[error("the pose from canonical to world millimetres has no inverse")]
    SingularPose,
    /// A data set could not be encoded.
    #[error("could not encode the data set")]
    Encode {
        /// The encoder's reason.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The truth could not be written as, or read from, JSON.
    #[error("the truth file is not valid JSON of this version")]
    Json(#[from] serde_json::Error),
    /// A file or folder could not be written or read.
    #[error("could not write or read the file")]
    Io {
        /// Which.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The observer asked to stop.
    #[error("cancelled")]
    Cancelled,
}

impl From<isocenter_volume::Error> for Error {
    fn from(error: isocenter_volume::Error) -> Self {
        match error {
            isocenter_volume::Error::Cancelled => Self::Cancelled,
            other => Self::Volume(other),
        }
    }
}

impl Error {
    /// A stable code of the kind of failure: words joined by hyphens.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Volume(error) => error.reason(),
            Self::Argument { .. } => "bad-argument",
            Self::SingularPose => "singular-pose",
            Self::Encode { .. } => "encode",
            Self::Json(_) => "bad-truth",
            Self::Io { .. } => "io",
            Self::Cancelled => "cancelled",
        }
    }

    /// What a caller can do about it.
    pub const fn family(&self) -> Family {
        match self {
            Self::Volume(error) => error.family(),
            Self::Argument { .. } | Self::SingularPose => Family::Argument,
            Self::Encode { .. } => Family::Unsupported,
            Self::Json(_) => Family::Malformed,
            Self::Io { .. } => Family::Io,
            Self::Cancelled => Family::Cancelled,
        }
    }

    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }

    pub(crate) fn encode(source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Encode { source: Box::new(source) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_is_one_wherever_it_was_asked_for() {
        assert!(matches!(Error::from(isocenter_volume::Error::Cancelled), Error::Cancelled));
    }
}

//! Why volumes could not be written.

use std::path::{Path, PathBuf};

use isocenter_formats as formats;
use isocenter_volume::Family;

/// Why volumes could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A token of the names may identify a person, and identity is not kept.
    #[error("%{0} may identify a person, and stands in no name unless identity is kept")]
    Identifies(char),
    /// Volumes of several patients were to be those of one subject.
    #[error("the volumes are of {0} patients, and were to be those of one subject")]
    SeveralPatients(usize),
    /// A file is there already.
    #[error("a file of that name is there already")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A volume could not be written.
    #[error("a volume could not be written")]
    Write {
        /// Where to.
        path: PathBuf,
        /// The writer's reason.
        source: formats::Error,
    },
    /// What goes beside a volume could not be written.
    #[error("a file beside a volume could not be written")]
    Text {
        /// Where to.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A folder could not be made.
    #[error("a folder could not be made")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The plan is not that of the files, or what it asks for is more than the options allow.
    #[error(transparent)]
    Convert(crate::Error),
    /// The caller's observer asked to stop.
    #[error("cancelled")]
    Cancelled,
}

impl From<crate::Error> for Error {
    fn from(error: crate::Error) -> Self {
        match error {
            crate::Error::Cancelled => Self::Cancelled,
            other => Self::Convert(other),
        }
    }
}

impl From<isocenter_volume::Error> for Error {
    fn from(error: isocenter_volume::Error) -> Self {
        crate::Error::from(error).into()
    }
}

impl From<isocenter_volume::Cancelled> for Error {
    fn from(_: isocenter_volume::Cancelled) -> Self {
        Self::Cancelled
    }
}

impl Error {
    /// A stable code of the kind of failure.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Identifies(_) => "identifying-name",
            Self::SeveralPatients(_) => "several-patients",
            Self::Exists { .. } => "exists",
            Self::Write { source, .. } => source.reason(),
            Self::Folder { .. } | Self::Text { .. } => "io",
            Self::Convert(error) => error.reason(),
            Self::Cancelled => "cancelled",
        }
    }

    /// What a caller can do about it.
    pub fn family(&self) -> Family {
        match self {
            Self::Identifies(_) | Self::SeveralPatients(_) | Self::Exists { .. } => Family::Argument,
            Self::Write { source, .. } => source.family(),
            Self::Folder { .. } | Self::Text { .. } => Family::Io,
            Self::Convert(error) => error.family(),
            Self::Cancelled => Family::Cancelled,
        }
    }

    /// The file or folder that it is about.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Exists { path } | Self::Write { path, .. } | Self::Folder { path, .. } | Self::Text { path, .. } => {
                Some(path)
            }
            _ => None,
        }
    }
}

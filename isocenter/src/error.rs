//! Why a run could not be done, and which exit code says so.

use std::path::{Path, PathBuf};

use isocenter_volume::Family;

/// Why a run stopped. An item that fails is not an error: it is quarantined with a reason, and the run goes on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The caller asked for something that cannot be: a missing folder, an output that holds something else, a wrong pair.
    #[error("{message}")]
    Usage {
        /// What is wrong and what to do.
        message: String,
    },
    /// The recipe does not parse, or asks for what does not exist.
    #[error("the recipe cannot be used: {message}")]
    Recipe {
        /// What is wrong, with line and key where the parser gives them.
        message: String,
    },
    /// The key file cannot be read or made.
    #[error("the key file cannot be used")]
    Key(#[source] isocenter_files::Error),
    /// The search for identifying values cannot be made: there are too many.
    #[error("the search for identifying values cannot be made")]
    Scan(#[source] isocenter_deid::Error),
    /// The system refused a read or a write: a full disk, a missing right.
    #[error("could not {action}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Writing a volume failed.
    #[error("could not write a volume")]
    Write(#[source] isocenter_formats::Error),
    /// Something that must hold at the end does not: counts do not add up, an export is not whole.
    #[error("verification failed: {message}")]
    Verification {
        /// What does not hold.
        message: String,
    },
    /// Something identifying was found in the output; the exports were taken back.
    #[error("the privacy gate failed: {hits} places in {files} output files hold a value of the input")]
    Privacy {
        /// Places found.
        hits: usize,
        /// Files they are in.
        files: usize,
    },
    /// The run ended early, after something was written: the output is marked as not finished.
    #[error("the output is not finished, was not searched as a whole and must not be used; delete {} and run again", out.display())]
    Unfinished {
        /// The output folder.
        out: PathBuf,
        /// What ended the run.
        source: Box<Self>,
    },
    /// The caller's observer asked to stop.
    #[error("interrupted")]
    Cancelled,
    /// Two parts of the program disagree; please report it.
    #[error("internal: {message}")]
    Internal {
        /// What was found.
        message: String,
    },
}

impl From<isocenter_volume::Cancelled> for Error {
    fn from(_: isocenter_volume::Cancelled) -> Self {
        Self::Cancelled
    }
}

impl Error {
    /// A stable code of the kind of failure, for records and programs.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Usage { .. } => "usage",
            Self::Recipe { .. } => "recipe",
            Self::Key(_) => "key",
            Self::Scan(_) => "leak-search",
            Self::Io { .. } => "io",
            Self::Write(_) => "write",
            Self::Verification { .. } => "verification",
            Self::Privacy { .. } => "privacy",
            Self::Unfinished { source, .. } => source.reason(),
            Self::Cancelled => "cancelled",
            Self::Internal { .. } => "internal",
        }
    }

    /// What a caller can do about it.
    pub fn family(&self) -> Family {
        match self {
            Self::Usage { .. } | Self::Recipe { .. } => Family::Argument,
            Self::Key(error) => error.family(),
            Self::Io { .. } => Family::Io,
            Self::Scan(_) => Family::Limit,
            Self::Write(error) => error.family(),
            Self::Verification { .. } | Self::Privacy { .. } | Self::Internal { .. } => Family::Unsuited,
            Self::Unfinished { source, .. } => source.family(),
            Self::Cancelled => Family::Cancelled,
        }
    }

    /// The exit code of the program: 2 usage or recipe, 3 verification, 4 privacy gate, 5 the system, 130 interrupted.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Usage { .. } | Self::Recipe { .. } | Self::Key(_) => 2,
            Self::Verification { .. } | Self::Internal { .. } | Self::Scan(_) => 3,
            Self::Privacy { .. } => 4,
            Self::Io { .. } | Self::Write(_) => 5,
            Self::Unfinished { source, .. } => source.exit_code(),
            Self::Cancelled => 130,
        }
    }

    /// The file or folder that was tried, where there was one. It may name a patient: show it only where the caller may.
    pub fn path(&self) -> Option<&Path> {
        let path = match self {
            Self::Unfinished { source, .. } => return source.path(),
            Self::Io { path, .. } => path,
            Self::Key(isocenter_files::Error::Io { path, .. } | isocenter_files::Error::KeyFileLength { path, .. }) => {
                path
            }
            Self::Write(isocenter_formats::Error::Io { path, .. }) => path,
            _ => return None,
        };
        Some(path).filter(|path| !path.as_os_str().is_empty()).map(PathBuf::as_path)
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Usage { message: message.into() }
    }

    pub(crate) fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }
}

impl From<crate::faces::Error> for Error {
    fn from(error: crate::faces::Error) -> Self {
        match error {
            crate::faces::Error::Cancelled => Self::Cancelled,
            other => Self::usage(other.to_string()),
        }
    }
}

impl From<isocenter_convert::Error> for Error {
    fn from(error: isocenter_convert::Error) -> Self {
        match error {
            isocenter_convert::Error::Cancelled => Self::Cancelled,
            other => Self::Internal { message: other.to_string() },
        }
    }
}

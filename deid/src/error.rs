//! Why a data set or a file was refused. No message holds a value of an element or a path.

use std::path::PathBuf;

/// Why a data set or a file was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A media directory (DICOMDIR) lists other files by their names; it is to be made anew, not cleaned.
    #[error("a media directory (DICOMDIR) cannot be de-identified, it has to be made anew")]
    MediaDirectory,
    /// Neither the data set nor the meta group says what kind of object this is.
    #[error("neither (0008,0016) nor (0002,0002) names a SOP class")]
    MissingSopClass,
    /// Neither the data set nor the meta group names the instance.
    #[error("neither (0008,0018) nor (0002,0003) names a SOP instance")]
    MissingSopInstance,
    /// A declared size is above the limit.
    #[error("{what}: {asked} asked for, limit is {limit}")]
    Limit {
        /// What was counted.
        what: &'static str,
        /// How much was asked for.
        asked: u64,
        /// How much is allowed.
        limit: u64,
    },
    /// Too many values to look for at once.
    #[error("the values to look for could not be compiled into one search")]
    Patterns {
        /// The reason.
        source: aho_corasick::BuildError,
    },
    /// The system could not read or write.
    #[error("could not {action} the file")]
    Io {
        /// The path; it may name a patient: show it only where the caller may.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// The system's reason.
        source: std::io::Error,
    },
}

impl Error {
    /// A short, stable code of the reason, such as `media-directory`.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::MediaDirectory => "media-directory",
            Self::MissingSopClass => "missing-sop-class",
            Self::MissingSopInstance => "missing-sop-instance",
            Self::Limit { .. } => "limit",
            Self::Patterns { .. } => "patterns",
            Self::Io { .. } => "io",
        }
    }
}

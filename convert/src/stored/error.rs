//! Why a plan could not be stored, or read again.

use std::path::{Path, PathBuf};

use isocenter_volume::Family;

use crate::output;

/// Why a plan could not be stored, or read again. No message holds a value of a file; a path may name a patient.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file of the plan lies in memory or in a store, where no other process finds it.
    #[error("file number {file} of the plan is a source and no file, and cannot be found again")]
    Source {
        /// Index of the file among those planned.
        file: usize,
    },
    /// A path that is no Unicode, which JSON cannot hold.
    #[error("a path is no Unicode text, and cannot be stored")]
    Path {
        /// The path.
        path: PathBuf,
    },
    /// The system refused a read.
    #[error("a file could not be read")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The names of the outputs cannot be decided.
    #[error(transparent)]
    Output(#[from] output::Error),
    /// The outputs are of a kind that cannot be stored, or that this build does not make.
    #[error("the outputs of the plan cannot be made: {0}")]
    Manner(&'static str),
    /// The file is no plan.
    #[error("the file is no plan")]
    NotAPlan,
    /// The plan was made by another version, which may decide otherwise.
    #[error("the plan was made by version {found}, and this is {}: make it again", env!("CARGO_PKG_VERSION"))]
    OtherVersion {
        /// The version that made it.
        found: String,
    },
    /// The plan was cut off, damaged or edited.
    #[error("the plan is not as it was written, as its digest tells: make it again")]
    Damaged,
    /// The text is no plan that this version writes.
    #[error("line {line}, column {column} of the plan holds something else than is written there")]
    Text {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// Its parts do not belong to each other.
    #[error("the plan contradicts itself: {0}")]
    Wrong(&'static str),
    /// The file is larger than the limits allow.
    #[error("the plan has {asked} bytes, the limit is {limit}")]
    Limit {
        /// Its bytes.
        asked: u64,
        /// The limit.
        limit: u64,
    },
}

impl From<crate::Error> for Error {
    fn from(error: crate::Error) -> Self {
        Self::Output(error.into())
    }
}

impl Error {
    /// A stable code of the kind of failure.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Source { .. } => "plan-of-sources",
            Self::Path { .. } => "path-not-unicode",
            Self::Io { .. } => "io",
            Self::Output(error) => error.reason(),
            Self::Manner(_) => "plan-unsupported",
            Self::NotAPlan => "not-a-plan",
            Self::OtherVersion { .. } => "plan-of-another-version",
            Self::Damaged | Self::Text { .. } | Self::Wrong(_) => "damaged-plan",
            Self::Limit { .. } => "limit",
        }
    }

    /// What a caller can do about it.
    pub fn family(&self) -> Family {
        match self {
            Self::Source { .. } | Self::Path { .. } => Family::Argument,
            Self::Io { .. } => Family::Io,
            Self::Output(error) => error.family(),
            Self::Manner(_) | Self::OtherVersion { .. } => Family::Unsupported,
            Self::NotAPlan => Family::Unsuited,
            Self::Damaged | Self::Text { .. } | Self::Wrong(_) => Family::Malformed,
            Self::Limit { .. } => Family::Limit,
        }
    }

    /// The file that it is about.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Path { path } | Self::Io { path, .. } => Some(path),
            Self::Output(error) => error.path(),
            _ => None,
        }
    }
}

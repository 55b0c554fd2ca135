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
    /// A file that is no text does not follow its convention.
    #[error("the {format} file: {what}")]
    Broken {
        /// Whose file it was taken for.
        format: &'static str,
        /// What is wrong.
        what: String,
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
    /// The convention speaks of voxels of both images, which were not given.
    #[error("a {format} transform means nothing without the grids of both images")]
    NeedsImages {
        /// The convention.
        format: &'static str,
    },
    /// The file says itself between which grids it maps, and these are not the ones given.
    #[error("the {format} file was made for other images than these: {what}")]
    OtherImages {
        /// The convention.
        format: &'static str,
        /// What does not fit.
        what: String,
    },
    /// One transform was asked for and the file holds another number of them.
    #[error("the file holds {found} transforms, one is wanted")]
    NotOne {
        /// How many it holds.
        found: usize,
    },
    /// The convention cannot hold what was to be written.
    #[error("a {format} file cannot hold {what}")]
    NotHeld {
        /// The convention.
        format: &'static str,
        /// What it cannot hold.
        what: &'static str,
    },
    /// The file continues another that may not or cannot be followed.
    #[error("the transform that comes first stands in another file, {why}")]
    Chain {
        /// Why that is not read.
        why: &'static str,
    },
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
            Self::Malformed { .. } | Self::Broken { .. } => "malformed",
            Self::Unsupported { .. } => "unsupported",
            Self::Unnamed => "unnamed-convention",
            Self::NeedsImages { .. } => "needs-images",
            Self::OtherImages { .. } => "other-images",
            Self::NotOne { .. } => "not-one-transform",
            Self::NotHeld { .. } => "not-held",
            Self::Chain { .. } => "chained-file",
            Self::Limit { .. } => "limit",
            Self::Io { .. } => "io",
        }
    }

    /// What a caller can do about it.
    pub const fn family(&self) -> Family {
        match self {
            Self::Malformed { .. } | Self::Broken { .. } => Family::Malformed,
            Self::Unsupported { .. } => Family::Unsupported,
            Self::Unnamed
            | Self::NeedsImages { .. }
            | Self::OtherImages { .. }
            | Self::NotOne { .. }
            | Self::NotHeld { .. }
            | Self::Chain { .. } => Family::Argument,
            Self::Limit { .. } => Family::Limit,
            Self::Io { .. } => Family::Io,
        }
    }

    /// A broken file that is no text.
    pub(crate) fn broken(format: &'static str, what: impl Into<String>) -> Self {
        Self::Broken { format, what: what.into() }
    }

    /// What a file says of itself and is not read: a program's word, not a patient's, shortened for the message all the same.
    pub(crate) fn unsupported(found: &str) -> Self {
        let short = found.chars().take(60).filter(|c| c.is_ascii_graphic() || *c == ' ').collect();
        Self::Unsupported { found: short }
    }
}

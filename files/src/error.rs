//! Why a key could not be had.

use std::path::PathBuf;

pub use isocenter_volume::Family;

/// Why a key could not be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A key is 32 bytes.
    #[error("a key has 32 bytes, found {found}")]
    KeyLength {
        /// Bytes there are.
        found: u64,
    },
    /// A key file is 32 bytes.
    #[error("a key file has 32 bytes, found {found}")]
    KeyFileLength {
        /// The file.
        path: PathBuf,
        /// Its bytes.
        found: u64,
    },
    /// The system gives no random bytes.
    #[cfg(feature = "random")]
    #[error("the system gives no random bytes")]
    Random {
        /// What it says, in words.
        what: String,
    },
    /// The system refused to read or write.
    #[error("could not {action} a key file")]
    Io {
        /// The file; it may name a patient, so the message does not.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
}

impl Error {
    /// A stable code of the kind of failure, for records and programs: words joined by hyphens.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::KeyLength { .. } => "key-length",
            Self::KeyFileLength { .. } => "key-file-length",
            #[cfg(feature = "random")]
            Self::Random { .. } => "no-randomness",
            Self::Io { .. } => "io",
        }
    }

    /// What a caller can do about it.
    pub const fn family(&self) -> Family {
        match self {
            Self::KeyLength { .. } => Family::Argument,
            Self::KeyFileLength { .. } => Family::Malformed,
            #[cfg(feature = "random")]
            Self::Random { .. } => Family::Io,
            Self::Io { .. } => Family::Io,
        }
    }
}

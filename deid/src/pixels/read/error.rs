//! Why text could not be read. No message holds what was read.

use isocenter_volume::Family;

/// Why text could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The program that reads is not there.
    #[error(
        "the program that reads text could not be started: {source}; install it (Debian: apt install tesseract-ocr) or name its path"
    )]
    Absent {
        /// The system's reason.
        source: std::io::Error,
    },
    /// The program ended with an error.
    #[error(
        "the program that reads text failed ({status}); it has to be tesseract 4 or newer, with data for the language {language} (Debian: tesseract-ocr-eng)"
    )]
    Failed {
        /// How it ended.
        status: String,
        /// The language that was asked for.
        language: String,
    },
    /// The program did not end in time, and was ended.
    #[error("the program that reads text did not end within {seconds} s")]
    Late {
        /// The limit.
        seconds: u64,
    },
    /// What was read is no such thing.
    #[error("the reader's answer cannot be used: {what}")]
    Malformed {
        /// What is wrong with it.
        what: &'static str,
    },
    /// More was read than a line can hold.
    #[error("the reader's answer has more than {limit} {what}")]
    Limit {
        /// What was counted.
        what: &'static str,
        /// How much is allowed.
        limit: usize,
    },
    /// The system could not pass on what is read.
    #[error("could not talk to the program that reads text: {source}")]
    Io {
        /// The system's reason.
        source: std::io::Error,
    },
    /// A reader of the caller's has a reason of its own.
    #[error("the reader could not read: {source}")]
    Other {
        /// The reason; it must not hold what was read.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    /// A short, stable code of the reason.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Absent { .. } => "reader-absent",
            Self::Late { .. } => "reader-late",
            _ => "reader-failed",
        }
    }

    /// What a caller can do about it.
    pub const fn family(&self) -> Family {
        match self {
            Self::Absent { .. } | Self::Failed { .. } => Family::Argument,
            Self::Late { .. } | Self::Limit { .. } => Family::Limit,
            Self::Malformed { .. } | Self::Other { .. } => Family::Unsupported,
            Self::Io { .. } => Family::Io,
        }
    }
}

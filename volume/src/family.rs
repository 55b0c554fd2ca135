//! What kind of failure an error is: what a caller can do about it, the same in every crate.

use std::fmt;

/// What a caller can do about an error. Every `Error` of the workspace answers `family()` with one of these and `reason()` with
/// a stable code of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Family {
    /// The input breaks its standard: mend or replace the file.
    Malformed,
    /// The input is sound and this is not built: another tool may do it.
    Unsupported,
    /// A bound on memory, size or depth was reached: raise it where the input is trusted.
    Limit,
    /// The system refused to read or write: mend the disk, the path or the rights.
    Io,
    /// The caller's arguments do not fit together: mend the call.
    Argument,
    /// The arguments are sound and this input has no answer to the question: an empty mask, a constant image, no overlap.
    Unsuited,
    /// The caller's observer asked to stop.
    Cancelled,
}

impl Family {
    /// Its name in lower case, for records.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Unsupported => "unsupported",
            Self::Limit => "limit",
            Self::Io => "io",
            Self::Argument => "argument",
            Self::Unsuited => "unsuited",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

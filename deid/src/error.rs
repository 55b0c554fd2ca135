//! Why a data set or a file was refused. No message holds a value of an element or a path.

use std::path::PathBuf;

use isocenter_volume::{Cancelled, Family};

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
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The pixels could not be cleaned.
    #[error("the pixels could not be cleaned: {0}")]
    Pixels(#[source] crate::pixels::Error),
    /// The pixels still show text after they were cleaned.
    #[error("the pixels still show text after they were cleaned")]
    TextLeft,
    /// A file that is read while it is de-identified could not be, or what was made of it could not be written.
    #[error("the instance could not be read or written: {0}")]
    Dicom(#[source] isocenter_dcm::Error),
    /// What was to be written holds a value that is known of the patient; it was not written.
    #[error("a value of {} is left", .hit.source)]
    Left {
        /// Where, and which element the value is of.
        hit: crate::leak::Hit,
    },
    /// A table of pseudonyms that cannot be used.
    #[error("line {line} of the table: {what}")]
    BadTable {
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A crosswalk that cannot be made or opened.
    #[cfg(feature = "crosswalk")]
    #[error("the crosswalk: {what}")]
    Crosswalk {
        /// What stands in the way.
        what: &'static str,
    },
    /// A returned object whose patient or class the crosswalk does not know.
    #[cfg(feature = "crosswalk")]
    #[error("the crosswalk knows no patient of this Patient ID")]
    UnknownPatient,
    /// The originals could not be sealed.
    #[cfg(feature = "encrypted-attributes")]
    #[error(transparent)]
    Encrypted(#[from] crate::encrypted::Error),
    /// The rules do not take the instance.
    #[error(transparent)]
    Refused(#[from] crate::rules::Refusal),
    /// The face could not be removed.
    #[error("the face could not be removed: {0}")]
    Face(#[source] crate::faces::Error),
    /// Only the header was read: what was not read cannot be cleaned.
    #[error("only the header was read, an instance is de-identified whole")]
    HeaderOnly,
    /// A stored profile or audit cannot be one.
    #[error("{what}: wanted {wanted}")]
    BadRecord {
        /// Which part of it.
        what: &'static str,
        /// What was expected.
        wanted: &'static str,
    },
    /// A stored profile or audit was written by a newer version.
    #[error("the record has version {found}, the newest that is known is {newest}")]
    RecordVersion {
        /// Its version.
        found: u32,
        /// The newest that is known.
        newest: u32,
    },
    /// The caller's observer asked to stop.
    #[error("cancelled")]
    Cancelled,
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
            Self::Pixels(source) => source.reason(),
            Self::TextLeft => "text-left",
            Self::Dicom(source) => source.reason(),
            Self::Left { .. } => "failed-verification",
            Self::BadTable { .. } => "bad-table",
            #[cfg(feature = "crosswalk")]
            Self::Crosswalk { .. } => "crosswalk",
            #[cfg(feature = "crosswalk")]
            Self::UnknownPatient => "unknown-patient",
            #[cfg(feature = "encrypted-attributes")]
            Self::Encrypted(source) => source.reason(),
            Self::Refused(refusal) => refusal.reason(),
            Self::Face(source) => source.reason(),
            Self::HeaderOnly => "header-only",
            Self::BadRecord { .. } => "bad-record",
            Self::RecordVersion { .. } => "record-version",
            Self::Cancelled => "cancelled",
            Self::Io { .. } => "io",
        }
    }

    /// What a caller can do about it.
    pub const fn family(&self) -> Family {
        match self {
            Self::MediaDirectory | Self::RecordVersion { .. } => Family::Unsupported,
            Self::MissingSopClass | Self::MissingSopInstance | Self::BadRecord { .. } => Family::Malformed,
            Self::Pixels(source) => source.family(),
            Self::Dicom(source) => source.family(),
            Self::TextLeft | Self::Left { .. } | Self::Refused(_) => Family::Unsupported,
            #[cfg(feature = "crosswalk")]
            Self::Crosswalk { .. } | Self::UnknownPatient => Family::Argument,
            #[cfg(feature = "encrypted-attributes")]
            Self::Encrypted(source) => source.family(),
            Self::HeaderOnly | Self::BadTable { .. } => Family::Argument,
            Self::Face(source) => source.family(),
            Self::Limit { .. } | Self::Patterns { .. } => Family::Limit,
            Self::Cancelled => Family::Cancelled,
            Self::Io { .. } => Family::Io,
        }
    }
}

impl From<crate::pixels::Error> for Error {
    fn from(error: crate::pixels::Error) -> Self {
        match error {
            crate::pixels::Error::Cancelled => Self::Cancelled,
            error => Self::Pixels(error),
        }
    }
}

impl From<isocenter_dcm::Error> for Error {
    fn from(error: isocenter_dcm::Error) -> Self {
        match error {
            isocenter_dcm::Error::Cancelled => Self::Cancelled,
            error => Self::Dicom(error),
        }
    }
}

impl From<crate::faces::Error> for Error {
    fn from(error: crate::faces::Error) -> Self {
        match error {
            crate::faces::Error::Cancelled => Self::Cancelled,
            error => Self::Face(error),
        }
    }
}

impl From<Cancelled> for Error {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

//! Why a set of files could not be planned, or a planned volume not read.

use isocenter_volume::{Family, SampleType};

use crate::Reason;

/// Why a set of files could not be planned, or a planned volume not read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be opened or one of its frames not decoded.
    #[error("file number {file} of the plan")]
    Dicom {
        /// Index of the file among those planned.
        file: usize,
        /// The reader's reason.
        source: isocenter_dcm::Error,
    },
    /// A frame decodes to something else than its header says.
    #[error("frame {frame} of file number {file} of the plan has samples of another type or number than {wanted:?}")]
    Inconsistent {
        /// Index of the file among those planned.
        file: usize,
        /// The frame, from 0.
        frame: usize,
        /// The type that was planned.
        wanted: SampleType,
    },
    /// The plan names a file or a frame that is not there: it was made from other files.
    #[error("the plan was made from other files")]
    OtherFiles,
    /// A file is not what it was when the plan was made, or not there any more.
    #[error("file number {file} of the plan: {reason}")]
    NotAsPlanned {
        /// Index of the file among those planned.
        file: usize,
        /// What is the matter with it.
        reason: Reason,
    },
    /// The volume refused its parts, or a limit was reached.
    #[error(transparent)]
    Volume(isocenter_volume::Error),
    /// The caller's observer asked to stop.
    #[error("cancelled")]
    Cancelled,
}

impl From<isocenter_volume::Cancelled> for Error {
    fn from(_: isocenter_volume::Cancelled) -> Self {
        Self::Cancelled
    }
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
    /// What it says of the files, for a record of quarantine; `None` where it says nothing of them: the work was cancelled, or the
    /// plan is not theirs.
    pub fn verdict(&self) -> Option<Reason> {
        match self {
            Self::Dicom { source, .. } => Some(source.into()),
            Self::Inconsistent { .. } => Some(Reason::InconsistentPixels),
            Self::NotAsPlanned { reason, .. } => Some(reason.clone()),
            Self::Volume(isocenter_volume::Error::Limit { .. }) => Some(Reason::Limit),
            Self::Volume(_) => Some(Reason::BadGrid),
            Self::OtherFiles | Self::Cancelled => None,
        }
    }

    /// A stable code of the kind of failure: that of the verdict, `other-files` or `cancelled`.
    pub fn reason(&self) -> &'static str {
        match self.verdict() {
            Some(verdict) => verdict.code(),
            None if matches!(self, Self::Cancelled) => "cancelled",
            None => "other-files",
        }
    }

    /// What a caller can do about it.
    pub fn family(&self) -> Family {
        match self {
            Self::Cancelled => Family::Cancelled,
            Self::Dicom { source, .. } => source.family(),
            other => other.verdict().map_or(Family::Argument, |verdict| verdict.family()),
        }
    }

    /// Index, among those planned, of the file at fault.
    pub const fn file(&self) -> Option<usize> {
        match self {
            Self::Dicom { file, .. } | Self::Inconsistent { file, .. } | Self::NotAsPlanned { file, .. } => Some(*file),
            _ => None,
        }
    }
}

//! Why a planned volume could not be read.

use isocenter_volume::SampleType;

use crate::Reason;

/// Why a planned volume could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be opened or one of its frames not decoded.
    #[error("file number {file} of the scan")]
    Dicom {
        /// Index of the file among those scanned.
        file: usize,
        /// The reader's reason.
        source: isocenter_dcm::Error,
    },
    /// A frame decodes to something else than its header says.
    #[error("frame {frame} of file number {file} has samples of another type or number than {wanted:?} of the plan")]
    Inconsistent {
        /// Index of the file among those scanned.
        file: usize,
        /// The frame, from 0.
        frame: usize,
        /// The type that was planned.
        wanted: SampleType,
    },
    /// The plan names a file or a frame that is not there: it was made from another scan.
    #[error("the plan was made from another scan")]
    AnotherScan,
    /// The volume refused its parts, or a limit was reached.
    #[error(transparent)]
    Volume(#[from] isocenter_volume::Error),
    /// The caller's observer asked to stop.
    #[error("cancelled")]
    Cancelled,
}

impl From<isocenter_volume::Cancelled> for Error {
    fn from(_: isocenter_volume::Cancelled) -> Self {
        Self::Cancelled
    }
}

impl Error {
    /// The same as a reason for a quarantine record.
    pub fn reason(&self) -> Reason {
        match self {
            Self::Dicom { source, .. } => source.into(),
            Self::Inconsistent { .. } | Self::AnotherScan => Reason::InconsistentPixels,
            Self::Volume(isocenter_volume::Error::Limit { .. }) => Reason::Limit,
            Self::Volume(_) | Self::Cancelled => Reason::BadGrid,
        }
    }

    /// Index, among those scanned, of the file at fault.
    pub const fn file(&self) -> Option<usize> {
        match self {
            Self::Dicom { file, .. } | Self::Inconsistent { file, .. } => Some(*file),
            _ => None,
        }
    }
}

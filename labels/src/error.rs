//! Why work on a label map was refused.

use isocenter_volume::{Cancelled, Family};

/// Why work on a label map was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The label map could not be built, or does not lie on the grid of what it is compared with.
    #[error(transparent)]
    Volume(isocenter_volume::Error),
    /// There is no such layer, plane or step.
    #[error("{what} {found} does not exist, there are {count}")]
    OutOfRange {
        /// What was asked for.
        what: &'static str,
        /// Its number.
        found: usize,
        /// How many there are.
        count: usize,
    },
    /// Layers overlap, so they cannot become one.
    #[error("layers overlap in {voxels} voxels, first at {first:?} (labels {labels:?})")]
    LayersOverlap {
        /// Voxels with a label in more than one layer.
        voxels: u64,
        /// Index of the first of them.
        first: [usize; 3],
        /// The two labels there.
        labels: [u32; 2],
    },
    /// Two layers use one value for two things.
    #[error("value {value} stands in more than one layer: remap to consecutive values first")]
    SharedValue {
        /// The value.
        value: u32,
    },
    /// A table of labels is malformed.
    #[error("label table: {what}")]
    Table {
        /// What is wrong with it.
        what: String,
    },
    /// A table of labels is of a kind that is not supported.
    #[error("label table: {what} is not supported")]
    Unsupported {
        /// What is not supported.
        what: &'static str,
    },
    /// A table is longer than it may be.
    #[error("label table has {asked} {what}, the limit is {limit}")]
    Limit {
        /// What is limited.
        what: &'static str,
        /// What was found.
        asked: usize,
        /// The limit.
        limit: usize,
    },
    /// The caller's observer asked to stop.
    #[error("cancelled")]
    Cancelled,
}

impl From<Cancelled> for Error {
    fn from(_: Cancelled) -> Self {
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
    /// A stable code of the kind of refusal, for records and programs: words joined by hyphens.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Volume(error) => error.reason(),
            Self::OutOfRange { .. } => "out-of-range",
            Self::LayersOverlap { .. } => "overlapping-labels",
            Self::SharedValue { .. } => "shared-value",
            Self::Table { .. } => "label-table",
            Self::Unsupported { .. } => "unsupported",
            Self::Limit { .. } => "limit",
            Self::Cancelled => "cancelled",
        }
    }

    /// What a caller can do about it.
    pub const fn family(&self) -> Family {
        match self {
            Self::Volume(error) => error.family(),
            Self::OutOfRange { .. } => Family::Argument,
            Self::LayersOverlap { .. } | Self::SharedValue { .. } => Family::Unsuited,
            Self::Table { .. } => Family::Malformed,
            Self::Unsupported { .. } => Family::Unsupported,
            Self::Limit { .. } => Family::Limit,
            Self::Cancelled => Family::Cancelled,
        }
    }
}

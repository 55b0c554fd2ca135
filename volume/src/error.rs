//! Why an operation on a volume was refused.

use crate::{Cancelled, Family, SampleType};

/// Why an operation on a volume was refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The buffer does not hold one sample per voxel.
    #[error("the grid has {wanted} samples, the buffer holds {found}")]
    ShapeMismatch {
        /// Samples that the grid and the slow axes ask for.
        wanted: usize,
        /// Samples in the buffer.
        found: usize,
    },
    /// An axis is empty, or the number of voxels does not fit the machine.
    #[error("shape {shape:?} has an empty axis or too many voxels")]
    BadShape {
        /// The shape as given.
        shape: [usize; 3],
    },
    /// The affine is singular or not finite.
    #[error("the affine is singular or not finite")]
    SingularAffine,
    /// Left and right of the patient are needed, and the frame does not say.
    #[error("the volume's frame is not the patient's, so its orientation is unknown")]
    NoPatientFrame,
    /// A text is not an orientation such as `RAS`.
    #[error("{text:?} is not an orientation: one letter each of R/L, A/P and S/I is wanted")]
    BadOrientation {
        /// The text as given.
        text: String,
    },
    /// A slow axis is empty, or there is no such step.
    #[error("slow axis {axis} has {len} steps, step {step} was asked for")]
    BadStep {
        /// Number of the slow axis.
        axis: usize,
        /// Steps it has.
        len: usize,
        /// Step asked for.
        step: usize,
    },
    /// An order of axes does not name each of 0, 1, 2 once.
    #[error("axes {axes:?} are not an order of 0, 1, 2")]
    BadPermutation {
        /// The axes as given.
        axes: [usize; 3],
    },
    /// A column does not fit its slow axis, or its values not their quantity.
    #[error("the column {quantity}: {why}")]
    BadColumn {
        /// What the column holds.
        quantity: String,
        /// Why it was refused.
        why: &'static str,
    },
    /// A line of a label table does not fit the layers.
    #[error("segment of value {value} in layer {layer}: {why}")]
    BadSegment {
        /// The layer that it names.
        layer: usize,
        /// The value that it names.
        value: u32,
        /// Why it was refused.
        why: &'static str,
    },
    /// The operation works on another number of slow steps.
    #[error("{what}: {wanted} steps are wanted, found {found}")]
    SlowSteps {
        /// What was asked for.
        what: &'static str,
        /// Steps that it works on.
        wanted: usize,
        /// Steps that are there.
        found: usize,
    },
    /// One scaling per plane does not survive this operation.
    #[error("the planes have different scalings: apply them with to_real first")]
    PerPlaneScaling,
    /// The number of per-plane scalings differs from the number of planes.
    #[error("{planes} planes need as many scalings, found {found}")]
    ScalingCount {
        /// Planes, over all slow steps.
        planes: usize,
        /// Scalings given.
        found: usize,
    },
    /// A spacing, slope, sigma or the like is not finite or not positive.
    #[error("{what} must be finite and {wanted}, found {found}")]
    BadNumber {
        /// What the number is.
        what: &'static str,
        /// What was expected of it.
        wanted: &'static str,
        /// The number.
        found: f64,
    },
    /// The operation is not defined for this sample type.
    #[error("{operation} is not defined for samples of type {found:?}")]
    SampleType {
        /// The operation.
        operation: &'static str,
        /// The type of the volume's samples.
        found: SampleType,
    },
    /// A sample cannot be a label: negative, fractional, or above 2^32 - 1.
    #[error("sample {found} cannot be a label: a whole number from 0 to 4294967295 is wanted")]
    NotALabel {
        /// The sample.
        found: f64,
    },
    /// Two grids should be the same and are not.
    #[error("the grids differ: {what}")]
    GridMismatch {
        /// In what they differ.
        what: String,
    },
    /// Two grids lie in worlds whose coordinates have nothing to do with each other.
    #[error("the frames differ: {what}")]
    FrameMismatch {
        /// In what they differ.
        what: &'static str,
    },
    /// Nothing is left after a crop, or there is nothing to work on.
    #[error("nothing is left: {what}")]
    Empty {
        /// What is empty.
        what: &'static str,
    },
    /// A limit was reached.
    #[error("{asked} {what} asked for, the limit is {limit}")]
    Limit {
        /// What is limited.
        what: &'static str,
        /// What was asked for.
        asked: u64,
        /// The limit.
        limit: u64,
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

impl Error {
    /// A stable code of the kind of refusal, for records and programs: words joined by hyphens.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::ShapeMismatch { .. } => "shape-mismatch",
            Self::BadShape { .. } => "bad-shape",
            Self::SingularAffine => "singular-affine",
            Self::NoPatientFrame => "no-patient-frame",
            Self::BadOrientation { .. } => "bad-orientation",
            Self::BadStep { .. } => "bad-step",
            Self::BadPermutation { .. } => "bad-permutation",
            Self::BadColumn { .. } => "bad-column",
            Self::BadSegment { .. } => "bad-segment",
            Self::SlowSteps { .. } => "slow-steps",
            Self::PerPlaneScaling => "per-plane-scaling",
            Self::ScalingCount { .. } => "scaling-count",
            Self::BadNumber { .. } => "bad-number",
            Self::SampleType { .. } => "sample-type",
            Self::NotALabel { .. } => "not-a-label",
            Self::GridMismatch { .. } => "grid-mismatch",
            Self::FrameMismatch { .. } => "frame-mismatch",
            Self::Empty { .. } => "empty",
            Self::Limit { .. } => "limit",
            Self::Cancelled => "cancelled",
        }
    }

    /// What a caller can do about it.
    pub const fn family(&self) -> Family {
        match self {
            Self::ShapeMismatch { .. }
            | Self::BadShape { .. }
            | Self::SingularAffine
            | Self::BadOrientation { .. }
            | Self::BadStep { .. }
            | Self::BadPermutation { .. }
            | Self::BadColumn { .. }
            | Self::BadSegment { .. }
            | Self::ScalingCount { .. }
            | Self::BadNumber { .. } => Family::Argument,
            Self::NoPatientFrame
            | Self::FrameMismatch { .. }
            | Self::GridMismatch { .. }
            | Self::Empty { .. }
            | Self::NotALabel { .. } => Family::Unsuited,
            Self::PerPlaneScaling | Self::SlowSteps { .. } | Self::SampleType { .. } => Family::Unsupported,
            Self::Limit { .. } => Family::Limit,
            Self::Cancelled => Family::Cancelled,
        }
    }
}

//! Why a registration was refused.

use std::fmt;

use isocenter_volume::{Cancelled, Family};

/// Which of the two images an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The image that stays.
    Fixed,
    /// The image that is moved.
    Moving,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fixed => "fixed",
            Self::Moving => "moving",
        })
    }
}

/// Why a registration was refused.
///
/// Images that share nothing are no error: they come back with [`crate::Verdict::Failed`].
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Left and right of the patient are unknown; `assume_patient_frame` of the volume is the explicit override.
    #[error("the {side} image does not say which way is left: its frame is not the patient's")]
    NoPatientFrame {
        /// The image.
        side: Side,
    },
    /// The volume has time, diffusion or other slow steps; take one with `extract_step`.
    #[error("the {side} image has {found} steps, one 3-D volume is wanted")]
    SlowSteps {
        /// The image.
        side: Side,
        /// Steps found.
        found: usize,
    },
    /// All finite samples are alike, but for the rounding of f32, so that there is nothing to align.
    #[error("the {side} image shows nothing: its samples are all alike")]
    NoContrast {
        /// The image.
        side: Side,
    },
    /// Every sample is NaN or infinite.
    #[error("the {side} image holds no finite sample")]
    NothingFinite {
        /// The image.
        side: Side,
    },
    /// A mask does not lie on the grid of its image.
    #[error("the mask has {found:?} voxels, the {side} image {wanted:?}, or the two lie elsewhere in the patient")]
    MaskGrid {
        /// The image.
        side: Side,
        /// Shape of the image.
        wanted: [usize; 3],
        /// Shape of the mask.
        found: [usize; 3],
    },
    /// Fewer voxels than a registration can stand on are left inside the mask.
    #[error("{found} voxels lie inside the mask, at least {wanted} are wanted")]
    MaskTooSmall {
        /// Voxels found.
        found: u64,
        /// Voxels wanted.
        wanted: u64,
    },
    /// A setting is out of its range.
    #[error("{what} must be {wanted}, found {found}")]
    BadOption {
        /// The setting.
        what: &'static str,
        /// What is allowed.
        wanted: &'static str,
        /// What was given.
        found: f64,
    },
    /// The start cannot be undone, exchanges left and right hands, or is not finite.
    #[error("the start is no map that can be undone and keeps the hand")]
    BadStart,
    /// A volume refused an operation.
    #[error(transparent)]
    Volume(isocenter_volume::Error),
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
            Self::NoPatientFrame { .. } => "no-patient-frame",
            Self::SlowSteps { .. } => "slow-steps",
            Self::NoContrast { .. } => "no-contrast",
            Self::NothingFinite { .. } => "no-finite-voxel",
            Self::MaskGrid { .. } => "mask-grid",
            Self::MaskTooSmall { .. } => "mask-too-small",
            Self::BadOption { .. } => "bad-option",
            Self::BadStart => "bad-start",
            Self::Volume(error) => error.reason(),
            Self::Cancelled => "cancelled",
        }
    }

    /// What a caller can do about it.
    pub const fn family(&self) -> Family {
        match self {
            Self::NoPatientFrame { .. }
            | Self::NoContrast { .. }
            | Self::NothingFinite { .. }
            | Self::MaskGrid { .. }
            | Self::MaskTooSmall { .. } => Family::Unsuited,
            Self::SlowSteps { .. } => Family::Unsupported,
            Self::BadOption { .. } | Self::BadStart => Family::Argument,
            Self::Volume(error) => error.family(),
            Self::Cancelled => Family::Cancelled,
        }
    }
}

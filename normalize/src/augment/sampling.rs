//! How places between voxels are worth something.

use isocenter_volume::{Interpolation, LabelInterpolation};
use serde::{Deserialize, Serialize};

/// How images are sampled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Sampling {
    /// The nearest voxel's value.
    Nearest,
    /// The mean of eight neighbours, by nearness.
    #[default]
    Linear,
    /// A cubic B-spline through all voxels: sharper, and it may overshoot.
    Bspline3,
}

/// How label maps are sampled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LabelSampling {
    /// The nearest voxel's label.
    #[default]
    Nearest,
    /// The label with the largest share of eight neighbours, by nearness.
    Linear,
}

impl Sampling {
    pub(super) const fn kernel(self) -> Interpolation {
        match self {
            Self::Nearest => Interpolation::Nearest,
            Self::Linear => Interpolation::Linear,
            Self::Bspline3 => Interpolation::BSpline3,
        }
    }
}

impl LabelSampling {
    pub(super) const fn kernel(self) -> LabelInterpolation {
        match self {
            Self::Nearest => LabelInterpolation::Nearest,
            Self::Linear => LabelInterpolation::Linear,
        }
    }
}

//! What a registration found, and how far it is to be trusted.

use isocenter_volume::{Affine, Provenance};

use crate::{Dof, Doubt, Metric, Rigid, Start};

/// How far a result is to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Verdict {
    /// The images agree where they were brought, and nowhere else.
    #[cfg_attr(feature = "serde", serde(alias = "trusted"))]
    Good,
    /// The images agree, but another pose is nearly as good, the optimum is blunt, or left and right may be exchanged: look at it.
    Doubtful,
    /// No pose stands out: the images may share nothing, or the start was out of reach.
    #[cfg_attr(feature = "serde", serde(alias = "not_trusted"))]
    Failed,
}

impl Verdict {
    /// The worse of two.
    pub(crate) fn max_with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Failed, _) | (_, Self::Failed) => Self::Failed,
            (Self::Doubtful, _) | (_, Self::Doubtful) => Self::Doubtful,
            (Self::Good, Self::Good) => Self::Good,
        }
    }
}

/// A map from the fixed to the moving image, with what speaks for it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(try_from = "crate::record::RegistrationRepr", into = "crate::record::RegistrationRepr")
)]
#[non_exhaustive]
pub struct Registration {
    /// Points of the fixed image to points of the moving image, LPS mm.
    pub transform: Affine,
    /// Its rotation (the nearest one, where the map stretches) and translation about the middle of the fixed image's body.
    pub rigid: Rigid,
    /// The maps among which it was looked for.
    pub dof: Dof,
    /// What was done to the fixed and to the moving image before.
    pub inputs: [Provenance; 2],
    /// The metric whose values are given here.
    pub metric: Metric,
    /// The metric where the headers put the images, or the caller's start ([`Metric::lowest`] where they do not meet there).
    pub metric_before: f64,
    /// The metric where the registration put them.
    pub metric_after: f64,
    /// Which of the starts that were tried led there.
    pub start: Start,
    /// Share of the fixed image's body that lies in the moving image's field of view, 0 to 1.
    pub overlap: f64,
    /// How much of the metric's excess over [`Metric::lowest`] is lost by moving the result a little (an eighth of the body's
    /// radius of gyration, in all six directions): near 1 for a sharp optimum, near 0 where any pose does.
    pub sharpness: f64,
    /// Excess of the best pose of another kind (further away than half the body's radius of gyration), as a share of the
    /// result's excess; 0 where there was none, near 1 where two poses are equally good.
    pub rivalry: f64,
    /// Excess of the best pose of the moving image mirrored left to right, at a coarse resolution, as a share of the result's there; above 1
    /// the mirror image fits better.
    pub mirror: f64,
    /// How far the caller's start is from where the images fit best, mm (root mean square over the fixed image's body); `None` without a start.
    pub distance_mm: Option<f64>,
    /// How far a part of the body (of up to 64 blocks, the median) is from where it alone fits best, mm; 0 where too few blocks show anything.
    pub residual_mm: f64,
    /// The same for the worse parts: three of four are nearer.
    pub residual_upper_mm: f64,
    /// How far the result is to be trusted.
    pub verdict: Verdict,
    /// What speaks against it; empty for [`Verdict::Good`].
    pub doubts: Vec<Doubt>,
    /// Whether the verdict is not [`Verdict::Failed`].
    pub converged: bool,
}

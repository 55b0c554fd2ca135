//! Blur.

use isocenter_volume::{Ctx, Geometry, provenance::Parameter};
use serde::{Deserialize, Serialize};

use super::{Range, draws::Draws, range::within};
use crate::{
    Error,
    filter::{Boundary, Gaussian, convolve},
};

/// Smooths by a Gaussian whose width is drawn for each axis of the grid. As TorchIO's `RandomBlur`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Blur {
    /// Standard deviation, mm ([0, 2]).
    pub deviation_mm: Range,
}

impl Default for Blur {
    fn default() -> Self {
        Self { deviation_mm: Range::new(0.0, 2.0) }
    }
}

/// The widths of a [`Blur`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawnBlur {
    #[serde(with = "isocenter_volume::exact::array")]
    deviations_mm: [f64; 3],
}

impl Blur {
    pub(super) fn check(&self) -> Result<(), Error> {
        self.deviation_mm.check("the width of a blur", 0.0, MOST_MM)
    }

    pub(super) fn draw(&self, draws: &mut Draws, strength: f64) -> DrawnBlur {
        DrawnBlur { deviations_mm: draws.three(self.deviation_mm).map(|v| v * strength) }
    }
}

impl DrawnBlur {
    pub(super) fn check(&self) -> Result<(), Error> {
        self.deviations_mm.iter().try_for_each(|v| within("the width of a blur", *v, 0.0, MOST_MM))
    }

    pub(super) fn is_identity(&self) -> bool {
        self.deviations_mm == [0.0; 3]
    }

    pub(super) fn apply(&self, samples: &mut [f32], grid: &Geometry, ctx: &Ctx<'_>) -> Result<(), Error> {
        let spacing = grid.spacing_mm();
        let kernel = |a: usize| match self.deviations_mm[a] {
            // a kernel of one weight leaves its axis alone
            sigma if sigma > 0.0 => Gaussian::mm(sigma)?.weights(spacing[a]),
            _ => Ok(vec![1.0]),
        };
        let kernels = [kernel(0)?, kernel(1)?, kernel(2)?];
        let input = samples.to_vec();
        convolve(&input, grid.shape(), [&kernels[0], &kernels[1], &kernels[2]], Boundary::Nearest, samples, ctx)
    }

    pub(super) fn parameters(&self) -> Vec<(&'static str, Parameter)> {
        vec![("deviations_mm", Parameter::Numbers(self.deviations_mm.to_vec()))]
    }
}

const MOST_MM: f64 = 1e4;

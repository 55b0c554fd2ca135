//! An image as if it were acquired with thick slices.

use isocenter_volume::{Ctx, Edge, Geometry, Interpolation, Resample, Volume, provenance::Parameter};
use serde::{Deserialize, Serialize};

use super::{
    Range,
    draws::Draws,
    range::{axes, within},
};
use crate::Error;

/// Takes fewer voxels along an axis of the grid, each the nearest, and interpolates back onto the grid, linearly. As TorchIO's `RandomAnisotropy`; label maps stay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct LowResolution {
    /// Axes of the grid of which one is drawn ([0, 1, 2]).
    pub axes: Vec<usize>,
    /// How many times further voxels lie apart ([1.5, 5]).
    pub factor: Range,
}

impl Default for LowResolution {
    fn default() -> Self {
        Self { axes: vec![0, 1, 2], factor: Range::new(1.5, 5.0) }
    }
}

/// The numbers of a [`LowResolution`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawnLowResolution {
    axis: usize,
    #[serde(with = "isocenter_volume::exact")]
    factor: f64,
}

impl LowResolution {
    pub(super) fn check(&self) -> Result<(), Error> {
        axes(&self.axes)?;
        self.factor.check("the factor of resolution", 1.0, MOST)
    }

    pub(super) fn draw(&self, draws: &mut Draws, strength: f64) -> DrawnLowResolution {
        let axis = draws.one_of(&self.axes);
        DrawnLowResolution { axis, factor: 1.0 + (draws.within(self.factor) - 1.0) * strength }
    }
}

impl DrawnLowResolution {
    pub(super) fn check(&self) -> Result<(), Error> {
        axes(&[self.axis])?;
        within("the factor of resolution", self.factor, 1.0, MOST)
    }

    pub(super) fn is_identity(&self) -> bool {
        self.factor == 1.0
    }

    pub(super) fn apply(&self, samples: &mut [f32], grid: &Geometry, ctx: &Ctx<'_>) -> Result<(), Error> {
        let mut spacing = grid.spacing_mm();
        spacing[self.axis] *= self.factor;
        let image = Volume::new(samples.to_vec(), grid.clone())?;
        let few = Resample::to_spacing(spacing).interpolation(Interpolation::Nearest).edge(Edge::Clamp).ctx(*ctx);
        let back = Resample::to_geometry(grid.clone()).interpolation(Interpolation::Linear).edge(Edge::Clamp).ctx(*ctx);
        samples.copy_from_slice(back.apply(&few.apply(&image)?)?.voxels());
        Ok(())
    }

    pub(super) fn parameters(&self) -> Vec<(&'static str, Parameter)> {
        vec![("axis", (self.axis as f64).into()), ("factor", self.factor.into())]
    }
}

const MOST: f64 = 1e3;

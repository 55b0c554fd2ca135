//! Non-local means: every voxel becomes the mean of those near it whose surroundings look alike.

mod plane;

use isocenter_volume::{Ctx, Geometry, hot, provenance::Parameter};
use serde::{Deserialize, Serialize};

use self::plane::{Patch, Plane};
use super::{Boundary, window::over_slabs};
use crate::{Error, error::positive};

/// How the voxels of a patch count when two are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PatchWeights {
    /// All alike: scikit-image's `fast_mode=True`. Of a patch of 3 it compares the two voxels from the middle on along each axis, and
    /// neighbours beyond the image are mirrored ones.
    #[default]
    Uniform,
    /// By a Gaussian: scikit-image's `fast_mode=False`, the classic form. Neighbours are those inside the image.
    Gaussian,
}

/// Non-local means (A. Buades, B. Coll and J.-M. Morel, 2005) as scikit-image has it, with a correction for Rician noise.
///
/// A weight is `exp(-max(d - 2 sigma^2, 0) / h^2)` of the mean square difference `d` of two patches, 0 where the exponent is below -5;
/// patches reach into a mirror image beyond the border. An axis of one voxel is as if it were not there. With `rician` means are taken
/// of squares, and `2 sigma^2` is taken off before the root (N. Wiest-Daesslé et al., 2008): the bias of magnitude images goes.
/// A NaN takes part in nothing, and a voxel with one in its patch is left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct NonLocalMeans {
    h: f64,
    sigma: f64,
    patch_size: u32,
    patch_distance: u32,
    weights: PatchWeights,
    rician: bool,
}

impl NonLocalMeans {
    /// With a cut-off `h` in the unit of the image: patches of 3, neighbours up to 2 voxels away, uniform weights, `sigma` 0.
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless it is finite and above 0.
    pub fn new(h: f64) -> Result<Self, Error> {
        let weights = PatchWeights::Uniform;
        Ok(Self { h: positive("h", h)?, sigma: 0.0, patch_size: 3, patch_distance: 2, weights, rician: false })
    }

    /// Sets the standard deviation of the noise, in the unit of the image.
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless it is finite and not below 0.
    pub fn sigma(mut self, sigma: f64) -> Result<Self, Error> {
        if !sigma.is_finite() || sigma < 0.0 {
            return Err(Error::BadParameter { what: "sigma", wanted: "finite and not below 0", found: sigma });
        }
        self.sigma = sigma;
        Ok(self)
    }

    /// Sets the voxels of a patch along each axis (an even number counts as the next odd one), and how far neighbours are looked for.
    ///
    /// # Errors
    /// [`Error::BadParameter`] outside of 2 to 15 and of 1 to 15.
    pub fn patches(mut self, size: u32, distance: u32) -> Result<Self, Error> {
        let wrong = |what, wanted, found: u32| Err(Error::BadParameter { what, wanted, found: f64::from(found) });
        if !(2..=15).contains(&size) {
            return wrong("patch_size", "2 to 15", size);
        }
        if !(1..=15).contains(&distance) {
            return wrong("patch_distance", "1 to 15", distance);
        }
        (self.patch_size, self.patch_distance) = (size, distance);
        Ok(self)
    }

    /// Sets how the voxels of a patch count.
    #[must_use]
    pub const fn weights(mut self, weights: PatchWeights) -> Self {
        self.weights = weights;
        self
    }

    /// Sets whether the noise is Rician: that of a magnitude image.
    #[must_use]
    pub const fn rician(mut self, rician: bool) -> Self {
        self.rician = rician;
        self
    }

    pub(super) fn run(&self, samples: &[f32], grid: &Geometry, out: &mut [f32], ctx: &Ctx<'_>) -> Result<(), Error> {
        let shape = grid.shape();
        let half = self.patch_size as usize / 2;
        let reach = self.patch_distance as usize;
        let radius = shape.map(|n| if n > 1 { half + reach } else { 0 });
        let patches = shape.map(|n| Patch::new(self.weights, if n > 1 { half } else { 0 }));
        let side = (2 * half + 1) as f64;
        let whole: f64 = match self.weights {
            PatchWeights::Uniform => shape.iter().filter(|n| **n > 1).map(|_| side).product(),
            PatchWeights::Gaussian => 1.0,
        };
        let reach = shape.map(|n| if n > 1 { reach } else { 0 });
        over_slabs(samples, shape, radius, Boundary::Mirror, out, ctx, |window, out| {
            let voxels = shape[0] * shape[1];
            let first = window.first();
            for (k, out) in out.chunks_exact_mut(voxels).enumerate() {
                ctx.check()?;
                hot::dispatch(Plane {
                    window,
                    shape,
                    k: first + k,
                    at: k,
                    radius,
                    reach,
                    patches: &patches,
                    scale: (1.0 / (whole * self.h * self.h)) as f32,
                    twice_variance: (2.0 * self.sigma * self.sigma) as f32,
                    is_uniform: self.weights == PatchWeights::Uniform,
                    is_rician: self.rician,
                    out,
                });
            }
            Ok(())
        })
    }

    pub(super) fn parameters(&self) -> Vec<(&'static str, Parameter)> {
        let weights = match self.weights {
            PatchWeights::Uniform => "uniform",
            PatchWeights::Gaussian => "gaussian",
        };
        vec![
            ("h", self.h.into()),
            ("sigma", self.sigma.into()),
            ("patch_size", self.patch_size.into()),
            ("patch_distance", self.patch_distance.into()),
            ("weights", weights.into()),
            ("rician", self.rician.into()),
        ]
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    #[serde(with = "isocenter_volume::exact")]
    h: f64,
    #[serde(with = "isocenter_volume::exact", default)]
    sigma: f64,
    #[serde(default = "three")]
    patch_size: u32,
    #[serde(default = "two")]
    patch_distance: u32,
    #[serde(default)]
    weights: PatchWeights,
    #[serde(default)]
    rician: bool,
}

const fn three() -> u32 {
    3
}

const fn two() -> u32 {
    2
}

impl TryFrom<Repr> for NonLocalMeans {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        let all = Self::new(r.h)?.sigma(r.sigma)?.patches(r.patch_size, r.patch_distance)?;
        Ok(all.weights(r.weights).rician(r.rician))
    }
}

impl From<NonLocalMeans> for Repr {
    fn from(n: NonLocalMeans) -> Self {
        let NonLocalMeans { h, sigma, patch_size, patch_distance, weights, rician } = n;
        Self { h, sigma, patch_size, patch_distance, weights, rician }
    }
}

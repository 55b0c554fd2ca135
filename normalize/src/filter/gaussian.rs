//! Smoothing by a Gaussian.

use isocenter_volume::{Ctx, Geometry, provenance::Parameter};
use serde::{Deserialize, Serialize};

use super::{
    Boundary,
    recursive::{self, Recursion},
    separable,
};
use crate::{Error, error::positive};

/// How the weights of a Gaussian are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum GaussianKernel {
    /// The function at the centres of voxels, made to sum to 1: `scipy.ndimage.gaussian_filter`.
    #[default]
    Sampled,
    /// By recursion, whose cost does not grow with the width, as if edge values went on for ever: ITK's `SmoothingRecursiveGaussian`.
    Recursive,
    /// Its integral over each voxel, which does not quite sum to 1 where it is cut: MONAI's `GaussianSmooth`.
    Erf,
}

/// What the width of a kernel is measured in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LengthUnit {
    /// Millimetres: by the spacing of each axis.
    #[default]
    Mm,
    /// Voxels of each axis.
    Voxels,
}

/// Smooths by a Gaussian of one width along all axes.
///
/// A NaN reaches as far as the kernel does; fill it before. An axis of one voxel is left alone, but by zeros beyond the image.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct Gaussian {
    sigma: f64,
    unit: LengthUnit,
    kernel: GaussianKernel,
    truncate: f64,
    boundary: Boundary,
}

/// Where kernels end by default, in deviations, as in scipy and MONAI.
const TRUNCATE: f64 = 4.0;
/// Longest half of a kernel, voxels.
const MOST: f64 = 4096.0;

impl Gaussian {
    /// A width (standard deviation) in millimetres; sampled, cut after 4 deviations, edge values go on.
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless it is finite and above 0.
    pub fn mm(sigma: f64) -> Result<Self, Error> {
        let (unit, kernel, boundary) = (LengthUnit::Mm, GaussianKernel::Sampled, Boundary::Nearest);
        Ok(Self { sigma: positive("sigma", sigma)?, unit, kernel, truncate: TRUNCATE, boundary })
    }

    /// A width (standard deviation) in voxels of each axis; otherwise as [`Gaussian::mm`].
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless it is finite and above 0.
    pub fn voxels(sigma: f64) -> Result<Self, Error> {
        Ok(Self { unit: LengthUnit::Voxels, ..Self::mm(sigma)? })
    }

    /// Sets how weights are taken.
    #[must_use]
    pub const fn kernel(mut self, kernel: GaussianKernel) -> Self {
        self.kernel = kernel;
        self
    }

    /// Sets what lies beyond the image; the recursive form knows only [`Boundary::Nearest`].
    #[must_use]
    pub const fn boundary(mut self, boundary: Boundary) -> Self {
        self.boundary = boundary;
        self
    }

    /// Sets after how many deviations the kernel ends.
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless it is finite and above 0.
    pub fn truncate(mut self, deviations: f64) -> Result<Self, Error> {
        self.truncate = positive("truncate", deviations)?;
        Ok(self)
    }

    /// The width along an axis of this spacing (mm), voxels.
    fn sigma_voxels(&self, spacing_mm: f64) -> f64 {
        match self.unit {
            LengthUnit::Mm => self.sigma / spacing_mm,
            LengthUnit::Voxels => self.sigma,
        }
    }

    /// The weights along an axis of this spacing (mm), first to last; of the recursive form those that it comes near to.
    ///
    /// # Errors
    /// [`Error::BadParameter`] where the kernel is longer than 8193 voxels.
    pub fn weights(&self, spacing_mm: f64) -> Result<Vec<f32>, Error> {
        let sigma = self.sigma_voxels(spacing_mm);
        let radius = match self.kernel {
            GaussianKernel::Sampled | GaussianKernel::Recursive => (sigma * self.truncate + 0.5).floor(),
            GaussianKernel::Erf => ((sigma * self.truncate).max(0.5) + 0.5).floor(),
        };
        if radius.is_nan() || radius > MOST {
            return Err(Error::BadParameter {
                what: "sigma",
                wanted: "such that the kernel spans at most 8193 voxels",
                found: self.sigma,
            });
        }
        let at = (-(radius as i64)..=radius as i64).map(|x| x as f64);
        Ok(match self.kernel {
            GaussianKernel::Sampled | GaussianKernel::Recursive => {
                let all: Vec<f64> = at.map(|x| libm::exp(-0.5 * (x / sigma) * (x / sigma))).collect();
                let sum: f64 = all.iter().sum();
                all.iter().map(|w| (w / sum) as f32).collect()
            }
            GaussianKernel::Erf => {
                let t = std::f64::consts::FRAC_1_SQRT_2 / sigma;
                at.map(|x| (0.5 * (libm::erf(t * (x + 0.5)) - libm::erf(t * (x - 0.5)))).max(0.0) as f32).collect()
            }
        })
    }

    pub(super) fn run(&self, samples: &[f32], grid: &Geometry, out: &mut [f32], ctx: &Ctx<'_>) -> Result<(), Error> {
        let spacing = grid.spacing_mm();
        if self.kernel == GaussianKernel::Recursive {
            let shape = grid.shape();
            let axes = [0, 1, 2].map(|a| {
                let sigma = self.sigma_voxels(spacing[a]);
                // narrower than this nothing is left of it
                (shape[a] > 1 && sigma > 0.01).then(|| Recursion::new(sigma))
            });
            return recursive::smooth(samples, shape, axes, out, ctx);
        }
        let kernels = [self.weights(spacing[0])?, self.weights(spacing[1])?, self.weights(spacing[2])?];
        separable::convolve(samples, grid.shape(), [&kernels[0], &kernels[1], &kernels[2]], self.boundary, out, ctx)
    }

    pub(super) fn parameters(&self) -> Vec<(&'static str, Parameter)> {
        let unit = match self.unit {
            LengthUnit::Mm => "mm",
            LengthUnit::Voxels => "voxels",
        };
        let kernel = match self.kernel {
            GaussianKernel::Sampled => "sampled",
            GaussianKernel::Recursive => "recursive",
            GaussianKernel::Erf => "erf",
        };
        vec![
            ("sigma", self.sigma.into()),
            ("unit", unit.into()),
            ("kernel", kernel.into()),
            ("truncate", self.truncate.into()),
            ("boundary", self.boundary.name().into()),
        ]
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    #[serde(with = "isocenter_volume::exact")]
    sigma: f64,
    #[serde(default)]
    unit: LengthUnit,
    #[serde(default)]
    kernel: GaussianKernel,
    #[serde(with = "isocenter_volume::exact", default = "truncate")]
    truncate: f64,
    #[serde(default)]
    boundary: Boundary,
}

const fn truncate() -> f64 {
    TRUNCATE
}

impl TryFrom<Repr> for Gaussian {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        if r.kernel == GaussianKernel::Recursive && r.boundary != Boundary::Nearest {
            return Err(Error::RecursiveBoundary);
        }
        let all = Self::mm(r.sigma)?.kernel(r.kernel).boundary(r.boundary).truncate(r.truncate)?;
        Ok(Self { unit: r.unit, ..all })
    }
}

impl From<Gaussian> for Repr {
    fn from(g: Gaussian) -> Self {
        let Gaussian { sigma, unit, kernel, truncate, boundary } = g;
        Self { sigma, unit, kernel, truncate, boundary }
    }
}

//! Filters: steps whose result at a voxel depends on its neighbours.
//!
//! A filter is a description alone; nothing is fitted, and [`crate::Map::Filter`] holds it whole. It works on each 3-D step of a volume
//! by itself, in parallel over planes in the pool of the caller's context, and gives the same bits for any number of threads. None
//! has an inverse. What each does with NaN is said where it is described; none makes a number up.

mod ahe;
mod bilateral;
mod boundary;
mod clahe;
mod diffusion;
mod flow;
mod gaussian;
mod line;
mod median;
mod nlm;
mod recursive;
mod savitzky_golay;
mod separable;
mod tile;
mod window;

use isocenter_volume::{Ctx, Geometry, Unit, Volume, provenance::Parameter};
use serde::{Deserialize, Serialize};

pub(crate) use self::separable::convolve;
pub use self::{
    ahe::Ahe,
    bilateral::Bilateral,
    boundary::Boundary,
    clahe::Clahe,
    diffusion::Diffusion,
    flow::CurvatureFlow,
    gaussian::{Gaussian, GaussianKernel, LengthUnit},
    median::Median,
    nlm::{NonLocalMeans, PatchWeights},
    savitzky_golay::SavitzkyGolay,
};
use crate::{Error, Fitted};

/// The filters, as a fitted map holds them.
///
/// # Examples
/// ```
/// use isocenter_normalize::{Step, filter::Gaussian};
/// use isocenter_volume::{Affine, Ctx, Frame, Geometry, Volume};
///
/// let grid = Geometry::new([9, 1, 1], Affine::IDENTITY, Frame::Unknown)?;
/// let dot = Volume::new(vec![0.0f32, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0], grid)?;
/// let (out, _) = Step::Gaussian(Gaussian::mm(1.0)?).apply(&dot, None, &Ctx::default())?;
/// assert!((out.voxels()[4] - 0.39895).abs() < 1e-4); // 1 over the root of 2 pi
/// # Ok::<_, isocenter_normalize::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Filter {
    /// `ahe`: see [`Ahe`].
    Ahe(Ahe),
    /// `clahe`: see [`Clahe`].
    Clahe(Clahe),
    /// `gaussian`: see [`Gaussian`].
    Gaussian(Gaussian),
    /// `median`: see [`Median`].
    Median(Median),
    /// `curvature_flow`: see [`CurvatureFlow`].
    CurvatureFlow(CurvatureFlow),
    /// `curvature_anisotropic_diffusion`: see [`Diffusion`]; surfaces move by their curvature (R. T. Whitaker and X. Xue, 2001).
    CurvatureAnisotropicDiffusion(Diffusion),
    /// `gradient_anisotropic_diffusion`: see [`Diffusion`].
    GradientAnisotropicDiffusion(Diffusion),
    /// `bilateral`: see [`Bilateral`].
    Bilateral(Bilateral),
    /// `savitzky_golay`: see [`SavitzkyGolay`].
    SavitzkyGolay(SavitzkyGolay),
    /// `non_local_means`: see [`NonLocalMeans`].
    NonLocalMeans(NonLocalMeans),
}

impl Filter {
    /// Its name in a recipe.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Ahe(_) => "ahe",
            Self::Clahe(_) => "clahe",
            Self::Gaussian(_) => "gaussian",
            Self::Median(_) => "median",
            Self::CurvatureFlow(_) => "curvature_flow",
            Self::CurvatureAnisotropicDiffusion(_) => "curvature_anisotropic_diffusion",
            Self::GradientAnisotropicDiffusion(_) => "gradient_anisotropic_diffusion",
            Self::Bilateral(_) => "bilateral",
            Self::SavitzkyGolay(_) => "savitzky_golay",
            Self::NonLocalMeans(_) => "non_local_means",
        }
    }

    /// The map, and how many samples of this volume are not finite.
    ///
    /// # Errors
    /// [`Error::NotReal`], [`Error::Cancelled`].
    pub fn fit(&self, volume: &Volume<f32>, ctx: &Ctx<'_>) -> Result<Fitted, Error> {
        if !volume.scaling().is_identity() {
            return Err(Error::NotReal);
        }
        let not_finite = crate::fitted::not_finite(volume.voxels(), ctx)?;
        let unit = matches!(self, Self::Clahe(_)).then_some(Unit::Ratio);
        Ok(Fitted::filter(*self).in_unit(unit).counting(0, not_finite))
    }

    /// Filters every 3-D step of a volume of real values into a buffer of as many samples.
    ///
    /// # Errors
    /// [`Error::Length`], [`Error::BadParameter`] of a filter that does not fit the grid, [`Error::Cancelled`]; the buffer is filled in part then.
    pub fn filter_into(&self, volume: &Volume<f32>, out: &mut [f32], ctx: &Ctx<'_>) -> Result<(), Error> {
        let (samples, grid) = (volume.voxels(), volume.geometry());
        if samples.len() != out.len() {
            return Err(Error::Length { what: "the output buffer", wanted: samples.len(), found: out.len() });
        }
        ctx.install(|| {
            let steps = samples.chunks_exact(grid.len().max(1)).zip(out.chunks_exact_mut(grid.len().max(1)));
            let stage = ctx.stage("filter", volume.steps() as u64);
            for (samples, out) in steps {
                self.step(samples, grid, out, &stage.ctx())?;
                stage.advance(1)?;
            }
            Ok(())
        })
    }

    fn step(&self, samples: &[f32], grid: &Geometry, out: &mut [f32], ctx: &Ctx<'_>) -> Result<(), Error> {
        match self {
            Self::Ahe(filter) => filter.run(samples, grid, out, ctx),
            Self::Clahe(filter) => filter.run(samples, grid, out, ctx),
            Self::Gaussian(filter) => filter.run(samples, grid, out, ctx),
            Self::Median(filter) => filter.run(samples, grid, out, ctx),
            Self::CurvatureFlow(filter) => filter.run(samples, grid, out, ctx),
            Self::CurvatureAnisotropicDiffusion(filter) => filter.run(true, samples, grid, out, ctx),
            Self::GradientAnisotropicDiffusion(filter) => filter.run(false, samples, grid, out, ctx),
            Self::Bilateral(filter) => filter.run(samples, grid, out, ctx),
            Self::SavitzkyGolay(filter) => filter.run(samples, grid, out, ctx),
            Self::NonLocalMeans(filter) => filter.run(samples, grid, out, ctx),
        }
    }

    /// Its parameters, for the provenance of a volume.
    pub(crate) fn parameters(&self) -> Vec<(&'static str, Parameter)> {
        match self {
            Self::Ahe(filter) => filter.parameters(),
            Self::Clahe(filter) => filter.parameters(),
            Self::Gaussian(filter) => filter.parameters(),
            Self::Median(filter) => filter.parameters(),
            Self::CurvatureFlow(filter) => filter.parameters(),
            Self::CurvatureAnisotropicDiffusion(filter) | Self::GradientAnisotropicDiffusion(filter) => {
                filter.parameters()
            }
            Self::Bilateral(filter) => filter.parameters(),
            Self::SavitzkyGolay(filter) => filter.parameters(),
            Self::NonLocalMeans(filter) => filter.parameters(),
        }
    }
}

//! Steps of both kinds, one after the other: planned, fused, run, recorded.
//!
//! A [`Pipeline`] is a description. [`Pipeline::plan`] says for a grid what it comes to: which steps are one pass, what is interpolated, what memory it
//! takes. [`Pipeline::run`] fits and applies; what it did to one image is a [`FittedPipeline`], which runs again, takes label maps along by the same
//! map, and goes back where nothing was lost. The result is that of the steps one by one, to the bit, but for interpolations: however many steps
//! change the grid, every voxel is interpolated once.
//!
//! # Examples
//! ```
//! use isocenter_normalize::Pipeline;
//! use isocenter_volume::{Affine, Ctx, Frame, Geometry, LabelMap, Volume};
//!
//! let recipe = "
//!     [[steps]]
//!     name = 'resample'
//!     spacing = 2
//!     [[steps]]
//!     name = 'zscore'
//! ";
//! let pipeline: Pipeline = toml::from_str(recipe)?;
//! let grid = Geometry::new([8, 8, 8], Affine::IDENTITY, Frame::Patient(None))?;
//! let image = Volume::new((0..512).map(|n| n as f32).collect::<Vec<_>>(), grid.clone())?;
//! let (out, fitted) = pipeline.run(image, None, &Ctx::default())?;
//! assert_eq!(out.shape(), [4, 4, 4]);
//! let labels = LabelMap::new(vec![vec![1u8; 512]], grid, vec![])?;
//! assert_eq!(fitted.apply_labels(&labels, &Ctx::default())?.geometry(), out.geometry());
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod fitted;
mod fused;
mod plan;
mod to_fit;
mod transform;

use isocenter_volume::{Ctx, Geometry, Mask, Volume};
use serde::{Deserialize, Serialize};

pub use self::{
    fitted::FittedPipeline,
    plan::{Pass, Plan},
    to_fit::{Asked, CohortStep, MatchTo, NyulScale, OverRegion, Part, Unfitted},
    transform::Transform,
};
pub(crate) use self::{
    fitted::FittedStep,
    fused::{Counted, Pointwise, probe},
};
use crate::{Error, FittedRecord, spatial::Chain, version::Version};

/// Steps in their order. As text: a table `steps`, and `version` where a program wrote it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct Pipeline {
    steps: Vec<Transform>,
}

impl Pipeline {
    /// Joins steps.
    ///
    /// # Errors
    /// [`Error::NoSteps`]; [`Error::TwoInterpolations`] and [`Error::InterpolatedBefore`], in the step that would interpolate an image twice.
    pub fn new(steps: Vec<Transform>) -> Result<Self, Error> {
        if steps.is_empty() {
            return Err(Error::NoSteps);
        }
        let mut first = None;
        let mut is_changed = false;
        for (n, step) in steps.iter().enumerate() {
            match step {
                Transform::Intensity(_) => is_changed = first.is_some(),
                Transform::Spatial(step) if step.interpolates() => {
                    if let Some(first) = first.filter(|_| is_changed) {
                        return Err(Error::InterpolatedBefore { first }.in_step(n + 1, step.name()));
                    }
                    first = first.or(Some(n + 1));
                }
                // where it lies is found in the image on the grid before it
                Transform::Spatial(step) if step.needs_samples() => is_changed = first.is_some(),
                Transform::Spatial(_) => {}
            }
        }
        Ok(Self { steps })
    }

    /// The steps.
    pub fn steps(&self) -> &[Transform] {
        &self.steps
    }

    /// What it comes to for images on a grid.
    ///
    /// # Errors
    /// Those of a step that does not fit the grid, in that step.
    pub fn plan(&self, grid: &Geometry) -> Result<Plan, Error> {
        Plan::new(self, grid)
    }

    /// Fits and applies every step, in the memory of the image where nobody else holds its samples and the grid stays.
    ///
    /// `mask` lies on the grid of the image; it moves with it.
    ///
    /// # Errors
    /// Those of `fit` of the steps and of resampling, in the step that failed ([`Error::InStep`]); [`Error::Cancelled`].
    pub fn run(
        &self,
        volume: Volume<f32>,
        mask: Option<&Mask>,
        ctx: &Ctx<'_>,
    ) -> Result<(Volume<f32>, FittedPipeline), Error> {
        if !volume.scaling().is_identity() {
            return Err(Error::NotReal);
        }
        ctx.install(|| {
            let stage = ctx.stage("normalize", self.steps.len() as u64);
            let (from, unit) = (volume.geometry().clone(), volume.scaling().unit().clone());
            let mut run = Run { volume, mask: mask.cloned(), done: Vec::new(), waiting: Pointwise::default() };
            let mut rest = self.steps.as_slice();
            while !rest.is_empty() {
                let number = self.steps.len() - rest.len() + 1;
                let taken = match &rest[0] {
                    Transform::Spatial(_) => run.spatial(rest, number, &stage.ctx())?,
                    Transform::Intensity(step) => {
                        run.intensity(step, &stage.ctx()).map_err(|error| error.in_step(number, step.name()))?;
                        1
                    }
                };
                rest = &rest[taken..];
                stage.advance(taken as u64)?;
            }
            run.flush(&stage.ctx())?;
            Ok((run.volume, FittedPipeline::new(from, unit, run.done)?))
        })
    }
}

/// A pipeline under way.
struct Run {
    volume: Volume<f32>,
    mask: Option<Mask>,
    done: Vec<FittedStep>,
    /// Maps of values that are fitted and not applied yet.
    waiting: Pointwise,
}

impl Run {
    /// The spatial steps that begin `rest`, as one; gives how many there were.
    fn spatial(&mut self, rest: &[Transform], number: usize, ctx: &Ctx<'_>) -> Result<usize, Error> {
        self.flush(ctx)?;
        let mut chain = Chain::new(self.volume.geometry().clone());
        let mut steps = Vec::new();
        for (n, step) in rest.iter().enumerate() {
            let Transform::Spatial(step) = step else { break };
            let at = |error: Error| error.in_step(number + n, step.name());
            if step.needs_samples() && !chain.is_empty() {
                break;
            }
            let block = step.find(&self.volume, ctx).map_err(at)?;
            chain.push(step, block).map_err(at)?;
            steps.push((step.clone(), block));
        }
        let taken = steps.len();
        let name = steps.last().map_or("resample", |(step, _)| step.name());
        let at = |error: Error| error.in_step(number + taken - 1, name);
        let lowest = chain.lowest(&self.volume, ctx)?;
        let mut out = chain.run(&self.volume, lowest.unwrap_or_default(), ctx).map_err(at)?;
        self.mask = self.mask.as_ref().map(|mask| chain.run_mask(mask, ctx)).transpose().map_err(at)?;
        for (step, block) in steps {
            out.provenance_mut().add(step.operation());
            self.done.push(FittedStep::Spatial { step, block, lowest });
        }
        self.volume = out;
        Ok(taken)
    }

    fn intensity(&mut self, step: &crate::Step, ctx: &Ctx<'_>) -> Result<(), Error> {
        let number = self.done.len();
        let fitted = if let Some(probe) = self.waiting.probe_for(step, &self.volume, ctx)? {
            step.fit(&probe, None, ctx)?
        } else {
            self.flush(ctx)?;
            step.fit(&self.volume, self.mask.as_ref(), ctx)?
        };
        if Pointwise::takes(&fitted) {
            self.waiting.add(number, step, &fitted);
        } else {
            self.flush(ctx)?;
            let volume = std::mem::replace(&mut self.volume, fused::nothing()?);
            self.volume = fitted.apply_in_place(volume, ctx)?;
            self.volume.provenance_mut().add(fitted.operation(step.name()));
        }
        self.done.push(FittedStep::Intensity(Box::new(FittedRecord::new(step.clone(), fitted))));
        Ok(())
    }

    /// Applies what waits, in one pass; steps that count what they replace learn it here.
    fn flush(&mut self, ctx: &Ctx<'_>) -> Result<(), Error> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let volume = std::mem::replace(&mut self.volume, fused::nothing()?);
        let waiting = std::mem::take(&mut self.waiting);
        let (volume, counted) = waiting.apply(volume, ctx)?;
        self.volume = volume;
        for Counted { number, samples, not_finite } in counted {
            if let Some(FittedStep::Intensity(record)) = self.done.get_mut(number) {
                **record =
                    FittedRecord::new(record.step().clone(), record.fitted().clone().counting(samples, not_finite));
            }
        }
        Ok(())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    #[serde(default)]
    version: Version,
    steps: Vec<Transform>,
}

impl TryFrom<Repr> for Pipeline {
    type Error = Error;

    fn try_from(repr: Repr) -> Result<Self, Error> {
        Self::new(repr.steps)
    }
}

impl From<Pipeline> for Repr {
    fn from(pipeline: Pipeline) -> Self {
        Self { version: Version::CURRENT, steps: pipeline.steps }
    }
}

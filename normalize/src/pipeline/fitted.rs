//! What a pipeline did to one image.

use isocenter_volume::{Ctx, Geometry, LabelMap, Mask, Unit, Volume};
use serde::{Deserialize, Serialize};

use super::fused::Pointwise;
use crate::{
    Error, FittedRecord,
    spatial::{Block, Chain, Spatial},
    version::Version,
};

/// What a pipeline did to one image: every step with what it came to, and the grid that came in.
///
/// It does the same to another image on that grid, takes label maps and masks along by the same moves, and goes back. Its text has a version; it comes back to the bit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct FittedPipeline {
    from: Geometry,
    to: Geometry,
    unit: Unit,
    steps: Vec<FittedStep>,
}

/// One step with what it came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum FittedStep {
    /// A step of the grid.
    Spatial {
        step: Spatial,
        /// What one that needs samples found.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        block: Option<Block>,
        /// The lowest value of the image, where new voxels are worth that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lowest: Option<f32>,
    },
    /// A step of the values.
    Intensity(Box<FittedRecord>),
}

impl FittedStep {
    const fn name(&self) -> &'static str {
        match self {
            Self::Spatial { step, .. } => step.name(),
            Self::Intensity(record) => record.step().name(),
        }
    }
}

/// A run of neighbouring steps of one kind.
enum Part<'a> {
    /// The first step's number, the chain, the lowest value.
    Grid(usize, Box<Chain>, f32),
    Values(usize, &'a FittedRecord),
}

impl FittedPipeline {
    pub(crate) fn new(from: Geometry, unit: Unit, steps: Vec<FittedStep>) -> Result<Self, Error> {
        let mut new = Self { to: from.clone(), from, unit, steps };
        if let Some(Part::Grid(_, chain, _)) = new.parts()?.iter().rev().find(|part| matches!(part, Part::Grid(..))) {
            new.to = chain.to().clone();
        }
        Ok(new)
    }

    /// The grid that came in.
    pub const fn from(&self) -> &Geometry {
        &self.from
    }

    /// The grid of the result.
    pub const fn to(&self) -> &Geometry {
        &self.to
    }

    /// What the steps of values came to, in their order.
    pub fn records(&self) -> impl Iterator<Item = &FittedRecord> {
        self.steps.iter().filter_map(|step| match step {
            FittedStep::Intensity(record) => Some(&**record),
            FittedStep::Spatial { .. } => None,
        })
    }

    /// Names of the steps, in their order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.steps.iter().map(FittedStep::name)
    }

    /// Chains and records, in their order.
    fn parts(&self) -> Result<Vec<Part<'_>>, Error> {
        let mut parts: Vec<Part<'_>> = Vec::new();
        let mut grid = self.from.clone();
        for (n, step) in self.steps.iter().enumerate() {
            match step {
                FittedStep::Intensity(record) => parts.push(Part::Values(n + 1, record)),
                FittedStep::Spatial { step, block, lowest } => {
                    // as the run did it: what looks at the image begins a chain of its own
                    let goes_on = matches!(parts.last(), Some(Part::Grid(_, chain, _)) if !step.needs_samples() || chain.is_empty());
                    if !goes_on {
                        parts.push(Part::Grid(n + 1, Box::new(Chain::new(grid.clone())), 0.0));
                    }
                    if let Some(Part::Grid(_, chain, low)) = parts.last_mut() {
                        chain.push(step, *block).map_err(|error| error.in_step(n + 1, step.name()))?;
                        *low = lowest.unwrap_or(*low);
                        grid = chain.to().clone();
                    }
                }
            }
        }
        Ok(parts)
    }

    /// Does the same to another image on the same grid; nothing is fitted anew.
    ///
    /// # Errors
    /// [`Error::NotReal`], [`Error::Volume`] for another grid, in the step that it does not fit, [`Error::Cancelled`].
    pub fn apply(&self, volume: Volume<f32>, ctx: &Ctx<'_>) -> Result<Volume<f32>, Error> {
        if !volume.scaling().is_identity() {
            return Err(Error::NotReal);
        }
        ctx.install(|| {
            let mut volume = volume;
            let mut waiting = Pointwise::default();
            for part in self.parts()? {
                match part {
                    Part::Values(_, record) if Pointwise::takes(record.fitted()) => {
                        waiting.add(0, record.step(), record.fitted());
                        continue;
                    }
                    _ => volume = std::mem::take(&mut waiting).apply(volume, ctx)?.0,
                }
                volume = match part {
                    Part::Grid(number, chain, lowest) => {
                        chain.run(&volume, lowest, ctx).map_err(|e| e.in_step(number, self.steps[number - 1].name()))?
                    }
                    Part::Values(number, record) => {
                        let name = record.step().name();
                        let mut out =
                            record.fitted().apply_in_place(volume, ctx).map_err(|error| error.in_step(number, name))?;
                        out.provenance_mut().add(record.fitted().operation(name));
                        out
                    }
                };
            }
            Ok(waiting.apply(volume, ctx)?.0)
        })
    }

    /// Brings a label map on the grid of the image to that of the result: by the same moves, interpolated at most once, no label invented.
    ///
    /// # Errors
    /// [`Error::Volume`] for another grid, [`Error::Cancelled`].
    pub fn apply_labels(&self, labels: &LabelMap, ctx: &Ctx<'_>) -> Result<LabelMap, Error> {
        self.chains()?.iter().try_fold(labels.clone(), |labels, chain| chain.run_labels(&labels, ctx))
    }

    /// The same for a selection of voxels, by the nearest.
    ///
    /// # Errors
    /// As [`FittedPipeline::apply_labels`].
    pub fn apply_mask(&self, mask: &Mask, ctx: &Ctx<'_>) -> Result<Mask, Error> {
        self.chains()?.iter().try_fold(mask.clone(), |mask, chain| chain.run_mask(&mask, ctx))
    }

    /// Brings a label map on the grid of the result back to that of the image: what a network found there, for instance. What was cut off is background.
    ///
    /// # Errors
    /// As [`FittedPipeline::apply_labels`].
    pub fn invert_labels(&self, labels: &LabelMap, ctx: &Ctx<'_>) -> Result<LabelMap, Error> {
        self.chains()?.iter().rev().try_fold(labels.clone(), |labels, chain| chain.inverse().run_labels(&labels, ctx))
    }

    /// Undoes every step, the last first. Values are exact to rounding; a grid that was interpolated is interpolated back, what was cut off has the lowest value
    /// that is left.
    ///
    /// # Errors
    /// [`Error::NotInvertible`], in the step that lost something; [`Error::Volume`] for another grid than that of the result; [`Error::Cancelled`].
    pub fn invert(&self, volume: Volume<f32>, ctx: &Ctx<'_>) -> Result<Volume<f32>, Error> {
        volume.geometry().agrees_with(&self.to)?;
        ctx.install(|| {
            self.parts()?.into_iter().rev().try_fold(volume, |volume, part| match part {
                Part::Values(number, record) => {
                    let at = |error: Error| error.in_step(number, record.step().name());
                    let back = record.fitted().inverse(self.unit_before(number)).map_err(at)?;
                    back.apply_in_place(volume, ctx).map_err(at)
                }
                Part::Grid(number, chain, _) => {
                    let back = chain.inverse();
                    let lowest = back.lowest(&volume, ctx)?.unwrap_or_default();
                    back.run(&volume, lowest, ctx).map_err(|e| e.in_step(number, self.steps[number - 1].name()))
                }
            })
        })
    }

    /// Whether [`FittedPipeline::invert`] gives the grid's voxels back as they were: nothing was interpolated and nothing cut off.
    ///
    /// # Errors
    /// As [`FittedPipeline::apply_labels`].
    pub fn keeps_voxels(&self) -> Result<bool, Error> {
        Ok(self.chains()?.iter().all(Chain::keeps_voxels))
    }

    /// The unit of what comes into a step of this number.
    fn unit_before(&self, number: usize) -> Unit {
        let unit = self.steps.iter().take(number.saturating_sub(1)).rev().find_map(|step| match step {
            FittedStep::Intensity(record) => record.fitted().unit(),
            FittedStep::Spatial { .. } => None,
        });
        unit.unwrap_or(&self.unit).clone()
    }

    fn chains(&self) -> Result<Vec<Chain>, Error> {
        let parts = self.parts()?.into_iter();
        Ok(parts.filter_map(|part| if let Part::Grid(_, chain, _) = part { Some(*chain) } else { None }).collect())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    #[serde(default)]
    version: Version,
    from: Geometry,
    unit: Unit,
    fitted: Vec<FittedStep>,
}

impl TryFrom<Repr> for FittedPipeline {
    type Error = Error;

    fn try_from(repr: Repr) -> Result<Self, Error> {
        Self::new(repr.from, repr.unit, repr.fitted)
    }
}

impl From<FittedPipeline> for Repr {
    fn from(pipeline: FittedPipeline) -> Self {
        Self { version: Version::CURRENT, from: pipeline.from, unit: pipeline.unit, fitted: pipeline.steps }
    }
}

//! Volumes larger than memory, slab by slab.
//!
//! A [`Source`] gives the real values of any block of a volume, a [`Sink`] takes planes in their order; [`Pipeline::stream`] runs a pipeline between them and holds a few
//! planes at a time. What a step measures is measured in passes of its own, over the values as they are there by then. Results are those of
//! [`Pipeline::run`]: to the bit where nothing is interpolated and nothing but percentiles is measured, else to rounding. Steps that look at a whole image at once (N4, filters,
//! clusters, histograms of a kind) are refused by name.

mod pull;
mod ranks;

use isocenter_volume::{
    Ctx, Head, IndexMap, Volume,
    stats::{Extremes, Merge, Moments},
};

use self::pull::Stack;
use crate::{
    Error, Fitted, FittedPipeline, FittedRecord, Pipeline, Region, Step, Transform,
    pipeline::{FittedStep, Pointwise},
    spatial::{Block, Chain},
};

/// Where samples come from.
pub trait Source: Send {
    /// Grid, slow axes, facts and unit; its scaling is one, since real values are given.
    fn head(&self) -> &Head;

    /// Fills `out` with the real values of a block of one step, i fastest.
    ///
    /// # Errors
    /// [`Error::Source`] where they cannot be had.
    fn block(&mut self, step: usize, block: Block, out: &mut [f32]) -> Result<(), Error>;
}

/// Where samples go.
pub trait Sink: Send {
    /// What the samples will be of; asked once, before the first.
    ///
    /// # Errors
    /// [`Error::Source`] where it cannot be begun.
    fn begin(&mut self, head: &Head) -> Result<(), Error>;

    /// The next samples: whole planes, step after step.
    ///
    /// # Errors
    /// [`Error::Source`] where they cannot be taken.
    fn put(&mut self, samples: &[f32]) -> Result<(), Error>;
}

/// A volume in memory, of whatever real type: read block by block, no copy of it in f32 is made.
impl<T: isocenter_volume::Real> Source for Volume<T> {
    fn head(&self) -> &Head {
        Self::head(self)
    }

    fn block(&mut self, step: usize, block: Block, out: &mut [f32]) -> Result<(), Error> {
        let [nx, ny, nz] = self.shape();
        let Block { start: [i, j, k], size: [wide, high, deep] } = block;
        if i + wide > nx || j + high > ny || k + deep > nz || out.len() != wide * high * deep {
            return Err(Error::Length { what: "the block", wanted: wide * high * deep, found: out.len() });
        }
        let planes = Self::head(self).scaling();
        let samples = self.step(step).unwrap_or_default();
        for (n, row) in out.chunks_mut(wide.max(1)).enumerate() {
            let (y, z) = (j + n % high, k + n / high);
            let pair = planes.of_plane(step * nz + z);
            let from = (z * ny + y) * nx + i;
            for (out, sample) in row.iter_mut().zip(&samples[from..from + wide]) {
                *out = pair.apply(sample.to_f64()) as f32;
            }
        }
        Ok(())
    }
}

impl Pipeline {
    /// Runs from a source to a sink, holding about `bytes` of samples at a time.
    ///
    /// # Errors
    /// [`Error::CannotStream`] for a step that looks at the whole image at once, in that step; [`Error::Source`]; those of [`Pipeline::run`].
    pub fn stream(
        &self,
        source: &mut dyn Source,
        sink: &mut dyn Sink,
        bytes: usize,
        ctx: &Ctx<'_>,
    ) -> Result<FittedPipeline, Error> {
        ctx.install(|| Streaming::new(source, bytes)?.run(self, sink, ctx))
    }
}

struct Streaming<'s> {
    stack: Stack<'s>,
    done: Vec<FittedStep>,
    waiting: Pointwise,
    /// Samples of a slab.
    slab: usize,
}

impl<'s> Streaming<'s> {
    fn new(source: &'s mut dyn Source, bytes: usize) -> Result<Self, Error> {
        // what is read, what it is made from and what is made, each of four bytes a sample
        let slab = (bytes / 16).max(1);
        Ok(Self { stack: Stack::new(source)?, done: Vec::new(), waiting: Pointwise::default(), slab })
    }

    fn run(mut self, pipeline: &Pipeline, sink: &mut dyn Sink, ctx: &Ctx<'_>) -> Result<FittedPipeline, Error> {
        let (from, unit) = (self.stack.geometry().clone(), self.stack.head().scaling().unit().clone());
        let mut rest = pipeline.steps();
        while let Some(first) = rest.first() {
            let number = pipeline.steps().len() - rest.len() + 1;
            let taken = match first {
                Transform::Spatial(_) => self.spatial(rest, number, ctx)?,
                Transform::Intensity(step) => {
                    self.intensity(step, ctx).map_err(|error| error.in_step(number, step.name()))?;
                    1
                }
            };
            rest = &rest[taken..];
        }
        self.flush()?;
        sink.begin(self.stack.head())?;
        let total = self.stack.head().planes() as u64;
        let stage = ctx.stage("normalize", total);
        self.slabs(&stage.ctx(), |slab| {
            stage.advance(slab.shape()[2] as u64)?;
            sink.put(slab.voxels())
        })?;
        FittedPipeline::new(from, unit, self.done)
    }

    fn spatial(&mut self, rest: &[Transform], number: usize, ctx: &Ctx<'_>) -> Result<usize, Error> {
        self.flush()?;
        let mut chain = Chain::new(self.stack.geometry().clone());
        let mut taken = 0;
        let first = self.done.len();
        for step in rest {
            let Transform::Spatial(step) = step else { break };
            let at = |error: Error| error.in_step(number + taken, step.name());
            if step.needs_samples() {
                return Err(at(Error::CannotStream));
            }
            chain.push(step, None).map_err(at)?;
            self.done.push(FittedStep::Spatial { step: step.clone(), block: None, lowest: None });
            taken += 1;
        }
        let lowest = if chain.asks_lowest() { Some(self.lowest(ctx)?) } else { None };
        for done in &mut self.done[first..] {
            if let FittedStep::Spatial { lowest: low, .. } = done {
                *low = lowest;
            }
        }
        self.stack.push_chain(&chain, lowest.unwrap_or_default())?;
        Ok(taken)
    }

    fn intensity(&mut self, step: &Step, ctx: &Ctx<'_>) -> Result<(), Error> {
        let fitted = if let Step::FillNonFinite(step) = step {
            self.flush()?;
            let counts = self.not_finite(ctx)?;
            step.fit(&self.stack.probe()?, None, ctx)?.counting(counts[0], counts[1])
        } else if step.measures_nothing() {
            let probe = self.stack.probe()?;
            self.waiting.follow(probe, ctx).and_then(|probe| step.fit(&probe, None, ctx))?
        } else {
            self.flush()?;
            self.measured(step, ctx)?
        };
        self.waiting.add(self.done.len(), step, &fitted);
        self.done.push(FittedStep::Intensity(Box::new(FittedRecord::new(step.clone(), fitted))));
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Error> {
        let waiting = std::mem::take(&mut self.waiting);
        if waiting.is_empty() { Ok(()) } else { self.stack.push_maps(waiting) }
    }

    /// What a step finds, in passes over the values as they are by now.
    fn measured(&mut self, step: &Step, ctx: &Ctx<'_>) -> Result<Fitted, Error> {
        match step {
            Step::ZScore(step) => {
                let (found, extremes) = self.moments(step.region, ctx)?;
                step.of_moments(&found, || Ok(extremes))
            }
            Step::PercentileRescale(step) => {
                step.check()?;
                let [lower, upper] = [step.lower, step.upper];
                let (values, counts) = self.percentiles(step.region, &[lower, upper], ctx)?;
                step.of_values([values[0], values[1]], counts)
            }
            Step::Nyul(step) => {
                let percents = step.scale().percentiles().to_vec();
                let (values, counts) = self.percentiles(step.taken(), &percents, ctx)?;
                step.of_values(values, counts)
            }
            _ => Err(Error::CannotStream),
        }
    }

    fn moments(&mut self, region: Region, ctx: &Ctx<'_>) -> Result<(Moments, Extremes), Error> {
        let region = self.settled(region, ctx)?;
        let (mut all, mut ends): (Option<Moments>, Option<Extremes>) = (None, None);
        self.slabs(ctx, |slab| {
            let selection = region.select(slab, None, ctx)?;
            let found = Moments::over(&selection, ctx)?;
            let range = Extremes::over(&selection, ctx)?;
            match (&mut all, &mut ends) {
                (Some(all), Some(ends)) => {
                    all.merge(&found)?;
                    ends.merge(&range)?;
                }
                _ => (all, ends) = (Some(found), Some(range)),
            }
            Ok(())
        })?;
        match (all, ends) {
            (Some(all), Some(ends)) if all.count() > 0 => Ok((all, ends)),
            _ => Err(Error::EmptyRegion { region: region.name() }),
        }
    }

    /// Exact percentiles, and how many samples there were, of which so many of the volume are not finite.
    fn percentiles(&mut self, region: Region, percents: &[f64], ctx: &Ctx<'_>) -> Result<(Vec<f64>, [u64; 2]), Error> {
        let region = self.settled(region, ctx)?;
        let mut coarse = ranks::Coarse::new();
        let mut not_finite = 0;
        self.slabs(ctx, |slab| {
            not_finite += crate::fitted::not_finite(slab.voxels(), ctx)?;
            coarse.add(&region.select(slab, None, ctx)?.samples(ctx)?);
            Ok(())
        })?;
        let mut fine = coarse.asking(percents).ok_or(Error::EmptyRegion { region: region.name() })?;
        self.slabs(ctx, |slab| {
            fine.add(&region.select(slab, None, ctx)?.samples(ctx)?);
            Ok(())
        })?;
        Ok((fine.values(), [coarse.count(), not_finite]))
    }

    /// A region whose limits are known; one that needs the whole image at once is refused.
    fn settled(&mut self, region: Region, ctx: &Ctx<'_>) -> Result<Region, Error> {
        match region {
            Region::All | Region::Above(_) | Region::Between(..) | Region::NonZero => Ok(region),
            Region::AboveMean => Ok(Region::Above(self.moments(Region::All, ctx)?.0.mean())),
            _ => Err(Error::CannotStream),
        }
    }

    /// Samples of the volume, and how many of them are not finite.
    fn not_finite(&mut self, ctx: &Ctx<'_>) -> Result<[u64; 2], Error> {
        let mut counts = [0; 2];
        self.slabs(ctx, |slab| {
            counts[0] += slab.voxels().len() as u64;
            counts[1] += crate::fitted::not_finite(slab.voxels(), ctx)?;
            Ok(())
        })?;
        Ok(counts)
    }

    fn lowest(&mut self, ctx: &Ctx<'_>) -> Result<f32, Error> {
        let mut lowest = f32::INFINITY;
        self.slabs(ctx, |slab| {
            lowest = slab.voxels().iter().filter(|v| v.is_finite()).copied().fold(lowest, f32::min);
            Ok(())
        })?;
        Ok(if lowest.is_finite() { lowest } else { 0.0 })
    }

    /// Every slab of the values as they are by now, step after step.
    fn slabs(&mut self, ctx: &Ctx<'_>, mut take: impl FnMut(&Volume<f32>) -> Result<(), Error>) -> Result<(), Error> {
        let [nx, ny, nz] = self.stack.geometry().shape();
        for step in 0..self.stack.head().steps() {
            let mut k = 0;
            while k < nz {
                ctx.check()?;
                let mut deep = (self.slab / (nx * ny).max(1)).clamp(1, nz - k);
                // as many planes as the samples that they are made from allow
                while deep > 1 && self.stack.needs(Block { start: [0, 0, k], size: [nx, ny, deep] })? > 2 * self.slab {
                    deep = deep.div_ceil(2);
                }
                let slab = self.stack.pull(step, Block { start: [0, 0, k], size: [nx, ny, deep] }, ctx)?;
                take(&slab)?;
                k += deep;
            }
        }
        Ok(())
    }
}

/// One block of a grid, as a map.
fn map_of(block: Block, shape: [usize; 3]) -> Result<IndexMap, Error> {
    Ok(IndexMap::block(shape, block.start.map(|s| s as i64), block.size)?)
}

//! The work of [`Resample::apply`].

use std::{borrow::Cow, ops::Range};

use super::{
    Resample, antialias, convert,
    holes::Kept,
    kernels::{self, Job, Kernels},
    plan::Plan,
};
use crate::sample::{Edge, Interpolation, Kernel, needs_f64, survey};
use crate::{DynVolume, Error, Geometry, Real, Stage, Volume, with_real_volume};

/// Output planes that are computed at a time where the stored type is not the kernels'.
pub(super) const SLAB: usize = 16;

/// Which step is filled, on which grid, and what lies outside the input.
struct Part<'a, T> {
    step: usize,
    target: &'a Geometry,
    outside: T,
}

/// How a step is filled from samples.
#[derive(Clone, Copy)]
struct Way<'a, 'j, C: Kernels> {
    job: Job<'j>,
    outside: C,
    /// What is not finite and is put back after the kernel.
    kept: Option<&'a Kept<'a, 'j, C>>,
    /// Whether results that are not finite are counted.
    counts: bool,
}

impl Resample<'_> {
    /// Brings a volume, all its slow steps, onto the grid. Slow axes, scaling and meta are kept; the step is noted.
    ///
    /// A place whose nearest voxel is NaN or infinite has its value; every other is worked out from the finite voxels alone (see
    /// [`crate::non_finite`]), and how many were left out is noted (operation `non_finite_left_out`).
    ///
    /// # Errors
    /// [`Error::PerPlaneScaling`] where planes have different scalings (call [`Volume::to_real`] first), [`Error::FrameMismatch`]
    /// where one grid lies in a patient and the other does not, or in another frame of reference and no transform is set (see
    /// [`Resample::across_frames`]), [`Error::SlowSteps`] for another number of maps than steps, [`Error::SingularAffine`] for
    /// an affine that is not finite, [`Error::Limit`], [`Error::Cancelled`], and those of [`Resample::geometry_for`].
    pub fn apply<T: Real>(&self, volume: &Volume<T>) -> Result<Volume<T>, Error> {
        let kind = self.interpolation.check()?;
        if volume.scaling().as_uniform().is_none() {
            return Err(Error::PerPlaneScaling);
        }
        let output = self.geometry_for(volume.geometry())?;
        let across = self.check_transforms(volume.geometry(), &output, volume.steps())?;
        let [nx, ny, nz] = output.shape().map(|n| n as u64);
        let samples = self.ctx.limits().check(&[nx, ny, nz, volume.steps() as u64], T::TYPE.bytes() as u64)?;
        let stage = self.ctx.stage("resample", (output.shape()[2] * volume.steps()) as u64);
        let (voxels, holes) = self.ctx.install(|| {
            if needs_f64(T::TYPE) {
                self.run::<f64, T>(volume, &output, kind, samples, &stage)
            } else {
                self.run::<f32, T>(volume, &output, kind, samples, &stage)
            }
        });
        stage.finish()?;
        let [a, b, c, d, e, f] = self.parameters(&output, &kind);
        let mut head = volume.head().clone().with_geometry(output)?;
        if across {
            head = head.noting::<bool, 0>("across_frames", []);
        }
        if holes > 0 {
            head = head.noting("non_finite_left_out", [("voxels", holes)]);
        }
        let head = head.noting("resample", [a, b, c, d, e, f, ("antialias", self.antialias.into())]);
        Volume::from_parts(head, voxels)
    }

    /// As [`Resample::apply`], for a volume whose sample type is known only at run time; the type is kept.
    ///
    /// # Errors
    /// As [`Resample::apply`]; [`Error::SampleType`] for complex and colour samples.
    pub fn apply_dyn(&self, volume: &DynVolume) -> Result<DynVolume, Error> {
        let found = volume.sample_type();
        with_real_volume!(volume, v => Ok(self.apply(&v)?.into()), else Err(Error::SampleType { operation: "resample", found }))
    }

    /// All steps on the grid, and how many samples that are not finite a kernel had to leave out.
    fn run<C: Kernels, T: Real>(
        &self,
        volume: &Volume<T>,
        output: &Geometry,
        kind: Interpolation,
        samples: usize,
        stage: &Stage<'_>,
    ) -> (Vec<T>, usize) {
        let outside = match self.edge {
            Edge::Value(value) => T::from_f64(value),
            Edge::Clamp => T::default(),
        };
        let mut out = vec![T::default(); samples];
        let mut holes = 0;
        let mut plan = None;
        for step in 0..volume.steps() {
            let at = step * output.len()..(step + 1) * output.len();
            if step == 0 || !self.transforms.is_one() {
                plan = Some(self.plan(step, volume.geometry(), output, kind));
            }
            let Some((plan, sigmas)) = plan.as_ref().filter(|_| !stage.is_stopped()) else { break };
            if let Plan::Lattice(map) = plan {
                map.gather_into(volume.step(step).unwrap_or_default(), outside, &mut out[at], stage);
                let _ = stage.advance(output.shape()[2] as u64);
                continue;
            }
            let (input, edge) = (volume.shape(), self.edge);
            let job = Job { plan, input, output: output.shape(), sigmas: *sigmas, kind, edge };
            holes += self.fill_step::<C, T>(volume, &Part { step, target: output, outside }, job, &mut out, stage);
        }
        (out, holes)
    }

    /// One step into its part of `out`; gives the number of samples that its kernel had to leave out.
    fn fill_step<C: Kernels, T: Real>(
        &self,
        volume: &Volume<T>,
        part: &Part<'_, T>,
        job: Job<'_>,
        out: &mut Vec<T>,
        stage: &Stage<'_>,
    ) -> usize {
        let Part { step, target, outside } = *part;
        let at = step * target.len()..(step + 1) * target.len();
        let load = || convert::load::<C, T>(volume, step, &self.ctx, stage);
        let mixes = job.kind != Interpolation::Nearest || job.sigmas != [0.0; 3];
        // a stored value is one of the kernels' type, so that what lies outside comes back as it was
        let way = Way { job, outside: C::of(outside), kept: None, counts: false };
        let nearest = || self.plan(step, volume.geometry(), target, Interpolation::Nearest).0;
        let asks = |plan| Job { plan, sigmas: [0.0; 3], kind: Interpolation::Nearest, ..job };
        let samples = load();
        // a sinc's weights do not sum to 1 (ITK's do not): it is no kernel that keeps a constant
        if mixes && job.kind.radius().is_none() && survey::is_constant(&samples, stage) {
            let plan = nearest();
            self.fill(samples, &Way { job: asks(&plan), ..way }, out, at, stage);
            return 0;
        }
        // where less is made than read, holes are looked for in what was made: a kernel that reads one cannot but show it
        let counts = mixes && target.len() < samples.len();
        if !mixes || counts || survey::holes(&samples, stage) == 0 {
            let shown = self.fill(samples, &Way { counts, ..way }, out, at.clone(), stage);
            if shown == 0 {
                return 0;
            }
        }
        let samples = load();
        let holes = survey::holes(&samples, stage);
        if holes > 0 {
            let again = stage.ctx();
            let again = again.stage("without what is not finite", target.shape()[2] as u64);
            let plan = nearest();
            let (kept, filled) = Kept::new(samples, asks(&plan), &self.ctx, &again);
            self.fill(Cow::Owned(filled), &Way { kept: Some(&kept), ..way }, out, at, &again);
            kept.give(&self.ctx);
        }
        holes
    }

    /// One step from samples that a kernel may read; gives how many of the results are not finite, where that is asked for.
    fn fill<C: Kernels, T: Real>(
        &self,
        samples: Cow<'_, [C]>,
        way: &Way<'_, '_, C>,
        out: &mut Vec<T>,
        at: Range<usize>,
        stage: &Stage<'_>,
    ) -> usize {
        let job = &way.job;
        let read = C::prepare(samples, job, &self.ctx, stage);
        let planes = |first: usize, out: &mut [C]| {
            C::fill(&read, job, way.outside, first, out, stage);
            if let Some(kept) = way.kept {
                kept.put_back(way.outside, first, out, &self.ctx, stage);
            }
            if way.counts { survey::holes(out, stage) } else { 0 }
        };
        let holes = if let Some(same) = convert::same_type::<Vec<T>, Vec<C>>(out) {
            planes(0, &mut same[at])
        } else {
            let block = job.output[0] * job.output[1] * SLAB;
            let mut slab = self.ctx.take::<C>(block.min(at.len()));
            let mut holes = 0;
            for (n, out) in out[at].chunks_mut(block).enumerate().take_while(|_| !stage.is_stopped()) {
                let slab = &mut slab[..out.len()];
                holes += planes(n * SLAB, slab);
                convert::store(slab, out, stage);
            }
            self.ctx.give(slab);
            holes
        };
        kernels::give(read, &self.ctx);
        holes
    }

    /// How one step is filled, and how it is smoothed before.
    fn plan(&self, step: usize, input: &Geometry, output: &Geometry, kind: Interpolation) -> (Plan<'_>, [f64; 3]) {
        let places = self.transforms.places(step, input, output);
        let sigmas = if self.antialias { antialias::sigmas(places.steps(output.shape())) } else { [0.0; 3] };
        (Plan::new(places, input.shape(), output.shape(), Kernel::new(kind), self.edge), sigmas)
    }
}

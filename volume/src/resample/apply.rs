//! The work of [`Resample::apply`].

use super::{
    Resample, antialias, convert,
    kernels::{self, Job, Kernels},
    plan::Plan,
};
use crate::sample::{Edge, Interpolation, Kernel, needs_f64};
use crate::{DynVolume, Error, Geometry, Real, Stage, Volume, with_real_volume};

/// Output planes that are computed at a time where the stored type is not the kernels'.
const SLAB: usize = 16;

impl Resample<'_> {
    /// Brings a volume, all its slow steps, onto the grid. Slow axes, scaling and meta are kept; the step is noted.
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
        let voxels = self.ctx.install(|| {
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

    fn run<C: Kernels, T: Real>(
        &self,
        volume: &Volume<T>,
        output: &Geometry,
        kind: Interpolation,
        samples: usize,
        stage: &Stage<'_>,
    ) -> Vec<T> {
        let outside = match self.edge {
            Edge::Value(value) => T::from_f64(value),
            Edge::Clamp => T::default(),
        };
        let mut out = vec![T::default(); samples];
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
            let (input, output, edge) = (volume.shape(), output.shape(), self.edge);
            let job = Job { plan, input, output, sigmas: *sigmas, kind, edge };
            let read = C::prepare(convert::load(volume, step, &self.ctx, stage), &job, &self.ctx, stage);
            // a stored value is one of the kernels' type, so that what lies outside comes back as it was
            let fill = C::of(outside);
            if let Some(same) = convert::same_type::<Vec<T>, Vec<C>>(&mut out) {
                C::fill(&read, &job, fill, 0, &mut same[at], stage);
            } else {
                let block = output[0] * output[1] * SLAB;
                let mut slab = self.ctx.take::<C>(block.min(at.len()));
                for (n, out) in out[at].chunks_mut(block).enumerate().take_while(|_| !stage.is_stopped()) {
                    let slab = &mut slab[..out.len()];
                    C::fill(&read, &job, fill, n * SLAB, slab, stage);
                    convert::store(slab, out, stage);
                }
                self.ctx.give(slab);
            }
            kernels::give(read, &self.ctx);
        }
        out
    }

    /// How one step is filled, and how it is smoothed before.
    fn plan(&self, step: usize, input: &Geometry, output: &Geometry, kind: Interpolation) -> (Plan<'_>, [f64; 3]) {
        let places = self.transforms.places(step, input, output);
        let sigmas = if self.antialias { antialias::sigmas(places.steps(output.shape())) } else { [0.0; 3] };
        (Plan::new(places, input.shape(), output.shape(), Kernel::new(kind), self.edge), sigmas)
    }
}

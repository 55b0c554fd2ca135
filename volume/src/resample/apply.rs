//! The work of [`Resample::apply`].

use std::any::Any;
use std::borrow::Cow;

use rayon::prelude::*;

use super::{Resample, antialias, general::General, plan::Plan, separable};
use crate::sample::{Compute, Edge, Interpolation, Kernel, needs_f64, prefilter};
use crate::{Affine, Buffer, DynVolume, Error, Geometry, Real, Stage, Volume, with_real_volume};

impl Resample<'_> {
    /// Brings a volume, all its slow steps, onto the grid. Slow axes, scaling and meta are kept; the step is noted.
    ///
    /// # Errors
    /// [`Error::PerPlaneScaling`] where planes have different scalings (call [`Volume::to_real`] first), [`Error::FrameMismatch`]
    /// where one grid lies in a patient and the other does not, [`Error::Limit`], [`Error::Cancelled`], and those of
    /// [`Resample::geometry_for`]; [`Error::SingularAffine`] for a transform that is not finite.
    pub fn apply<T: Real>(&self, volume: &Volume<T>) -> Result<Volume<T>, Error> {
        let kind = self.interpolation.check()?;
        if volume.scaling().as_uniform().is_none() {
            return Err(Error::PerPlaneScaling);
        }
        let output = self.geometry_for(volume.geometry())?;
        let to_input = self.to_input(volume.geometry(), &output)?;
        let [nx, ny, nz] = output.shape().map(|n| n as u64);
        let samples = self.ctx.limits().check(&[nx, ny, nz, volume.steps() as u64], T::TYPE.bytes() as u64)?;
        let stage = self.ctx.stage("resample", (output.shape()[2] * volume.steps()) as u64);
        let voxels = if needs_f64(T::TYPE) {
            self.run::<f64, T>(volume, &output, &to_input, kind, samples, &stage)
        } else {
            self.run::<f32, T>(volume, &output, &to_input, kind, samples, &stage)
        };
        stage.finish()?;
        let [a, b, c, d, e, f] = self.parameters(&output, &kind);
        let head = volume.head().clone().with_geometry(output)?;
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

    /// From an output index to an input index.
    pub(super) fn to_input(&self, input: &Geometry, output: &Geometry) -> Result<Affine, Error> {
        if std::mem::discriminant(input.frame()) != std::mem::discriminant(output.frame()) {
            input.frame().agrees_with(output.frame())?;
        }
        if !self.transform.is_finite() {
            return Err(Error::SingularAffine);
        }
        Ok(input.inverse_affine().compose(&self.transform).compose(output.affine()))
    }

    fn run<C: Compute, T: Real>(
        &self,
        volume: &Volume<T>,
        output: &Geometry,
        to_input: &Affine,
        kind: Interpolation,
        samples: usize,
        stage: &Stage<'_>,
    ) -> Vec<T> {
        let input = volume.shape();
        let shape = output.shape();
        let kernel = Kernel::new(kind);
        let sigmas = if self.antialias { antialias::sigmas(to_input) } else { [0.0; 3] };
        let outside = match self.edge {
            Edge::Value(value) => T::from_f64(value),
            Edge::Clamp => T::default(),
        };
        let plan = Plan::new(to_input, input, shape, kernel, self.edge);
        if let Plan::Lattice(map) = &plan {
            if volume.steps() == 1 {
                return map.gather(volume.voxels(), outside);
            }
            return (0..volume.steps()).flat_map(|s| map.gather(volume.step(s).unwrap_or_default(), outside)).collect();
        }
        let mut out = vec![T::default(); samples];
        for (step, out) in out.chunks_mut(output.len()).enumerate() {
            if stage.is_stopped() {
                break;
            }
            let mut samples = as_computed::<C, T>(volume, step);
            if sigmas != [0.0; 3] {
                samples = Cow::Owned(antialias::smooth(&samples, input, sigmas));
            }
            if kind == Interpolation::BSpline3 {
                let mut coefficients = samples.into_owned();
                prefilter(&mut coefficients, input);
                samples = Cow::Owned(coefficients);
            }
            match &plan {
                Plan::Separable(reorder, axes) => {
                    if reorder.axes() != [0, 1, 2] {
                        samples = Cow::Owned(reorder.gather(&samples, C::default()));
                    }
                    separable::fill(&samples, axes, outside, out, &|| stage.advance(1).is_ok());
                }
                _ => General { samples: &samples, input, shape, to_input: *to_input, kind, edge: self.edge, outside }
                    .fill(out, &|| stage.advance(1).is_ok()),
            }
        }
        out
    }
}

/// One step in the type of the kernels; borrowed where it has that type already.
fn as_computed<C: Compute, T: Real>(volume: &Volume<T>, step: usize) -> Cow<'_, [C]> {
    let len = volume.geometry().len();
    if let Some(same) = (volume.buffer() as &dyn Any).downcast_ref::<Buffer<C>>() {
        return Cow::Borrowed(&same.as_slice()[step * len..][..len]);
    }
    let stored = volume.step(step).unwrap_or_default();
    let mut out = vec![C::default(); len];
    const BLOCK: usize = 1 << 16;
    out.par_chunks_mut(BLOCK)
        .zip(stored.par_chunks(BLOCK))
        .for_each(|(out, stored)| out.iter_mut().zip(stored).for_each(|(o, &s)| *o = C::of(s)));
    Cow::Owned(out)
}

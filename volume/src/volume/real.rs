//! From stored to real values.

use std::any::Any;

use rayon::prelude::*;

use super::Volume;
use crate::{Buffer, Cancelled, Ctx, Error, Real, Rescale, SampleType, Scaling, Stage, Voxel};

/// Whole numbers up to here are exact in f32.
const F32_WHOLE: f64 = 16_777_216.0;

impl<T: Real> Volume<T> {
    /// Real values: the scaling applied once, in f64, rounded to f32. The result has the identity scaling and the same unit. Samples
    /// that are real f32 values already are shared, not copied.
    ///
    /// Where f32 cannot hold a value (a whole number above 2^24 that it rounds, or one beyond its range), the number of such
    /// samples is noted as `to_real` in the provenance; [`Volume::to_real_f64`] keeps them.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub fn to_real(&self, ctx: &Ctx<'_>) -> Result<Volume<f32>, Error> {
        if let Some(same) = self.as_real_already() {
            return self.with_voxels(same, self.real_scaling());
        }
        let stage = ctx.stage("real values", self.planes() as u64);
        let lost = ctx.install(|| self.planes_with_pairs(&stage, |stored, pair| lost_by_f32(stored, pair)))?;
        let volume = self.map_planes(ctx, &stage, |out, stored, pair| {
            if pair.is_identity() {
                out.iter_mut().zip(stored).for_each(|(o, s)| *o = s.to_f32());
            } else {
                out.iter_mut().zip(stored).for_each(|(o, s)| *o = pair.apply(s.to_f64()) as f32);
            }
        })?;
        Ok(if lost == 0 { volume } else { volume.noting("to_real", [("samples_not_held_by_f32", lost)]) })
    }

    /// Real values as f64: exact but for 64-bit integers above 2^53. Identity scaling, the same unit.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub fn to_real_f64(&self, ctx: &Ctx<'_>) -> Result<Volume<f64>, Error> {
        if let Some(same) = self.as_real_already() {
            return self.with_voxels(same, self.real_scaling());
        }
        let stage = ctx.stage("real values", self.planes() as u64);
        self.map_planes(ctx, &stage, |out, stored, pair| {
            if pair.is_identity() {
                out.iter_mut().zip(stored).for_each(|(o, s)| *o = s.to_f64());
            } else {
                out.iter_mut().zip(stored).for_each(|(o, s)| *o = pair.apply(s.to_f64()));
            }
        })
    }

    fn real_scaling(&self) -> Scaling {
        Scaling::uniform(Rescale::IDENTITY, self.scaling().unit().clone())
    }

    /// The buffer itself where its samples are real values of the wanted type.
    fn as_real_already<R: Voxel>(&self) -> Option<Buffer<R>> {
        let same = (self.buffer() as &dyn Any).downcast_ref::<Buffer<R>>();
        same.filter(|_| self.scaling().is_identity()).cloned()
    }

    fn planes(&self) -> usize {
        self.shape()[2] * self.steps()
    }

    fn map_planes<R: Voxel>(
        &self,
        ctx: &Ctx<'_>,
        stage: &Stage<'_>,
        fill: impl Fn(&mut [R], &[T], Rescale) + Sync,
    ) -> Result<Volume<R>, Error> {
        let plane_len = self.shape()[0] * self.shape()[1];
        let mut real = vec![R::default(); self.voxels().len()];
        let planes = real.par_chunks_mut(plane_len).zip(self.voxels().par_chunks(plane_len)).enumerate();
        ctx.install(|| {
            planes.try_for_each(|(plane, (out, stored))| {
                stage.check()?;
                fill(out, stored, self.scaling().of_plane(plane));
                stage.advance(1)
            })
        })?;
        self.with_voxels(real, self.real_scaling())
    }

    fn planes_with_pairs(
        &self,
        stage: &Stage<'_>,
        count: impl Fn(&[T], Rescale) -> u64 + Sync,
    ) -> Result<u64, Cancelled> {
        let plane_len = self.shape()[0] * self.shape()[1];
        let planes = self.voxels().par_chunks(plane_len).enumerate();
        let counted = planes.map(|(plane, stored)| {
            stage.check()?;
            Ok(count(stored, self.scaling().of_plane(plane)))
        });
        // whole numbers: their sum is the same in any order
        counted.try_reduce(|| 0, |a, b| Ok(a + b))
    }
}

/// Samples of a plane whose real value f32 cannot hold.
fn lost_by_f32<T: Real>(stored: &[T], pair: Rescale) -> u64 {
    let Some(largest) = largest_stored(T::TYPE) else {
        return if pair.is_identity() && T::TYPE == SampleType::F32 { 0 } else { count_lost(stored, pair) };
    };
    // most images: no value of the type can be lost, so none is looked at
    if pair.slope().abs() * largest + pair.intercept().abs() <= F32_WHOLE { 0 } else { count_lost(stored, pair) }
}

fn count_lost<T: Real>(stored: &[T], pair: Rescale) -> u64 {
    let is_lost = |s: &&T| {
        let real = pair.apply(s.to_f64());
        let held = f64::from(real as f32);
        real.is_finite() && held != real && (!held.is_finite() || (real.abs() > F32_WHOLE && real == real.trunc()))
    };
    stored.iter().filter(is_lost).count() as u64
}

/// The largest magnitude of a short type; `None` for types whose values say nothing in advance.
const fn largest_stored(sample: SampleType) -> Option<f64> {
    match sample {
        SampleType::U8 | SampleType::I8 => Some(255.0),
        SampleType::U16 | SampleType::I16 | SampleType::F16 => Some(65_535.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Affine, Frame, Geometry, Unit};

    fn line<T: Voxel>(samples: Vec<T>) -> Volume<T> {
        let grid = Geometry::new([samples.len(), 1, 1], Affine::IDENTITY, Frame::Unknown).unwrap();
        Volume::new(samples, grid).unwrap()
    }

    #[test]
    fn real_values_are_not_copied_again() {
        let volume = line(vec![0.5f32, f32::NAN]);
        let real = volume.to_real(&Ctx::default()).unwrap();
        assert!(real.buffer().is_same_memory(volume.buffer()));
        let halved = volume.with_scaling(Scaling::uniform(Rescale::new(0.5, 0.0).unwrap(), Unit::Hu)).unwrap();
        assert_eq!(halved.to_real(&Ctx::default()).unwrap().voxels()[0], 0.25);
        assert_eq!(halved.to_real(&Ctx::default()).unwrap().scaling().unit(), &Unit::Hu);
    }

    #[test]
    fn what_f32_cannot_hold_is_told_and_f64_keeps_it() {
        let lossy = line(vec![16_777_217i32, 16_777_216, -3]);
        let real = lossy.to_real(&Ctx::default()).unwrap();
        let told = &real.provenance().operations()[0];
        assert_eq!(told.parameters()["samples_not_held_by_f32"], 1.into());
        assert_eq!(lossy.to_real_f64(&Ctx::default()).unwrap().voxels(), [16_777_217.0, 16_777_216.0, -3.0]);
        assert_eq!(line(vec![1e300f64, 0.1]).to_real(&Ctx::default()).unwrap().provenance().operations().len(), 1);
        for quiet in [line(vec![0.1f64]).to_real(&Ctx::default()), line(vec![40_000i32]).to_real(&Ctx::default())] {
            assert!(quiet.unwrap().provenance().is_empty(), "rounding a fraction is what f32 means");
        }
        let steep = line(vec![65_535u16]).with_scaling(Scaling::uniform(Rescale::new(257.0, 0.0).unwrap(), Unit::Hu));
        assert_eq!(
            steep.unwrap().to_real(&Ctx::default()).unwrap().provenance().operations().len(),
            1,
            "65,535 times 257"
        );
    }
}

//! Means over the steps of a series.

use isocenter_volume::{Ctx, Real, Volume};
use rayon::prelude::*;

use super::scales::whole;
use crate::{Error, Side};

/// Parts that a series is summed in: as many images are held at once.
const PARTS: usize = 16;

/// The mean of all steps as they lie, holes filled; steps without a finite sample are left out.
pub(super) fn of_all<T: Real>(series: &Volume<T>, ctx: &Ctx<'_>) -> Result<Volume<f32>, Error> {
    let shape = series.shape();
    let sums = sum(series.steps(), series.geometry().len(), ctx, |step, add| {
        let real = series.extract_step(step)?.to_real(ctx)?;
        if let Some(samples) = whole(real.voxels(), shape, ctx)? {
            samples.iter().enumerate().for_each(|(n, v)| add(n, *v, 1.0));
        }
        Ok(())
    })?;
    if sums.iter().all(|(_, weight)| *weight == 0.0) {
        return Err(Error::NothingFinite { side: Side::Fixed });
    }
    let means: Vec<f32> = sums.iter().map(|(sum, weight)| sum / weight).collect();
    let first = series.extract_step(0)?.to_real(ctx)?;
    let scaling = first.scaling().clone();
    Ok(first.with_voxels(means, scaling)?)
}

/// Sums and weights of what every step adds at places, in parts of a fixed size and in their order.
pub(super) fn sum(
    steps: usize,
    places: usize,
    ctx: &Ctx<'_>,
    add_step: impl Fn(usize, &mut dyn FnMut(usize, f32, f32)) -> Result<(), Error> + Sync,
) -> Result<Vec<(f32, f32)>, Error> {
    let part = steps.div_ceil(PARTS).max(1);
    let stage = ctx.stage("mean", steps as u64);
    let starts: Vec<usize> = (0..steps).step_by(part).collect();
    let parts: Vec<Vec<(f32, f32)>> = starts
        .par_iter()
        .map(|start| {
            let mut sums = vec![(0f32, 0f32); places];
            for step in *start..(start + part).min(steps) {
                add_step(step, &mut |n, value, weight| {
                    if let Some((sum, all)) = sums.get_mut(n) {
                        *sum += weight * value;
                        *all += weight;
                    }
                })?;
                stage.advance(1)?;
            }
            Ok(sums)
        })
        .collect::<Result<_, Error>>()?;
    let mut total = vec![(0f32, 0f32); places];
    for part in &parts {
        total.iter_mut().zip(part).for_each(|(t, p)| *t = (t.0 + p.0, t.1 + p.1));
    }
    Ok(total)
}

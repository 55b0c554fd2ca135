//! The cubic B-spline: coefficients from samples, and weights.
//!
//! A cubic B-spline curve does not pass through its coefficients, so an image is first turned into the coefficients whose curve
//! passes through its samples. That prefilter is one causal and one anticausal first-order recursion along each axis, with the
//! pole `z = sqrt(3) - 2` and the image mirrored about its outer voxel centres.
//!
//! Source: M. Unser, A. Aldroubi, M. Eden, "B-spline signal processing", IEEE Transactions on Signal Processing 1993.

use rayon::prelude::*;

use super::Compute;
use crate::hot::{Hot, dispatch};
use crate::{Ctx, Error, Stage};

/// The pole of the cubic B-spline, `sqrt(3) - 2`.
const POLE: f64 = -0.267_949_192_431_122_7;
/// Samples after which `POLE` raised to their number is below 1e-20, past what f64 notices.
const HORIZON: usize = 36;
/// Lanes that are filtered side by side along the fastest axis, where the recursion runs against the vector.
const LANES: usize = 16;

/// Weights of the four coefficients around a place `frac` voxels past the second.
#[inline(always)]
pub(crate) fn weights<C: Compute>(frac: C) -> [C; 4] {
    let (one, sixth) = (C::of_f64(1.0), C::of_f64(1.0 / 6.0));
    let (half, two_thirds) = (C::of_f64(0.5), C::of_f64(2.0 / 3.0));
    let rest = one - frac;
    let (frac2, rest2) = (frac * frac, rest * rest);
    [
        sixth * rest2 * rest,
        two_thirds - half * frac2 * (C::of_f64(2.0) - frac),
        two_thirds - half * rest2 * (C::of_f64(2.0) - rest),
        sixth * frac2 * frac,
    ]
}

/// Derivatives of [`weights`].
pub(super) fn slopes(frac: f64) -> [f64; 4] {
    let rest = 1.0 - frac;
    [-0.5 * rest * rest, -2.0 * frac + 1.5 * frac * frac, 2.0 * rest - 1.5 * rest * rest, 0.5 * frac * frac]
}

/// Turns samples (`i` fastest) into the coefficients of the cubic B-spline that passes through them, mirrored about its outer samples, in place.
/// What they mean: the value at a place `f` voxels past sample `n` is the sum of coefficients `n - 1` to `n + 2` times `[(1 - f)^3, 4 - 6 f^2 + 3 f^3, 1 + 3 f + 3 f^2 - 3 f^3, f^3] / 6`,
/// along each axis. An axis of one sample stays as it is.
///
/// # Errors
/// [`Error::BadShape`], [`Error::ShapeMismatch`]; [`Error::Cancelled`], the samples are of no use then.
pub fn cubic_coefficients(samples: &mut [f32], shape: [usize; 3], ctx: &Ctx<'_>) -> Result<(), Error> {
    let product = shape.iter().try_fold(1usize, |product, n| product.checked_mul(*n));
    let wanted = product.filter(|n| *n > 0).ok_or(Error::BadShape { shape })?;
    if wanted != samples.len() {
        return Err(Error::ShapeMismatch { wanted, found: samples.len() });
    }
    let stage = ctx.stage("prefilter", 1);
    prefilter(samples, shape, &stage);
    Ok(stage.advance(1)?)
}

/// Turns samples (`i` fastest) into cubic B-spline coefficients, in place. Stops where the stage is stopped.
pub(crate) fn prefilter<C: Compute>(samples: &mut [C], shape: [usize; 3], stage: &Stage<'_>) {
    let [nx, ny, nz] = shape;
    samples
        .par_chunks_mut(nx * ny)
        .filter(|_| stage.check().is_ok())
        .for_each(|plane| dispatch(Plane { plane, shape: [nx, ny] }));
    if nz > 1 {
        let mut columns: Vec<Vec<&mut [C]>> = (0..ny).map(|_| Vec::with_capacity(nz)).collect();
        for (row, samples) in samples.chunks_mut(nx).enumerate() {
            columns[row % ny].push(samples);
        }
        columns.par_iter_mut().filter(|_| stage.check().is_ok()).for_each(|rows| dispatch(Columns { rows }));
    }
}

/// One plane, to filter along both its axes.
struct Plane<'a, C> {
    plane: &'a mut [C],
    shape: [usize; 2],
}

impl<C: Compute> Hot for Plane<'_, C> {
    #[inline(always)]
    fn run(self) {
        let [nx, ny] = self.shape;
        if nx > 1 {
            self.plane.chunks_mut(nx * LANES).for_each(|rows| filter_rows(rows, nx));
        }
        if ny > 1 {
            filter_columns(&mut self.plane.chunks_mut(nx).collect::<Vec<_>>());
        }
    }
}

/// The rows of one j over all planes, to filter along k.
struct Columns<'a, 'b, C> {
    rows: &'a mut [&'b mut [C]],
}

impl<C: Compute> Hot for Columns<'_, '_, C> {
    #[inline(always)]
    fn run(self) {
        filter_columns(self.rows);
    }
}

/// The first causal coefficient as weights of the first samples: the mirrored image, summed to [`HORIZON`] or in closed form.
fn first_causal(len: usize) -> Vec<f64> {
    let mut weights = vec![0.0; len];
    if len > HORIZON {
        let mut power = 1.0;
        for weight in weights.iter_mut().take(HORIZON) {
            *weight = power;
            power *= POLE;
        }
        return weights;
    }
    // the mirrored image has period 2 (len - 1): sum the geometric series over all periods
    let last = len - 1;
    let power = |n: usize| (0..n).fold(1.0, |p, _| p * POLE);
    let scale = 1.0 / (1.0 - power(2 * last));
    weights[0] = scale;
    weights[last] = power(last) * scale;
    for (n, weight) in weights.iter_mut().enumerate().take(last).skip(1) {
        *weight = (power(n) + power(2 * last - n)) * scale;
    }
    weights
}

/// Filters along the order of `rows`, every position of a row for itself. At least two rows.
#[inline(always)]
fn filter_columns<C: Compute>(rows: &mut [&mut [C]]) {
    let len = rows.len();
    let gain = C::of_f64((1.0 - POLE) * (1.0 - 1.0 / POLE));
    let pole = C::of_f64(POLE);
    let mut first = vec![C::default(); rows[0].len()];
    for (weight, row) in first_causal(len).into_iter().zip(rows.iter()).filter(|(w, _)| *w != 0.0) {
        let weight = C::of_f64(weight) * gain;
        first.iter_mut().zip(row.iter()).for_each(|(f, &v)| *f = *f + weight * v);
    }
    rows[0].copy_from_slice(&first);
    for n in 1..len {
        let (before, from) = rows.split_at_mut(n);
        let (before, row) = (&before[n - 1], &mut from[0]);
        row.iter_mut().zip(before.iter()).for_each(|(v, &b)| *v = *v * gain + pole * b);
    }
    let tail = C::of_f64(POLE / (POLE * POLE - 1.0));
    let (before, last) = rows.split_at_mut(len - 1);
    last[0].iter_mut().zip(before[len - 2].iter()).for_each(|(v, &b)| *v = tail * (*v + pole * b));
    for n in (0..len - 1).rev() {
        let (row, after) = rows.split_at_mut(n + 1);
        row[n].iter_mut().zip(after[0].iter()).for_each(|(v, &a)| *v = pole * (a - *v));
    }
}

/// Filters up to [`LANES`] rows of `nx` along their length: turned so that the rows lie side by side in a vector.
#[inline(always)]
fn filter_rows<C: Compute>(rows: &mut [C], nx: usize) {
    let mut turned = vec![C::default(); nx * LANES];
    for (lane, row) in rows.chunks(nx).enumerate() {
        for (x, &value) in row.iter().enumerate() {
            turned[x * LANES + lane] = value;
        }
    }
    filter_columns(&mut turned.chunks_mut(LANES).collect::<Vec<_>>());
    for (lane, row) in rows.chunks_mut(nx).enumerate() {
        for (x, value) in row.iter_mut().enumerate() {
            *value = turned[x * LANES + lane];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_passes_through_the_samples() {
        for len in [2usize, 3, 7, 40, 100] {
            let samples: Vec<f64> = (0..len).map(|n| ((n * 7919) % 101) as f64).collect();
            let ctx = crate::Ctx::default();
            let stage = ctx.stage("prefilter", 0);
            let mut coefficients = samples.clone();
            prefilter(&mut coefficients, [len, 1, 1], &stage);
            let mut along_z = samples.clone();
            prefilter(&mut along_z, [1, 1, len], &stage);
            assert_eq!(coefficients, along_z);
            for n in 0..len as i64 {
                let at = |i: i64| coefficients[crate::sample::Fold::Mirror.apply(i, len)];
                let value = (at(n - 1) + 4.0 * at(n) + at(n + 1)) / 6.0;
                assert!((value - samples[n as usize]).abs() < 1e-11, "{len} {n} {value}");
            }
        }
    }

    #[test]
    fn weights_sum_to_one_and_slopes_to_zero() {
        for frac in [0.0, 0.1, 0.5, 0.9] {
            assert!((weights(frac).iter().sum::<f64>() - 1.0).abs() < 1e-15);
            assert!(slopes(frac).iter().sum::<f64>().abs() < 1e-15);
        }
    }
}

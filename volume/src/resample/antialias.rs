//! The Gaussian before downsampling.

use rayon::prelude::*;

use super::convert::copy;
use crate::sample::Compute;
use crate::{Ctx, Stage};

/// Standard deviations along the input axes, in input voxels; 0 where the step does not grow.
///
/// `steps` are the input voxels that one output step crosses along each input axis: for parallel grids the ratio of the spacings.
pub(super) fn sigmas(steps: [f64; 3]) -> [f64; 3] {
    steps.map(|ratio| {
        // relative noise of an affine's f32 is no reason to smooth
        if ratio > 1.0 + 1e-6 { ((ratio * ratio - 1.0) / (8.0 * std::f64::consts::LN_2)).sqrt() } else { 0.0 }
    })
}

/// Half the Gaussian, from the middle outwards, to 4 standard deviations; the whole sums to 1.
fn half_kernel(sigma: f64) -> Vec<f64> {
    let radius = (4.0 * sigma + 0.5).floor().max(1.0) as usize;
    let mut half: Vec<f64> = (0..=radius).map(|n| libm::exp(-0.5 * (n * n) as f64 / (sigma * sigma))).collect();
    let sum = half[0] + 2.0 * half.iter().skip(1).sum::<f64>();
    half.iter_mut().for_each(|w| *w /= sum);
    half
}

/// Smooths samples of `shape` in place, the border voxel repeated. Stops where the stage is stopped.
pub(super) fn smooth<C: Compute>(
    samples: &mut [C],
    shape: [usize; 3],
    sigmas: [f64; 3],
    ctx: &Ctx<'_>,
    stage: &Stage<'_>,
) {
    let [nx, ny, nz] = shape;
    let kernels = sigmas
        .map(|s| if s > 0.0 { half_kernel(s).into_iter().map(C::of_f64).collect::<Vec<C>>() } else { Vec::new() });
    if !kernels[0].is_empty() || !kernels[1].is_empty() {
        samples.par_chunks_mut(nx * ny).for_each(|plane| {
            if stage.check().is_err() {
                return;
            }
            if !kernels[0].is_empty() {
                let mut padded = Vec::new();
                plane.chunks_mut(nx).for_each(|row| along_row(row, &kernels[0], &mut padded));
            }
            if !kernels[1].is_empty() {
                let source = plane.to_vec();
                for (j, row) in plane.chunks_mut(nx).enumerate() {
                    weigh(row, &kernels[1], |d| &source[shifted(j, d, ny) * nx..][..nx]);
                }
            }
        });
    }
    if !kernels[2].is_empty() {
        let mut source = ctx.take(samples.len());
        copy(samples, &mut source, stage);
        samples.par_chunks_mut(nx * ny).enumerate().for_each(|(k, plane)| {
            if stage.check().is_ok() {
                weigh(plane, &kernels[2], |d| &source[shifted(k, d, nz) * nx * ny..][..nx * ny]);
            }
        });
        ctx.give(source);
    }
}

fn shifted(at: usize, by: i64, len: usize) -> usize {
    (at as i64 + by).clamp(0, len as i64 - 1) as usize
}

/// `out = sum of half[|d|] * row(d)`, from the middle outwards.
fn weigh<'a, C: Compute>(out: &mut [C], half: &[C], row: impl Fn(i64) -> &'a [C]) {
    out.iter_mut().zip(row(0)).for_each(|(o, &v)| *o = half[0] * v);
    for (d, &w) in half.iter().enumerate().skip(1) {
        let (low, high) = (row(-(d as i64)), row(d as i64));
        out.iter_mut().zip(low).zip(high).for_each(|((o, &l), &h)| *o = *o + w * (l + h));
    }
}

fn along_row<C: Compute>(row: &mut [C], half: &[C], padded: &mut Vec<C>) {
    let radius = half.len() - 1;
    let n = row.len();
    padded.clear();
    padded.extend(std::iter::repeat_n(row[0], radius));
    padded.extend_from_slice(row);
    padded.extend(std::iter::repeat_n(row[n - 1], radius));
    let padded = &*padded;
    weigh(row, half, |d| &padded[(radius as i64 + d) as usize..][..n]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_stays_and_the_width_is_the_one_asked_for() {
        let smooth = |samples: &[f64], shape, sigmas| {
            let mut out = samples.to_vec();
            smooth(&mut out, shape, sigmas, &Ctx::default(), &Ctx::default().stage("smooth", 0));
            out
        };
        let flat = smooth(&[3.0f64; 5 * 4 * 3], [5, 4, 3], [1.5, 0.7, 2.0]);
        assert!(flat.iter().all(|v| (v - 3.0).abs() < 1e-12));
        let mut point = vec![0.0f64; 101];
        point[50] = 1.0;
        for (shape, sigmas) in
            [([101, 1, 1], [2.0, 0.0, 0.0]), ([1, 101, 1], [0.0, 2.0, 0.0]), ([1, 1, 101], [0.0, 0.0, 2.0])]
        {
            let out = smooth(&point, shape, sigmas);
            let variance: f64 = out.iter().enumerate().map(|(n, v)| v * (n as f64 - 50.0).powi(2)).sum();
            assert!((variance - 4.0).abs() < 0.01, "{variance}");
        }
    }

    #[test]
    fn only_axes_that_grow_are_smoothed() {
        let s = sigmas([3.0, 1.0, 0.5]);
        assert!((s[0] - (8.0f64 / (8.0 * std::f64::consts::LN_2)).sqrt()).abs() < 1e-15);
        assert_eq!(s[1..], [0.0, 0.0]);
    }
}

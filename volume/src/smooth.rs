//! Smoothing by repeated neighbours' means.
//!
//! A pass of the kernel `(a, 1 - 2 a, a)` adds a variance of `2 a` voxels squared; passes add up to a Gaussian by the central limit
//! theorem. Borders repeat. The Gaussian with which resampling avoids fold-over is exact in its width and lies beside
//! [`crate::resample`]; this one costs three reads a pass and never leaves f32.

use rayon::prelude::*;

use crate::{Cancelled, Ctx};

/// Most passes along one axis: a blur of four voxels.
const MOST_PASSES: f64 = 32.0;

/// Adds a variance (voxels squared, along i, j and k) to the blur of samples, `i` fastest. An axis of one voxel stays as it is, and so
/// does one whose variance is not above 0; at most a blur of four voxels is reached.
///
/// # Errors
/// [`Cancelled`].
pub fn diffused(
    mut samples: Vec<f32>,
    shape: [usize; 3],
    variance: [f64; 3],
    ctx: &Ctx<'_>,
) -> Result<Vec<f32>, Cancelled> {
    let [nx, ny, nz] = shape;
    let strides = [1, nx, nx * ny];
    for (axis, count) in [nx, ny, nz].into_iter().enumerate() {
        let missing = variance[axis];
        // one pass adds a variance of 2 a voxels squared; a at most a quarter
        let passes = (2.0 * missing).ceil();
        if count < 2 || passes.is_nan() || passes < 1.0 {
            continue;
        }
        let passes = passes.min(MOST_PASSES);
        let a = (missing / passes / 2.0).min(0.25) as f32;
        let stage = ctx.stage("smooth", passes as u64 * nz as u64);
        for _ in 0..passes as usize {
            let mut out = vec![0f32; samples.len()];
            out.par_chunks_mut(strides[2]).enumerate().try_for_each(|(k, plane)| {
                for (j, line) in plane.chunks_exact_mut(nx).enumerate() {
                    let row = k * strides[2] + j * nx;
                    match axis {
                        0 => along(&samples[row..row + nx], line, a),
                        1 => across(&samples[k * strides[2]..], j, ny, nx, line, a),
                        _ => across(&samples[j * nx..], k, nz, strides[2], line, a),
                    }
                }
                stage.advance(1)
            })?;
            samples = out;
        }
    }
    Ok(samples)
}

/// One row along i.
fn along(source: &[f32], row: &mut [f32], a: f32) {
    let last = source.len() - 1;
    for (i, slot) in row.iter_mut().enumerate() {
        let (before, after) = (source[i.saturating_sub(1)], source[(i + 1).min(last)]);
        *slot = a * (before + after) + (1.0 - 2.0 * a) * source[i];
    }
}

/// One row across j or k: `n` of `count` rows that lie `stride` apart.
fn across(source: &[f32], n: usize, count: usize, stride: usize, line: &mut [f32], a: f32) {
    let row = |m: usize| &source[m * stride..m * stride + line.len()];
    let (before, here, after) = (row(n.saturating_sub(1)), row(n), row((n + 1).min(count - 1)));
    for (i, slot) in line.iter_mut().enumerate() {
        *slot = a * (before[i] + after[i]) + (1.0 - 2.0 * a) * here[i];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_gets_the_variance_asked_for_and_keeps_its_sum() {
        let mut dot = vec![0f32; 41 * 3 * 2];
        dot[20 + 41] = 1.0;
        let out = diffused(dot, [41, 3, 2], [2.5, 0.0, -1.0], &Ctx::default()).unwrap();
        let variance: f64 = (0..41).map(|i| f64::from(out[41 + i]) * (i as f64 - 20.0).powi(2)).sum();
        assert!((variance - 2.5).abs() < 1e-5, "{variance}");
        assert!((out.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_ramp_stays_inside() {
        let ramp: Vec<f32> = (0..343).map(|n| (n % 7 + 2 * (n / 7 % 7) + 3 * (n / 49)) as f32).collect();
        let out = diffused(ramp.clone(), [7; 3], [0.5; 3], &Ctx::default()).unwrap();
        let middle = 3 + 7 * 3 + 49 * 3;
        assert!((out[middle] - ramp[middle]).abs() < 1e-5);
    }
}

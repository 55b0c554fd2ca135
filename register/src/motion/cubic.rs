//! The cubic B-spline through a step's image, read at eight places at a time.
//!
//! Linear interpolation blurs by how far between the voxels it reads, and more so along thick slices: a motion by half a voxel then looks blurred, and fits best
//! where it is not. The spline does so by little, so that the last resolution can be looked at with hardly a blur of its own.

use isocenter_volume::{Ctx, sample::cubic_coefficients};

use crate::{
    Error,
    passes::{LANES, Lanes},
};

/// Coefficients held along an axis of `count` voxels: one more at both ends, and at least the four that are read.
pub(super) fn held(count: usize) -> usize {
    (count + 2).max(TAPS)
}

/// Coefficients read along each axis.
const TAPS: usize = 4;

/// The coefficients of samples, mirrored about the outer ones.
pub(super) fn coefficients(mut samples: Vec<f32>, shape: [usize; 3], ctx: &Ctx<'_>) -> Result<Vec<f32>, Error> {
    cubic_coefficients(&mut samples, shape, ctx)?;
    let [nx, ny, nz] = shape.map(held);
    // the place before the first is the second's, the place past the last the last but one's
    let inner = |n: usize, count: usize| {
        let last = count - 1;
        let n = n.abs_diff(1);
        if n > last { (2 * last).saturating_sub(n) } else { n }
    };
    let mut out = Vec::with_capacity(nx * ny * nz);
    for k in 0..nz {
        for j in 0..ny {
            let row = (inner(k, shape[2]) * shape[1] + inner(j, shape[1])) * shape[0];
            out.extend((0..nx).map(|i| samples[row + inner(i, shape[0])]));
        }
    }
    Ok(out)
}

/// Values between the second and the third of the coefficients from `base` on, `share` of the way.
#[inline(always)]
pub(super) fn values(coefficients: &[f32], base: &[usize; LANES], strides: [usize; 3], share: &[Lanes; 3]) -> Lanes {
    let weights = share.map(|share| weights(&share));
    let [wx, wy, wz] = &weights;
    let mut total = [0f32; LANES];
    for (z, wz) in wz.iter().enumerate() {
        for (y, wy) in wy.iter().enumerate() {
            let offset = z * strides[2] + y * strides[1];
            let mut taps = [[0f32; LANES]; TAPS];
            for l in 0..LANES {
                let start = base[l] + offset;
                if let Some(row) = coefficients.get(start..start + TAPS) {
                    for x in 0..TAPS {
                        taps[x][l] = row[x];
                    }
                }
            }
            for l in 0..LANES {
                let along =
                    wx[0][l] * taps[0][l] + wx[1][l] * taps[1][l] + wx[2][l] * taps[2][l] + wx[3][l] * taps[3][l];
                total[l] += wz[l] * wy[l] * along;
            }
        }
    }
    total
}

/// Weights of the four coefficients around a place `frac` of the way from the second to the third.
#[inline(always)]
fn weights(frac: &Lanes) -> [Lanes; TAPS] {
    let mut weights = [[0f32; LANES]; TAPS];
    for l in 0..LANES {
        let (f, rest) = (frac[l], 1.0 - frac[l]);
        weights[0][l] = rest * rest * rest / 6.0;
        weights[1][l] = 2.0 / 3.0 - 0.5 * f * f * (2.0 - f);
        weights[2][l] = 2.0 / 3.0 - 0.5 * rest * rest * (2.0 - rest);
        weights[3][l] = f * f * f / 6.0;
    }
    weights
}

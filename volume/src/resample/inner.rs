//! The inner loops of turned grids: voxels all of whose neighbours exist.

use std::ops::Range;

use super::places::Line;
use crate::sample::{Compute, cubic_weights};

/// Voxels that are placed together before they are read.
const BATCH: usize = 16;

/// Where a batch of voxels lies: offset of the first neighbour, and how far past it.
struct Batch<C> {
    offset: [u32; BATCH],
    frac: [[C; BATCH]; 3],
}

impl<C: Compute> Batch<C> {
    /// Places voxels `from..` of a row; the first neighbour lies `before` voxels before the place.
    #[inline(always)]
    fn new<S>(line: &Line, from: usize, source: &Source<'_, S>, before: i32) -> Self {
        let strides = [1, source.strides[0] as u32, source.strides[1] as u32];
        let mut batch = Self { offset: [0; BATCH], frac: [[C::default(); BATCH]; 3] };
        for (axis, stride) in strides.into_iter().enumerate() {
            for n in 0..BATCH {
                let at = line.start[axis] + line.step[axis] * (from + n) as f64;
                // coordinates in use are not negative: truncation is the floor
                let base = at as i32;
                batch.frac[axis][n] = C::of_f64(at - f64::from(base));
                batch.offset[n] =
                    batch.offset[n].wrapping_add(((base - before - source.origin[axis]) as u32).wrapping_mul(stride));
            }
        }
        batch
    }
}

/// Samples in memory: where the first lies in the input, and the strides along j and k.
#[derive(Clone, Copy)]
pub(super) struct Source<'a, C> {
    pub(super) samples: &'a [C],
    pub(super) strides: [usize; 2],
    pub(super) origin: [i32; 3],
}

/// Trilinear; `inner` lies within `0 <= coordinate < n - 1`.
#[inline(always)]
pub(super) fn linear<C: Compute>(source: &Source<'_, C>, line: &Line, inner: Range<usize>, row: &mut [C]) {
    let (samples, [sy, sz]) = (source.samples, source.strides);
    let mut from = inner.start;
    while from < inner.end {
        let count = (inner.end - from).min(BATCH);
        let batch = Batch::<C>::new(line, from, source, 0);
        let mut corner = [[C::default(); BATCH]; 8];
        for (n, &at) in batch.offset.iter().enumerate().take(count) {
            let at = at as usize;
            let pairs = [&samples[at..], &samples[at + sy..], &samples[at + sz..], &samples[at + sz + sy..]];
            for (c, pair) in pairs.into_iter().enumerate() {
                corner[2 * c][n] = pair[0];
                corner[2 * c + 1][n] = pair[1];
            }
        }
        let [fx, fy, fz] = &batch.frac;
        let mut value = [C::default(); BATCH];
        for n in 0..BATCH {
            let mix = |a: C, b: C, f: C| a + (b - a) * f;
            let low = mix(mix(corner[0][n], corner[1][n], fx[n]), mix(corner[2][n], corner[3][n], fx[n]), fy[n]);
            let high = mix(mix(corner[4][n], corner[5][n], fx[n]), mix(corner[6][n], corner[7][n], fx[n]), fy[n]);
            value[n] = mix(low, high, fz[n]);
        }
        row[from..from + count].iter_mut().zip(value).for_each(|(o, v)| *o = v);
        from += count;
    }
}

/// Cubic B-spline from coefficients; `inner` lies within `1 <= coordinate < n - 2`.
#[inline(always)]
pub(super) fn cubic<C: Compute>(source: &Source<'_, C>, line: &Line, inner: Range<usize>, row: &mut [C]) {
    let (samples, [sy, sz]) = (source.samples, source.strides);
    let mut from = inner.start;
    while from < inner.end {
        let count = (inner.end - from).min(BATCH);
        let batch = Batch::<C>::new(line, from, source, 1);
        let mut weights = [[[C::default(); 4]; BATCH]; 3];
        for (weights, fracs) in weights.iter_mut().zip(&batch.frac) {
            weights.iter_mut().zip(fracs).for_each(|(w, &f)| *w = cubic_weights(f));
        }
        for n in 0..count {
            let [wx, wy, wz] = [weights[0][n], weights[1][n], weights[2][n]];
            let at = batch.offset[n] as usize;
            let mut sum = [C::default(); 4];
            for (k, &wz) in wz.iter().enumerate() {
                let mut plane = [C::default(); 4];
                let block = &samples[at + k * sz..][..3 * sy + 4];
                for (j, &wy) in wy.iter().enumerate() {
                    let coefficients = &block[j * sy..][..4];
                    for i in 0..4 {
                        plane[i] = plane[i] + wy * coefficients[i];
                    }
                }
                for i in 0..4 {
                    sum[i] = sum[i] + wz * plane[i];
                }
            }
            row[from + n] = (sum[0] * wx[0] + sum[1] * wx[1]) + (sum[2] * wx[2] + sum[3] * wx[3]);
        }
        from += count;
    }
}

//! Parallel grids: planes are mixed along k, then rows along j, then samples along i.
//!
//! The order is the one in which the first two passes run along memory; only the last gathers.

use std::ops::Range;

use rayon::prelude::*;

use super::axis::Axis;
use crate::Stage;
use crate::hot::{Hot, dispatch};
use crate::sample::Compute;

/// Output rows that share one mixed plane; fixed, so that the work does not depend on the pool.
const ROWS: usize = 64;

/// Fills `out` (whole planes from plane `first`, `i` fastest) from `samples`. The stage is asked before each plane and block.
pub(super) fn fill<C: Compute>(
    samples: &[C],
    axes: &[Axis; 3],
    outside: C,
    first: usize,
    out: &mut [C],
    stage: &Stage<'_>,
) {
    let [along_i, along_j, along_k] = axes;
    let weights = [0, 1, 2].map(|a| axes[a].weight.iter().map(|&w| C::of_f64(w)).collect::<Vec<C>>());
    let columns = along_i.reads(along_i.inside.clone());
    out.par_chunks_mut(along_i.len * along_j.len).enumerate().for_each(|(k, plane)| {
        let k = first + k;
        if stage.advance(1).is_err() {
            return;
        }
        if !along_k.inside.contains(&k) || along_i.inside.is_empty() {
            plane.fill(outside);
            return;
        }
        let taps_k = Taps::of(along_k, &weights[2], k);
        plane.par_chunks_mut(along_i.len * ROWS).enumerate().for_each_init(
            || (Vec::new(), Vec::new()),
            |(mixed, row), (block, rows)| {
                if stage.check().is_err() {
                    return;
                }
                let first = block * ROWS;
                let count = rows.len() / along_i.len;
                let inside = first.max(along_j.inside.start)..(first + count).min(along_j.inside.end);
                if inside.is_empty() {
                    rows.fill(outside);
                    return;
                }
                let read = along_j.reads(inside.clone());
                let width = columns.len();
                mixed.resize(width * read.len(), C::default());
                row.resize(width, C::default());
                dispatch(Block {
                    samples,
                    axes,
                    weights: &weights,
                    taps_k: &taps_k,
                    columns: columns.clone(),
                    read,
                    inside,
                    first,
                    outside,
                    mixed,
                    row,
                    rows,
                });
            },
        );
    });
}

/// Some rows of one output plane, and what they are made from.
struct Block<'a, C> {
    samples: &'a [C],
    axes: &'a [Axis; 3],
    weights: &'a [Vec<C>; 3],
    taps_k: &'a Taps<'a, C>,
    /// Input columns and rows that are read.
    columns: Range<usize>,
    read: Range<usize>,
    /// Output rows inside the input, and the number of the first of `rows`.
    inside: Range<usize>,
    first: usize,
    outside: C,
    mixed: &'a mut [C],
    row: &'a mut [C],
    rows: &'a mut [C],
}

impl<C: Compute> Hot for Block<'_, C> {
    #[inline(always)]
    fn run(self) {
        let [along_i, along_j, _] = self.axes;
        let width = self.columns.len();
        mix_planes(self.samples, [along_i.input, along_j.input], &self.columns, &self.read, self.taps_k, self.mixed);
        for (n, out) in self.rows.chunks_mut(along_i.len).enumerate() {
            if !self.inside.contains(&(self.first + n)) {
                out.fill(self.outside);
                continue;
            }
            let taps_j = Taps::of(along_j, &self.weights[1], self.first + n);
            mix(&taps_j, self.row, |at| &self.mixed[(at - self.read.start) * width..][..width]);
            gather(along_i, &self.weights[0], self.columns.start, self.row, self.outside, out);
        }
    }
}

/// The taps of one output voxel along one axis.
struct Taps<'a, C> {
    index: &'a [u32],
    weight: &'a [C],
}

impl<'a, C> Taps<'a, C> {
    #[inline(always)]
    fn of(axis: &'a Axis, weights: &'a [C], at: usize) -> Self {
        let range = at * axis.taps..(at + 1) * axis.taps;
        Self { index: &axis.index[range.clone()], weight: &weights[range] }
    }
}

#[inline(always)]
fn mix_planes<C: Compute>(
    samples: &[C],
    [nx, ny]: [usize; 2],
    columns: &Range<usize>,
    read: &Range<usize>,
    taps: &Taps<'_, C>,
    mixed: &mut [C],
) {
    for (j, out) in read.clone().zip(mixed.chunks_mut(columns.len())) {
        mix(taps, out, |k| &samples[(k * ny + j) * nx..][..nx][columns.clone()]);
    }
}

/// `out = sum of weight * row`, taps added in their order.
#[inline(always)]
fn mix<'a, C: Compute>(taps: &Taps<'_, C>, out: &mut [C], row: impl Fn(usize) -> &'a [C]) {
    match (taps.index, taps.weight) {
        ([a], [_]) => out.copy_from_slice(row(*a as usize)),
        ([a, b], [wa, wb]) => {
            let (a, b) = (row(*a as usize), row(*b as usize));
            out.iter_mut().zip(a).zip(b).for_each(|((o, &a), &b)| *o = *wa * a + *wb * b);
        }
        ([a, b, c, d], [wa, wb, wc, wd]) => {
            let (a, b, c, d) = (row(*a as usize), row(*b as usize), row(*c as usize), row(*d as usize));
            for ((((o, &a), &b), &c), &d) in out.iter_mut().zip(a).zip(b).zip(c).zip(d) {
                *o = *wa * a + *wb * b + *wc * c + *wd * d;
            }
        }
        (index, weight) => {
            out.fill(C::default());
            for (&at, &w) in index.iter().zip(weight) {
                out.iter_mut().zip(row(at as usize)).for_each(|(o, &v)| *o = *o + w * v);
            }
        }
    }
}

/// One output row from one mixed row, whose first sample is input column `first`.
#[inline(always)]
fn gather<C: Compute>(axis: &Axis, weights: &[C], first: usize, row: &[C], outside: C, out: &mut [C]) {
    out[..axis.inside.start].fill(outside);
    out[axis.inside.end..].fill(outside);
    let taps = axis.inside.start * axis.taps..axis.inside.end * axis.taps;
    let (index, weights) = (&axis.index[taps.clone()], &weights[taps]);
    let at = |i: u32| row[i as usize - first];
    let out = &mut out[axis.inside.clone()];
    match axis.taps {
        1 => out.iter_mut().zip(index).for_each(|(o, &i)| *o = at(i)),
        2 => {
            for ((o, i), w) in out.iter_mut().zip(index.as_chunks::<2>().0).zip(weights.as_chunks::<2>().0) {
                *o = w[0] * at(i[0]) + w[1] * at(i[1]);
            }
        }
        4 => {
            for ((o, i), w) in out.iter_mut().zip(index.as_chunks::<4>().0).zip(weights.as_chunks::<4>().0) {
                *o = w[0] * at(i[0]) + w[1] * at(i[1]) + w[2] * at(i[2]) + w[3] * at(i[3]);
            }
        }
        n => {
            for ((o, i), w) in out.iter_mut().zip(index.chunks_exact(n)).zip(weights.chunks_exact(n)) {
                *o = i.iter().zip(w).fold(C::default(), |sum, (&i, &w)| sum + w * at(i));
            }
        }
    }
}

//! Grids that are turned against each other: every output voxel finds its own neighbours.
//!
//! Along an output row every input coordinate grows or falls steadily, so the voxels of a row that lie inside the input, and those
//! whose neighbours all do, are two ranges that a bisection finds. Within the inner range nothing is checked per voxel.

use std::ops::Range;

use rayon::prelude::*;

use super::inner::{self, Source};
use crate::hot::{Hot, dispatch};
use crate::sample::{Compute, Edge, Interpolation, Kernel, place_on_axis};
use crate::{Affine, Real};

/// Most taps on one axis: a sinc of the largest radius.
const MAX_TAPS: usize = 2 * Interpolation::MAX_RADIUS;

/// An output grid over an input that is not parallel to it.
pub(super) struct General<'a, C, T> {
    pub(super) samples: &'a [C],
    pub(super) input: [usize; 3],
    pub(super) shape: [usize; 3],
    pub(super) to_input: Affine,
    pub(super) kind: Interpolation,
    pub(super) edge: Edge,
    pub(super) outside: T,
}

/// Input coordinates along one output row: `start + step * i`.
#[derive(Clone, Copy)]
pub(super) struct Line {
    pub(super) start: [f64; 3],
    pub(super) step: [f64; 3],
}

impl Line {
    #[inline(always)]
    pub(super) fn at(&self, i: usize) -> [f64; 3] {
        let i = i as f64;
        [self.start[0] + self.step[0] * i, self.start[1] + self.step[1] * i, self.start[2] + self.step[2] * i]
    }

    /// The part of `0..len` where `low <= coordinate < high` on every axis.
    pub(super) fn range(&self, len: usize, bounds: [(f64, f64); 3]) -> Range<usize> {
        let (mut from, mut to) = (0, len);
        for (axis, (low, high)) in bounds.into_iter().enumerate() {
            // rounding keeps the order, so each condition holds on one side of one place
            let at = |i: usize| self.start[axis] + self.step[axis] * i as f64;
            let (enters, leaves) = if self.step[axis] >= 0.0 {
                (first(len, |i| at(i) >= low), first(len, |i| at(i) >= high))
            } else {
                (first(len, |i| at(i) < high), first(len, |i| at(i) < low))
            };
            from = from.max(enters);
            to = to.min(leaves);
        }
        from..to.max(from)
    }
}

/// The first of `0..len` for which a condition holds that then holds for all after it; `len` where it never does.
fn first(len: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = (low + high) / 2;
        if holds(middle) { high = middle } else { low = middle + 1 }
    }
    low
}

/// Rows, planes and voxels along a row of a brick of output: what it reads of the input fits a core's cache.
///
/// A turned row crosses a new input row every few voxels, and rows and planes whose lengths are powers of two fight for the same
/// cache lines. So the part of the input that a brick reads is first copied side by side. Fixed, so that the work does not depend on
/// the pool.
const BRICK: [usize; 3] = [32, 16, 16];

/// A brick whose input is this many times larger than itself is read in place.
const LARGEST_COPY: usize = 6;

/// Some rows of some planes: `rows` are (j, k, samples).
struct Brick<'a, 'b, C, T> {
    grid: &'a General<'a, C, T>,
    rows: &'a mut [(usize, usize, &'b mut [T])],
}

impl<C: Compute, T: Real> Hot for Brick<'_, '_, C, T> {
    #[inline(always)]
    fn run(self) {
        match self.grid.kind {
            Interpolation::Nearest => self.grid.brick::<1>(self.rows),
            Interpolation::Linear => self.grid.brick::<2>(self.rows),
            Interpolation::BSpline3 => self.grid.brick::<4>(self.rows),
            _ => self.grid.brick::<MAX_TAPS>(self.rows),
        }
    }
}

impl<C: Compute, T: Real> General<'_, C, T> {
    /// Fills `out` (one 3-D step, `i` fastest). `visit` is asked before each plane and may refuse the rest.
    pub(super) fn fill(&self, out: &mut [T], visit: &(dyn Fn() -> bool + Sync)) {
        let [nx, ny, _] = self.shape;
        for (block, planes) in out.chunks_mut(nx * ny * BRICK[2]).enumerate() {
            if !(0..planes.len() / (nx * ny)).all(|_| visit()) {
                return;
            }
            let mut bricks: Vec<Vec<_>> = (0..ny.div_ceil(BRICK[1])).map(|_| Vec::new()).collect();
            for (n, row) in planes.chunks_mut(nx).enumerate() {
                let (j, k) = (n % ny, block * BRICK[2] + n / ny);
                bricks[j / BRICK[1]].push((j, k, row));
            }
            bricks.par_iter_mut().for_each(|rows| dispatch(Brick { grid: self, rows }));
        }
    }

    /// `N` is at least the number of taps.
    #[inline(always)]
    fn brick<const N: usize>(&self, rows: &mut [(usize, usize, &mut [T])]) {
        let reach = match self.kind {
            // the inner loops count offsets in 32 bits
            _ if u32::try_from(self.samples.len()).is_err() => None,
            Interpolation::Linear => Some((0.0, 1.0)),
            Interpolation::BSpline3 => Some((1.0, 2.0)),
            _ => None,
        };
        let mut inner = Vec::with_capacity(rows.len());
        for (j, k, row) in rows.iter_mut() {
            let line = Line { start: self.to_input.apply([0.0, *j as f64, *k as f64]), step: self.to_input.column(0) };
            let range = match reach {
                Some((before, after)) => line.range(row.len(), self.input.map(|n| (before, n as f64 - after))),
                None => 0..0,
            };
            self.rest::<N>(&line, range.clone(), row);
            inner.push((line, range));
        }
        let mut copy = Vec::new();
        for from in (0..self.shape[0]).step_by(BRICK[0]) {
            let parts = inner.iter().map(|(line, range)| (line, range.start.max(from)..range.end.min(from + BRICK[0])));
            let source = self.source(parts.filter(|(_, part)| !part.is_empty()), &mut copy);
            for ((line, range), (_, _, row)) in inner.iter().zip(rows.iter_mut()) {
                let part = range.start.max(from)..range.end.min(from + BRICK[0]);
                match self.kind {
                    _ if part.is_empty() => {}
                    Interpolation::Linear => inner::linear(&source, line, part, row),
                    _ => inner::cubic(&source, line, part, row),
                }
            }
        }
    }

    /// Where the inner loops read the given parts of rows: a copy of what they need, or the input itself.
    #[inline(always)]
    fn source<'c>(
        &'c self,
        parts: impl Iterator<Item = (&'c Line, Range<usize>)>,
        copy: &'c mut Vec<C>,
    ) -> Source<'c, C> {
        let [nx, ny, _] = self.input;
        let (mut low, mut high) = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
        let mut voxels = 0;
        for (line, part) in parts {
            voxels += part.len();
            for at in [line.at(part.start), line.at(part.end - 1)] {
                for a in 0..3 {
                    low[a] = low[a].min(at[a]);
                    high[a] = high[a].max(at[a]);
                }
            }
        }
        let in_place = Source { samples: self.samples, strides: [nx, nx * ny], origin: [0; 3] };
        if voxels == 0 {
            return in_place;
        }
        // the cubic kernel reads from one before the floor to two after it
        let first = [0, 1, 2].map(|a| (low[a] as usize).saturating_sub(1));
        let last = [0, 1, 2].map(|a| (high[a] as usize + 2).min(self.input[a] - 1));
        let size = [0, 1, 2].map(|a| last[a] + 1 - first[a]);
        if size.iter().product::<usize>() > LARGEST_COPY * voxels {
            return in_place;
        }
        copy.clear();
        for k in first[2]..=last[2] {
            for j in first[1]..=last[1] {
                copy.extend_from_slice(&self.samples[(k * ny + j) * nx + first[0]..][..size[0]]);
            }
        }
        Source { samples: copy, strides: [size[0], size[0] * size[1]], origin: first.map(|f| f as i32) }
    }

    /// The voxels of a row that are not in `done`, each with every check. `N` is at least the number of taps.
    #[inline(always)]
    fn rest<const N: usize>(&self, line: &Line, done: Range<usize>, row: &mut [T]) {
        for i in (0..done.start).chain(done.end..row.len()) {
            row[i] = match self.place(line.at(i)) {
                Some(at) => self.value::<N>(at).to(),
                None => self.outside,
            };
        }
    }

    #[inline(always)]
    fn place(&self, at: [f64; 3]) -> Option<[f64; 3]> {
        Some([
            place_on_axis(at[0], self.input[0], self.edge)?,
            place_on_axis(at[1], self.input[1], self.edge)?,
            place_on_axis(at[2], self.input[2], self.edge)?,
        ])
    }

    #[inline(always)]
    fn value<const N: usize>(&self, at: [f64; 3]) -> C {
        let kernel = Kernel::new(self.kind);
        let (taps, fold) = (kernel.taps().min(N), kernel.fold());
        let mut weights = [[C::default(); N]; 3];
        let mut offsets = [[0usize; N]; 3];
        let strides = [1, self.input[0], self.input[0] * self.input[1]];
        for a in 0..3 {
            let mut exact = [0.0; N];
            let first = kernel.weights(at[a], &mut exact[..taps], None);
            for t in 0..taps {
                weights[a][t] = C::of_f64(exact[t]);
                offsets[a][t] = fold.apply(first + t as i64, self.input[a]) * strides[a];
            }
        }
        // a voxel that does not count is not read: 0 times NaN would be NaN
        let zero = C::default();
        let mut value = zero;
        for k in (0..taps).filter(|&k| weights[2][k] != zero) {
            let mut plane = zero;
            for j in (0..taps).filter(|&j| weights[1][j] != zero) {
                let mut row = zero;
                for i in (0..taps).filter(|&i| weights[0][i] != zero) {
                    row = row + weights[0][i] * self.samples[offsets[0][i] + offsets[1][j] + offsets[2][k]];
                }
                plane = plane + weights[1][j] * row;
            }
            value = value + weights[2][k] * plane;
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_exactly_what_satisfies_its_bounds() {
        for (start, step) in [(-3.2, 0.31), (9.4, -0.77), (2.0, 0.0), (0.0, 1.0), (50.0, 1.0)] {
            let line = Line { start: [start, 1.0, 1.0], step: [step, 0.0, 0.0] };
            let range = line.range(20, [(0.0, 4.0), (0.0, 2.0), (0.0, 2.0)]);
            for i in 0..20 {
                assert_eq!(range.contains(&i), (0.0..4.0).contains(&line.at(i)[0]), "{start} {step} {i}");
            }
        }
    }
}

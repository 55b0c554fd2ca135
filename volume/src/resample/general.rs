//! Grids that are turned against each other: every output voxel finds its own neighbours.
//!
//! Along an output row every input coordinate grows or falls steadily, so the voxels of a row that lie inside the input, and those
//! whose neighbours all do, are two ranges that a bisection finds. Within the inner range nothing is checked per voxel.

use std::ops::Range;

use rayon::prelude::*;

use super::inner::{self, Source};
use super::places::{Line, Places};
use crate::Stage;
use crate::hot::{Hot, dispatch};
use crate::sample::{Compute, Edge, Interpolation, Kernel, place_on_axis};

/// Most taps on one axis: a sinc of the largest radius.
const MAX_TAPS: usize = 2 * Interpolation::MAX_RADIUS;

/// An output grid over an input that is not parallel to it.
pub(super) struct General<'a, C> {
    pub(super) samples: &'a [C],
    pub(super) input: [usize; 3],
    pub(super) shape: [usize; 3],
    pub(super) places: Places<'a>,
    pub(super) kind: Interpolation,
    pub(super) edge: Edge,
    pub(super) outside: C,
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
struct Brick<'a, 'b, C> {
    grid: &'a General<'a, C>,
    rows: &'a mut [(usize, usize, &'b mut [C])],
    stage: &'a Stage<'a>,
}

impl<C: Compute> Hot for Brick<'_, '_, C> {
    #[inline(always)]
    fn run(self) {
        match self.grid.kind {
            Interpolation::Nearest => self.grid.brick::<1>(self.rows, self.stage),
            Interpolation::Linear => self.grid.brick::<2>(self.rows, self.stage),
            Interpolation::BSpline3 => self.grid.brick::<4>(self.rows, self.stage),
            _ => self.grid.brick::<MAX_TAPS>(self.rows, self.stage),
        }
    }
}

impl<C: Compute> General<'_, C> {
    /// Fills `out` (whole planes from plane `first`, `i` fastest). The stage is asked before each brick or row.
    pub(super) fn fill(&self, first: usize, out: &mut [C], stage: &Stage<'_>) {
        let [nx, ny, _] = self.shape;
        for (block, planes) in out.chunks_mut(nx * ny * BRICK[2]).enumerate() {
            if (0..planes.len() / (nx * ny)).any(|_| stage.advance(1).is_err()) {
                return;
            }
            let mut bricks: Vec<Vec<_>> = (0..ny.div_ceil(BRICK[1])).map(|_| Vec::new()).collect();
            for (n, row) in planes.chunks_mut(nx).enumerate() {
                let (j, k) = (n % ny, first + block * BRICK[2] + n / ny);
                bricks[j / BRICK[1]].push((j, k, row));
            }
            bricks.par_iter_mut().for_each(|rows| dispatch(Brick { grid: self, rows, stage }));
        }
    }

    /// `N` is at least the number of taps.
    #[inline(always)]
    fn brick<const N: usize>(&self, rows: &mut [(usize, usize, &mut [C])], stage: &Stage<'_>) {
        if stage.check().is_err() {
            return;
        }
        let to_input = match &self.places {
            Places::Affine(to_input) => to_input,
            Places::Mapped { .. } => return self.mapped::<N>(rows, stage),
        };
        let reach = match self.kind {
            // the inner loops count offsets in 32 bits
            _ if u32::try_from(self.samples.len()).is_err() => None,
            Interpolation::Linear => Some((0.0, 1.0)),
            Interpolation::BSpline3 => Some((1.0, 2.0)),
            _ => None,
        };
        let mut inner = Vec::with_capacity(rows.len());
        for (j, k, row) in rows.iter_mut() {
            let line = Line::new(to_input, *j, *k);
            let range = match reach {
                Some((before, after)) => line.range(row.len(), self.input.map(|n| (before, n as f64 - after))),
                None => 0..0,
            };
            // a sinc of the largest radius takes milliseconds a row
            if N == MAX_TAPS && stage.check().is_err() {
                return;
            }
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
    fn rest<const N: usize>(&self, line: &Line, done: Range<usize>, row: &mut [C]) {
        for i in (0..done.start).chain(done.end..row.len()) {
            row[i] = match self.place(line.at(i)) {
                Some(at) => self.value::<N>(at),
                None => self.outside,
            };
        }
    }

    /// Rows whose places only the map knows. `N` is at least the number of taps.
    #[inline(always)]
    fn mapped<const N: usize>(&self, rows: &mut [(usize, usize, &mut [C])], stage: &Stage<'_>) {
        let mut places = vec![[0.0; 3]; self.shape[0]];
        for (j, k, row) in rows.iter_mut() {
            if stage.check().is_err() {
                return;
            }
            self.places.row(*j, *k, &mut places);
            for (out, at) in row.iter_mut().zip(&places) {
                *out = match self.place(*at) {
                    Some(at) => self.value::<N>(at),
                    None => self.outside,
                };
            }
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

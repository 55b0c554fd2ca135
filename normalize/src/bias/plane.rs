//! The three passes over one plane of the log image.
//!
//! Voxels that are left out are NaN in the log image and stay NaN; they add nothing to any sum.

use isocenter_volume::hot::{self, Hot};

use super::{axis::Axis, sharpen::Table};
use crate::exponential::exp;

/// Weights that one pass needs of an axis, in f32: of each voxel, those of its four control points.
pub(super) struct Weights {
    pub(super) points: usize,
    pub(super) first: Vec<usize>,
    pub(super) four: Vec<[f32; 4]>,
}

impl Weights {
    /// `change` of the weights of each voxel.
    pub(super) fn of(axis: &Axis, change: impl Fn(f64, usize) -> f64) -> Self {
        let four = axis.weights.iter().enumerate().map(|(n, w)| w.map(|w| change(w, n) as f32));
        Self { points: axis.points, first: axis.first.clone(), four: four.collect() }
    }
}

/// Counts of a plane's values in bins, by linear weights.
pub(super) struct Count<'a> {
    pub(super) values: &'a [f32],
    pub(super) low: f32,
    pub(super) bins_per_unit: f32,
    /// How many values begin in a bin, and the sum of their distances to its start.
    pub(super) bins: &'a mut [[f64; 2]],
}

impl Count<'_> {
    pub(super) fn run(self) {
        hot::dispatch(self);
    }
}

/// Values of which the bins are found at once.
const CHUNK: usize = 64;

impl Hot for Count<'_> {
    #[inline(always)]
    fn run(self) {
        let last = self.bins.len().saturating_sub(1);
        let mut cells = [0f32; CHUNK];
        for values in self.values.chunks(CHUNK) {
            for (cell, value) in cells.iter_mut().zip(values) {
                *cell = (value - self.low) * self.bins_per_unit;
            }
            for cell in &cells[..values.len()] {
                // NaN is no number of a bin
                if *cell >= 0.0 {
                    let bin = (*cell as usize).min(last);
                    let slot = &mut self.bins[bin];
                    slot[0] += 1.0;
                    slot[1] += f64::from((cell - bin as f32).min(1.0));
                }
            }
        }
    }
}

/// Sums of what sharpening takes off, weighed for each control point along i and j.
pub(super) struct Deposit<'a> {
    pub(super) values: &'a [f32],
    pub(super) table: &'a Table,
    /// The cube of each weight over the sum of the squares of its voxel.
    pub(super) along: [&'a Weights; 2],
    pub(super) sums: &'a mut [f64],
}

impl Deposit<'_> {
    pub(super) fn run(self) {
        hot::dispatch(self);
    }
}

impl Hot for Deposit<'_> {
    #[inline(always)]
    fn run(self) {
        let [x, y] = self.along;
        let nx = x.first.len();
        let last = self.table.lines.len().saturating_sub(1);
        let (low, scale) = (self.table.low, self.table.bins_per_unit);
        let mut cells = vec![0f32; nx];
        let mut taken = vec![0f32; nx];
        let mut rows = vec![0f32; nx * y.points];
        for ((values, first), four) in self.values.chunks_exact(nx).zip(&y.first).zip(&y.four) {
            for (cell, value) in cells.iter_mut().zip(values) {
                *cell = (value - low) * scale;
            }
            for ((taken, cell), value) in taken.iter_mut().zip(&cells).zip(values) {
                let line = self.table.lines[(*cell as usize).min(last)];
                let left = value - (line[0] + line[1] * cell);
                *taken = if left.is_nan() { 0.0 } else { left };
            }
            for (row, weight) in rows[first * nx..].chunks_exact_mut(nx).zip(four) {
                for (sum, taken) in row.iter_mut().zip(&taken) {
                    *sum += weight * taken;
                }
            }
        }
        contract_rows(&rows, x, self.sums);
    }
}

/// Counts of voxels in place of what sharpening takes off: see [`Deposit`].
pub(super) struct Cover<'a> {
    pub(super) values: &'a [f32],
    /// The square of each weight.
    pub(super) along: [&'a Weights; 2],
    pub(super) sums: &'a mut [f64],
}

impl Cover<'_> {
    pub(super) fn run(self) {
        let [x, y] = self.along;
        let nx = x.first.len();
        let mut rows = vec![0f32; nx * y.points];
        for ((values, first), four) in self.values.chunks_exact(nx).zip(&y.first).zip(&y.four) {
            for (row, weight) in rows[first * nx..].chunks_exact_mut(nx).zip(four) {
                for (sum, value) in row.iter_mut().zip(values) {
                    *sum += if value.is_nan() { 0.0 } else { *weight };
                }
            }
        }
        contract_rows(&rows, x, self.sums);
    }
}

/// The sums along i of rows that are sums along j already.
#[inline(always)]
fn contract_rows(rows: &[f32], x: &Weights, sums: &mut [f64]) {
    for (row, sums) in rows.chunks_exact(x.first.len()).zip(sums.chunks_exact_mut(x.points)) {
        for ((value, first), four) in row.iter().zip(&x.first).zip(&x.four) {
            for (sum, weight) in sums[*first..].iter_mut().zip(four) {
                *sum += f64::from(weight * value);
            }
        }
    }
}

/// What one plane adds to the measure of convergence, and its extremes.
#[derive(Clone, Copy)]
pub(super) struct Change {
    /// Sums of `e^d - 1` and of its square, `d` being what the field lost.
    pub(super) sums: [f64; 2],
    pub(super) low: f32,
    pub(super) high: f32,
}

/// Takes the field off the log image.
pub(super) struct Update<'a> {
    pub(super) log: &'a [f32],
    pub(super) values: &'a mut [f32],
    pub(super) y: &'a Weights,
    /// The control points of this plane, summed along k, evaluated along i: a row of voxels for each.
    pub(super) rows: &'a [f32],
    pub(super) change: &'a mut Change,
}

impl Update<'_> {
    pub(super) fn run(self) {
        hot::dispatch(self);
    }
}

/// Independent sums within a row.
const LANES: usize = 16;

impl Hot for Update<'_> {
    #[inline(always)]
    fn run(self) {
        let nx = self.rows.len() / self.y.points.max(1);
        let mut lows = [f32::INFINITY; LANES];
        let mut highs = [f32::NEG_INFINITY; LANES];
        let mut taken = vec![0f32; nx];
        let lines = self.log.chunks_exact(nx).zip(self.values.chunks_exact_mut(nx));
        for ((log, values), (first, four)) in lines.zip(self.y.first.iter().zip(&self.y.four)) {
            field_row(&self.rows[first * nx..], four, &mut taken);
            let (mut once, mut twice) = ([0f32; LANES], [0f32; LANES]);
            let mut at = 0;
            while at < nx {
                let end = (at + LANES).min(nx);
                let all = values[at..end].iter_mut().zip(&log[at..end]).zip(&taken[at..end]);
                for (lane, ((value, log), field)) in all.enumerate() {
                    let new = log - field;
                    let grown = exp(new - *value) - 1.0;
                    let grown = if grown.is_nan() { 0.0 } else { grown };
                    once[lane] += grown;
                    twice[lane] += grown * grown;
                    lows[lane] = if new < lows[lane] { new } else { lows[lane] };
                    highs[lane] = if new > highs[lane] { new } else { highs[lane] };
                    *value = new;
                }
                at = end;
            }
            self.change.sums[0] += f64::from(once.iter().sum::<f32>());
            self.change.sums[1] += f64::from(twice.iter().sum::<f32>());
        }
        self.change.low = lows.iter().fold(self.change.low, |a, b| a.min(*b));
        self.change.high = highs.iter().fold(self.change.high, |a, b| a.max(*b));
    }
}

/// The field along one row: four rows of control points, weighed.
#[inline(always)]
pub(super) fn field_row(rows: &[f32], four: &[f32; 4], out: &mut [f32]) {
    let nx = out.len();
    let (a, rest) = rows.split_at(nx);
    let (b, rest) = rest.split_at(nx);
    let (c, rest) = rest.split_at(nx);
    let d = &rest[..nx];
    for (i, out) in out.iter_mut().enumerate() {
        *out = (four[0] * a[i] + four[1] * b[i]) + (four[2] * c[i] + four[3] * d[i]);
    }
}

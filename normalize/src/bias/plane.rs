//! The three passes over one plane of the log image.
//!
//! Voxels that are left out are NaN in the log image and stay NaN; they add nothing to any sum. Of each row only the run from its first
//! to its last voxel inside is gone through.

use isocenter_volume::hot::{self, Hot};

use super::{axis::Axis, sharpen::Table};
use crate::exponential::exp;

/// From the first voxel of a row that is not left out to behind the last.
pub(super) type Run = std::ops::Range<usize>;

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
    pub(super) runs: &'a [Run],
    pub(super) low: f32,
    pub(super) bins_per_unit: f32,
    /// How many values begin in a bin, and the sum of their distances to its start; two sets that take turns, so that a value need
    /// not wait for the one before it.
    pub(super) bins: [&'a mut [[f64; 2]]; 2],
}

impl Count<'_> {
    pub(super) fn run(self) {
        hot::dispatch(self);
    }
}

impl Hot for Count<'_> {
    #[inline(always)]
    fn run(self) {
        let [even, odd] = self.bins;
        let nx = self.values.len() / self.runs.len().max(1);
        let (mut cells, mut bins) = (vec![0f32; nx], vec![0u32; nx]);
        let last = even.len().saturating_sub(1) as f32;
        for (values, run) in self.values.chunks_exact(nx).zip(self.runs) {
            let values = &values[run.clone()];
            let (cells, bins) = (&mut cells[..values.len()], &mut bins[..values.len()]);
            find(values, self.low, self.bins_per_unit, last, cells, bins);
            let add = |table: &mut [[f64; 2]], cell: f32, bin: u32| {
                if let Some(slot) = table.get_mut(bin as usize)
                    && !cell.is_nan()
                {
                    slot[0] += 1.0;
                    slot[1] += f64::from(cell - bin as f32);
                }
            };
            let (cells, rest) = cells.as_chunks::<2>();
            let (bins, rest_bins) = bins.as_chunks::<2>();
            for (cell, bin) in cells.iter().zip(bins) {
                add(even, cell[0], bin[0]);
                add(odd, cell[1], bin[1]);
            }
            rest.iter().zip(rest_bins).for_each(|(cell, bin)| add(even, *cell, *bin));
        }
    }
}

/// Adding this number leaves the nearest whole number in the lowest bits.
const WHOLE: f32 = 8_388_608.0; // 2^23

/// The place of values among the bins, and the bin that they begin in: at a whole place that of the next lower one, which is the same
/// on a line. NaN has no place, and the first bin.
#[inline(always)]
fn find(values: &[f32], low: f32, bins_per_unit: f32, last: f32, cells: &mut [f32], bins: &mut [u32]) {
    for ((cell, bin), value) in cells.iter_mut().zip(bins).zip(values) {
        let place = (value - low) * bins_per_unit;
        let place = if place > last { last } else { place };
        *cell = place;
        let below = place - 0.5;
        let below = if below > 0.0 { below } else { 0.0 };
        *bin = (below + WHOLE).to_bits() & 0x7f_ffff;
    }
}

/// Sums of what sharpening takes off, weighed for each control point along i and j.
pub(super) struct Deposit<'a> {
    pub(super) values: &'a [f32],
    pub(super) runs: &'a [Run],
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
        let lines = &self.table.lines[..];
        let last = lines.len().saturating_sub(1) as f32;
        let (mut cells, mut bins, mut taken) = (vec![0f32; nx], vec![0u32; nx], vec![0f32; nx]);
        let mut rows = vec![0f32; nx * y.points];
        for ((values, run), (first, four)) in
            self.values.chunks_exact(nx).zip(self.runs).zip(y.first.iter().zip(&y.four))
        {
            let values = &values[run.clone()];
            let count = values.len();
            let (cells, bins, taken) = (&mut cells[..count], &mut bins[..count], &mut taken[..count]);
            find(values, self.table.low, self.table.bins_per_unit, last, cells, bins);
            for ((sharp, bin), cell) in taken.iter_mut().zip(&*bins).zip(&*cells) {
                let line = lines.get(*bin as usize).copied().unwrap_or_default();
                *sharp = line[0] + line[1] * cell;
            }
            for (taken, value) in taken.iter_mut().zip(values) {
                let left = value - *taken;
                *taken = if left.is_nan() { 0.0 } else { left };
            }
            let [a, b, c, d] = four_rows(&mut rows[first * nx..], nx, run);
            for (i, taken) in taken.iter().enumerate() {
                a[i] += four[0] * taken;
                b[i] += four[1] * taken;
                c[i] += four[2] * taken;
                d[i] += four[3] * taken;
            }
        }
        contract_rows(&rows, x, self.sums);
    }
}

/// One run of four rows that follow each other.
#[inline(always)]
fn four_rows<'a>(rows: &'a mut [f32], nx: usize, run: &Run) -> [&'a mut [f32]; 4] {
    let (a, rest) = rows.split_at_mut(nx);
    let (b, rest) = rest.split_at_mut(nx);
    let (c, rest) = rest.split_at_mut(nx);
    [a, b, c, &mut rest[..nx]].map(|row| &mut row[run.clone()])
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
        // the four sums of one span stay in registers
        let (mut span, mut four_sums) = (0, [0f64; 4]);
        for ((value, first), four) in row.iter().zip(&x.first).zip(&x.four) {
            if *first != span {
                sums[span..].iter_mut().zip(four_sums).for_each(|(sum, part)| *sum += part);
                (span, four_sums) = (*first, [0.0; 4]);
            }
            for (sum, weight) in four_sums.iter_mut().zip(four) {
                *sum += f64::from(weight * value);
            }
        }
        sums[span..].iter_mut().zip(four_sums).for_each(|(sum, part)| *sum += part);
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
    pub(super) runs: &'a [Run],
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

/// Sums and extremes of each lane.
struct Lanes {
    once: [f32; LANES],
    twice: [f32; LANES],
    low: [f32; LANES],
    high: [f32; LANES],
}

impl Lanes {
    /// One value of one lane becomes the log image without the field.
    #[inline(always)]
    fn step(&mut self, lane: usize, value: &mut f32, log: f32, field: f32) {
        let new = log - field;
        let grown = exp(new - *value) - 1.0;
        let grown = if grown.is_nan() { 0.0 } else { grown };
        self.once[lane] += grown;
        self.twice[lane] += grown * grown;
        self.low[lane] = if new < self.low[lane] { new } else { self.low[lane] };
        self.high[lane] = if new > self.high[lane] { new } else { self.high[lane] };
        *value = new;
    }
}

impl Hot for Update<'_> {
    #[inline(always)]
    fn run(self) {
        let nx = self.rows.len() / self.y.points.max(1);
        let (low, high) = ([f32::INFINITY; LANES], [f32::NEG_INFINITY; LANES]);
        let mut lanes = Lanes { once: [0.0; LANES], twice: [0.0; LANES], low, high };
        let mut field = vec![0f32; nx];
        let lines = self.log.chunks_exact(nx).zip(self.values.chunks_exact_mut(nx)).zip(self.runs);
        for (((log, values), run), (first, four)) in lines.zip(self.y.first.iter().zip(&self.y.four)) {
            let (log, values, field) = (&log[run.clone()], &mut values[run.clone()], &mut field[..run.len()]);
            field_row(&self.rows[first * nx..], nx, run, four, field);
            (lanes.once, lanes.twice) = ([0.0; LANES], [0.0; LANES]);
            let (values, last_values) = values.as_chunks_mut::<LANES>();
            let (log, last_log) = log.as_chunks::<LANES>();
            let (field, last_field) = field.as_chunks::<LANES>();
            for ((values, log), field) in values.iter_mut().zip(log).zip(field) {
                for lane in 0..LANES {
                    lanes.step(lane, &mut values[lane], log[lane], field[lane]);
                }
            }
            for (lane, ((value, log), field)) in last_values.iter_mut().zip(last_log).zip(last_field).enumerate() {
                lanes.step(lane, value, *log, *field);
            }
            self.change.sums[0] += f64::from(lanes.once.iter().sum::<f32>());
            self.change.sums[1] += f64::from(lanes.twice.iter().sum::<f32>());
        }
        self.change.low = lanes.low.iter().fold(self.change.low, |a, b| a.min(*b));
        self.change.high = lanes.high.iter().fold(self.change.high, |a, b| a.max(*b));
    }
}

/// The field along a run of one row: four rows of control points, weighed.
#[inline(always)]
pub(super) fn field_row(rows: &[f32], nx: usize, run: &Run, four: &[f32; 4], out: &mut [f32]) {
    let (a, rest) = rows.split_at(nx);
    let (b, rest) = rest.split_at(nx);
    let (c, rest) = rest.split_at(nx);
    let [a, b, c, d] = [a, b, c, &rest[..nx]].map(|row| &row[run.clone()]);
    for ((out, (a, b)), (c, d)) in out.iter_mut().zip(a.iter().zip(b)).zip(c.iter().zip(d)) {
        *out = (four[0] * a + four[1] * b) + (four[2] * c + four[3] * d);
    }
}

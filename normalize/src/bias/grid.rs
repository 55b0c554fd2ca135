//! The log image on its working grid, and what one iteration does with it.

use isocenter_volume::{Ctx, Mask, Stage, Volume};
use rayon::prelude::*;

use super::{
    axis::Axis,
    lattice::Lattice,
    plane::{Change, Count, Cover, Deposit, Run, Update, Weights},
    sharpen::{Sharpener, Table},
};
use crate::Error;

/// Voxels of a block of planes, about.
const BLOCK: usize = 1 << 13;

/// The log image, and the log image without the field as found so far; NaN where a voxel is left out.
pub(super) struct Grid {
    pub(super) shape: [usize; 3],
    log: Vec<f32>,
    values: Vec<f32>,
    /// Of each row, from its first voxel that is not left out to behind the last.
    runs: Vec<Run>,
    /// Smallest and largest of `values`.
    range: [f32; 2],
    count: u64,
}

impl Grid {
    /// The logarithm of every `shrink`-th voxel of a mask. Values that have none are left out, or kept as they are.
    pub(super) fn new(
        volume: &Volume<f32>,
        mask: &Mask,
        shrink: [usize; 3],
        keep_without_log: bool,
        ctx: &Ctx<'_>,
    ) -> Result<Self, Error> {
        let full = volume.shape();
        let shape = [0, 1, 2].map(|a| (full[a] / shrink[a]).max(1));
        // ITK's: both grids have one centre, and what lies between two voxels is the later one
        let start = [0, 1, 2].map(|a| {
            let middle = (full[a] - 1) as f64 / 2.0 - (shrink[a] * (shape[a] - 1)) as f64 / 2.0;
            (middle + 0.5).floor().max(0.0) as usize
        });
        let samples = volume.voxels();
        let mut log = vec![f32::NAN; shape[0] * shape[1] * shape[2]];
        let stage = ctx.stage("logarithm", shape[2] as u64);
        log.par_chunks_mut(shape[0] * shape[1]).enumerate().try_for_each(|(k, plane)| {
            for (j, row) in plane.chunks_exact_mut(shape[0]).enumerate() {
                let row_at = full[0] * ((j * shrink[1] + start[1]) + full[1] * (k * shrink[2] + start[2]));
                for (i, slot) in row.iter_mut().enumerate() {
                    let at = row_at + i * shrink[0] + start[0];
                    let value = samples.get(at).copied().unwrap_or(f32::NAN);
                    if mask.get(at) && value.is_finite() {
                        *slot = match value {
                            v if v > 0.0 => libm::log(f64::from(v)) as f32,
                            v if keep_without_log => v,
                            _ => f32::NAN,
                        };
                    }
                }
            }
            stage.advance(1)
        })?;
        let inside = log.iter().filter(|v| !v.is_nan());
        let (low, high, count) = inside.fold((f32::INFINITY, f32::NEG_INFINITY, 0), |(low, high, count), v| {
            (low.min(*v), high.max(*v), count + 1)
        });
        let run = |row: &[f32]| {
            let start = row.iter().position(|v| !v.is_nan()).unwrap_or(row.len());
            start..row.iter().rposition(|v| !v.is_nan()).map_or(start, |last| last + 1)
        };
        let runs = log.chunks_exact(shape[0]).map(run).collect();
        Ok(Self { shape, values: log.clone(), log, runs, range: [low, high], count })
    }

    /// Voxels that are not left out.
    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    /// Whether all values are one, so that there is no histogram.
    pub(super) fn is_flat(&self) -> bool {
        self.range[0].is_nan() || self.range[1] - self.range[0] <= 16.0 * f32::EPSILON * self.range[1].abs()
    }

    fn planes(&self) -> usize {
        (BLOCK / (self.shape[0] * self.shape[1])).max(1)
    }

    /// What sharpening makes of the values.
    pub(super) fn table(&self, sharpener: &Sharpener, bins: usize, stage: &Stage<'_>) -> Result<Table, Error> {
        let [low, high] = self.range;
        let bins_per_unit = ((bins - 1) as f64 / (f64::from(high) - f64::from(low))) as f32;
        let rows = self.planes() * self.shape[1];
        let blocks = self.values.par_chunks(rows * self.shape[0]).zip(self.runs.par_chunks(rows));
        let counts = blocks.map(|(values, runs)| {
            stage.check()?;
            let mut found = vec![[0f64; 2]; bins];
            let mut other = found.clone();
            Count { values, runs, low, bins_per_unit, bins: [&mut found, &mut other] }.run();
            found.iter_mut().zip(other).for_each(|(a, b)| *a = [a[0] + b[0], a[1] + b[1]]);
            Ok(found)
        });
        let counts: Vec<Vec<[f64; 2]>> = counts.collect::<Result<_, Error>>()?;
        let mut all = vec![0f64; bins];
        for part in counts {
            for (bin, [count, past]) in part.into_iter().enumerate() {
                all[bin] += count - past;
                if let Some(next) = all.get_mut(bin + 1) {
                    *next += past;
                }
            }
        }
        Ok(sharpener.table(&all, f64::from(low), f64::from(high)))
    }
}

/// The B-spline fit at one level.
pub(super) struct Level {
    axes: [Axis; 3],
    cubes: [Weights; 2],
    plain: [Weights; 2],
    /// Sum of the squares of the weights over the voxels, of each control point.
    cover: Vec<f64>,
}

impl Level {
    pub(super) fn new(grid: &Grid, size: [usize; 3], stage: &Stage<'_>) -> Result<Self, Error> {
        let axes = [0, 1, 2].map(|a| Axis::new(grid.shape[a], size[a]));
        let squares = [0, 1].map(|a| axes[a].squares());
        let cubes = [0, 1].map(|a| Weights::of(&axes[a], |w, n| w * w * w / squares[a][n]));
        let square = [0, 1].map(|a| Weights::of(&axes[a], |w, _| w * w));
        let plain = [0, 1].map(|a| Weights::of(&axes[a], |w, _| w));
        let mut level = Self { axes, cubes, plain, cover: Vec::new() };
        let [x, y] = &square;
        let cover = |values: &[f32], _: &[Run], sums: &mut [f64]| Cover { values, along: [x, y], sums }.run();
        level.cover = level.gather(grid, |w, _| w * w, cover, stage)?;
        Ok(level)
    }

    /// Sums of planes along k; `along` changes the weights of k, `of_plane` sums one plane.
    fn gather(
        &self,
        grid: &Grid,
        along: impl Fn(f64, f64) -> f64,
        of_plane: impl Fn(&[f32], &[Run], &mut [f64]) + Sync,
        stage: &Stage<'_>,
    ) -> Result<Vec<f64>, Error> {
        let (plane, part) = (grid.shape[0] * grid.shape[1], self.axes[0].points * self.axes[1].points);
        let planes = grid.values.par_chunks(plane).zip(grid.runs.par_chunks(grid.shape[1]));
        let planes = planes.with_min_len(grid.planes()).map(|(values, runs)| {
            stage.check()?;
            let mut sums = vec![0f64; part];
            of_plane(values, runs, &mut sums);
            Ok(sums)
        });
        let planes: Vec<Vec<f64>> = planes.collect::<Result<_, Error>>()?;
        let mut all = vec![0f64; part * self.axes[2].points];
        let k = &self.axes[2];
        for (((sums, first), four), square) in planes.iter().zip(&k.first).zip(&k.weights).zip(k.squares()) {
            for (layer, weight) in all[first * part..].chunks_exact_mut(part).zip(four) {
                let weight = along(*weight, square);
                layer.iter_mut().zip(sums).for_each(|(all, sum)| *all += weight * sum);
            }
        }
        Ok(all)
    }

    /// Adds the fit of what sharpening takes off to the control points.
    pub(super) fn fit(
        &self,
        grid: &Grid,
        table: &Table,
        lattice: &mut Lattice,
        stage: &Stage<'_>,
    ) -> Result<(), Error> {
        let [x, y] = &self.cubes;
        let deposit = |values: &[f32], runs: &[Run], sums: &mut [f64]| {
            Deposit { values, runs, table, along: [x, y], sums }.run();
        };
        let taken = self.gather(grid, |w, square| w * w * w / square, deposit, stage)?;
        for ((point, taken), cover) in lattice.points.iter_mut().zip(taken).zip(&self.cover) {
            // no voxel is near: nothing is known
            if *cover > 0.0 {
                *point += taken / cover;
            }
        }
        Ok(())
    }

    /// Takes the field of the control points off the log image, and tells how much it changed: the deviation over the mean of the
    /// ratio of both fields.
    pub(super) fn update(&self, grid: &mut Grid, lattice: &Lattice, stage: &Stage<'_>) -> Result<f64, Error> {
        let (plane, planes) = (grid.shape[0] * grid.shape[1], grid.planes());
        let (log, runs) = (grid.log.par_chunks(plane), grid.runs.par_chunks(grid.shape[1]));
        let parts = grid.values.par_chunks_mut(plane).zip(log).zip(runs).with_min_len(planes).enumerate();
        let changes = parts.map(|(k, ((values, log), runs))| {
            stage.check()?;
            let rows = rows_of_plane(lattice, &self.plain[0], (self.axes[2].first[k], self.axes[2].weights[k]));
            let mut change = Change { sums: [0.0; 2], low: f32::INFINITY, high: f32::NEG_INFINITY };
            Update { log, values, runs, y: &self.plain[1], rows: &rows, change: &mut change }.run();
            Ok(change)
        });
        let changes: Vec<Change> = changes.collect::<Result<_, Error>>()?;
        let count = grid.count as f64;
        let sums = changes.iter().fold([0.0; 2], |sums, c| [sums[0] + c.sums[0], sums[1] + c.sums[1]]);
        grid.range =
            changes.iter().fold([f32::INFINITY, f32::NEG_INFINITY], |r, c| [r[0].min(c.low), r[1].max(c.high)]);
        let mean = sums[0] / count;
        let variance = (sums[1] - count * mean * mean).max(0.0) / (count - 1.0);
        Ok(variance.sqrt() / (1.0 + mean))
    }
}

/// Control points of one plane: summed along k by the weights of the plane, and evaluated along i.
pub(super) fn rows_of_plane(lattice: &Lattice, x: &Weights, (first, four): (usize, [f64; 4])) -> Vec<f32> {
    let [cx, cy, _] = lattice.size;
    let mut layer = vec![0f64; cx * cy];
    for (points, weight) in lattice.points[first * cx * cy..].chunks_exact(cx * cy).zip(four) {
        layer.iter_mut().zip(points).for_each(|(sum, point)| *sum += weight * point);
    }
    let row = |points: &[f64], out: &mut Vec<f32>| {
        for (first, four) in x.first.iter().zip(&x.four) {
            let near = points[*first..].iter().zip(four);
            out.push(near.fold(0.0, |sum, (point, weight)| sum + point * f64::from(*weight)) as f32);
        }
    };
    let mut rows = Vec::with_capacity(x.first.len() * cy);
    layer.chunks_exact(cx).for_each(|points| row(points, &mut rows));
    rows
}

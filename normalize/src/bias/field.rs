//! A bias field: a cubic B-spline of its logarithm over a grid.

use isocenter_volume::{Affine, Ctx, Frame, Geometry, Rescale, Scaling, Unit, Volume, hot};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    axis::{Axis, weights_at},
    grid::rows_of_plane,
    lattice::Lattice,
    plane::{Weights, field_row},
};
use crate::{Error, exponential::exp};

/// The logarithm of a bias field: control points of a cubic B-spline, and the grid that their mesh spans from its first to its last
/// voxel along each axis.
///
/// Applied to an image it divides by the field; [`BiasField::inverse`] multiplies. It can be evaluated on any grid; outside of its
/// own the value at the edge goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct BiasField {
    lattice: Lattice,
    shape: [usize; 3],
    affine: Affine,
}

/// Most control points of a stored field.
const MOST_POINTS: usize = 1 << 24;

impl BiasField {
    /// Joins control points (`i` fastest) and the grid whose first and last voxels their mesh ends at.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for fewer than four points along an axis, for another number of them than the sizes say, or for one
    /// that is no number.
    pub fn new(size: [usize; 3], points: Vec<f64>, grid: &Geometry) -> Result<Self, Error> {
        if let Some(&least) = size.iter().find(|n| **n < 4) {
            return Err(Error::BadParameter {
                what: "control points along an axis",
                wanted: "at least 4",
                found: least as f64,
            });
        }
        let wanted = size.iter().try_fold(1usize, |all, n| all.checked_mul(*n)).filter(|n| *n <= MOST_POINTS);
        if wanted != Some(points.len()) {
            return Err(Error::BadParameter {
                what: "number of control points",
                wanted: "the product of their sizes",
                found: points.len() as f64,
            });
        }
        points.iter().try_for_each(|&point| crate::error::number("a control point", point).map(|_| ()))?;
        Ok(Self { lattice: Lattice { size, points }, shape: grid.shape(), affine: *grid.affine() })
    }

    /// Control points along i, j and k.
    pub const fn size(&self) -> [usize; 3] {
        self.lattice.size
    }

    /// The control points, `i` fastest: natural logarithms of a factor.
    pub fn points(&self) -> &[f64] {
        &self.lattice.points
    }

    /// The field that undoes this one.
    #[must_use]
    pub fn inverse(&self) -> Self {
        let points = self.lattice.points.iter().map(|p| -p).collect();
        Self { lattice: Lattice { size: self.lattice.size, points }, ..self.clone() }
    }

    /// The natural logarithm of the field at the voxels of a grid.
    ///
    /// # Errors
    /// [`Error::Cancelled`], [`Error::Volume`].
    pub fn log_field(&self, grid: &Geometry, ctx: &Ctx<'_>) -> Result<Volume<f32>, Error> {
        let mut out = ctx.take(grid.len());
        ctx.install(|| self.visit(grid, &mut out, ctx, |_, out, log| out.copy_from_slice(log)))?;
        Ok(Volume::new(out, grid.clone())?.with_scaling(Scaling::uniform(Rescale::IDENTITY, Unit::Arbitrary))?)
    }

    /// Divides the samples of every step of a volume on a grid.
    pub(crate) fn divide_into(
        &self,
        samples: &[f32],
        grid: &Geometry,
        out: &mut [f32],
        ctx: &Ctx<'_>,
    ) -> Result<(), Error> {
        if samples.len() != out.len() {
            return Err(Error::Length { what: "the output buffer", wanted: samples.len(), found: out.len() });
        }
        let nx = grid.shape()[0];
        for (samples, out) in samples.chunks(grid.len().max(1)).zip(out.chunks_mut(grid.len().max(1))) {
            ctx.install(|| {
                self.visit(grid, out, ctx, |row, out, log| {
                    let samples = &samples[row * nx..(row + 1) * nx];
                    out.iter_mut().zip(samples).zip(log).for_each(|((out, sample), log)| *out = sample * exp(-log));
                })
            })?;
        }
        Ok(())
    }

    /// Divides the samples of every step of a volume where they are.
    pub(crate) fn divide_in_place(&self, samples: &mut [f32], grid: &Geometry, ctx: &Ctx<'_>) -> Result<(), Error> {
        for samples in samples.chunks_mut(grid.len().max(1)) {
            ctx.install(|| {
                self.visit(grid, samples, ctx, |_, out, log| {
                    out.iter_mut().zip(log).for_each(|(out, log)| *out *= exp(-log));
                })
            })?;
        }
        Ok(())
    }

    /// Calls `with` for every row of voxels: its number, its part of `out`, and the log field along it.
    fn visit(
        &self,
        grid: &Geometry,
        out: &mut [f32],
        ctx: &Ctx<'_>,
        with: impl Fn(usize, &mut [f32], &[f32]) + Sync,
    ) -> Result<(), Error> {
        let [nx, ny, nz] = grid.shape();
        let places = Places::new(self, grid);
        let stage = ctx.stage("field", nz as u64);
        out.par_chunks_mut(nx * ny).enumerate().try_for_each(|(k, out)| {
            stage.check()?;
            match &places {
                Places::Aligned { x, y, k: axis } => {
                    let rows = rows_of_plane(&self.lattice, x, (axis.first[k], axis.weights[k]));
                    hot::dispatch(Rows { rows: &rows, y, nx, first: k * ny, out, with: &with });
                }
                Places::Turned(to_mesh) => {
                    let mut log = vec![0f32; nx];
                    for (j, out) in out.chunks_exact_mut(nx).enumerate() {
                        for (i, log) in log.iter_mut().enumerate() {
                            *log = self.at(to_mesh.apply([i as f64, j as f64, k as f64])) as f32;
                        }
                        with(k * ny + j, out, &log);
                    }
                }
            }
            stage.advance(1)
        })?;
        Ok(())
    }

    /// The log field at a place of the mesh, 0 to 1 along each axis.
    fn at(&self, place: [f64; 3]) -> f64 {
        let [x, y, z] = [0, 1, 2].map(|a| weights_at(place[a], self.lattice.size[a]));
        let [cx, cy, _] = self.lattice.size;
        let mut sum = 0.0;
        for (k, wz) in z.1.iter().enumerate() {
            for (j, wy) in y.1.iter().enumerate() {
                let row = x.0 + cx * (y.0 + j + cy * (z.0 + k));
                let near = self.lattice.points[row..].iter().zip(x.1);
                sum += wz * wy * near.fold(0.0, |sum, (point, w)| sum + point * w);
            }
        }
        sum
    }
}

/// How the voxels of a grid lie on the mesh.
enum Places {
    /// Along its axes, so that each axis has weights of its own.
    Aligned { x: Weights, y: Weights, k: Axis },
    /// Any other way: from index to place.
    Turned(Affine),
}

impl Places {
    fn new(field: &BiasField, grid: &Geometry) -> Self {
        let last = field.shape.map(|n| n.saturating_sub(1).max(1) as f64);
        let to_index = field.affine.inverse().unwrap_or(Affine::IDENTITY).compose(grid.affine());
        let rows = to_index.rows();
        let scaled = [0, 1, 2].map(|r| rows[r].map(|v| v / last[r]));
        // what one axis moves along another, over the whole grid, in voxels of the field
        let shape = grid.shape();
        let strays = (0..9).any(|n| n / 3 != n % 3 && rows[n / 3][n % 3].abs() * shape[n % 3] as f64 > STRAY_VOXELS);
        if strays {
            return Self::Turned(Affine::from_rows(scaled));
        }
        let axis = |a: usize| {
            let at = (0..shape[a]).map(|n| {
                let index = rows[a][a] * n as f64 + rows[a][3];
                // the field's own grid, but for rounding
                let near = (index + 0.5).floor();
                if (index - near).abs() < STRAY_VOXELS { near / last[a] } else { index / last[a] }
            });
            Axis::at(at, field.lattice.size[a])
        };
        let weights = |a: usize| Weights::of(&axis(a), |w, _| w);
        Self::Aligned { x: weights(0), y: weights(1), k: axis(2) }
    }
}

/// How far a grid may stray from the axes of another, voxels.
const STRAY_VOXELS: f64 = 1e-6;

struct Rows<'a, F> {
    rows: &'a [f32],
    y: &'a Weights,
    nx: usize,
    /// Number of the first row.
    first: usize,
    out: &'a mut [f32],
    with: &'a F,
}

impl<F: Fn(usize, &mut [f32], &[f32])> hot::Hot for Rows<'_, F> {
    #[inline(always)]
    fn run(self) {
        let mut log = vec![0f32; self.nx];
        let rows = self.out.chunks_exact_mut(self.nx).zip(self.y.first.iter().zip(&self.y.four));
        for (j, (out, (first, four))) in rows.enumerate() {
            field_row(&self.rows[first * self.nx..], self.nx, &(0..self.nx), four, &mut log);
            (self.with)(self.first + j, out, &log);
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    size: [usize; 3],
    #[serde(with = "isocenter_volume::exact::list")]
    points: Vec<f64>,
    shape: [usize; 3],
    affine: Affine,
}

impl TryFrom<Repr> for BiasField {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        Self::new(r.size, r.points, &Geometry::new(r.shape, r.affine, Frame::Unknown)?)
    }
}

impl From<BiasField> for Repr {
    fn from(field: BiasField) -> Self {
        let BiasField { lattice, shape, affine } = field;
        Self { size: lattice.size, points: lattice.points, shape, affine }
    }
}

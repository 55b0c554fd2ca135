//! Anisotropic diffusion: smoothing that stops at edges.

use isocenter_volume::{
    Ctx, Geometry,
    hot::{self, Hot},
    provenance::Parameter,
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::window::{Window, over_slabs_in_place};
use crate::{Error, error::positive, exponential::exp};

/// Diffusion along the gradient, after P. Perona and J. Malik (1990), with ITK's conductance.
///
/// The conductance falls with the square of the gradient over the mean square of the gradient of the whole image, which is taken again
/// every `scaling_interval` iterations. Gradients are per millimetre, edge values go on. A time step above the least spacing
/// over 16 may be unstable. Nothing flows to or from a NaN, which stays one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct Diffusion {
    time_step: f64,
    conductance: f64,
    iterations: u32,
    scaling_interval: u32,
}

/// Iterations at most.
pub(super) const MOST_ITERATIONS: u32 = 100_000;

impl Default for Diffusion {
    /// SimpleITK's defaults for curvature: step 0.0625, conductance 3, five iterations, scaled at each.
    fn default() -> Self {
        Self { time_step: 0.0625, conductance: 3.0, iterations: 5, scaling_interval: 1 }
    }
}

impl Diffusion {
    /// A time step (in units of mm squared for gradient, of mm for curvature), a conductance and a number of iterations.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for a step that is not above 0, a conductance below 0, or more than 100,000 iterations.
    pub fn new(time_step: f64, conductance: f64, iterations: u32) -> Result<Self, Error> {
        positive("time_step", time_step)?;
        if !conductance.is_finite() || conductance < 0.0 {
            return Err(Error::BadParameter {
                what: "conductance",
                wanted: "finite and not below 0",
                found: conductance,
            });
        }
        if iterations > MOST_ITERATIONS {
            return Err(Error::BadParameter {
                what: "iterations",
                wanted: "at most 100000",
                found: f64::from(iterations),
            });
        }
        Ok(Self { time_step, conductance, iterations, ..Self::default() })
    }

    /// Sets after how many iterations the conductance is scaled anew.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for 0.
    pub fn scaling_interval(mut self, iterations: u32) -> Result<Self, Error> {
        self.scaling_interval = iterations;
        if iterations == 0 {
            return Err(Error::BadParameter { what: "scaling_interval", wanted: "at least 1", found: 0.0 });
        }
        Ok(self)
    }

    pub(super) fn run(
        &self,
        is_curvature: bool,
        samples: &[f32],
        grid: &Geometry,
        out: &mut [f32],
        ctx: &Ctx<'_>,
    ) -> Result<(), Error> {
        let (shape, per_mm) = (grid.shape(), grid.spacing_mm().map(|s| (1.0 / s) as f32));
        out.copy_from_slice(samples);
        let stage = ctx.stage("diffusion", u64::from(self.iterations));
        let mut scale = 0.0;
        for n in 0..self.iterations {
            if n % self.scaling_interval == 0 {
                let mean = mean_square_of_gradient(out, shape, per_mm, &stage.ctx())?;
                let k = -2.0 * mean * self.conductance * self.conductance;
                scale = if k == 0.0 { f32::NEG_INFINITY } else { (1.0 / k).max(f64::from(f32::MIN)) as f32 };
            }
            over_slabs_in_place(out, shape, &stage.ctx(), |window, out| {
                let step = self.time_step as f32;
                hot::dispatch(Slab { window, shape, per_mm, scale, step, is_curvature, out });
                Ok(())
            })?;
            stage.advance(1)?;
        }
        Ok(())
    }

    pub(super) fn parameters(&self) -> Vec<(&'static str, Parameter)> {
        vec![
            ("time_step", self.time_step.into()),
            ("conductance", self.conductance.into()),
            ("iterations", self.iterations.into()),
            ("scaling_interval", self.scaling_interval.into()),
        ]
    }
}

/// The mean over all voxels of the square of the gradient (per mm squared) by central differences; what is no number is left out.
fn mean_square_of_gradient(samples: &[f32], shape: [usize; 3], per_mm: [f32; 3], ctx: &Ctx<'_>) -> Result<f64, Error> {
    let [nx, ny, nz] = shape;
    let stage = ctx.stage("gradient", nz as u64);
    let row = |j: usize, k: usize| &samples[nx * (j + ny * k)..][..nx];
    let planes = (0..nz).into_par_iter().map(|k| {
        let (mut sum, mut count) = (0f64, 0f64);
        let mut found = vec![0f32; nx];
        for j in 0..ny {
            let rows = Rows {
                here: row(j, k),
                j: [row(j.saturating_sub(1), k), row((j + 1).min(ny - 1), k)],
                k: [row(j, k.saturating_sub(1)), row(j, (k + 1).min(nz - 1))],
                per_mm,
                out: &mut found,
            };
            hot::dispatch(rows);
            for square in found.iter().filter(|v| v.is_finite()) {
                sum += f64::from(*square);
                count += 1.0;
            }
        }
        stage.advance(1)?;
        Ok([sum, count])
    });
    let planes: Vec<[f64; 2]> = planes.collect::<Result<_, Error>>()?;
    let all = planes.iter().fold([0.0; 2], |all, one| [all[0] + one[0], all[1] + one[1]]);
    Ok(if all[1] > 0.0 { all[0] / all[1] } else { 0.0 })
}

/// Squares of the gradient along one row.
struct Rows<'a> {
    here: &'a [f32],
    j: [&'a [f32]; 2],
    k: [&'a [f32]; 2],
    per_mm: [f32; 3],
    out: &'a mut [f32],
}

impl Hot for Rows<'_> {
    #[inline(always)]
    fn run(self) {
        let half = self.per_mm.map(|s| 0.5 * s);
        let last = self.here.len() - 1;
        let mut along = vec![0f32; self.here.len()];
        along[0] = self.here[1.min(last)] - self.here[0];
        along[last] = self.here[last] - self.here[last.saturating_sub(1)];
        if last > 1 {
            let inner = along[1..last].iter_mut().zip(&self.here[2..]).zip(&self.here[..last - 1]);
            inner.for_each(|((d, next), before)| *d = next - before);
        }
        let j = self.j[0].iter().zip(self.j[1]);
        let k = self.k[0].iter().zip(self.k[1]);
        for (((out, x), (j0, j1)), (k0, k1)) in self.out.iter_mut().zip(&along).zip(j).zip(k) {
            let [x, y, z] = [x * half[0], (j1 - j0) * half[1], (k1 - k0) * half[2]];
            *out = x * x + y * y + z * z;
        }
    }
}

/// One iteration over a slab. What flows between two voxels is found once, and serves both.
struct Slab<'a> {
    window: &'a Window,
    shape: [usize; 3],
    per_mm: [f32; 3],
    /// What the square of a gradient is multiplied by in the exponent of the conductance.
    scale: f32,
    step: f32,
    is_curvature: bool,
    out: &'a mut [f32],
}

impl Hot for Slab<'_> {
    #[inline(always)]
    fn run(self) {
        if self.is_curvature { self.all::<true>() } else { self.all::<false>() }
    }
}

impl Slab<'_> {
    #[inline(always)]
    fn all<const CURVATURE: bool>(self) {
        let [nx, ny, _] = self.shape;
        let (w, mm) = (self.window, self.per_mm);
        let mut along = vec![0f32; nx + 1];
        let mut across = [vec![0f32; nx], vec![0f32; nx]];
        let mut planes = [vec![0f32; nx * ny], vec![0f32; nx * ny]];
        let flow_k = |k: usize, out: &mut [f32]| {
            for (j, out) in out.chunks_exact_mut(nx).enumerate() {
                let [a, b] = [w.row(j + 1, k), w.row(j + 1, k + 1)];
                let [a0, a1, b0, b1] = [w.row(j, k), w.row(j + 2, k), w.row(j, k + 1), w.row(j + 2, k + 1)];
                let x = [&a[2..], a, &b[2..], b];
                let y = [&a1[1..], &a0[1..], &b1[1..], &b0[1..]];
                Flow { ends: [&a[1..], &b[1..]], one: x, other: y, per_mm: [mm[2], mm[0], mm[1]], scale: self.scale }
                    .into::<CURVATURE>(out);
            }
        };
        flow_k(0, &mut planes[0]);
        for (k, plane) in self.out.chunks_exact_mut(nx * ny).enumerate() {
            let k = k + 1;
            let [before, after] = &mut planes;
            flow_k(k, after);
            across[0].fill(0.0);
            for (j, row) in plane.chunks_exact_mut(nx).enumerate() {
                let [from_k, to_k] = [&before[j * nx..][..nx], &after[j * nx..][..nx]];
                let j = j + 1;
                let [here, next] = [w.row(j, k), w.row(j + 1, k)];
                let [j0, k0, k1] = [w.row(j - 1, k), w.row(j, k - 1), w.row(j, k + 1)];
                let y = [next, j0, &next[1..], &j0[1..]];
                let z = [k1, k0, &k1[1..], &k0[1..]];
                Flow { ends: [here, &here[1..]], one: y, other: z, per_mm: mm, scale: self.scale }
                    .into::<CURVATURE>(&mut along);
                let [n0, n1] = [w.row(j + 1, k - 1), w.row(j + 1, k + 1)];
                let x = [&here[2..], here, &next[2..], next];
                let z = [&k1[1..], &k0[1..], &n1[1..], &n0[1..]];
                let [from_j, to_j] = &mut across;
                let per_mm = [mm[1], mm[0], mm[2]];
                Flow { ends: [&here[1..], &next[1..]], one: x, other: z, per_mm, scale: self.scale }
                    .into::<CURVATURE>(to_j);
                let flows = [(&along[..nx], &along[1..]), (&from_j[..], &to_j[..]), (from_k, to_k)];
                let ends = [(here, &here[2..]), (&j0[1..], &next[1..]), (&k0[1..], &k1[1..])];
                advance::<CURVATURE>(&here[1..], flows, ends, mm, self.step, row);
                across.swap(0, 1);
            }
            planes.swap(0, 1);
        }
    }
}

/// What flows from each voxel of a row to the next along one axis.
struct Flow<'a> {
    /// The voxels and their neighbours.
    ends: [&'a [f32]; 2],
    /// Along each of the other axes: the neighbours after and before the voxels, after and before the neighbours.
    one: [&'a [f32]; 4],
    other: [&'a [f32]; 4],
    /// Of the axis, of `one` and of `other`.
    per_mm: [f32; 3],
    scale: f32,
}

impl Flow<'_> {
    #[inline(always)]
    fn into<const CURVATURE: bool>(self, out: &mut [f32]) {
        let n = out.len();
        let [here, next] = self.ends.map(|r| &r[..n]);
        let [a, b, c, d] = self.one.map(|r| &r[..n]);
        let [e, f, g, h] = self.other.map(|r| &r[..n]);
        let [mm, one, other] = [self.per_mm[0], 0.25 * self.per_mm[1], 0.25 * self.per_mm[2]];
        for i in 0..n {
            let along = (next[i] - here[i]) * mm;
            // half the sum of both central differences
            let u = ((a[i] - b[i]) + (c[i] - d[i])) * one;
            let v = ((e[i] - f[i]) + (g[i] - h[i])) * other;
            let square = along * along + u * u + v * v;
            let flow = along * exp(square * self.scale);
            let flow = if CURVATURE { flow / (square + MIN_NORM).sqrt() } else { flow };
            out[i] = if flow.is_nan() { 0.0 } else { flow };
        }
    }
}

/// ITK's, against a division by 0.
const MIN_NORM: f32 = 1e-10;

/// Adds what flowed in and out. For curvature the sum is a speed along the gradient, whose size is taken against the flow.
#[inline(always)]
fn advance<const CURVATURE: bool>(
    here: &[f32],
    flows: [(&[f32], &[f32]); 3],
    ends: [(&[f32], &[f32]); 3],
    per_mm: [f32; 3],
    step: f32,
    out: &mut [f32],
) {
    let n = out.len();
    let here = &here[..n];
    let flows = flows.map(|(a, b)| [&a[..n], &b[..n]]);
    let ends = ends.map(|(a, b)| [&a[..n], &b[..n]]);
    for i in 0..n {
        let [x, y, z] = flows.map(|[before, after]| after[i] - before[i]);
        let speed = x + y + z;
        let change = if CURVATURE {
            let slope = |axis: usize| {
                let after = (ends[axis][1][i] - here[i]) * per_mm[axis];
                let before = (here[i] - ends[axis][0][i]) * per_mm[axis];
                // NaN fails every comparison and counts as 0
                let (up, down) = if speed > 0.0 { (after, -before) } else { (-after, before) };
                let up = if up > 0.0 { up } else { 0.0 };
                let down = if down > 0.0 { down } else { 0.0 };
                up * up + down * down
            };
            (slope(0) + slope(1) + slope(2)).sqrt() * speed
        } else {
            speed
        };
        out[i] = here[i] + step * change;
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Repr {
    #[serde(with = "isocenter_volume::exact")]
    time_step: f64,
    #[serde(with = "isocenter_volume::exact")]
    conductance: f64,
    iterations: u32,
    scaling_interval: u32,
}

impl Default for Repr {
    fn default() -> Self {
        Diffusion::default().into()
    }
}

impl TryFrom<Repr> for Diffusion {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        Self::new(r.time_step, r.conductance, r.iterations)?.scaling_interval(r.scaling_interval)
    }
}

impl From<Diffusion> for Repr {
    fn from(d: Diffusion) -> Self {
        let Diffusion { time_step, conductance, iterations, scaling_interval } = d;
        Self { time_step, conductance, iterations, scaling_interval }
    }
}

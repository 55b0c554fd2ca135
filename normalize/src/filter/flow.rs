//! Curvature flow: surfaces of equal value shrink by their curvature.

use isocenter_volume::{
    Ctx, Geometry,
    hot::{self, Hot},
    provenance::Parameter,
};
use serde::{Deserialize, Serialize};

use super::{
    diffusion::MOST_ITERATIONS,
    window::{Window, over_slabs_in_place},
};
use crate::{Error, error::positive};

/// Moves surfaces of equal value by their mean curvature (R. Malladi and J. A. Sethian, 1995), as ITK's `CurvatureFlow` does.
///
/// Differences are central, per millimetre; edge values go on. A voxel with a NaN around it is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct CurvatureFlow {
    time_step: f64,
    iterations: u32,
}

impl Default for CurvatureFlow {
    /// SimpleITK's defaults: step 0.05, five iterations.
    fn default() -> Self {
        Self { time_step: 0.05, iterations: 5 }
    }
}

impl CurvatureFlow {
    /// A time step (mm squared) and a number of iterations.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for a step that is not above 0, or more than 100,000 iterations.
    pub fn new(time_step: f64, iterations: u32) -> Result<Self, Error> {
        positive("time_step", time_step)?;
        if iterations > MOST_ITERATIONS {
            return Err(Error::BadParameter {
                what: "iterations",
                wanted: "at most 100000",
                found: f64::from(iterations),
            });
        }
        Ok(Self { time_step, iterations })
    }

    pub(super) fn run(&self, samples: &[f32], grid: &Geometry, out: &mut [f32], ctx: &Ctx<'_>) -> Result<(), Error> {
        let (shape, per_mm) = (grid.shape(), grid.spacing_mm().map(|s| (1.0 / s) as f32));
        out.copy_from_slice(samples);
        let stage = ctx.stage("flow", u64::from(self.iterations));
        for _ in 0..self.iterations {
            over_slabs_in_place(out, shape, &stage.ctx(), |window, out| {
                hot::dispatch(Slab { window, shape, per_mm, step: self.time_step as f32, out });
                Ok(())
            })?;
            stage.advance(1)?;
        }
        Ok(())
    }

    pub(super) fn parameters(&self) -> Vec<(&'static str, Parameter)> {
        vec![("time_step", self.time_step.into()), ("iterations", self.iterations.into())]
    }
}

/// Squares of a gradient below this are no direction: ITK's.
const FLAT: f32 = 1e-9;

struct Slab<'a> {
    window: &'a Window,
    shape: [usize; 3],
    per_mm: [f32; 3],
    step: f32,
    out: &'a mut [f32],
}

impl Hot for Slab<'_> {
    #[inline(always)]
    fn run(self) {
        let [nx, ny, _] = self.shape;
        let [sx, sy, sz] = self.per_mm;
        for (k, plane) in self.out.chunks_exact_mut(nx * ny).enumerate() {
            for (j, out) in plane.chunks_exact_mut(nx).enumerate() {
                let row = |b: usize, c: usize| &self.window.row(j + b, k + c)[..nx + 2];
                let [r00, r10, r20] = [row(0, 0), row(1, 0), row(2, 0)];
                let [r01, r11, r21] = [row(0, 1), row(1, 1), row(2, 1)];
                let [r02, r12, r22] = [row(0, 2), row(1, 2), row(2, 2)];
                for (i, out) in out.iter_mut().enumerate() {
                    let c = i + 1;
                    let here = r11[c];
                    let x = 0.5 * (r11[i + 2] - r11[i]) * sx;
                    let y = 0.5 * (r21[c] - r01[c]) * sy;
                    let z = 0.5 * (r12[c] - r10[c]) * sz;
                    let xx = (r11[i + 2] - 2.0 * here + r11[i]) * (sx * sx);
                    let yy = (r21[c] - 2.0 * here + r01[c]) * (sy * sy);
                    let zz = (r12[c] - 2.0 * here + r10[c]) * (sz * sz);
                    let xy = 0.25 * ((r01[i] - r21[i]) + (r21[i + 2] - r01[i + 2])) * (sx * sy);
                    let xz = 0.25 * ((r10[i] - r12[i]) + (r12[i + 2] - r10[i + 2])) * (sx * sz);
                    let yz = 0.25 * ((r00[c] - r02[c]) + (r22[c] - r20[c])) * (sy * sz);
                    let square = x * x + y * y + z * z;
                    let sum = x * x * (yy + zz) + y * y * (xx + zz) + z * z * (xx + yy)
                        - 2.0 * (x * y * xy + x * z * xz + y * z * yz);
                    // NaN is below no limit and above none
                    let change = if square >= FLAT { sum / square } else { 0.0 };
                    let change = if change.is_nan() { 0.0 } else { change };
                    *out = here + self.step * change;
                }
            }
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Repr {
    #[serde(with = "isocenter_volume::exact")]
    time_step: f64,
    iterations: u32,
}

impl Default for Repr {
    fn default() -> Self {
        CurvatureFlow::default().into()
    }
}

impl TryFrom<Repr> for CurvatureFlow {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        Self::new(r.time_step, r.iterations)
    }
}

impl From<CurvatureFlow> for Repr {
    fn from(flow: CurvatureFlow) -> Self {
        Self { time_step: flow.time_step, iterations: flow.iterations }
    }
}

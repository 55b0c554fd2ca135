//! Bilateral smoothing: a Gaussian of distance times a Gaussian of the difference of values.

use isocenter_volume::{
    Ctx, Geometry,
    hot::{self, Hot},
    provenance::Parameter,
};
use serde::{Deserialize, Serialize};

use super::{
    Boundary,
    window::{Window, over_slabs},
};
use crate::{Error, error::positive};

/// Bilateral smoothing (C. Tomasi and R. Manduchi, 1998) as ITK has it: neighbours up to 2.5 deviations away, values up to 4, edge values
/// go on, weights of values from a table of steps.
///
/// NaN takes part in no mean and stays NaN.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct Bilateral {
    domain_sigma_mm: f64,
    range_sigma: f64,
    range_samples: u32,
}

/// Deviations of distance and of values at which weights end: ITK's.
const DOMAIN_END: f64 = 2.5;
const RANGE_END: f64 = 4.0;
/// Voxels from the middle of a neighbourhood, at most.
const MOST_RADIUS: f64 = 64.0;

impl Bilateral {
    /// Deviations of distance, mm, and of values, the unit of the image; a table of 100 steps.
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless both are finite and above 0.
    pub fn new(domain_sigma_mm: f64, range_sigma: f64) -> Result<Self, Error> {
        let domain_sigma_mm = positive("domain_sigma_mm", domain_sigma_mm)?;
        Ok(Self { domain_sigma_mm, range_sigma: positive("range_sigma", range_sigma)?, range_samples: 100 })
    }

    /// Sets the steps of the table of weights.
    ///
    /// # Errors
    /// [`Error::BadParameter`] outside of 1 to 65536.
    pub fn range_samples(mut self, steps: u32) -> Result<Self, Error> {
        if !(1..=1 << 16).contains(&steps) {
            return Err(Error::BadParameter { what: "range_samples", wanted: "1 to 65536", found: f64::from(steps) });
        }
        self.range_samples = steps;
        Ok(self)
    }

    pub(super) fn run(&self, samples: &[f32], grid: &Geometry, out: &mut [f32], ctx: &Ctx<'_>) -> Result<(), Error> {
        let (shape, spacing) = (grid.shape(), grid.spacing_mm());
        let radius = spacing.map(|s| (DOMAIN_END * self.domain_sigma_mm / s).ceil());
        if radius.iter().any(|r| r.is_nan() || *r > MOST_RADIUS) {
            let wanted = "at most 25 voxels of the finest axis";
            return Err(Error::BadParameter { what: "domain_sigma_mm", wanted, found: self.domain_sigma_mm });
        }
        let radius = radius.map(|r| r as usize);
        let axes = [0, 1, 2].map(|a| {
            (0..=2 * radius[a]).map(move |n| {
                let x = (n as f64 - radius[a] as f64) * spacing[a] / self.domain_sigma_mm;
                libm::exp(-0.5 * x * x)
            })
        });
        let axes = axes.map(Iterator::collect::<Vec<f64>>);
        let step = RANGE_END / f64::from(self.range_samples);
        let table: Vec<f32> = (0..self.range_samples)
            .map(|n| {
                let v = f64::from(n) * step;
                libm::exp(-0.5 * v * v) as f32
            })
            .collect();
        let reach = (RANGE_END * self.range_sigma) as f32;
        over_slabs(samples, shape, radius, Boundary::Nearest, out, ctx, |window, out| {
            for (k, out) in out.chunks_exact_mut(shape[0] * shape[1]).enumerate() {
                for (j, row) in out.chunks_exact_mut(shape[0]).enumerate() {
                    ctx.check()?;
                    hot::dispatch(Row { window, at: [j, k], radius, axes: &axes, table: &table, reach, out: row });
                }
            }
            Ok(())
        })
    }

    pub(super) fn parameters(&self) -> Vec<(&'static str, Parameter)> {
        vec![
            ("domain_sigma_mm", self.domain_sigma_mm.into()),
            ("range_sigma", self.range_sigma.into()),
            ("range_samples", self.range_samples.into()),
        ]
    }
}

struct Row<'a> {
    window: &'a Window,
    at: [usize; 2],
    radius: [usize; 3],
    axes: &'a [Vec<f64>; 3],
    table: &'a [f32],
    reach: f32,
    out: &'a mut [f32],
}

impl Hot for Row<'_> {
    #[inline(always)]
    fn run(self) {
        let n = self.out.len();
        let [j, k] = self.at;
        let here = &self.window.row(j + self.radius[1], k + self.radius[2])[self.radius[0]..][..n];
        let per_step = self.table.len() as f32 / self.reach;
        let last = self.table.len() - 1;
        let (mut sums, mut weights, mut steps) = (vec![0f32; n], vec![0f32; n], vec![0u32; n]);
        for (c, wz) in self.axes[2].iter().enumerate() {
            for (b, wy) in self.axes[1].iter().enumerate() {
                let row = self.window.row(j + b, k + c);
                for (a, wx) in self.axes[0].iter().enumerate() {
                    let (near, weight) = (&row[a..][..n], (wx * wy * wz) as f32);
                    for ((step, near), here) in steps.iter_mut().zip(near).zip(here) {
                        let apart = (near - here).abs();
                        // NaN is not within reach
                        *step = if apart < self.reach { (apart * per_step) as i32 as u32 } else { u32::MAX };
                    }
                    for (((sum, all), near), step) in sums.iter_mut().zip(&mut weights).zip(near).zip(&steps) {
                        if *step != u32::MAX {
                            let weight = weight * self.table[(*step as usize).min(last)];
                            *sum += weight * near;
                            *all += weight;
                        }
                    }
                }
            }
        }
        for (((out, sum), weight), here) in self.out.iter_mut().zip(&sums).zip(&weights).zip(here) {
            *out = if *weight > 0.0 { sum / weight } else { *here };
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    #[serde(with = "isocenter_volume::exact")]
    domain_sigma_mm: f64,
    #[serde(with = "isocenter_volume::exact")]
    range_sigma: f64,
    #[serde(default = "hundred")]
    range_samples: u32,
}

const fn hundred() -> u32 {
    100
}

impl TryFrom<Repr> for Bilateral {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        Self::new(r.domain_sigma_mm, r.range_sigma)?.range_samples(r.range_samples)
    }
}

impl From<Bilateral> for Repr {
    fn from(b: Bilateral) -> Self {
        let Bilateral { domain_sigma_mm, range_sigma, range_samples } = b;
        Self { domain_sigma_mm, range_sigma, range_samples }
    }
}

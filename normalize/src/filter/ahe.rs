//! Adaptive histogram equalization by a power law.

use isocenter_volume::{Ctx, Geometry, provenance::Parameter, stats::Extremes};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{Error, linear::BLOCK};

/// Moves every voxel by how it stands among its neighbours: between equalizing their histogram (`alpha` 0) and sharpening (`alpha` 1).
///
/// With values `u` scaled to -0.5..0.5, a voxel becomes the mean over the `v` of a box about it of
/// `0.5 s |2 (u - v)|^alpha - 0.5 beta s |2 (u - v)| + beta u`, `s` being the sign of `u - v`; then back to the unit of the image. Stark,
/// IEEE Trans. Image Processing 9 (2000). Equal to SimpleITK's `AdaptiveHistogramEqualization` of float images; the box ends at the
/// border of the image. What is not finite is in no box and stays as it is.
///
/// # Examples
/// ```
/// use isocenter_normalize::{Step, filter::Ahe};
/// use isocenter_volume::{Affine, Ctx, Frame, Geometry, Volume};
///
/// let grid = Geometry::new([3, 1, 1], Affine::IDENTITY, Frame::Unknown)?;
/// let image = Volume::new(vec![0.0f32, 1.0, 10.0], grid)?;
/// let even = Ahe::new([2, 2, 2])?.alpha(0.0)?.beta(0.0)?;
/// let (out, _) = Step::Ahe(even).apply(&image, None, &Ctx::default())?;
/// // of three values one is above two, one below two: 1/3 of half the range up and down
/// assert!((out.voxels()[1] - 5.0).abs() < 1e-4 && (out.voxels()[2] - 5.0 - 10.0 / 3.0).abs() < 1e-4);
/// # Ok::<_, isocenter_normalize::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct Ahe {
    radius: [usize; 3],
    alpha: f64,
    beta: f64,
}

impl Default for Ahe {
    fn default() -> Self {
        Self { radius: [5; 3], alpha: 0.3, beta: 0.3 }
    }
}

impl Ahe {
    /// Largest radius, voxels.
    pub const MAX_RADIUS: usize = 64;

    /// Over a box of this radius in voxels along each axis; `alpha` and `beta` are 0.3, ITK's defaults.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for a radius above [`Ahe::MAX_RADIUS`].
    pub fn new(radius: [usize; 3]) -> Result<Self, Error> {
        match radius.iter().find(|r| **r > Self::MAX_RADIUS) {
            Some(&found) => Err(Error::BadParameter { what: "radius", wanted: "at most 64", found: found as f64 }),
            None => Ok(Self { radius, ..Self::default() }),
        }
    }

    /// Sets the power: 0 equalizes, 1 sharpens.
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless it is from 0 to 1.
    pub fn alpha(self, alpha: f64) -> Result<Self, Error> {
        Ok(Self { alpha: share("alpha", alpha)?, ..self })
    }

    /// Sets how much of the image is kept: 1 with `alpha` 1 keeps all of it.
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless it is from 0 to 1.
    pub fn beta(self, beta: f64) -> Result<Self, Error> {
        Ok(Self { beta: share("beta", beta)?, ..self })
    }

    pub(super) fn run(&self, samples: &[f32], grid: &Geometry, out: &mut [f32], ctx: &Ctx<'_>) -> Result<(), Error> {
        let facts = Facts::of(samples)?;
        let range = facts.high - facts.low;
        let law = |difference: f64| {
            let d = 2.0 * difference / range;
            0.5 * (libm::pow(d, self.alpha) - self.beta * d)
        };
        let whole = facts.is_whole && range < MOST_LEVELS;
        let finish = |x: f32, (sum, count): (f64, f64)| {
            let u = (f64::from(x) - facts.low) / range - 0.5;
            (range * (sum / count + self.beta * u + 0.5) + facts.low) as f32
        };
        let boxes = Boxes { samples, shape: grid.shape(), radius: self.radius };
        let plane = boxes.shape[0] * boxes.shape[1];
        let (levels, powers) = if whole {
            (Levels::new(range as usize, law), None)
        } else {
            (Levels(vec![]), Some(Powers::new(range, law)))
        };
        let stage = ctx.stage("planes", boxes.shape[2] as u64);
        out.par_chunks_mut(plane).enumerate().try_for_each(|(k, out)| {
            stage.check()?;
            for (n, out) in out.iter_mut().enumerate() {
                let at = [n % boxes.shape[0], n / boxes.shape[0], k];
                let x = samples.get(k * plane + n).copied().unwrap_or(f32::NAN);
                *out = match &powers {
                    _ if !x.is_finite() => x,
                    None => finish(x, boxes.sum(at, |rows, sum| levels.add(x, rows, sum))),
                    Some(powers) => finish(x, boxes.sum(at, |rows, sum| powers.add(x, rows, sum))),
                };
            }
            stage.advance(1)
        })?;
        Ok(())
    }

    pub(super) fn parameters(&self) -> Vec<(&'static str, Parameter)> {
        vec![("radius", self.radius.into()), ("alpha", self.alpha.into()), ("beta", self.beta.into())]
    }
}

fn share(what: &'static str, found: f64) -> Result<f64, Error> {
    if (0.0..=1.0).contains(&found) {
        Ok(found)
    } else {
        Err(Error::BadParameter { what, wanted: "from 0 to 1", found })
    }
}

/// Whole numbers in a range of less than this are looked up by their difference.
const MOST_LEVELS: f64 = (1 << 16) as f64;

/// What is known of all finite samples.
struct Facts {
    low: f64,
    high: f64,
    /// Whether all samples are whole numbers, and finite.
    is_whole: bool,
}

impl Facts {
    fn of(samples: &[f32]) -> Result<Self, Error> {
        let one = |b: &[f32]| {
            let finite: Vec<f32> = b.iter().copied().filter(|v| v.is_finite()).collect();
            let found = Extremes::of(&finite);
            (found.min(), found.max(), finite.len() == b.len() && finite.iter().all(|v| v.trunc() == *v))
        };
        let found: Vec<_> = samples.par_chunks(BLOCK).map(one).collect();
        let ends: Vec<f64> = found.iter().flat_map(|f| [f.0, f.1]).flatten().collect();
        let all = Extremes::of(&ends);
        let (Some(low), Some(high)) = (all.min(), all.max()) else { return Err(Error::EmptyRegion { region: "all" }) };
        if all.is_constant() {
            return Err(Error::Constant { what: "the range of values" });
        }
        Ok(Self { low, high, is_whole: found.iter().all(|f| f.2) })
    }
}

/// Boxes about voxels, cut at the border of the image.
struct Boxes<'a> {
    samples: &'a [f32],
    shape: [usize; 3],
    radius: [usize; 3],
}

impl Boxes<'_> {
    /// Adds the rows of the box about a voxel up: sum and number of samples.
    #[inline(always)]
    fn sum(&self, at: [usize; 3], add: impl Fn(&[f32], &mut (f64, f64))) -> (f64, f64) {
        let range = |a: usize| at[a].saturating_sub(self.radius[a])..(at[a] + self.radius[a] + 1).min(self.shape[a]);
        let (is, js, ks) = (range(0), range(1), range(2));
        let mut sum = (0.0, 0.0);
        for k in ks {
            for j in js.clone() {
                let row = (j + self.shape[1] * k) * self.shape[0];
                add(self.samples.get(row + is.start..row + is.end).unwrap_or_default(), &mut sum);
            }
        }
        sum
    }
}

/// The law at whole differences, from the most negative on.
struct Levels(Vec<f64>);

impl Levels {
    fn new(range: usize, law: impl Fn(f64) -> f64) -> Self {
        let of = |d: i64| if d == 0 { 0.0 } else { law(d.unsigned_abs() as f64) * d.signum() as f64 };
        Self((-(range as i64)..=range as i64).map(of).collect())
    }

    #[inline(always)]
    fn add(&self, x: f32, row: &[f32], sum: &mut (f64, f64)) {
        let zero = (self.0.len() / 2) as f32;
        // differences of whole numbers below 2^16 are exact in f32
        sum.0 += row.iter().map(|y| self.0[(x - y + zero) as usize]).sum::<f64>();
        sum.1 += row.len() as f64;
    }
}

/// The law at any difference: linear between places at equal steps within each power of two, as the bits of a float have them.
struct Powers {
    places: Vec<[f64; 2]>,
    scale: f32,
}

/// Steps within a power of two: an error of a part in 2^16 of the law.
const STEP_BITS: u32 = 7;
/// Powers of two below 1 that are told apart; a difference of less than 2^-32 of the range is none.
const POWERS: u32 = 32;

impl Powers {
    fn new(range: f64, law: impl Fn(f64) -> f64) -> Self {
        let first = (127 - POWERS) << STEP_BITS;
        let start = |n: u32| f64::from(f32::from_bits((first + n) << (23 - STEP_BITS)));
        let place = |n: u32| {
            let (a, b) = (start(n), start(n + 1));
            let (low, high) = (law(a * range), law(b * range));
            let slope = (high - low) / (b - a);
            [low - slope * a, slope]
        };
        // one more than 1 itself falls into
        Self { places: (0..=(POWERS << STEP_BITS)).map(place).collect(), scale: (1.0 / range) as f32 }
    }

    #[inline(always)]
    fn add(&self, x: f32, row: &[f32], sum: &mut (f64, f64)) {
        let first = ((127 - POWERS) << STEP_BITS) as usize;
        for y in row {
            if !y.is_finite() {
                continue;
            }
            sum.1 += 1.0;
            let d = (x - y) * self.scale;
            let place = (d.abs().to_bits() >> (23 - STEP_BITS)) as usize;
            let Some(&[value, slope]) = place.checked_sub(first).map(|n| &self.places[n.min(self.places.len() - 1)])
            else {
                continue;
            };
            let part = value + slope * f64::from(d.abs());
            sum.0 += if d < 0.0 { -part } else { part };
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Repr {
    radius: [usize; 3],
    #[serde(with = "isocenter_volume::exact")]
    alpha: f64,
    #[serde(with = "isocenter_volume::exact")]
    beta: f64,
}

impl Default for Repr {
    fn default() -> Self {
        Ahe::default().into()
    }
}

impl TryFrom<Repr> for Ahe {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        Self::new(r.radius)?.alpha(r.alpha)?.beta(r.beta)
    }
}

impl From<Ahe> for Repr {
    fn from(a: Ahe) -> Self {
        let Ahe { radius, alpha, beta } = a;
        Self { radius, alpha, beta }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_and_others_follow_one_law() {
        let law = |d: f64| 0.5 * (libm::pow(2.0 * d / 900.0, 0.3) - 0.3 * 2.0 * d / 900.0);
        let (levels, powers) = (Levels::new(900, law), Powers::new(900.0, law));
        let row: Vec<f32> = (0..=900).map(|n| n as f32).collect();
        for x in [0.0, 1.0, 450.0, 900.0] {
            let (mut a, mut b) = ((0.0, 0.0), (0.0, 0.0));
            levels.add(x, &row, &mut a);
            powers.add(x, &row, &mut b);
            assert!(a.1 == b.1 && (a.0 - b.0).abs() < 1e-5 * 901.0, "{x}: {a:?} {b:?}");
        }
    }
}

//! Count, mean and variance, mergeable.

use super::{
    Merge,
    selection::{LANES, Selection, Visit, each_lane},
};
use crate::{Cancelled, Ctx, Error, Real};

/// Count, mean and sum of squared deviations of the finite samples, in f64.
///
/// Each block is summed about a value near its mean and blocks are joined in order by the pairwise rule, so that a large offset does
/// not eat the digits of a small variance. Source: T. F. Chan, G. H. Golub, R. J. LeVeque, "Algorithms for computing the sample
/// variance: analysis and recommendations", 1983, eq. 1.5.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "Repr", into = "Repr"))]
pub struct Moments {
    count: u64,
    not_finite: u64,
    mean: f64,
    squares: f64,
}

impl Moments {
    /// Of these samples.
    pub fn of<T: Real>(samples: &[T]) -> Self {
        // nobody listens, so nobody cancels
        Self::over(&Selection::all(samples), &Ctx::default()).unwrap_or_default()
    }

    /// Of a selection.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn over<T: Real>(selection: &Selection<'_, T>, ctx: &Ctx<'_>) -> Result<Self, Cancelled> {
        Ok(selection.blocks(&Block, ctx)?.into_iter().fold(Self::default(), Self::joined))
    }

    /// Number of finite samples.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Samples that are NaN or infinite, selected or not.
    pub const fn not_finite(&self) -> u64 {
        self.not_finite
    }

    /// Mean; NaN where there was no sample.
    pub fn mean(&self) -> f64 {
        if self.count == 0 { f64::NAN } else { self.mean }
    }

    /// Sum of squared deviations from the mean.
    pub const fn squares(&self) -> f64 {
        self.squares
    }

    /// Variance with `ddof` subtracted from the count: 0 for the population's, 1 for the unbiased estimate. NaN where that leaves
    /// nothing to divide by.
    pub fn variance(&self, ddof: u64) -> f64 {
        if self.count <= ddof { f64::NAN } else { self.squares / (self.count - ddof) as f64 }
    }

    /// Square root of [`Moments::variance`].
    pub fn standard_deviation(&self, ddof: u64) -> f64 {
        self.variance(ddof).sqrt()
    }

    /// From sums about a value, and the number of samples left out.
    pub(super) fn from_sums(count: u64, about: f64, sum: f64, squares: f64, not_finite: u64) -> Self {
        Self { not_finite, ..Self::part(count, about, sum, squares) }
    }

    /// From sums of deviations, and of their squares, about a value.
    fn part(count: u64, about: f64, sum: f64, squares: f64) -> Self {
        if count == 0 {
            return Self::default();
        }
        let n = count as f64;
        Self { count, mean: about + sum / n, squares: (squares - sum * sum / n).max(0.0), not_finite: 0 }
    }

    fn joined(self, other: Self) -> Self {
        let not_finite = self.not_finite + other.not_finite;
        if self.count == 0 || other.count == 0 {
            let part = if self.count == 0 { other } else { self };
            return Self { not_finite, ..part };
        }
        let (a, b) = (self.count as f64, other.count as f64);
        let gap = other.mean - self.mean;
        Self {
            count: self.count + other.count,
            mean: self.mean + gap * (b / (a + b)),
            squares: self.squares + other.squares + gap * gap * (a * b / (a + b)),
            not_finite,
        }
    }
}

impl Merge for Moments {
    fn merge(&mut self, other: &Self) -> Result<(), Error> {
        *self = self.joined(*other);
        Ok(())
    }
}

struct Block;

impl<T: Real> Visit<T> for Block {
    type Out = Moments;

    fn block(&self, block: &[T], keep: &impl Fn(usize, T) -> bool) -> Moments {
        let kept = block.iter().enumerate().filter(|&(n, &v)| keep(n, v)).map(|(_, &v)| v);
        let about = pilot(kept);
        let (mut count, mut not_finite) = ([0u32; LANES], [0u32; LANES]);
        let (mut sum, mut squares) = ([0f64; LANES], [0f64; LANES]);
        each_lane(block, &mut |n, l, v| {
            let kept = keep(n, v);
            let d = if kept { v.to_f64() - about } else { 0.0 };
            count[l] += u32::from(kept);
            not_finite[l] += u32::from(!v.to_f64().is_finite());
            sum[l] += d;
            squares[l] += d * d;
        });
        let total = |lanes: [u32; LANES]| lanes.iter().map(|&c| u64::from(c)).sum();
        let part = Moments::part(total(count), about, sum.iter().sum(), squares.iter().sum());
        Moments { not_finite: total(not_finite), ..part }
    }

    fn whole(&self, block: &[T]) -> Option<Moments> {
        let about = pilot(block.iter().copied());
        let (mut sum, mut squares) = ([0f64; LANES], [0f64; LANES]);
        each_lane(block, &mut |_, l, v| {
            let d = v.to_f64() - about;
            sum[l] += d;
            squares[l] += d * d;
        });
        // one sample that is NaN or infinite, and so is its square and the sum
        let squares: f64 = squares.iter().sum();
        squares.is_finite().then(|| Moments::part(block.len() as u64, about, sum.iter().sum(), squares))
    }
}

/// Mean of the first few samples. Deviations are taken from it: a large mean costs no digits, one outlier neither, and the
/// deviations of a constant are exactly 0 (the sum of so few equal f32 is exact in f64).
fn pilot<T: Real>(samples: impl Iterator<Item = T>) -> f64 {
    let (count, sum) = samples.take(16).fold((0u32, 0.0), |(n, sum), v| (n + 1, sum + v.to_f64()));
    if count == 0 { 0.0 } else { sum / f64::from(count) }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct Repr {
    count: u64,
    #[serde(alias = "nan")]
    not_finite: u64,
    #[serde(with = "crate::exact")]
    mean: f64,
    #[serde(with = "crate::exact")]
    squares: f64,
}

#[cfg(feature = "serde")]
impl From<Moments> for Repr {
    fn from(m: Moments) -> Self {
        Self { count: m.count, not_finite: m.not_finite, mean: m.mean, squares: m.squares }
    }
}

#[cfg(feature = "serde")]
impl TryFrom<Repr> for Moments {
    type Error = &'static str;

    fn try_from(r: Repr) -> Result<Self, Self::Error> {
        let is_empty = r.count == 0 && r.mean == 0.0 && r.squares == 0.0;
        if is_empty || (r.count > 0 && r.mean.is_finite() && r.squares >= 0.0) {
            return Ok(Self { count: r.count, not_finite: r.not_finite, mean: r.mean, squares: r.squares });
        }
        Err("no samples have these moments")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_offset_does_not_eat_the_variance() {
        let samples: Vec<f64> = (0..200_000).map(|n| 1e9 + f64::from(n % 2)).collect();
        let m = Moments::of(&samples);
        assert!((m.variance(0) - 0.25).abs() < 1e-9 && (m.mean() - 1e9 - 0.5).abs() < 1e-6);
    }

    #[test]
    fn what_is_not_finite_is_counted_and_nothing_has_no_mean() {
        let m = Moments::of(&[f32::NAN, 1.0, f32::INFINITY, 3.0]);
        assert_eq!((m.count(), m.not_finite(), m.mean(), m.variance(1)), (2, 2, 2.0, 2.0));
        assert!(Moments::of::<f32>(&[]).mean().is_nan());
        assert!(Moments::of(&[1.0f32]).variance(1).is_nan());
    }
}

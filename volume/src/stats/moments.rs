//! Count, mean and variance, mergeable.

use rayon::prelude::*;

use super::{BLOCK, Merge, check_mask};
use crate::{Error, Real};

/// Count, mean and sum of squared deviations of samples, in f64.
///
/// Each block is summed about its own first sample and blocks are joined by the pairwise rule, so that a large offset does not
/// eat the digits of a small variance. Source: T. F. Chan, G. H. Golub, R. J. LeVeque, "Updating formulae and a pairwise
/// algorithm for computing sample variances", 1979.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Moments {
    count: u64,
    nan: u64,
    mean: f64,
    squares: f64,
}

impl Moments {
    /// Of these samples; NaN is skipped and counted.
    pub fn of<T: Real>(samples: &[T]) -> Self {
        Self::fold(samples.par_chunks(BLOCK).map(|b| Self::block(b.iter().map(|s| s.to_f64()))).collect())
    }

    /// Of the samples where the mask is true.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] for a mask of another size.
    pub fn masked<T: Real>(samples: &[T], mask: &[bool]) -> Result<Self, Error> {
        check_mask(samples, mask)?;
        let blocks = samples.par_chunks(BLOCK).zip(mask.par_chunks(BLOCK));
        Ok(Self::fold(
            blocks.map(|(s, m)| Self::block(s.iter().zip(m).filter(|(_, m)| **m).map(|(s, _)| s.to_f64()))).collect(),
        ))
    }

    fn fold(blocks: Vec<Self>) -> Self {
        blocks.iter().fold(Self::default(), |mut all, b| {
            all.join(b);
            all
        })
    }

    fn block(samples: impl Iterator<Item = f64>) -> Self {
        let mut shift = None;
        let (mut count, mut nan) = (0u64, 0);
        let (mut sum, mut squares) = (0.0, 0.0);
        for sample in samples {
            if sample.is_nan() {
                nan += 1;
                continue;
            }
            let d = sample - *shift.get_or_insert(sample);
            count += 1;
            sum += d;
            squares += d * d;
        }
        if count == 0 {
            return Self { nan, ..Self::default() };
        }
        let n = count as f64;
        Self { count, nan, mean: shift.unwrap_or(0.0) + sum / n, squares: (squares - sum * sum / n).max(0.0) }
    }

    /// Samples that are not NaN.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Samples that are NaN.
    pub const fn nan_count(&self) -> u64 {
        self.nan
    }

    /// Mean; NaN where there was no sample.
    pub fn mean(&self) -> f64 {
        if self.count == 0 { f64::NAN } else { self.mean }
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

    fn join(&mut self, other: &Self) {
        self.nan += other.nan;
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = Self { nan: self.nan, ..*other };
            return;
        }
        let (a, b) = (self.count as f64, other.count as f64);
        let gap = other.mean - self.mean;
        self.squares += other.squares + gap * gap * (a * b / (a + b));
        self.mean += gap * (b / (a + b));
        self.count += other.count;
    }
}

impl Merge for Moments {
    fn merge(&mut self, other: &Self) -> Result<(), Error> {
        self.join(other);
        Ok(())
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
    fn nan_is_skipped_and_nothing_has_no_mean() {
        let m = Moments::of(&[f32::NAN, 1.0, 3.0]);
        assert_eq!((m.count(), m.nan_count(), m.mean(), m.variance(1)), (2, 1, 2.0, 2.0));
        assert!(Moments::of::<f32>(&[]).mean().is_nan());
        assert!(Moments::of(&[1.0f32]).variance(1).is_nan());
    }
}

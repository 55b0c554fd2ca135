//! Moments and extremes of samples that come one at a time.

use super::{Extremes, Moments};

/// Sums that grow sample by sample, for statistics of many regions in one pass; what is not finite is counted and left out.
///
/// Deviations are taken from the first sample, which keeps the digits of the spread.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Running {
    count: u64,
    not_finite: u64,
    about: f64,
    sum: f64,
    squares: f64,
    min: f64,
    max: f64,
}

impl Running {
    /// Of no sample.
    pub const EMPTY: Self = Self {
        count: 0,
        not_finite: 0,
        about: 0.0,
        sum: 0.0,
        squares: 0.0,
        min: f64::INFINITY,
        max: f64::NEG_INFINITY,
    };

    /// Adds a sample.
    #[inline]
    pub fn add(&mut self, value: f64) {
        if !value.is_finite() {
            self.not_finite += 1;
            return;
        }
        if self.count == 0 {
            self.about = value;
        }
        let d = value - self.about;
        self.count += 1;
        self.sum += d;
        self.squares += d * d;
        self.min = self.min.min(value);
        self.max = self.max.max(value);
    }

    /// Count, mean and spread so far.
    pub fn moments(&self) -> Moments {
        Moments::from_sums(self.count, self.about, self.sum, self.squares, self.not_finite)
    }

    /// Smallest and largest so far.
    pub fn extremes(&self) -> Extremes {
        Extremes::from_range((self.count > 0).then_some((self.min, self.max)), self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_the_whole_says() {
        let samples: Vec<f32> = (0..1000).map(|n| 1e4 + (n % 7) as f32).chain([f32::NAN]).collect();
        let mut running = Running::EMPTY;
        samples.iter().for_each(|&v| running.add(f64::from(v)));
        let (a, b) = (running.moments(), Moments::of(&samples));
        assert_eq!((a.count(), a.not_finite()), (b.count(), b.not_finite()));
        assert!((a.mean() - b.mean()).abs() < 1e-9 && (a.variance(0) - b.variance(0)).abs() < 1e-9);
        assert_eq!((running.extremes().min(), running.extremes().max()), (Some(1e4), Some(10_006.0)));
        assert_eq!(Running::EMPTY.extremes(), Extremes::EMPTY);
    }
}

//! Counts in fixed bins, mergeable.

use rayon::prelude::*;

use super::{
    BLOCK, Merge,
    selection::{Selection, Visit},
};
use crate::{Cancelled, Ctx, Error, Real};

/// Most bins of a histogram.
const MAX_BINS: usize = 1 << 24;

/// Counts of samples in equal bins over `[low, high]`; the last bin includes `high`.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "Repr", into = "Repr"))]
pub struct Histogram {
    low: f64,
    high: f64,
    counts: Vec<u64>,
    below: u64,
    above: u64,
    nan: u64,
}

impl Histogram {
    /// Empty bins.
    ///
    /// # Errors
    /// [`Error::BadNumber`] unless `low < high` are finite and there are from 1 to 2^24 bins.
    pub fn new(low: f64, high: f64, bins: usize) -> Result<Self, Error> {
        if !low.is_finite() {
            return Err(Error::BadNumber { what: "lower end of the histogram", wanted: "a number", found: low });
        }
        if !(high.is_finite() && high > low && (high - low).is_finite()) {
            return Err(Error::BadNumber {
                what: "upper end of the histogram",
                wanted: "above the lower",
                found: high,
            });
        }
        if bins == 0 || bins > MAX_BINS {
            return Err(Error::BadNumber { what: "number of bins", wanted: "from 1 to 2^24", found: bins as f64 });
        }
        Ok(Self { low, high, counts: vec![0; bins], below: 0, above: 0, nan: 0 })
    }

    /// Counts samples.
    pub fn add<T: Real>(&mut self, samples: &[T]) {
        // whole numbers add up the same in any order, so blocks may be as large as memory for their counts suggests
        let block = BLOCK.max(8 * self.counts.len());
        let parts: Vec<Self> = samples.par_chunks(block).map(|b| self.counted(b.iter().map(|s| s.to_f64()))).collect();
        parts.iter().for_each(|p| self.join(p));
    }

    /// Counts the samples of a selection, which are finite.
    ///
    /// # Errors
    /// [`Cancelled`]; the counts are as before then.
    pub fn add_over<T: Real>(&mut self, selection: &Selection<'_, T>, ctx: &Ctx<'_>) -> Result<(), Cancelled> {
        let empty = Self { counts: vec![0; self.counts.len()], below: 0, above: 0, nan: 0, ..*self };
        let parts = selection.blocks(&Block(&empty), ctx)?;
        parts.iter().for_each(|p| self.join(p));
        Ok(())
    }

    fn counted(&self, samples: impl Iterator<Item = f64>) -> Self {
        let bins = self.counts.len();
        let mut part = Self { counts: vec![0; bins], below: 0, above: 0, nan: 0, low: self.low, high: self.high };
        let width = self.bin_width();
        for sample in samples {
            if sample.is_nan() {
                part.nan += 1;
            } else if sample < self.low {
                part.below += 1;
            } else if sample > self.high {
                part.above += 1;
            } else {
                part.counts[(((sample - self.low) / width) as usize).min(bins - 1)] += 1;
            }
        }
        part
    }

    fn join(&mut self, other: &Self) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(a, b)| *a += b);
        self.below += other.below;
        self.above += other.above;
        self.nan += other.nan;
    }

    /// Samples in each bin.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// Samples below the first bin, above the last, and NaN.
    pub const fn outside(&self) -> (u64, u64, u64) {
        (self.below, self.above, self.nan)
    }

    /// Samples in all bins.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Width of each bin.
    pub fn bin_width(&self) -> f64 {
        (self.high - self.low) / self.counts.len() as f64
    }

    /// Lower edge of a bin; the upper edge of the last for `bin` = number of bins.
    pub fn bin_edge(&self, bin: usize) -> f64 {
        if bin == self.counts.len() { self.high } else { self.low + bin as f64 * self.bin_width() }
    }

    /// The value below which `percent` of the samples in the bins lie, samples spread evenly over their bin; `None` without any.
    ///
    /// Exact to one bin width, which is what a cohort's percentile is worth.
    pub fn percentile(&self, percent: f64) -> Option<f64> {
        let total = self.total();
        if total == 0 || percent.is_nan() {
            return None;
        }
        let wanted = percent.clamp(0.0, 100.0) / 100.0 * total as f64;
        let mut before = 0u64;
        for (bin, &count) in self.counts.iter().enumerate().filter(|(_, c)| **c > 0) {
            let after = before + count;
            if after as f64 >= wanted {
                let part = (wanted - before as f64) / count as f64;
                let (low, high) = (self.bin_edge(bin), self.bin_edge(bin + 1));
                return Some(low + (high - low) * part.max(0.0));
            }
            before = after;
        }
        Some(self.high)
    }
}

impl Merge for Histogram {
    fn merge(&mut self, other: &Self) -> Result<(), Error> {
        if (self.low, self.high, self.counts.len()) != (other.low, other.high, other.counts.len()) {
            return Err(Error::GridMismatch { what: "histograms of other bins".to_owned() });
        }
        self.join(other);
        Ok(())
    }
}

/// Empty bins to count a block into.
struct Block<'a>(&'a Histogram);

impl<T: Real> Visit<T> for Block<'_> {
    type Out = Histogram;

    fn block(&self, block: &[T], keep: &impl Fn(usize, T) -> bool) -> Histogram {
        self.0.counted(block.iter().enumerate().filter(|&(n, &v)| keep(n, v)).map(|(_, v)| v.to_f64()))
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct Repr {
    #[serde(with = "crate::exact")]
    low: f64,
    #[serde(with = "crate::exact")]
    high: f64,
    counts: Vec<u64>,
    below: u64,
    above: u64,
    nan: u64,
}

#[cfg(feature = "serde")]
impl From<Histogram> for Repr {
    fn from(h: Histogram) -> Self {
        let Histogram { low, high, counts, below, above, nan } = h;
        Self { low, high, counts, below, above, nan }
    }
}

#[cfg(feature = "serde")]
impl TryFrom<Repr> for Histogram {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        let empty = Self::new(r.low, r.high, r.counts.len())?;
        Ok(Self { counts: r.counts, below: r.below, above: r.above, nan: r.nan, ..empty })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_edges_as_its_doc_says() {
        let mut h = Histogram::new(0.0, 4.0, 4).unwrap();
        h.add(&[0.0f32, 0.5, 1.0, 3.999, 4.0, 4.001, -0.1, f32::NAN]);
        assert_eq!(h.counts(), [2, 1, 0, 2]);
        assert_eq!(h.outside(), (1, 1, 1));
        assert_eq!(h.percentile(40.0), Some(1.0));
        assert!(h.merge(&Histogram::new(0.0, 4.0, 5).unwrap()).is_err());
    }

    #[test]
    fn rejects_bins_that_are_none() {
        assert!(Histogram::new(0.0, 0.0, 4).is_err());
        assert!(Histogram::new(0.0, 1.0, 0).is_err());
        assert!(Histogram::new(f64::NAN, 1.0, 4).is_err());
    }
}

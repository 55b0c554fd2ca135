//! Smallest and largest sample.

use rayon::prelude::*;

use super::{BLOCK, Merge, check_mask};
use crate::{Error, Real};

/// Smallest and largest sample, and how many there were.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Extremes {
    range: Option<(f64, f64)>,
    count: u64,
    nan: u64,
}

impl Extremes {
    /// Of no sample.
    pub const EMPTY: Self = Self { range: None, count: 0, nan: 0 };

    /// Of these samples.
    pub fn of<T: Real>(samples: &[T]) -> Self {
        let blocks: Vec<Self> = samples.par_chunks(BLOCK).map(|b| Self::block(b.iter().copied())).collect();
        Self::fold(blocks)
    }

    /// Of the samples where the mask is true.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] for a mask of another size.
    pub fn masked<T: Real>(samples: &[T], mask: &[bool]) -> Result<Self, Error> {
        check_mask(samples, mask)?;
        let blocks: Vec<Self> = samples
            .par_chunks(BLOCK)
            .zip(mask.par_chunks(BLOCK))
            .map(|(s, m)| Self::block(s.iter().zip(m).filter(|(_, m)| **m).map(|(s, _)| *s)))
            .collect();
        Ok(Self::fold(blocks))
    }

    fn fold(blocks: Vec<Self>) -> Self {
        blocks.iter().fold(Self::EMPTY, |mut all, b| {
            all.join(b);
            all
        })
    }

    fn block<T: Real>(samples: impl Iterator<Item = T>) -> Self {
        let (mut low, mut high): (Option<T>, Option<T>) = (None, None);
        let (mut count, mut nan) = (0, 0);
        for sample in samples {
            // only NaN is not equal to itself
            if sample.partial_cmp(&sample).is_none() {
                nan += 1;
                continue;
            }
            count += 1;
            low = Some(low.map_or(sample, |l| if sample < l { sample } else { l }));
            high = Some(high.map_or(sample, |h| if sample > h { sample } else { h }));
        }
        Self { range: low.zip(high).map(|(l, h)| (l.to_f64(), h.to_f64())), count, nan }
    }

    /// The smallest sample, or `None` where there was none.
    pub fn min(&self) -> Option<f64> {
        self.range.map(|r| r.0)
    }

    /// The largest sample, or `None` where there was none.
    pub fn max(&self) -> Option<f64> {
        self.range.map(|r| r.1)
    }

    /// Samples that are not NaN.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Samples that are NaN.
    pub const fn nan_count(&self) -> u64 {
        self.nan
    }

    fn join(&mut self, other: &Self) {
        self.range = match (self.range, other.range) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (range, None) | (None, range) => range,
        };
        self.count += other.count;
        self.nan += other.nan;
    }
}

impl Merge for Extremes {
    fn merge(&mut self, other: &Self) -> Result<(), Error> {
        self.join(other);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_is_skipped_and_counted() {
        let e = Extremes::of(&[f32::NAN, 2.0, -1.0, f32::NAN]);
        assert_eq!((e.min(), e.max(), e.count(), e.nan_count()), (Some(-1.0), Some(2.0), 2, 2));
        assert_eq!(Extremes::of(&[f32::NAN]).min(), None);
        assert_eq!(Extremes::masked(&[1u8, 9, 3], &[true, false, true]).unwrap().max(), Some(3.0));
        assert!(Extremes::masked(&[1u8], &[]).is_err());
    }
}

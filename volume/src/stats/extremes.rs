//! Smallest and largest sample.

use rayon::prelude::*;

use super::{
    BLOCK, Merge,
    selection::{LANES, Selection, Visit, each_lane},
};
use crate::{Cancelled, Ctx, Error, Real};

/// Smallest and largest sample, and how many there were.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "Repr", into = "Repr"))]
pub struct Extremes {
    range: Option<(f64, f64)>,
    count: u64,
    nan: u64,
}

impl Extremes {
    /// Of no sample.
    pub const EMPTY: Self = Self { range: None, count: 0, nan: 0 };

    /// Of these samples; infinities are values here.
    pub fn of<T: Real>(samples: &[T]) -> Self {
        let blocks: Vec<Self> = samples.par_chunks(BLOCK).map(|b| Self::block(b.iter().copied())).collect();
        blocks.into_iter().fold(Self::EMPTY, Self::joined)
    }

    /// Of a selection, which holds finite samples only.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn over<T: Real>(selection: &Selection<'_, T>, ctx: &Ctx<'_>) -> Result<Self, Cancelled> {
        Ok(selection.blocks(&Block, ctx)?.into_iter().fold(Self::EMPTY, Self::joined))
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

    /// From what was found.
    pub(super) const fn from_range(range: Option<(f64, f64)>, count: u64) -> Self {
        Self { range, count, nan: 0 }
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

    /// Whether all samples are one value but for the rounding of f32: the range is at most 16 units in the last place of the larger
    /// extreme (`16 * 2^-23` of it). False where there was no sample.
    ///
    /// What is divided by the range or the deviation of such an image would blow rounding up to signal. Values as scanners store them
    /// (16 bits) are never that near to each other without being equal.
    pub fn is_constant(&self) -> bool {
        let ulps = 16.0 * f64::from(f32::EPSILON);
        self.range.is_some_and(|(low, high)| low == high || high - low <= ulps * low.abs().max(high.abs()))
    }

    fn joined(self, other: Self) -> Self {
        let range = match (self.range, other.range) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (range, None) | (None, range) => range,
        };
        Self { range, count: self.count + other.count, nan: self.nan + other.nan }
    }
}

impl Merge for Extremes {
    fn merge(&mut self, other: &Self) -> Result<(), Error> {
        *self = self.joined(*other);
        Ok(())
    }
}

struct Block;

impl<T: Real> Visit<T> for Block {
    type Out = Extremes;

    fn block(&self, block: &[T], keep: &impl Fn(usize, T) -> bool) -> Extremes {
        let Some(first) = block.iter().enumerate().find(|&(n, &v)| keep(n, v)).map(|(_, &v)| v) else {
            return Extremes::EMPTY;
        };
        let (mut min, mut max, mut count) = ([first; LANES], [first; LANES], [0u32; LANES]);
        each_lane(block, &mut |n, l, v| {
            let kept = keep(n, v);
            min[l] = if kept && v < min[l] { v } else { min[l] };
            max[l] = if kept && v > max[l] { v } else { max[l] };
            count[l] += u32::from(kept);
        });
        let low = min.into_iter().fold(first, |a, b| if b < a { b } else { a });
        let high = max.into_iter().fold(first, |a, b| if b > a { b } else { a });
        let count = count.iter().map(|&c| u64::from(c)).sum();
        Extremes { range: Some((low.to_f64(), high.to_f64())), count, nan: 0 }
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct Repr {
    #[serde(with = "crate::exact::optional_pair")]
    range: Option<(f64, f64)>,
    count: u64,
    nan: u64,
}

#[cfg(feature = "serde")]
impl From<Extremes> for Repr {
    fn from(e: Extremes) -> Self {
        Self { range: e.range, count: e.count, nan: e.nan }
    }
}

#[cfg(feature = "serde")]
impl TryFrom<Repr> for Extremes {
    type Error = &'static str;

    fn try_from(r: Repr) -> Result<Self, Self::Error> {
        match r.range {
            None if r.count == 0 => {}
            Some((low, high)) if r.count > 0 && low <= high => {}
            _ => return Err("no samples have these extremes"),
        }
        Ok(Self { range: r.range, count: r.count, nan: r.nan })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Affine, Frame, Geometry, Mask};

    #[test]
    fn nan_is_skipped_and_counted() {
        let e = Extremes::of(&[f32::NAN, 2.0, -1.0, f32::NAN]);
        assert_eq!((e.min(), e.max(), e.count(), e.nan_count()), (Some(-1.0), Some(2.0), 2, 2));
        assert_eq!(Extremes::of(&[f32::NAN]).min(), None);
    }

    #[test]
    fn constancy_is_judged_by_the_size_of_the_values() {
        let is = |samples: &[f32]| Extremes::of(samples).is_constant();
        assert!(is(&[37.0, 37.0]) && is(&[37.0, 37.000_01]) && !is(&[37.0, 37.001]));
        assert!(is(&[1e30, 1.000_001e30]) && !is(&[1e30, 1.001e30]) && is(&[0.0]) && is(&[-1e-30, -1e-30]));
        assert!(!is(&[0.0, 1e-30]) && !is(&[-1e-3, 1e-3]) && !is(&[]) && !is(&[f32::NAN]));
        assert!(!is(&[65_534.0, 65_535.0]), "no two numbers of 16 bits are one");
    }

    #[test]
    fn a_selection_leaves_out_what_it_should() {
        let grid = Geometry::new([3, 1, 1], Affine::IDENTITY, Frame::Unknown).unwrap();
        let mask = Mask::from_bools(&[true, false, true], grid).unwrap();
        let ctx = Ctx::default();
        let found = Extremes::over(&Selection::masked(&[1u8, 9, 3], &mask).unwrap(), &ctx).unwrap();
        assert_eq!((found.max(), found.count()), (Some(3.0), 2));
        let found = Extremes::over(&Selection::all(&[f32::INFINITY, 4.0]), &ctx).unwrap();
        assert_eq!((found.min(), found.max()), (Some(4.0), Some(4.0)));
        assert_eq!(Extremes::over(&Selection::above(&[1.0f32], 2.0), &ctx).unwrap(), Extremes::EMPTY);
    }
}

//! Matching a few quantiles to those of a reference.

use isocenter_volume::{Ctx, Mask, Volume};
use serde::{Deserialize, Serialize};

use super::{Quantiles, quantiles::check_levels};
use crate::{Error, Fitted, PieceMap, Region, fitted::not_finite, pieces::Ends};

/// Brings the quantiles of an image to those of a reference, linear between them.
///
/// Equal to SimpleITK's `HistogramMatching`, but for two things: thresholds and levels are not rounded to the type of the voxels, and the
/// map never descends where a first level that is very full makes ITK's do so.
///
/// # Examples
/// ```
/// use isocenter_normalize::{Region, Step, histogram::{HistogramMatch, Quantiles}};
/// use isocenter_volume::{Affine, Ctx, Frame, Geometry, Volume};
///
/// let ctx = Ctx::default();
/// let grid = Geometry::new([256, 1, 1], Affine::IDENTITY, Frame::Unknown)?;
/// let image = |factor: f32| Volume::new((0..256).map(|n| factor * n as f32).collect::<Vec<_>>(), grid.clone());
/// let reference = Quantiles::of(&image(4.0)?, [256, 7], true, Region::All, None, &ctx)?;
/// let (out, _) = Step::HistogramMatch(HistogramMatch::new(reference, true)).apply(&image(1.0)?, None, &ctx)?;
/// assert!((out.voxels()[200] - 800.0).abs() < 1e-3);
/// # Ok::<_, isocenter_normalize::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct HistogramMatch {
    reference: Quantiles,
    levels: usize,
    threshold_at_mean: bool,
    region: Region,
}

impl HistogramMatch {
    /// Matches to a reference that was measured above its mean, or not: the image is measured likewise, with 256 levels.
    pub const fn new(reference: Quantiles, threshold_at_mean: bool) -> Self {
        Self { reference, levels: 256, threshold_at_mean, region: Region::All }
    }

    /// Sets the number of levels of the image's histogram.
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless there are from 2 to [`Quantiles::MAX_LEVELS`].
    pub fn levels(self, levels: usize) -> Result<Self, Error> {
        check_levels(levels)?;
        Ok(Self { levels, ..self })
    }

    /// Sets where the histogram is taken; every voxel is mapped.
    #[must_use]
    pub fn region(mut self, region: Region) -> Self {
        self.region = region;
        self
    }

    /// Finds the quantiles of an image.
    ///
    /// # Errors
    /// Those of [`Quantiles::of`].
    pub fn fit(&self, volume: &Volume<f32>, mask: Option<&Mask>, ctx: &Ctx<'_>) -> Result<Fitted, Error> {
        let counts = [self.levels, self.reference.count()];
        let found = Quantiles::of(volume, counts, self.threshold_at_mean, self.region, mask, ctx)?;
        let (from, to) = knots(found.values(), self.reference.values());
        let map = PieceMap::new(from, to, Ends::Hold)?;
        let fitted =
            Fitted::pieces(map, None).counting(volume.voxels().len() as u64, not_finite(volume.voxels(), ctx)?);
        Ok(fitted.measuring("threshold", found.values()[1]))
    }
}

/// The knots of the map: smallest to smallest, threshold to threshold, quantile to quantile, largest to largest.
///
/// The first level reaches below the threshold, and so may its quantiles. What they say counts from the threshold on.
fn knots(from: &[f64], to: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let threshold = from[1];
    let first = from.iter().skip(2).take_while(|v| **v < threshold).count() + 2;
    let (mut out_from, mut out_to) = (from[..2].to_vec(), to[..2].to_vec());
    if first > 2 {
        let width = from[first] - from[first - 1];
        let slope = if width > 0.0 { (to[first] - to[first - 1]) / width } else { 0.0 };
        out_from.push(threshold);
        out_to.push(to[first - 1] + slope * (threshold - from[first - 1]));
    }
    out_from.extend(&from[first..]);
    out_to.extend(&to[first..]);
    for n in 1..out_to.len() {
        out_to[n] = out_to[n].max(out_to[n - 1]);
    }
    (out_from, out_to)
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    reference: Quantiles,
    #[serde(default = "levels")]
    levels: usize,
    #[serde(default = "at_mean")]
    threshold_at_mean: bool,
    #[serde(default)]
    region: Region,
}

const fn levels() -> usize {
    256
}

const fn at_mean() -> bool {
    true
}

impl TryFrom<Repr> for HistogramMatch {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        Ok(Self::new(r.reference, r.threshold_at_mean).levels(r.levels)?.region(r.region))
    }
}

impl From<HistogramMatch> for Repr {
    fn from(step: HistogramMatch) -> Self {
        let HistogramMatch { reference, levels, threshold_at_mean, region } = step;
        Self { reference, levels, threshold_at_mean, region }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_below_the_threshold_counts_from_it_on() {
        let (from, to) = knots(&[0.0, 10.0, 5.0, 15.0, 20.0], &[0.0, 1.0, 2.0, 4.0, 5.0]);
        assert_eq!((from, to), (vec![0.0, 10.0, 10.0, 15.0, 20.0], vec![0.0, 1.0, 3.0, 4.0, 5.0]));
        let (from, to) = knots(&[0.0, 10.0, 15.0, 20.0], &[0.0, 3.0, 2.0, 5.0]);
        assert_eq!((from, to), (vec![0.0, 10.0, 15.0, 20.0], vec![0.0, 3.0, 3.0, 5.0]));
    }
}

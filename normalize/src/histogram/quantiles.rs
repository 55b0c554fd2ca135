//! Quantiles of an image above a threshold, from a histogram of equal levels.

use isocenter_volume::{
    Ctx, Mask, Volume,
    stats::{Extremes, Histogram, Moments, Selection},
};
use serde::{Deserialize, Serialize};

use crate::{Error, Region, pieces::ascending};

/// The smallest sample, a threshold, quantiles at equal steps of the samples above it, and the largest sample.
///
/// As SimpleITK's `HistogramMatching` measures them: a histogram of equal levels from the threshold to the largest sample, of which the
/// first level is taken to reach down to the smallest, and linear interpolation within a level. The threshold is the mean (to leave
/// a dark background out) or the smallest sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct Quantiles {
    values: Vec<f64>,
}

impl Quantiles {
    /// Most quantiles.
    pub const MAX: usize = 4096;
    /// Most levels.
    pub const MAX_LEVELS: usize = 1 << 20;

    /// Measures an image with so many levels and so many quantiles, above its mean or not.
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless there are from 2 to [`Quantiles::MAX_LEVELS`] levels and from 1 to [`Quantiles::MAX`] quantiles,
    /// [`Error::Constant`], [`Error::EmptyRegion`], [`Error::NotReal`], [`Error::Cancelled`].
    pub fn of(
        volume: &Volume<f32>,
        [levels, quantiles]: [usize; 2],
        threshold_at_mean: bool,
        region: Region,
        mask: Option<&Mask>,
        ctx: &Ctx<'_>,
    ) -> Result<Self, Error> {
        check_levels(levels)?;
        check_count(quantiles)?;
        let selection = region.select(volume, mask, ctx)?;
        let found = Extremes::over(&selection, ctx)?;
        let (Some(min), Some(max)) = (found.min(), found.max()) else {
            return Err(Error::EmptyRegion { region: region.name() });
        };
        if found.is_constant() {
            return Err(Error::Constant { what: "the range of values" });
        }
        let threshold = if threshold_at_mean { Moments::over(&selection, ctx)?.mean().clamp(min, max) } else { min };
        let histogram = counted(&selection, threshold, max, levels, ctx)?;
        let at = |n: usize| quantile(&histogram, min, n as f64 / (quantiles as f64 + 1.0)).clamp(min, max);
        let mut values = vec![min, threshold];
        values.extend((1..=quantiles).map(at));
        values.push(max);
        // rounding within a level may turn two quantiles about
        for n in 3..values.len() {
            values[n] = values[n].max(values[n - 1]);
        }
        Ok(Self { values })
    }

    fn new(values: Vec<f64>) -> Result<Self, Error> {
        check_count(values.len().saturating_sub(3))?;
        ascending("a quantile", &values[2..])?;
        ascending("the threshold", &[values[0], values[1], values[values.len() - 1]])?;
        if values[0] > values[2] {
            return Err(Error::BadParameter { what: "a quantile", wanted: "not below the smallest", found: values[2] });
        }
        Ok(Self { values })
    }

    /// How many quantiles there are between threshold and largest sample.
    pub fn count(&self) -> usize {
        self.values.len() - 3
    }

    /// Smallest sample, threshold, quantiles, largest sample.
    pub fn values(&self) -> &[f64] {
        &self.values
    }
}

pub(super) fn check_levels(levels: usize) -> Result<(), Error> {
    if (2..=Quantiles::MAX_LEVELS).contains(&levels) {
        return Ok(());
    }
    Err(Error::BadParameter { what: "levels", wanted: "from 2 to 2^20", found: levels as f64 })
}

fn check_count(quantiles: usize) -> Result<(), Error> {
    if (1..=Quantiles::MAX).contains(&quantiles) {
        return Ok(());
    }
    Err(Error::BadParameter { what: "match points", wanted: "from 1 to 4096", found: quantiles as f64 })
}

fn counted(
    selection: &Selection<'_, f32>,
    threshold: f64,
    max: f64,
    levels: usize,
    ctx: &Ctx<'_>,
) -> Result<Histogram, Error> {
    let constant = Error::Constant { what: "the range of values above the threshold" };
    let mut histogram = Histogram::new(threshold, max, levels).map_err(|_| constant)?;
    histogram.add_over(selection, ctx)?;
    Ok(histogram)
}

/// The value below which a share of the samples in the levels lies: counted from the nearer end, as ITK does, which decides where the
/// share falls on the edge of an empty level.
fn quantile(histogram: &Histogram, min: f64, share: f64) -> f64 {
    let total = histogram.total() as f64;
    let last = histogram.counts().len() - 1;
    let edges = |bin: usize| (if bin == 0 { min } else { histogram.bin_edge(bin) }, histogram.bin_edge(bin + 1));
    let mut seen = 0.0;
    if share < 0.5 {
        for (bin, &count) in histogram.counts().iter().enumerate() {
            let before = seen / total;
            seen += count as f64;
            if seen / total >= share || bin == last {
                let (low, high) = edges(bin);
                return low + (share - before) / (count as f64 / total) * (high - low);
            }
        }
    } else {
        for (bin, &count) in histogram.counts().iter().enumerate().rev() {
            let after = 1.0 - seen / total;
            seen += count as f64;
            if 1.0 - seen / total <= share || bin == 0 {
                let (low, high) = edges(bin);
                return high - (after - share) / (count as f64 / total) * (high - low);
            }
        }
    }
    min
}

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Repr(#[serde(with = "isocenter_volume::exact::list")] Vec<f64>);

impl TryFrom<Repr> for Quantiles {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        Self::new(r.0)
    }
}

impl From<Quantiles> for Repr {
    fn from(quantiles: Quantiles) -> Self {
        Self(quantiles.values)
    }
}

#[cfg(test)]
mod tests {
    use isocenter_volume::{Affine, Frame, Geometry};

    use super::*;

    #[test]
    fn even_values_have_even_quantiles() {
        let grid = Geometry::new([1000, 1, 1], Affine::IDENTITY, Frame::Unknown).unwrap();
        let image = Volume::new((0..1000).map(|n| n as f32).collect::<Vec<_>>(), grid).unwrap();
        let found = Quantiles::of(&image, [256, 3], false, Region::All, None, &Ctx::default()).unwrap();
        let wanted = [0.0, 0.0, 249.75, 499.5, 749.25, 999.0];
        assert!(found.values().iter().zip(wanted).all(|(a, b)| (a - b).abs() < 4.0), "{found:?}");
        let found = Quantiles::of(&image, [256, 1], true, Region::All, None, &Ctx::default()).unwrap();
        assert!((found.values()[1] - 499.5).abs() < 1e-9 && (found.values()[2] - 749.5).abs() < 4.0);
        assert!(Quantiles::of(&image, [1, 1], true, Region::All, None, &Ctx::default()).is_err());
        assert!(Quantiles::of(&image, [8, 0], true, Region::All, None, &Ctx::default()).is_err());
    }
}

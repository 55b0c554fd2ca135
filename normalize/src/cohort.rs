//! One item's part of a cohort's fingerprint.

use isocenter_volume::{
    Ctx, Mask, Volume,
    stats::{Extremes, Histogram, Merge, Moments},
};
use serde::{Deserialize, Serialize};

use crate::{Error, Region, version::Version};

/// What one item adds to the fingerprint of a cohort: moments, extremes and counts in fixed bins of its foreground.
///
/// Parts are gathered by id in a [`isocenter_volume::stats::Cohort`], which folds them in the order of ids, so that one worker or
/// eight come to the same bits; [`crate::Fingerprint::of_cohort`] reads the sum. Percentiles of a cohort are exact to one bin.
///
/// # Examples
/// ```
/// use isocenter_normalize::{Fingerprint, FingerprintPart, Region};
/// use isocenter_volume::{Affine, Ctx, Frame, Geometry, Volume, stats::Cohort};
///
/// let mut cohort = Cohort::new();
/// for (id, first) in [("b", 100.0f32), ("a", 0.0)] {
///     let grid = Geometry::new([100, 1, 1], Affine::IDENTITY, Frame::Unknown)?;
///     let image = Volume::new((0..100).map(|n| first + n as f32).collect::<Vec<_>>(), grid)?;
///     cohort.insert(id, FingerprintPart::of(&image, Region::All, None, &Ctx::default())?);
/// }
/// let found = Fingerprint::of_cohort(&cohort)?;
/// assert_eq!((found.mean, found.min, found.max), (99.5, 0.0, 199.0));
/// assert!((found.median - 99.5).abs() <= 1.0); // a bin is 1 HU wide
/// # Ok::<_, isocenter_normalize::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct FingerprintPart {
    moments: Moments,
    extremes: Extremes,
    histogram: Histogram,
}

impl FingerprintPart {
    /// Lower and upper end of the bins, the unit of the volume: what CT holds, extended scales and metal included.
    pub const RANGE: [f64; 2] = [-4096.0, 32_768.0];
    /// Number of bins: one for each Hounsfield unit.
    pub const BINS: usize = 36_864;

    /// Measures one item.
    ///
    /// # Errors
    /// [`Error::EmptyRegion`], [`Error::NotReal`], [`Error::Cancelled`], and what the mask may cause.
    pub fn of(volume: &Volume<f32>, region: Region, mask: Option<&Mask>, ctx: &Ctx<'_>) -> Result<Self, Error> {
        let selection = region.select(volume, mask, ctx)?;
        let moments = region.moments(&selection, ctx)?;
        let extremes = Extremes::over(&selection, ctx)?;
        let [low, high] = Self::RANGE;
        let mut histogram = Histogram::new(low, high, Self::BINS)?;
        histogram.add_over(&selection, ctx)?;
        Ok(Self { moments, extremes, histogram })
    }

    /// Count, mean and spread.
    pub const fn moments(&self) -> &Moments {
        &self.moments
    }

    /// Smallest and largest value.
    pub const fn extremes(&self) -> &Extremes {
        &self.extremes
    }

    /// The value below which `percent` of the samples lie, exact to one bin.
    pub fn percentile(&self, percent: f64) -> f64 {
        self.histogram.percentile(percent).unwrap_or(f64::NAN)
    }
}

impl Merge for FingerprintPart {
    fn merge(&mut self, other: &Self) -> Result<(), isocenter_volume::Error> {
        self.histogram.merge(&other.histogram)?;
        self.moments.merge(&other.moments)?;
        self.extremes.merge(&other.extremes)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    #[serde(default)]
    version: Version,
    moments: Moments,
    extremes: Extremes,
    histogram: Histogram,
}

impl TryFrom<Repr> for FingerprintPart {
    type Error = &'static str;

    fn try_from(r: Repr) -> Result<Self, Self::Error> {
        let (below, above, nan) = r.histogram.outside();
        let counts = [r.moments.count(), r.extremes.count(), r.histogram.total() + below + above];
        if nan > 0 || counts.iter().any(|&n| n != counts[0]) {
            return Err("moments, extremes and histogram are not of the same samples");
        }
        Ok(Self { moments: r.moments, extremes: r.extremes, histogram: r.histogram })
    }
}

impl From<FingerprintPart> for Repr {
    fn from(part: FingerprintPart) -> Self {
        let FingerprintPart { moments, extremes, histogram } = part;
        Self { version: Version::CURRENT, moments, extremes, histogram }
    }
}

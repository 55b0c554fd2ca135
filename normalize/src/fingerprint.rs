//! Foreground statistics of a CT, and nnU-Net's normalization by them.

use std::cmp::Ordering;

use isocenter_volume::{
    Ctx, Mask, Unit, Volume,
    stats::{Cohort, Extremes},
};
use serde::{Deserialize, Serialize};

use crate::{
    Error, FingerprintPart, Fitted, LinearMap, Output, Region,
    error::{number, positive},
    percentile,
    version::Version,
};

/// Intensity statistics of a foreground, in the unit of the volume; the fields of nnU-Net's fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
#[non_exhaustive]
pub struct Fingerprint {
    /// Mean.
    pub mean: f64,
    /// Standard deviation (`ddof` 0).
    pub std: f64,
    /// Median.
    pub median: f64,
    /// Percentile 0.5.
    pub percentile_00_5: f64,
    /// Percentile 99.5.
    pub percentile_99_5: f64,
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
}

impl Fingerprint {
    /// Measures one volume; percentiles are exact.
    ///
    /// # Errors
    /// [`Error::EmptyRegion`], [`Error::NotReal`], [`Error::Cancelled`], and what the mask may cause.
    pub fn of(volume: &Volume<f32>, region: Region, mask: Option<&Mask>, ctx: &Ctx<'_>) -> Result<Self, Error> {
        let selection = region.select(volume, mask, ctx)?;
        let moments = region.moments(&selection, ctx)?;
        let extremes = Extremes::over(&selection, ctx)?;
        let (ranks, _) = percentile::of(&selection, region, &PERCENTS, ctx)?;
        let at = |n: usize| ranks.get(n).copied().unwrap_or(f64::NAN);
        Self {
            mean: moments.mean(),
            std: moments.standard_deviation(0),
            median: at(1),
            percentile_00_5: at(0),
            percentile_99_5: at(2),
            min: extremes.min().unwrap_or(f64::NAN),
            max: extremes.max().unwrap_or(f64::NAN),
        }
        .checked()
    }

    /// The fingerprint of a cohort from the parts of its items; percentiles are those of the parts' bins.
    ///
    /// # Errors
    /// [`Error::EmptyRegion`] for a cohort without a sample, [`Error::Volume`] for parts of other bins.
    pub fn of_cohort(cohort: &Cohort<FingerprintPart>) -> Result<Self, Error> {
        let empty = Error::EmptyRegion { region: "cohort" };
        let Some(all) = cohort.finish()? else { return Err(empty) };
        let (Some(min), Some(max)) = (all.extremes().min(), all.extremes().max()) else { return Err(empty) };
        // what lies outside of the bins is in their ends
        let rank = |percent| all.percentile(percent).clamp(min, max);
        let [low, median, high] = PERCENTS.map(rank);
        let moments = all.moments();
        let (mean, std) = (moments.mean(), moments.standard_deviation(0));
        Self { mean, std, median, percentile_00_5: low, percentile_99_5: high, min, max }.checked()
    }

    fn checked(self) -> Result<Self, Error> {
        for (what, value) in [("mean", self.mean), ("std", self.std), ("min", self.min), ("max", self.max)] {
            number(what, value)?;
        }
        if self.std < 0.0 {
            return Err(Error::BadParameter { what: "std", wanted: "not below 0", found: self.std });
        }
        let ordered = [self.min, self.percentile_00_5, self.median, self.percentile_99_5, self.max];
        // a number that is none is not in order
        match ordered.windows(2).find(|w| w[0].partial_cmp(&w[1]).is_none_or(Ordering::is_gt)) {
            Some(w) => {
                Err(Error::BadParameter { what: "a percentile", wanted: "not below the one before", found: w[1] })
            }
            None => Ok(self),
        }
    }
}

/// The percentiles of a fingerprint.
const PERCENTS: [f64; 3] = [0.5, 50.0, 99.5];

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    #[serde(default)]
    version: Version,
    #[serde(with = "isocenter_volume::exact")]
    mean: f64,
    #[serde(with = "isocenter_volume::exact")]
    std: f64,
    #[serde(with = "isocenter_volume::exact")]
    median: f64,
    #[serde(with = "isocenter_volume::exact")]
    percentile_00_5: f64,
    #[serde(with = "isocenter_volume::exact")]
    percentile_99_5: f64,
    #[serde(with = "isocenter_volume::exact")]
    min: f64,
    #[serde(with = "isocenter_volume::exact")]
    max: f64,
}

impl TryFrom<Repr> for Fingerprint {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        let Repr { mean, std, median, percentile_00_5, percentile_99_5, min, max, version: _ } = r;
        Self { mean, std, median, percentile_00_5, percentile_99_5, min, max }.checked()
    }
}

impl From<Fingerprint> for Repr {
    fn from(f: Fingerprint) -> Self {
        let Fingerprint { mean, std, median, percentile_00_5, percentile_99_5, min, max } = f;
        Self { version: Version::CURRENT, mean, std, median, percentile_00_5, percentile_99_5, min, max }
    }
}

/// Clips to percentiles 0.5 and 99.5 of a cohort's foreground, then z-scores by its mean and deviation (nnU-Net's CT scheme).
///
/// The statistics are the cohort's, given in the recipe: nothing of the volume is measured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "NormalizeRepr", into = "NormalizeRepr")]
pub struct FingerprintNormalize {
    mean: f64,
    std: f64,
    limits: [f64; 2],
}

impl FingerprintNormalize {
    /// From mean and deviation of the cohort's foreground, and its percentiles 0.5 and 99.5.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for limits in the wrong order or a deviation that is not above 0.
    pub fn new(mean: f64, std: f64, limits: [f64; 2]) -> Result<Self, Error> {
        number("mean", mean)?;
        positive("std", std)?;
        LinearMap::between(limits[0], limits[1], Output::Keep, true)?;
        Ok(Self { mean, std, limits })
    }

    /// The map; nothing of the volume is measured.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for a deviation so small that its inverse is not finite.
    pub fn fit(&self, _volume: &Volume<f32>, _mask: Option<&Mask>, _ctx: &Ctx<'_>) -> Result<Fitted, Error> {
        let map = LinearMap::new(self.mean, 1.0 / self.std, 0.0)?.clipping(self.limits)?;
        Ok(Fitted::linear(map, Some(Unit::StandardDeviations)))
    }
}

impl TryFrom<Fingerprint> for FingerprintNormalize {
    type Error = Error;

    /// [`Error::Constant`] for a foreground of one value, but for the rounding of f32 ([`Extremes::is_constant`]).
    fn try_from(f: Fingerprint) -> Result<Self, Error> {
        if Extremes::of(&[f.min, f.max]).is_constant() {
            return Err(Error::Constant { what: "the standard deviation" });
        }
        Self::new(f.mean, f.std, [f.percentile_00_5, f.percentile_99_5])
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NormalizeRepr {
    #[serde(with = "isocenter_volume::exact")]
    mean: f64,
    #[serde(with = "isocenter_volume::exact")]
    std: f64,
    #[serde(with = "isocenter_volume::exact")]
    percentile_00_5: f64,
    #[serde(with = "isocenter_volume::exact")]
    percentile_99_5: f64,
}

impl TryFrom<NormalizeRepr> for FingerprintNormalize {
    type Error = Error;

    fn try_from(r: NormalizeRepr) -> Result<Self, Error> {
        Self::new(r.mean, r.std, [r.percentile_00_5, r.percentile_99_5])
    }
}

impl From<FingerprintNormalize> for NormalizeRepr {
    fn from(f: FingerprintNormalize) -> Self {
        Self { mean: f.mean, std: f.std, percentile_00_5: f.limits[0], percentile_99_5: f.limits[1] }
    }
}

//! Foreground statistics of a CT, and nnU-Net's normalization by them.

use isocenter_volume::{Unit, Volume};
use serde::{Deserialize, Serialize};

use crate::{Error, Fitted, LinearMap, Mask, Region, error, moments, percentile};

/// Intensity statistics of a foreground, in the unit of the volume; the fields of nnU-Net's fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
    /// Measures one volume.
    ///
    /// # Errors
    /// [`Error::EmptyRegion`], [`Error::NotReal`], and what the mask may cause.
    pub fn of(volume: &Volume<f32>, region: Region, mask: Option<Mask<'_>>) -> Result<Self, Error> {
        let selection = region.select(volume, mask)?;
        let found = moments::of(&selection)?;
        let (min, max) = moments::extremes(&selection)?;
        let (ranks, _) = percentile::of(&selection, &[0.5, 50.0, 99.5])?;
        let at = |n: usize| ranks.get(n).copied().unwrap_or(f64::NAN);
        Ok(Self {
            mean: found.mean,
            std: found.sd(0)?,
            median: at(1),
            percentile_00_5: at(0),
            percentile_99_5: at(2),
            min: f64::from(min),
            max: f64::from(max),
        })
    }
}

/// Clips to percentiles 0.5 and 99.5 of a cohort's foreground, then z-scores by its mean and deviation (nnU-Net's CT scheme).
///
/// The statistics are the cohort's, given in the recipe: nothing of the volume is measured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FingerprintNormalize {
    /// Mean of the cohort's foreground.
    pub mean: f64,
    /// Standard deviation of the cohort's foreground.
    pub std: f64,
    /// Lower limit.
    pub percentile_00_5: f64,
    /// Upper limit.
    pub percentile_99_5: f64,
}

impl From<Fingerprint> for FingerprintNormalize {
    fn from(f: Fingerprint) -> Self {
        Self { mean: f.mean, std: f.std, percentile_00_5: f.percentile_00_5, percentile_99_5: f.percentile_99_5 }
    }
}

impl FingerprintNormalize {
    /// The map; nothing of the volume is measured.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for limits in the wrong order or a deviation that is not above 0.
    pub fn fit(&self, _volume: &Volume<f32>, _mask: Option<Mask<'_>>) -> Result<Fitted, Error> {
        error::positive("std", self.std)?;
        let clip = LinearMap::between(self.percentile_00_5, self.percentile_99_5, crate::Output::Keep, true)?;
        let map = LinearMap { clip: clip.clip, ..LinearMap::new(self.mean, 1.0 / self.std, 0.0)? };
        Ok(Fitted::linear(map, Some(Unit::StandardDeviations)))
    }
}

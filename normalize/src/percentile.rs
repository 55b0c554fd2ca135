//! Exact percentiles of a region, and rescaling by them.
//!
//! The percentile `p` of `n` sorted samples is the value at rank `p / 100 * (n - 1)`, linear between neighbours: NumPy's
//! `linear`, method 7 of Hyndman and Fan (1996). The selection is [`isocenter_volume::stats::percentiles_over`]; what is added here is
//! the region.

use isocenter_volume::{
    Ctx, Mask, Unit, Volume,
    stats::{self, Selection},
};
use serde::{Deserialize, Serialize};

use crate::{Error, Fitted, LinearMap, Output, Region, fitted::not_finite};

/// Maps two percentiles of a region to the ends of a range.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct PercentileRescale {
    /// The lower percentile, 0 to 100; 1 by default.
    #[serde(with = "isocenter_volume::exact")]
    pub lower: f64,
    /// The upper percentile, 0 to 100; 99 by default.
    #[serde(with = "isocenter_volume::exact")]
    pub upper: f64,
    /// Where the percentiles go: a range, 0 to 1 by default, or their own values (winsorizing).
    pub out: Output,
    /// Whether values outside the percentiles are clipped to them; true by default.
    pub clip: bool,
    /// Where the percentiles are taken; everywhere by default.
    pub region: Region,
}

impl Default for PercentileRescale {
    fn default() -> Self {
        Self { lower: 1.0, upper: 99.0, out: Output::Range([0.0, 1.0]), clip: true, region: Region::All }
    }
}

impl PercentileRescale {
    /// Rescales between two percentiles of all voxels to 0..1, clipped.
    pub fn new(lower: f64, upper: f64) -> Self {
        Self { lower, upper, ..Self::default() }
    }

    /// Sets where the percentiles go.
    #[must_use]
    pub fn out(mut self, out: Output) -> Self {
        self.out = out;
        self
    }

    /// Sets whether values outside the percentiles are clipped to them.
    #[must_use]
    pub fn clip(mut self, clip: bool) -> Self {
        self.clip = clip;
        self
    }

    /// Sets where the percentiles are taken.
    #[must_use]
    pub fn region(mut self, region: Region) -> Self {
        self.region = region;
        self
    }

    /// Finds the two percentiles.
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless 0 <= lower < upper <= 100, [`Error::Constant`] where both percentiles are one value but for the
    /// rounding of f32 ([`stats::Extremes::is_constant`]) and a range is asked for, [`Error::EmptyRegion`], [`Error::Cancelled`].
    pub fn fit(&self, volume: &Volume<f32>, mask: Option<&Mask>, ctx: &Ctx<'_>) -> Result<Fitted, Error> {
        self.check()?;
        let selection = self.region.select(volume, mask, ctx)?;
        let (found, count) = of(&selection, self.region, &[self.lower, self.upper], ctx)?;
        self.of_values([found[0], found[1]], [count, not_finite(volume.voxels(), ctx)?])
    }

    /// The map from the two percentiles, which so many samples have, of an image of which so many are not finite.
    pub(crate) fn of_values(&self, found: [f64; 2], [count, not_finite]: [u64; 2]) -> Result<Fitted, Error> {
        if matches!(self.out, Output::Range(_)) && stats::Extremes::of(&found).is_constant() {
            return Err(Error::Constant { what: "the width of the range" });
        }
        let map = LinearMap::between(found[0], found[1], self.out, self.clip)?;
        let unit = match self.out {
            Output::Range(_) => Some(Unit::Ratio),
            Output::Keep => None,
        };
        Ok(Fitted::linear(map, unit)
            .counting(count, not_finite)
            .measuring("lower", found[0])
            .measuring("upper", found[1]))
    }

    /// Refuses percentiles that are none.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.lower >= self.upper {
            let (what, wanted) = ("lower percentile", "below the upper one");
            return Err(Error::BadParameter { what, wanted, found: self.lower });
        }
        in_range(&[self.lower, self.upper])
    }
}

fn in_range(wanted: &[f64]) -> Result<(), Error> {
    match wanted.iter().find(|p| !(0.0..=100.0).contains(*p)) {
        Some(&found) => Err(Error::BadParameter { what: "percentile", wanted: "between 0 and 100", found }),
        None => Ok(()),
    }
}

/// Percentiles (0 to 100) of the finite samples of a region, exact, linear between ranks.
///
/// # Errors
/// [`Error::BadParameter`] for a percentile outside 0..=100, [`Error::EmptyRegion`], [`Error::NotReal`], [`Error::Cancelled`].
pub fn percentiles(
    volume: &Volume<f32>,
    wanted: &[f64],
    region: Region,
    mask: Option<&Mask>,
    ctx: &Ctx<'_>,
) -> Result<Vec<f64>, Error> {
    Ok(of(&region.select(volume, mask, ctx)?, region, wanted, ctx)?.0)
}

/// The percentiles of a selection, and the number of its samples.
pub(crate) fn of(
    selection: &Selection<'_, f32>,
    region: Region,
    wanted: &[f64],
    ctx: &Ctx<'_>,
) -> Result<(Vec<f64>, u64), Error> {
    in_range(wanted)?;
    match stats::percentiles_over(selection, wanted, ctx) {
        Err(isocenter_volume::Error::Empty { .. }) => Err(Error::EmptyRegion { region: region.name() }),
        other => Ok(other?),
    }
}

#[cfg(test)]
mod tests {
    use isocenter_volume::{Affine, Frame, Geometry};

    use super::*;

    fn line(voxels: Vec<f32>) -> Volume<f32> {
        let grid = Geometry::new([voxels.len(), 1, 1], Affine::IDENTITY, Frame::Unknown).unwrap();
        Volume::new(voxels, grid).unwrap()
    }

    #[test]
    fn interpolates_between_ranks_of_finite_samples() {
        let image = line(vec![40.0, -10.0, f32::NAN, 20.0, 30.0, f32::INFINITY, 10.0]);
        let found = percentiles(&image, &[0.0, 50.0, 62.5, 100.0], Region::All, None, &Ctx::default()).unwrap();
        assert_eq!(found, [-10.0, 20.0, 25.0, 40.0]);
        let found = percentiles(&image, &[50.0], Region::Above(15.0), None, &Ctx::default()).unwrap();
        assert_eq!(found, [30.0]);
    }

    #[test]
    fn refuses_percentiles_that_meet() {
        assert_eq!(
            PercentileRescale::default().fit(&line(vec![7.0; 9]), None, &Ctx::default()).unwrap_err(),
            Error::Constant { what: "the width of the range" }
        );
        assert!(PercentileRescale::new(99.0, 1.0).fit(&line(vec![1.0, 2.0]), None, &Ctx::default()).is_err());
        assert!(PercentileRescale::new(1.0, 101.0).fit(&line(vec![1.0, 2.0]), None, &Ctx::default()).is_err());
        assert!(percentiles(&line(vec![f32::NAN]), &[1.0], Region::All, None, &Ctx::default()).is_err());
    }
}

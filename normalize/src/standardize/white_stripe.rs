//! The z-score of normal-appearing white matter.

use isocenter_volume::{
    Ctx, Mask, Unit, Volume,
    stats::{Moments, Selection, percentiles_over},
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Bandwidth, Peak, Rule};
use crate::{Error, Fitted, LinearMap, Region, error::number, fitted::not_finite, linear::BLOCK};

/// Takes off the mean of a stripe of values around the peak of white matter and divides by its standard deviation.
///
/// The stripe holds the values whose ranks are within `below` and `above` (shares of the samples) of the peak's. Shinohara and others:
/// Statistical normalization techniques for magnetic resonance imaging, NeuroImage: Clinical 6 (2014). Equal to
/// intensity-normalization's: a Gaussian density by Scott's rule at 80 points. The region is a brain mask, or voxels above 0 of an
/// image without skull.
///
/// # Examples
/// ```
/// use isocenter_normalize::{Region, Step, standardize::{Rule, WhiteStripe}};
/// use isocenter_volume::{Affine, Ctx, Frame, Geometry, Volume};
///
/// // grey matter about 60, white matter about 100
/// let tissue = |n: usize| [60.0, 100.0][n / 500] + (n * 619 % 1009) as f32 / 100.0 - 5.0;
/// let grid = Geometry::new([1000, 1, 1], Affine::IDENTITY, Frame::Unknown)?;
/// let image = Volume::new((0..1000).map(tissue).collect::<Vec<_>>(), grid)?;
/// let (_, record) = Step::WhiteStripe(WhiteStripe::new(Rule::Last)).apply(&image, None, &Ctx::default())?;
/// assert!((record.fitted().measured()["mean"] - 100.0).abs() < 3.0);
/// # Ok::<_, isocenter_normalize::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct WhiteStripe {
    peak: Peak,
    below: f64,
    above: f64,
    region: Region,
}

impl Default for WhiteStripe {
    fn default() -> Self {
        Self::new(Rule::Last)
    }
}

impl WhiteStripe {
    /// The stripe of 5 % of the samples below and 5 % above the peak of this rule, of voxels above 0.
    pub const fn new(rule: Rule) -> Self {
        let peak = Peak::new(rule, Bandwidth::Scott, 80);
        Self { peak, below: 0.05, above: 0.05, region: Region::Above(0.0) }
    }

    /// Sets how the peak is found.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for a tail, bandwidth or number of points that cannot be.
    pub fn peak(self, peak: Peak) -> Result<Self, Error> {
        peak.check()?;
        Ok(Self { peak, ..self })
    }

    /// Sets the shares of the samples (0 to 1) below and above the peak that the stripe holds.
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless both are from 0 to 1 and one is above 0.
    pub fn width(self, below: f64, above: f64) -> Result<Self, Error> {
        for found in [below, above] {
            if !(0.0..=1.0).contains(&found) {
                return Err(Error::BadParameter { what: "width of the stripe", wanted: "from 0 to 1", found });
            }
        }
        if below + above <= 0.0 {
            return Err(Error::BadParameter { what: "width of the stripe", wanted: "above 0", found: 0.0 });
        }
        Ok(Self { below, above, ..self })
    }

    /// Sets where the peak and the stripe are looked for; voxels above 0 by default. Every voxel is mapped.
    #[must_use]
    pub fn region(mut self, region: Region) -> Self {
        self.region = region;
        self
    }

    /// Finds the peak and the stripe.
    ///
    /// # Errors
    /// [`Error::Constant`] where the region or the stripe has one value, [`Error::EmptyRegion`], [`Error::NotReal`], [`Error::Cancelled`].
    pub fn fit(&self, volume: &Volume<f32>, mask: Option<&Mask>, ctx: &Ctx<'_>) -> Result<Fitted, Error> {
        let samples = self.region.select(volume, mask, ctx)?.samples(ctx)?;
        if samples.is_empty() {
            return Err(Error::EmptyRegion { region: self.region.name() });
        }
        let all = Selection::all(&samples);
        let limit = tail(&all, self.peak.percentile(), ctx)?;
        let (peak, _) = self.peak.find(&samples, limit, ctx)?;
        let below =
            samples.par_chunks(BLOCK).map(|b| b.iter().filter(|v| f64::from(**v) < peak).count()).sum::<usize>();
        let rank = below as f64 / samples.len() as f64;
        let ranks = [(rank - self.below).max(0.0), (rank + self.above).min(1.0)].map(|r| 100.0 * r);
        let (found, _) = percentiles_over(&all, &ranks, ctx)?;
        let (low, high) = (number("the stripe", found[0])?, number("the stripe", found[1])?);
        let stripe = Moments::over(&Selection::between(&samples, low, high), ctx)?;
        let sd = stripe.standard_deviation(0);
        if stripe.count() == 0 || sd <= 0.0 || !(1.0 / sd).is_finite() {
            return Err(Error::Constant { what: "the standard deviation of the stripe" });
        }
        let map = LinearMap::new(stripe.mean(), 1.0 / sd, 0.0)?;
        Ok(Fitted::linear(map, Some(Unit::StandardDeviations))
            .counting(stripe.count(), not_finite(volume.voxels(), ctx)?)
            .measuring("mean", stripe.mean())
            .measuring("sd", sd)
            .measuring("peak", peak)
            .measuring("lower", low)
            .measuring("upper", high))
    }
}

/// The value at a percentile of finite samples; no limit for 100.
pub(super) fn tail(samples: &Selection<'_, f32>, percentile: f64, ctx: &Ctx<'_>) -> Result<f64, Error> {
    if percentile >= 100.0 {
        return Ok(f64::INFINITY);
    }
    let (found, _) = percentiles_over(samples, &[percentile], ctx)?;
    Ok(found.first().copied().unwrap_or(f64::INFINITY))
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Repr {
    rule: Rule,
    #[serde(with = "isocenter_volume::exact")]
    below: f64,
    #[serde(with = "isocenter_volume::exact")]
    above: f64,
    #[serde(skip_serializing_if = "Option::is_none", with = "isocenter_volume::exact::optional")]
    tail_percentile: Option<f64>,
    bandwidth: Bandwidth,
    points: usize,
    region: Region,
}

impl Default for Repr {
    fn default() -> Self {
        WhiteStripe::default().into()
    }
}

impl TryFrom<Repr> for WhiteStripe {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        let peak = Peak { rule: r.rule, tail: r.tail_percentile, bandwidth: r.bandwidth, points: r.points };
        Ok(Self::default().peak(peak)?.width(r.below, r.above)?.region(r.region))
    }
}

impl From<WhiteStripe> for Repr {
    fn from(step: WhiteStripe) -> Self {
        let WhiteStripe { peak: Peak { rule, tail, bandwidth, points }, below, above, region } = step;
        Self { rule, below, above, tail_percentile: tail, bandwidth, points, region }
    }
}

//! Division by the peak of a tissue.

use isocenter_volume::{Ctx, Mask, Unit, Volume, stats::Selection};
use serde::{Deserialize, Serialize};

use super::{Bandwidth, Peak, Rule, white_stripe::tail};
use crate::{Error, Fitted, LinearMap, Region, error::positive, fitted::not_finite};

/// Divides by the value at the peak of a tissue in the density of a region's values; every voxel is mapped.
///
/// intensity-normalization calls it KDE and means a bandwidth of 1/80 of the largest value, the default here; version 3.0.1 takes
/// that width for a factor of the standard deviation, which smooths the peaks away ([`Bandwidth`]).
///
/// # Examples
/// ```
/// use isocenter_normalize::{Region, Step, standardize::{KdePeak, Rule}};
/// use isocenter_volume::{Affine, Ctx, Frame, Geometry, Volume};
///
/// let tissue = |n: usize| [60.0, 100.0][n / 500] + (n * 619 % 1009) as f32 / 100.0 - 5.0;
/// let grid = Geometry::new([1000, 1, 1], Affine::IDENTITY, Frame::Unknown)?;
/// let image = Volume::new((0..1000).map(tissue).collect::<Vec<_>>(), grid)?;
/// let (_, record) = Step::KdePeak(KdePeak::new(Rule::Last)).apply(&image, None, &Ctx::default())?;
/// assert!((record.fitted().measured()["peak"] - 100.0).abs() < 5.0);
/// # Ok::<_, isocenter_normalize::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct KdePeak {
    peak: Peak,
    region: Region,
}

impl Default for KdePeak {
    fn default() -> Self {
        Self::new(Rule::Last)
    }
}

impl KdePeak {
    /// Divides by the peak of this rule among voxels above 0; bandwidth 1/80 of the largest value, 512 points.
    pub const fn new(rule: Rule) -> Self {
        Self { peak: Peak::new(rule, Bandwidth::PartOfMax(1.0 / 80.0), 512), region: Region::Above(0.0) }
    }

    /// Sets how the peak is found.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for a tail, bandwidth or number of points that cannot be.
    pub fn peak(self, peak: Peak) -> Result<Self, Error> {
        peak.check()?;
        Ok(Self { peak, ..self })
    }

    /// Sets where the peak is looked for; voxels above 0 by default.
    #[must_use]
    pub fn region(mut self, region: Region) -> Self {
        self.region = region;
        self
    }

    /// Finds the peak.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for a peak that is not above 0, [`Error::Constant`], [`Error::EmptyRegion`], [`Error::NotReal`], [`Error::Cancelled`].
    pub fn fit(&self, volume: &Volume<f32>, mask: Option<&Mask>, ctx: &Ctx<'_>) -> Result<Fitted, Error> {
        let samples = self.region.select(volume, mask, ctx)?.samples(ctx)?;
        if samples.is_empty() {
            return Err(Error::EmptyRegion { region: self.region.name() });
        }
        let limit = tail(&Selection::all(&samples), self.peak.percentile(), ctx)?;
        let (peak, density) = self.peak.find(&samples, limit, ctx)?;
        let map = LinearMap::new(0.0, 1.0 / positive("the peak", peak)?, 0.0)?;
        Ok(Fitted::linear(map, Some(Unit::Ratio))
            .counting(samples.len() as u64, not_finite(volume.voxels(), ctx)?)
            .measuring("peak", peak)
            .measuring("bandwidth", density.bandwidth()))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Repr {
    rule: Rule,
    #[serde(skip_serializing_if = "Option::is_none", with = "isocenter_volume::exact::optional")]
    tail_percentile: Option<f64>,
    bandwidth: Bandwidth,
    points: usize,
    region: Region,
}

impl Default for Repr {
    fn default() -> Self {
        KdePeak::default().into()
    }
}

impl TryFrom<Repr> for KdePeak {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        let peak = Peak { rule: r.rule, tail: r.tail_percentile, bandwidth: r.bandwidth, points: r.points };
        Ok(Self::default().peak(peak)?.region(r.region))
    }
}

impl From<KdePeak> for Repr {
    fn from(step: KdePeak) -> Self {
        let KdePeak { peak: Peak { rule, tail, bandwidth, points }, region } = step;
        Self { rule, tail_percentile: tail, bandwidth, points, region }
    }
}

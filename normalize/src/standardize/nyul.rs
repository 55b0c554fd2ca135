//! Piecewise-linear standardization of the histogram.

use isocenter_volume::{Ctx, Mask, Unit, Volume, stats::Extremes};
use serde::{Deserialize, Serialize};

use super::{StandardScale, scale::landmarks};
use crate::{Error, Fitted, PieceMap, Region, fitted::not_finite, pieces::Ends};

/// Maps the percentiles of a region of an image to a standard scale, linear between them.
///
/// Equal to intensity-normalization's Nyul with the percentiles of [`StandardScale::DECILES`], and to TorchIO's
/// `HistogramStandardization` with those of [`StandardScale::DECILES_AND_QUARTILES`] less the quartiles; both go on along the end
/// pieces. Percentiles that meet (a background that was left in) make a jump, as in TorchIO.
///
/// # Examples
/// ```
/// use isocenter_normalize::{Region, Step, standardize::{Nyul, StandardScale}};
/// use isocenter_volume::{Affine, Ctx, Frame, Geometry, Volume};
///
/// let grid = Geometry::new([101, 1, 1], Affine::IDENTITY, Frame::Unknown)?;
/// let image = Volume::new((0..=100).map(|n| 5.0 * n as f32).collect::<Vec<_>>(), grid)?;
/// let scale = StandardScale::new(vec![0.0, 50.0, 100.0], vec![0.0, 20.0, 100.0])?;
/// let step = Step::Nyul(Nyul::new(scale).region(Region::All));
/// let (out, _) = step.apply(&image, None, &Ctx::default())?;
/// assert_eq!((out.voxels()[25], out.voxels()[75]), (10.0, 60.0));
/// # Ok::<_, isocenter_normalize::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct Nyul {
    scale: StandardScale,
    region: Region,
    ends: Ends,
}

impl Nyul {
    /// Maps to this scale from the percentiles of voxels above 0; values beyond go on along the end pieces.
    pub const fn new(scale: StandardScale) -> Self {
        Self { scale, region: Region::Above(0.0), ends: Ends::Extrapolate }
    }

    /// Sets where the percentiles are taken; every voxel is mapped.
    #[must_use]
    pub fn region(mut self, region: Region) -> Self {
        self.region = region;
        self
    }

    /// Sets what becomes of values beyond the first and the last percentile.
    #[must_use]
    pub fn ends(mut self, ends: Ends) -> Self {
        self.ends = ends;
        self
    }

    /// The scale that is mapped to.
    pub const fn scale(&self) -> &StandardScale {
        &self.scale
    }

    /// Finds the percentiles of an image.
    ///
    /// # Errors
    /// [`Error::Constant`] where the first and the last percentile are one value but for rounding, [`Error::EmptyRegion`], [`Error::NotReal`], [`Error::Cancelled`].
    pub fn fit(&self, volume: &Volume<f32>, mask: Option<&Mask>, ctx: &Ctx<'_>) -> Result<Fitted, Error> {
        let (found, count) = landmarks(volume, self.scale.percentiles(), self.region, mask, ctx)?;
        self.of_values(found, [count, not_finite(volume.voxels(), ctx)?])
    }

    /// The map from the percentiles, which so many samples have, of an image of which so many are not finite.
    pub(crate) fn of_values(&self, found: Vec<f64>, [count, not_finite]: [u64; 2]) -> Result<Fitted, Error> {
        if Extremes::of(&found).is_constant() {
            return Err(Error::Constant { what: "the width of the range" });
        }
        let map = PieceMap::new(found, self.scale.values().to_vec(), self.ends)?;
        Ok(Fitted::pieces(map, Some(Unit::Ratio)).counting(count, not_finite))
    }

    /// Where the percentiles are taken.
    pub(crate) const fn taken(&self) -> Region {
        self.region
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    #[serde(with = "isocenter_volume::exact::list")]
    percentiles: Vec<f64>,
    #[serde(with = "isocenter_volume::exact::list")]
    scale: Vec<f64>,
    #[serde(default = "foreground")]
    region: Region,
    #[serde(default)]
    ends: Ends,
}

const fn foreground() -> Region {
    Region::Above(0.0)
}

impl TryFrom<Repr> for Nyul {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        Ok(Self { scale: StandardScale::new(r.percentiles, r.scale)?, region: r.region, ends: r.ends })
    }
}

impl From<Nyul> for Repr {
    fn from(step: Nyul) -> Self {
        let (percentiles, scale) = (step.scale.percentiles().to_vec(), step.scale.values().to_vec());
        Self { percentiles, scale, region: step.region, ends: step.ends }
    }
}

//! Matching the whole distribution to that of a reference.

use isocenter_volume::{Ctx, Mask, Volume, stats::Extremes};
use serde::{Deserialize, Serialize};

use super::Cdf;
use crate::{Error, Fitted, PieceMap, Region, fitted::not_finite, pieces::Ends};

/// Brings every value to the one that has its rank in a reference.
///
/// Equal to scikit-image's `match_histograms` where image and reference have at most [`Cdf::MAX`] distinct values; of more, ranks are
/// right to one in 65,536.
///
/// # Examples
/// ```
/// use isocenter_normalize::{Region, Step, histogram::{Cdf, CdfMatch}};
/// use isocenter_volume::{Affine, Ctx, Frame, Geometry, Volume};
///
/// let ctx = Ctx::default();
/// let grid = Geometry::new([4, 1, 1], Affine::IDENTITY, Frame::Unknown)?;
/// let reference = Volume::new(vec![10.0f32, 40.0, 20.0, 30.0], grid.clone())?;
/// let step = CdfMatch::new(Cdf::of(&reference, Cdf::MAX, Region::All, None, &ctx)?);
/// let image = Volume::new(vec![3.0f32, 1.0, 7.0, 2.0], grid)?;
/// let (out, _) = Step::CdfMatch(step).apply(&image, None, &ctx)?;
/// assert_eq!(out.voxels(), [30.0, 10.0, 40.0, 20.0]);
/// # Ok::<_, isocenter_normalize::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CdfMatch {
    reference: Cdf,
    #[serde(default)]
    region: Region,
}

impl CdfMatch {
    /// Matches all voxels to this distribution.
    pub const fn new(reference: Cdf) -> Self {
        Self { reference, region: Region::All }
    }

    /// Sets where the image's distribution is taken; every voxel is mapped.
    #[must_use]
    pub fn region(mut self, region: Region) -> Self {
        self.region = region;
        self
    }

    /// Finds the distribution of an image.
    ///
    /// # Errors
    /// [`Error::Constant`] for an image of one value, [`Error::EmptyRegion`], [`Error::NotReal`], [`Error::Cancelled`].
    pub fn fit(&self, volume: &Volume<f32>, mask: Option<&Mask>, ctx: &Ctx<'_>) -> Result<Fitted, Error> {
        let found = Cdf::of(volume, Cdf::MAX, self.region, mask, ctx)?;
        if Extremes::of(found.values()).is_constant() {
            return Err(Error::Constant { what: "the range of values" });
        }
        let mut to: Vec<f64> = found.shares().iter().map(|s| self.reference.value_at(*s)).collect();
        // rounding may turn two values about
        for n in 1..to.len() {
            to[n] = to[n].max(to[n - 1]);
        }
        let map = PieceMap::new(found.values().to_vec(), to, Ends::Hold)?;
        Ok(Fitted::pieces(map, None).counting(volume.voxels().len() as u64, not_finite(volume.voxels(), ctx)?))
    }
}

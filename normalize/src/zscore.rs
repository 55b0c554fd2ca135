//! Z-score: how many standard deviations a value lies from the mean of a region.

use isocenter_volume::{
    Ctx, Mask, Unit, Volume,
    stats::{Extremes, Moments},
};
use serde::{Deserialize, Serialize};

use crate::{Error, Fitted, LinearMap, Region};

/// Takes off the mean of a region and divides by its standard deviation; every voxel is mapped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct ZScore {
    /// Where mean and deviation are taken; everywhere by default.
    pub region: Region,
    /// Degrees of freedom taken off the count: 0 (NumPy, MONAI, nnU-Net; the default) or 1 (TorchIO).
    pub ddof: u8,
    /// Whether voxels that are exactly 0 stay 0, as MONAI's `nonzero` has it; false by default.
    pub keep_zeros: bool,
}

impl ZScore {
    /// Mean and deviation over a region, `ddof` 0, every voxel mapped.
    pub fn new(region: Region) -> Self {
        Self { region, ..Self::default() }
    }

    /// Sets the degrees of freedom taken off the count.
    #[must_use]
    pub fn ddof(mut self, ddof: u8) -> Self {
        self.ddof = ddof;
        self
    }

    /// Keeps voxels that are exactly 0 at 0.
    #[must_use]
    pub fn keep_zeros(mut self, keep: bool) -> Self {
        self.keep_zeros = keep;
        self
    }

    /// Measures mean and deviation.
    ///
    /// # Errors
    /// [`Error::Constant`] for a region of one value, or of values that differ by the rounding of f32 alone
    /// ([`Extremes::is_constant`]); [`Error::EmptyRegion`], [`Error::TooFew`], [`Error::Cancelled`].
    pub fn fit(&self, volume: &Volume<f32>, mask: Option<&Mask>, ctx: &Ctx<'_>) -> Result<Fitted, Error> {
        let selection = self.region.select(volume, mask, ctx)?;
        let found = self.region.moments(&selection, ctx)?;
        self.of_moments(&found, || Ok(Extremes::over(&selection, ctx)?))
    }

    /// The map from moments. The extremes are looked for only where the deviation is so small against the mean that they may be one value.
    pub(crate) fn of_moments(
        &self,
        found: &Moments,
        extremes: impl FnOnce() -> Result<Extremes, Error>,
    ) -> Result<Fitted, Error> {
        let ddof = u64::from(self.ddof);
        if found.count() <= ddof {
            return Err(Error::TooFew { wanted: ddof + 1, found: found.count() });
        }
        let sd = found.standard_deviation(ddof);
        let is_near = sd <= NEAR * found.mean().abs();
        if sd <= 0.0 || !(1.0 / sd).is_finite() || (is_near && extremes()?.is_constant()) {
            return Err(Error::Constant { what: "the standard deviation" });
        }
        let map = LinearMap::new(found.mean(), 1.0 / sd, 0.0)?.keeping_zeros(self.keep_zeros);
        Ok(Fitted::linear(map, Some(Unit::StandardDeviations))
            .counting(found.count(), found.not_finite())
            .measuring("mean", found.mean())
            .measuring("sd", sd))
    }
}

/// Deviation over mean below which a region may be constant: a range of 16 units in the last place leaves no larger one, `ddof` included.
const NEAR: f64 = 32.0 * f32::EPSILON as f64;

#[cfg(test)]
mod tests {
    use isocenter_volume::{Affine, Frame, Geometry, LabelMap};

    use super::*;

    fn line(voxels: Vec<f32>) -> Volume<f32> {
        let grid = Geometry::new([voxels.len(), 1, 1], Affine::IDENTITY, Frame::Unknown).unwrap();
        Volume::new(voxels, grid).unwrap()
    }

    #[test]
    fn a_constant_image_is_an_error() {
        let error = ZScore::default().fit(&line(vec![0.1; 100]), None, &Ctx::default()).unwrap_err();
        assert_eq!(error, Error::Constant { what: "the standard deviation" });
        assert_eq!(
            ZScore::default().ddof(1).fit(&line(vec![1.0]), None, &Ctx::default()),
            Err(Error::TooFew { wanted: 2, found: 1 })
        );
    }

    #[test]
    fn a_label_map_is_a_mask_where_it_lies_on_the_grid() {
        let image = line(vec![1.0, 3.0, 100.0]);
        let ctx = Ctx::default();
        let map = LabelMap::new(vec![vec![1u32, 5, 0]], image.geometry().clone(), vec![]).unwrap();
        let mask = Mask::of_labels(&map).unwrap();
        let fitted = ZScore::new(Region::Mask).fit(&image, Some(&mask), &ctx).unwrap();
        assert_eq!((fitted.measured()["mean"], fitted.measured()["sd"], fitted.samples()), (2.0, 1.0, 2));
        let away = Geometry::new([3, 1, 1], Affine::translation_by([0.0, 5.0, 0.0]), Frame::Unknown).unwrap();
        let away = ZScore::new(Region::Mask).fit(&image, Some(&Mask::full(away)), &ctx);
        assert_eq!(away.unwrap_err().reason(), "grid-mismatch");
    }

    #[test]
    fn undoes_itself() {
        let image = line(vec![1.0, 3.0, 8.0]);
        let ctx = Ctx::default();
        let fitted = ZScore::default().fit(&image, None, &ctx).unwrap();
        let back = fitted.inverse(Unit::Hu).unwrap().apply(&fitted.apply(&image, &ctx).unwrap(), &ctx).unwrap();
        // the z-scores are rounded to f32 once
        assert!(back.voxels().iter().zip(image.voxels()).all(|(a, b)| (a - b).abs() <= 1e-6));
        assert_eq!(back.scaling().unit(), &Unit::Hu);
    }
}

//! The part of a volume that a statistic is taken over.
//!
//! A [`Region`] is a description that a recipe can hold; for one volume and mask it becomes a
//! [`Selection`] of samples. Samples that are not finite are never selected.

use isocenter_volume::{
    Ctx, Mask, Volume,
    stats::{Moments, Selection},
};
use serde::{Deserialize, Serialize};

use crate::{BrainMask, Error, error::number, head};

/// The voxels that a statistic is taken over. In a recipe: `"all"`, `"head"`, `"brain"`, `{ above = 0.0 }`, ...
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Region {
    /// Every voxel.
    #[default]
    All,
    /// Voxels above a value (exclusive), in the unit of the volume.
    Above(#[serde(with = "isocenter_volume::exact")] f64),
    /// Voxels between two values, both exclusive, in the unit of the volume.
    Between(#[serde(with = "isocenter_volume::exact")] f64, #[serde(with = "isocenter_volume::exact")] f64),
    /// Voxels that are not exactly 0.
    NonZero,
    /// Voxels above the mean of all voxels.
    AboveMean,
    /// The mask that the caller hands in.
    Mask,
    /// The head (or body) against air: see [`crate::head`]. Taken from the first step of a volume with slow axes.
    Head,
    /// The brain in an MR of a head: see [`crate::brain`], with its defaults. Taken from the first step of a volume with slow axes.
    Brain,
}

impl Region {
    /// Its name in a recipe.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Above(_) => "above",
            Self::Between(..) => "between",
            Self::NonZero => "non_zero",
            Self::AboveMean => "above_mean",
            Self::Mask => "mask",
            Self::Head => "head",
            Self::Brain => "brain",
        }
    }

    /// Decides which samples of a volume belong to the region.
    ///
    /// # Errors
    /// [`Error::NotReal`], [`Error::MaskNeeded`], [`Error::Volume`] for a mask that does not lie on the volume's grid,
    /// [`Error::BadParameter`], [`Error::Cancelled`], and what [`crate::head::mask`] and [`BrainMask::find`] may end with.
    pub fn select<'a>(
        &self,
        volume: &'a Volume<f32>,
        mask: Option<&Mask>,
        ctx: &Ctx<'_>,
    ) -> Result<Selection<'a, f32>, Error> {
        if !volume.scaling().is_identity() {
            return Err(Error::NotReal);
        }
        let voxels = volume.voxels();
        Ok(match *self {
            Self::All => Selection::all(voxels),
            Self::Above(low) => Selection::above(voxels, number("above", low)?),
            Self::Between(low, high) => Selection::between(voxels, number("between", low)?, number("between", high)?),
            Self::NonZero => Selection::non_zero(voxels),
            Self::AboveMean => Selection::above(voxels, self.moments(&Selection::all(voxels), ctx)?.mean()),
            Self::Mask => {
                let mask = mask.ok_or(Error::MaskNeeded)?;
                mask.require_on(volume.geometry())?;
                Selection::masked(voxels, mask)?
            }
            Self::Head => Selection::masked(voxels, &head::mask(volume, ctx)?)?,
            Self::Brain => Selection::masked(voxels, &BrainMask::default().find(volume, ctx)?)?,
        })
    }

    /// The region of a volume's first step as a mask: finite samples alone.
    ///
    /// # Errors
    /// As [`Region::select`].
    pub(crate) fn mask(&self, volume: &Volume<f32>, mask: Option<&Mask>, ctx: &Ctx<'_>) -> Result<Mask, Error> {
        if !volume.scaling().is_identity() {
            return Err(Error::NotReal);
        }
        Ok(match *self {
            Self::All => Mask::of_values(volume, |_| true),
            Self::Above(low) => Mask::above(volume, number("above", low)?),
            Self::Between(low, high) => {
                let (low, high) = (number("between", low)?, number("between", high)?);
                Mask::of_values(volume, |v| v > low && v < high)
            }
            Self::NonZero => Mask::of_values(volume, |v| v != 0.0),
            Self::AboveMean => Mask::above(volume, self.moments(&Selection::all(volume.voxels()), ctx)?.mean()),
            Self::Mask => {
                let mask = mask.ok_or(Error::MaskNeeded)?;
                mask.require_on(volume.geometry())?;
                mask.and(&Mask::of_values(volume, |_| true).onto(mask.geometry())?)?
            }
            Self::Head => head::mask(volume, ctx)?,
            Self::Brain => {
                let found = BrainMask::default().find(volume, ctx)?;
                found.and(&Mask::of_values(&volume.extract_step(0)?, |_| true).onto(found.geometry())?)?
            }
        })
    }

    /// The moments of a selection of this region.
    pub(crate) fn moments(&self, selection: &Selection<'_, f32>, ctx: &Ctx<'_>) -> Result<Moments, Error> {
        let found = Moments::over(selection, ctx)?;
        if found.count() == 0 { Err(Error::EmptyRegion { region: self.name() }) } else { Ok(found) }
    }
}

/// Mean and spread of the finite samples of a region of a volume, in one pass.
///
/// # Errors
/// [`Error::EmptyRegion`], and those of [`Region::select`].
pub fn moments(volume: &Volume<f32>, region: Region, mask: Option<&Mask>, ctx: &Ctx<'_>) -> Result<Moments, Error> {
    region.moments(&region.select(volume, mask, ctx)?, ctx)
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
    fn a_large_mean_costs_no_digits() {
        let image = line((0..1001).map(|n| 1e6 + n as f32 / 8.0).collect());
        let m = moments(&image, Region::All, None, &Ctx::default()).unwrap();
        assert!((m.mean() - (1e6 + 62.5)).abs() < 1e-9);
        // variance of 0..=1000 is (1001^2 - 1) / 12
        assert!((m.standard_deviation(0) - (83_500.0f64).sqrt() / 8.0).abs() < 1e-10);
    }

    #[test]
    fn an_empty_region_and_a_mask_elsewhere_are_errors() {
        let (image, ctx) = (line(vec![0.0, 0.0]), Ctx::default());
        let found = moments(&image, Region::NonZero, None, &ctx);
        assert_eq!(found, Err(Error::EmptyRegion { region: "non_zero" }));
        assert_eq!(moments(&image, Region::Mask, None, &ctx), Err(Error::MaskNeeded));
        let other = Mask::full(line(vec![0.0]).geometry().clone());
        let found = moments(&image, Region::Mask, Some(&other), &ctx).unwrap_err();
        assert_eq!((found.reason(), found.family()), ("grid-mismatch", isocenter_volume::Family::Unsuited));
    }
}

//! Replacing samples that are no number.

use isocenter_volume::{Ctx, Mask, Volume};
use serde::{Deserialize, Serialize};

use crate::{Error, Fitted, LinearMap, error::number};

/// Puts a value in the place of NaN and infinite samples; every other sample is kept.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct FillNonFinite {
    with: f64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    #[serde(with = "isocenter_volume::exact")]
    with: f64,
}

impl FillNonFinite {
    /// Replaces by a value, in the unit of the volume.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for a value that is no number itself.
    pub fn new(with: f64) -> Result<Self, Error> {
        Ok(Self { with: number("with", with)? })
    }

    /// The value, in the unit of the volume.
    pub const fn with(&self) -> f64 {
        self.with
    }

    /// The map, and how many samples it will replace in this volume.
    ///
    /// # Errors
    /// [`Error::NotReal`], [`Error::Cancelled`].
    pub fn fit(&self, volume: &Volume<f32>, _mask: Option<&Mask>, ctx: &Ctx<'_>) -> Result<Fitted, Error> {
        if !volume.scaling().is_identity() {
            return Err(Error::NotReal);
        }
        let map = LinearMap::IDENTITY.filling(self.with)?;
        let not_finite = crate::fitted::not_finite(volume.voxels(), ctx)?;
        Ok(Fitted::linear(map, None).counting(volume.voxels().len() as u64, not_finite))
    }
}

impl TryFrom<Repr> for FillNonFinite {
    type Error = Error;

    fn try_from(repr: Repr) -> Result<Self, Error> {
        Self::new(repr.with)
    }
}

impl From<FillNonFinite> for Repr {
    fn from(fill: FillNonFinite) -> Self {
        Self { with: fill.with }
    }
}

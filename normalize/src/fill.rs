//! Replacing samples that are no number.

use isocenter_volume::Volume;
use serde::{Deserialize, Serialize};

use crate::{Error, Fitted, LinearMap, Mask, error::number, fitted::not_finite};

/// Puts a value in the place of NaN and infinite samples; every other sample is kept.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FillNonFinite {
    /// The value, in the unit of the volume.
    pub with: f64,
}

impl FillNonFinite {
    /// The map, and how many samples it will replace in this volume.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for a value that is no number itself, [`Error::NotReal`].
    pub fn fit(&self, volume: &Volume<f32>, _mask: Option<Mask<'_>>) -> Result<Fitted, Error> {
        if !volume.scaling().is_identity() {
            return Err(Error::NotReal);
        }
        let map = LinearMap { fill: Some(number("with", self.with)?), ..LinearMap::IDENTITY };
        Ok(Fitted::linear(map, None).counting(volume.voxels().len() as u64, not_finite(volume.voxels())))
    }
}

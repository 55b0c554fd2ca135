//! Scaling, turning and shifting.

use isocenter_volume::{Affine as Map, Geometry, provenance::Parameter};
use serde::{Deserialize, Serialize};

use super::{Range, draws::Draws, range::within, rigid};
use crate::Error;

/// Scales, turns and shifts about the centre of the grid, along and about the axes of the world. As TorchIO's `RandomAffine`.
///
/// An image of one slice stays in its plane: it is turned by the last angle, and scaled and shifted along its own axes by the first two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Affine {
    /// Factors of size, one for each axis; above 1 things grow ([0.9, 1.1]).
    pub scales: Range,
    /// Angles about x, y and z, degrees ([-10, 10]).
    pub degrees: Range,
    /// Shifts along x, y and z, mm ([0, 0]).
    pub translation_mm: Range,
    /// Whether one factor serves all axes (false).
    pub isotropic: bool,
}

impl Default for Affine {
    fn default() -> Self {
        Self {
            scales: Range::new(0.9, 1.1),
            degrees: Range::around_zero(10.0),
            translation_mm: Range::new(0.0, 0.0),
            isotropic: false,
        }
    }
}

/// The numbers of an [`Affine`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawnAffine {
    #[serde(with = "isocenter_volume::exact::array")]
    scales: [f64; 3],
    #[serde(with = "isocenter_volume::exact::array")]
    degrees: [f64; 3],
    #[serde(with = "isocenter_volume::exact::array")]
    translation_mm: [f64; 3],
}

impl Affine {
    pub(super) fn check(&self) -> Result<(), Error> {
        self.scales.check("the scales", LEAST_SCALE, MOST_SCALE)?;
        self.degrees.check("the degrees", -MOST_DEGREES, MOST_DEGREES)?;
        self.translation_mm.check("the translation", -MOST_MM, MOST_MM)
    }

    pub(super) fn draw(&self, draws: &mut Draws, strength: f64) -> DrawnAffine {
        let scales = draws.three(self.scales).map(|scale| 1.0 + (scale - 1.0) * strength);
        DrawnAffine {
            scales: if self.isotropic { [scales[0]; 3] } else { scales },
            degrees: draws.three(self.degrees).map(|v| v * strength),
            translation_mm: draws.three(self.translation_mm).map(|v| v * strength),
        }
    }
}

impl DrawnAffine {
    /// The map of things in the world of the input to where they are in the result, mm.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for a grid of one voxel along two axes.
    pub fn forward(&self, reference: &Geometry) -> Result<Map, Error> {
        rigid::about(reference, self.scales, self.degrees, self.translation_mm)
    }

    pub(super) fn map(&self, reference: &Geometry) -> Result<Map, Error> {
        let none = Error::BadParameter { what: "a scale", wanted: "above 0", found: self.scales[0] };
        self.forward(reference)?.inverse().ok_or(none)
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        self.scales.iter().try_for_each(|v| within("a scale", *v, LEAST_SCALE, MOST_SCALE))?;
        self.degrees.iter().try_for_each(|v| within("an angle", *v, -MOST_DEGREES, MOST_DEGREES))?;
        self.translation_mm.iter().try_for_each(|v| within("a shift", *v, -MOST_MM, MOST_MM))
    }

    pub(super) fn is_identity(&self) -> bool {
        self.scales == [1.0; 3] && self.degrees == [0.0; 3] && self.translation_mm == [0.0; 3]
    }

    pub(super) fn parameters(&self) -> Vec<(&'static str, Parameter)> {
        let numbers = |v: [f64; 3]| Parameter::Numbers(v.to_vec());
        vec![
            ("scales", numbers(self.scales)),
            ("degrees", numbers(self.degrees)),
            ("translation_mm", numbers(self.translation_mm)),
        ]
    }
}

const LEAST_SCALE: f64 = 0.01;
const MOST_SCALE: f64 = 100.0;
pub(super) const MOST_DEGREES: f64 = 360.0;
pub(super) const MOST_MM: f64 = 1e4;

//! What takes the place of a face.

use isocenter_dcm::InstanceFrame;
use isocenter_volume::{Head, Real, Unit};
use serde::{Deserialize, Serialize};

use super::Error;

/// What takes the place of a face, as a real value (slope and intercept applied).
///
/// The image's own: -1000 HU where values are Hounsfield units or the image is a CT; in any other DICOM image the real value 0; in any other volume its
/// least finite value, which is 0 of magnitude images and the background's of images that were normalized. It is rounded to the nearest stored value, and
/// moved to the end of the range where Bits Stored and sign do not reach. A volume whose planes have scalings of their own (PET) gets the real value 0. Pixel Padding Value is not taken: it would say that nothing was measured there.
/// Colour, and what has no real values, becomes black.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Background {
    /// The image's own.
    #[default]
    Own,
    /// A real value: HU of a CT, the scanner's units of an MR.
    Value(f64),
}

/// Air, HU.
const AIR_HU: f64 = -1000.0;

impl Background {
    /// The stored value, not rounded, for one frame of gray.
    pub(super) fn of_frame(self, frame: &InstanceFrame<'_>) -> Result<f64, Error> {
        let facts = frame.scaling()?;
        if facts.modality_lut {
            return Err(Error::Unsupported { what: "an image whose real values come from a Modality LUT" });
        }
        let modality = frame.instance().modality();
        let is_ct = facts.unit == Unit::Hu || modality.is_some_and(|modality| modality.trim() == "CT");
        let real = match self {
            Self::Value(value) => value,
            Self::Own if is_ct => AIR_HU,
            Self::Own => 0.0,
        };
        Ok(facts.rescale()?.invert(real))
    }

    /// The stored value for each plane of a volume, all steps.
    pub(super) fn of_samples<T: Real>(self, head: &Head, samples: &[T]) -> Vec<T> {
        let scaling = head.scaling();
        let real = match (self, scaling.as_uniform()) {
            (Self::Value(value), _) => value,
            (Self::Own, _) if *scaling.unit() == Unit::Hu => AIR_HU,
            // the sample itself, so that no rounding makes a lesser one of it
            (Self::Own, Some(rescale)) => return vec![least(samples, rescale.slope() > 0.0); head.planes()],
            (Self::Own, None) => 0.0,
        };
        (0..head.planes()).map(|plane| T::from_f64(scaling.of_plane(plane).invert(real))).collect()
    }
}

/// The least finite sample, or the greatest where that stands for the least value; 0 where there is none.
fn least<T: Real>(samples: &[T], ascending: bool) -> T {
    let finite = samples.iter().copied().filter(|sample| sample.to_f64().is_finite());
    let is_less = |a: &T, b: &T| if ascending { a < b } else { a > b };
    finite.reduce(|a, b| if is_less(&b, &a) { b } else { a }).unwrap_or_default()
}

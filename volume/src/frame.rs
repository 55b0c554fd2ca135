//! What the world of an affine is: the patient, an unknown space, or the pixel grid itself.

use crate::Error;

/// The space that a [`crate::Geometry`] maps into.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Frame {
    /// The DICOM patient coordinate system, LPS+ millimetres; the Frame of Reference UID where it is known.
    ///
    /// Two volumes of the same UID share their coordinates (PS3.3 C.7.4.1).
    Patient(Option<String>),
    /// Millimetres whose axes nobody states: Analyze, NIfTI with both form codes 0, NRRD without `space`.
    Unknown,
    /// Pixels of a picture without a place in the patient: a radiograph, a secondary capture, a PNG.
    Pixel,
}

impl Frame {
    /// Whether left and right of the patient are known.
    pub fn is_patient(&self) -> bool {
        matches!(self, Self::Patient(_))
    }

    /// Whether coordinates of one may be read as coordinates of the other: the same kind of world, and not two patient frames that
    /// name different Frame of Reference UIDs. A frame that names none agrees with one that does, since most formats cannot.
    ///
    /// # Errors
    /// [`Error::FrameMismatch`].
    pub fn agrees_with(&self, other: &Self) -> Result<(), Error> {
        match (self, other) {
            (Self::Patient(Some(a)), Self::Patient(Some(b))) if a != b => {
                Err(Error::FrameMismatch { what: "two patient frames of different reference" })
            }
            (Self::Patient(_), Self::Patient(_)) | (Self::Unknown, Self::Unknown) | (Self::Pixel, Self::Pixel) => {
                Ok(())
            }
            _ => Err(Error::FrameMismatch {
                what: "one lies in a patient and the other does not; state it with assume_patient_frame",
            }),
        }
    }

    /// Whether both are patient frames with one and the same Frame of Reference UID.
    pub fn is_same_patient_frame(&self, other: &Self) -> bool {
        matches!((self, other), (Self::Patient(Some(a)), Self::Patient(Some(b))) if a == b)
    }
}

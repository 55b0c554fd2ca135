//! What was decided or lost on the way to DICOM.

use isocenter_dcm::Tag;

use super::put::keyword;

/// Something worth telling of the way to DICOM.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// Values were rounded to 16-bit numbers.
    Quantized {
        /// The largest distance of a written real value from the volume's, in its unit.
        largest_error: f64,
    },
    /// Slope or intercept have more digits than a decimal string of 16 characters.
    ScalingRounded {
        /// The largest distance of a written real value from the volume's, in its unit.
        largest_error: f64,
    },
    /// An attribute that must have a value has one that nothing stated.
    Assumed {
        /// The attribute.
        tag: Tag,
    },
    /// A value of the reference is none of its VR and was not carried over.
    Dropped {
        /// The attribute.
        tag: Tag,
    },
    /// The volume's frame of reference is another than that of the reference; the volume's counts.
    OtherFrameOfReference,
    /// Slices were written in the opposite order, because the volume is left-handed; each lies where it lay.
    SlicesReversed,
}

impl Warning {
    /// A stable code in kebab case.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Quantized { .. } => "quantized",
            Self::ScalingRounded { .. } => "scaling-rounded",
            Self::Assumed { .. } => "assumed",
            Self::Dropped { .. } => "dropped",
            Self::OtherFrameOfReference => "other-frame-of-reference",
            Self::SlicesReversed => "slices-reversed",
        }
    }
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())?;
        match self {
            Self::Quantized { largest_error } | Self::ScalingRounded { largest_error } => {
                write!(f, " (largest error {largest_error:e})")
            }
            Self::Assumed { tag } | Self::Dropped { tag } => write!(f, " ({})", keyword(*tag)),
            _ => Ok(()),
        }
    }
}

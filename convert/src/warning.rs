//! What was decided on the way to a volume that a reader may want to know.

#[cfg(feature = "serde")]
mod stored;
mod words;

/// A decision worth telling. No variant holds a value that may be a patient's.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(into = "stored::Stored"))]
#[non_exhaustive]
pub enum Warning {
    /// One slice: its extent along k is Slice Thickness (0018,0050).
    ThicknessFromSliceThickness,
    /// One slice: its extent along k is Spacing Between Slices (0018,0088).
    ThicknessFromSpacing,
    /// One slice whose thickness nobody states: 1 mm.
    ThicknessAssumed,
    /// The step from slice to slice is not along the normal (a tilted gantry): the affine is sheared.
    Sheared {
        /// The angle between step and normal, degrees.
        degrees: f64,
    },
    /// Slice positions differ from the fitted line, within the tolerance.
    Residual {
        /// The largest distance, mm.
        mm: f64,
    },
    /// The slices are not evenly spaced: those of an even grid were interpolated between them.
    Evened {
        /// Slices that were acquired.
        stated: usize,
        /// Slices of the volume.
        slices: usize,
    },
    /// Slice Thickness or Spacing Between Slices differs from the distance between positions, which is what counts.
    SpacingDisagrees {
        /// The step from positions, mm.
        step_mm: f64,
        /// What the header says, mm.
        stated_mm: f64,
    },
    /// A picture without a place in the patient and without a pixel spacing: 1 mm.
    SpacingAssumed,
    /// The slices are tiles of a picture, and nothing states which way they follow each other: the maker's usual way was taken.
    SliceDirectionAssumed,
    /// Gradients are stated along frequency and phase, and nothing states which of them lies along rows: phase along columns was taken.
    GradientFrameAssumed,
    /// Images of one step state different diffusion weightings, or one states none: the steps have no gradient table.
    WeightingsDisagree,
    /// The series has other images at this very place, and nothing states an order: each is a volume of its own.
    SamePlace,
    /// Frames of one lattice that a value sets apart were joined into this volume; the code names the value.
    Joined {
        /// `joined-over-` and the value.
        code: &'static str,
    },
    /// The series holds more images, and this volume is one slice of it or a part of its places; the code names what set it apart.
    SetApart {
        /// `set-apart-by-` and the value.
        code: &'static str,
    },
    /// An image of this series is kept out, unreadable perhaps: the volume may lack slices.
    SliceLeftOut {
        /// Images that were kept out.
        images: usize,
    },
    /// The last repetition was cut off; the volume holds the whole ones.
    RepetitionCutOff,
    /// Some slices state no rescale and the others state slope 1 and intercept 0: all are taken as that.
    RescaleAssumed,
    /// The series has no Series Instance UID; the file stands alone.
    NoSeriesUid,
    /// MONOCHROME1: small values are meant to look white. Samples are as stored.
    Monochrome1,
    /// The pixels were compressed with loss.
    Lossy,
    /// The dose is so small that it must be in megabecquerel; it was multiplied by a million.
    DoseInMegabecquerel,
    /// The start of the injection is after the scan; the day before was taken.
    InjectionDayBefore,
    /// The injection is stated to be after the scan; no SUV can be computed.
    InjectionAfterScan,
    /// The time that activity is corrected to cannot be told; no SUV can be computed.
    NoReferenceTime,
    /// The time that activity is corrected to, by the rule named.
    ReferenceTime {
        /// `series-time`, `private`, `back-computed`, `acquisition-time` or `administration`.
        rule: &'static str,
    },
    /// Something was repaired when a file was opened; the reader's own code.
    Repaired {
        /// The code of the repair.
        code: &'static str,
    },
}

impl Warning {
    /// A stable code in kebab case.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ThicknessFromSliceThickness => "thickness-from-slice-thickness",
            Self::ThicknessFromSpacing => "thickness-from-spacing",
            Self::ThicknessAssumed => "thickness-assumed",
            Self::Sheared { .. } => "sheared",
            Self::Residual { .. } => "residual",
            Self::Evened { .. } => "evened",
            Self::SpacingDisagrees { .. } => "spacing-disagrees",
            Self::SpacingAssumed => "spacing-assumed",
            Self::SliceDirectionAssumed => "slice-direction-assumed",
            Self::GradientFrameAssumed => "gradient-frame-assumed",
            Self::WeightingsDisagree => "weightings-disagree",
            Self::SamePlace => "same-place",
            Self::SliceLeftOut { .. } => "slice-left-out",
            Self::RepetitionCutOff => "repetition-cut-off",
            Self::RescaleAssumed => "rescale-assumed",
            Self::InjectionAfterScan => "injection-after-scan",
            Self::NoSeriesUid => "no-series-uid",
            Self::Monochrome1 => "monochrome1",
            Self::Lossy => "lossy",
            Self::DoseInMegabecquerel => "dose-in-megabecquerel",
            Self::InjectionDayBefore => "injection-day-before",
            Self::NoReferenceTime => "no-reference-time",
            Self::ReferenceTime { .. } => "reference-time",
            Self::Repaired { code } | Self::Joined { code } | Self::SetApart { code } => code,
        }
    }
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())?;
        match self {
            Self::Sheared { degrees } => write!(f, " ({degrees:.2} degrees)"),
            Self::Residual { mm } => write!(f, " ({mm:.4} mm)"),
            Self::Evened { stated, slices } => write!(f, " ({slices} of {stated})"),
            Self::SpacingDisagrees { step_mm, stated_mm } => {
                write!(f, " (step {step_mm:.4} mm, stated {stated_mm:.4} mm)")
            }
            Self::SliceLeftOut { images } => write!(f, " ({images})"),
            Self::ReferenceTime { rule } => write!(f, " ({rule})"),
            _ => Ok(()),
        }
    }
}

//! Codes: value, scheme and meaning.
//!
//! Source: DICOM PS3.3 section 8.8 (Code Sequence Macro), PS3.16.

use isocenter_dcm::{Dataset, Tag, VR, tags};
use isocenter_volume::Unit;

use super::{grammar, put};

/// A coded concept.
///
/// ```
/// use isocenter_convert::to_dicom::Code;
/// let adc = Code::new("113041", "DCM", "Apparent Diffusion Coefficient");
/// assert!(adc.is_ok());
/// assert!(Code::new("", "DCM", "nothing").is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Code {
    value: String,
    scheme: String,
    meaning: String,
}

/// A code whose value, scheme or meaning is empty or too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("value and scheme of a code are of 1 to 16 characters, its meaning of 1 to 64")]
pub struct BadCode;

impl Code {
    /// A code by its value, the designator of its scheme (`DCM`, `SCT`, `UCUM`) and its meaning in words.
    ///
    /// # Errors
    /// [`BadCode`].
    pub fn new(
        value: impl Into<String>,
        scheme: impl Into<String>,
        meaning: impl Into<String>,
    ) -> Result<Self, BadCode> {
        let code = Self { value: value.into(), scheme: scheme.into(), meaning: meaning.into() };
        let fits = |vr, text: &str| !text.trim().is_empty() && !text.contains('\\') && grammar::is_value(vr, text);
        let is_sound = fits(VR::SH, &code.value) && fits(VR::SH, &code.scheme) && fits(VR::LO, &code.meaning);
        if is_sound { Ok(code) } else { Err(BadCode) }
    }

    /// The code of a unit in UCUM; units that nobody knows count as 1, as does what has none.
    pub fn of_unit(unit: &Unit) -> Self {
        let (value, meaning) = match unit {
            Unit::Hu => ("[hnsf'U]", "Hounsfield unit"),
            Unit::BqPerMl => ("Bq/ml", "Becquerels/milliliter"),
            Unit::Counts => ("{counts}", "Counts"),
            Unit::SuvBw => ("g/ml{SUVbw}", "Standardized Uptake Value body weight"),
            Unit::StandardDeviations => ("{sd}", "standard deviations"),
            Unit::Ratio => ("1", "ratio"),
            Unit::Other(code) => match Self::new(code, "UCUM", code) {
                Ok(code) => return code,
                Err(_) => ("1", "no units"),
            },
            _ => ("1", "no units"),
        };
        Self::fixed(value, "UCUM", meaning)
    }

    pub(super) fn fixed(value: &str, scheme: &str, meaning: &str) -> Self {
        Self { value: value.to_owned(), scheme: scheme.to_owned(), meaning: meaning.to_owned() }
    }

    /// Puts it as the one item of a sequence.
    pub(super) fn put(&self, ds: &mut Dataset, tag: Tag) {
        put::item(ds, tag, |item| {
            put::text(item, tags::CODE_VALUE, &*self.value);
            put::text(item, tags::CODING_SCHEME_DESIGNATOR, &*self.scheme);
            put::text(item, tags::CODE_MEANING, &*self.meaning);
        });
    }
}

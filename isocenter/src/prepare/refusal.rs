//! Why one item is kept out: a stable code and one sentence without a value of the input.

use isocenter_volume::Family;

/// Of an image whose voxels have one value, but for rounding; also the warning where such an image is kept.
pub(crate) const CONSTANT: &str = "constant-image";
/// Of an image all of whose voxels are NaN or infinite.
pub(crate) const NOTHING_FINITE: &str = "no-finite-voxel";

/// Of a label map in which no voxel is labelled; also the warning where such a one is kept.
pub(crate) const EMPTY_LABELS: &str = "empty-label-map";

/// Why an item goes to quarantine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) reason: String,
    pub(crate) detail: String,
    pub(crate) family: Family,
}

impl Refusal {
    /// What is wrong with the item itself.
    pub(crate) fn new(reason: &str, detail: impl Into<String>) -> Self {
        Self { reason: reason.to_owned(), detail: detail.into(), family: Family::Unsuited }
    }

    fn of_family(self, family: Family) -> Self {
        Self { family, ..self }
    }
}

impl From<isocenter_volume::Error> for Refusal {
    fn from(error: isocenter_volume::Error) -> Self {
        use isocenter_volume::Error as E;
        let reason = match error {
            E::NoPatientFrame | E::Limit { .. } | E::NotALabel { .. } | E::SampleType { .. } => error.reason(),
            _ => "geometry",
        };
        Self::new(reason, error.to_string()).of_family(error.family())
    }
}

impl From<isocenter_convert::Error> for Refusal {
    fn from(error: isocenter_convert::Error) -> Self {
        let sentence = error.verdict().map_or_else(|| error.to_string(), |verdict| verdict.to_string());
        Self::new(error.reason(), sentence).of_family(error.family())
    }
}

impl From<isocenter_normalize::Error> for Refusal {
    fn from(error: isocenter_normalize::Error) -> Self {
        use isocenter_normalize::Error as E;
        let reason = match error {
            E::Constant { .. } => CONSTANT,
            _ => "normalization",
        };
        Self::new(reason, error.to_string()).of_family(error.family())
    }
}

impl From<isocenter_register::Error> for Refusal {
    fn from(error: isocenter_register::Error) -> Self {
        use isocenter_register::Error as E;
        let reason = match error {
            E::NoContrast { .. } => CONSTANT,
            E::NothingFinite { .. } => NOTHING_FINITE,
            _ => "registration",
        };
        Self::new(reason, error.to_string()).of_family(error.family())
    }
}

impl From<isocenter_formats::Error> for Refusal {
    fn from(error: isocenter_formats::Error) -> Self {
        use isocenter_formats::Error as E;
        // a text of the file is not told: nobody has looked at whom it names
        let detail = match &error {
            E::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
                return Self::new("data-file-missing", "a file that the header names for its voxels is not there")
                    .of_family(Family::Malformed);
            }
            E::Malformed { field, .. } => format!("the field {field} is not what the format allows"),
            E::Unsupported { what, .. } => format!("not supported: {what}"),
            other => other.to_string(),
        };
        Self::new(error.reason(), detail).of_family(error.family())
    }
}

//! Why one item is kept out: a stable code and one sentence without a value of the input.

/// Why an item goes to quarantine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) reason: String,
    pub(crate) detail: String,
}

impl Refusal {
    pub(crate) fn new(reason: &str, detail: impl Into<String>) -> Self {
        Self { reason: reason.to_owned(), detail: detail.into() }
    }
}

impl From<isocenter_volume::Error> for Refusal {
    fn from(error: isocenter_volume::Error) -> Self {
        use isocenter_volume::Error as E;
        let reason = match error {
            E::NoPatientFrame => "no-patient-frame",
            E::Limit { .. } => "limit",
            E::NotALabel { .. } => "not-a-label",
            E::SampleType { .. } => "sample-type",
            E::Cancelled => "interrupted",
            _ => "geometry",
        };
        Self::new(reason, error.to_string())
    }
}

impl From<isocenter_normalize::Error> for Refusal {
    fn from(error: isocenter_normalize::Error) -> Self {
        Self::new("normalization", error.to_string())
    }
}

impl From<isocenter_register::Error> for Refusal {
    fn from(error: isocenter_register::Error) -> Self {
        Self::new("registration", error.to_string())
    }
}

impl From<isocenter_formats::Error> for Refusal {
    fn from(error: isocenter_formats::Error) -> Self {
        use isocenter_formats::Error as E;
        // a text of the file is not told: nobody has looked at whom it names
        let detail = match &error {
            E::Malformed { field, .. } => format!("the field {field} is not what the format allows"),
            E::Unsupported { what, .. } => format!("not supported: {what}"),
            other => other.to_string(),
        };
        Self::new(error.reason(), detail)
    }
}

//! The DICOM JSON model: a data set as JSON, and back.
//!
//! Text is Unicode and Specific Character Set, where there is one, says `ISO_IR 192`; group lengths and the file meta group are
//! left out. IS, DS, SV and UV are JSON numbers where the number gives the value back as it was written, else strings
//! (`1.50` stays `1.50`; 64-bit numbers beyond 2^53 are strings, since most readers of JSON would round them). FL and FD that
//! are no number are `"NaN"`, `"inf"` and `"-inf"`; read are `Infinity` and `-Infinity` too. An empty value among several is
//! `null`. Trailing `=` of a person name and padding of IS and DS are not kept.
//!
//! Encapsulated pixel data has no inline form in JSON. It is refused, unless the caller names a place for it
//! ([`to_value_with`]); what stands elsewhere is refused on reading, unless the caller fetches it ([`from_value_with`]).
//!
//! Source: DICOM PS3.18 annex F, edition 2025a (F.2.3: strings for IS, DS, SV, UV; F.2.5: empty values; F.2.6, F.2.7: bulk).
//!
//! # Examples
//! ```
//! use isocenter_dcm::{Dataset, VR, dicom_core::DataElement, json, tags};
//! let mut ds = Dataset::new_empty();
//! ds.put(DataElement::new(tags::PATIENT_NAME, VR::PN, "Yamada^Tarou=山田^太郎"));
//! let text = json::to_string(&ds)?;
//! assert_eq!(text, r#"{"00100010":{"Value":[{"Alphabetic":"Yamada^Tarou","Ideographic":"山田^太郎"}],"vr":"PN"}}"#);
//! assert_eq!(json::from_str(&text)?, ds);
//! # Ok::<_, isocenter_dcm::Error>(())
//! ```

mod number;
mod read;
mod write;

/// The JSON values this module speaks in.
pub use serde_json;
use serde_json::Value;

use crate::{Dataset, Element, Error, Tag, VR};

/// A data set as JSON text.
///
/// # Errors
/// As [`to_value`].
pub fn to_string(dataset: &Dataset) -> Result<String, Error> {
    Ok(to_value(dataset)?.to_string())
}

/// A data set as a JSON object.
///
/// # Errors
/// [`Error::UnsupportedPixels`] for encapsulated pixel data, [`Error::BadValue`] where a value does not fit its VR,
/// [`Error::Limit`] for sequences nested deeper than a file may have them.
pub fn to_value(dataset: &Dataset) -> Result<Value, Error> {
    to_value_with(dataset, &mut |_| None)
}

/// As [`to_value`], but the value of an element that `place` gives a URI for is left out, and the URI stands for it.
///
/// `place` is asked for every element but sequences, nested ones included.
///
/// # Errors
/// As [`to_value`].
pub fn to_value_with(dataset: &Dataset, place: &mut dyn FnMut(&Element) -> Option<String>) -> Result<Value, Error> {
    write::dataset(dataset, place, 0)
}

/// A data set from JSON text.
///
/// # Errors
/// [`Error::Malformed`] where the text is no JSON, and as [`from_value`].
pub fn from_str(text: &str) -> Result<Dataset, Error> {
    let value: Value =
        serde_json::from_str(text).map_err(|_| Error::Malformed { tag: None, what: "text that is not JSON" })?;
    from_value(&value)
}

/// A data set from a JSON object.
///
/// # Errors
/// [`Error::Malformed`] where it is not of the model or a value is not of its VR, [`Error::Missing`] where a value stands
/// elsewhere (`BulkDataURI`), [`Error::Limit`] for sequences nested deeper than a file may have them.
pub fn from_value(value: &Value) -> Result<Dataset, Error> {
    from_value_with(value, &mut |_, _, _| None)
}

/// Fetches a value that stands elsewhere, by tag, VR and URI.
pub type Fetch<'a> = dyn FnMut(Tag, VR, &str) -> Option<Vec<u8>> + 'a;

/// As [`from_value`], but values that stand elsewhere are asked of `fetch`, by tag, VR and URI: their bytes in little endian
/// order, text in UTF-8; no bytes for an empty value; `None` refuses the element.
///
/// # Errors
/// As [`from_value`].
pub fn from_value_with(value: &Value, fetch: &mut Fetch<'_>) -> Result<Dataset, Error> {
    read::dataset(value, fetch, 0)
}

//! Keyed pseudonyms: the same original gives the same pseudonym under one key, and tells nothing without it.
//!
//! A plain hash of an identifier can be reversed by trying all identifiers (PS3.15 E.1.1 warns of it); an HMAC-SHA-256 under a
//! secret [`Key`] cannot. Nothing is stored: workers, runs and machines that share the key agree.
//!
//! # Examples
//! ```
//! use isocenter_deid::{Key, Pseudonyms};
//! let names = Pseudonyms::new(&Key::demo());
//! assert_eq!(names.uid("1.2.840.10008.5.1.4.1.1.2"), "1.2.840.10008.5.1.4.1.1.2"); // the class of CT images
//! assert!(names.uid("1.2.3.4").starts_with("2.25."));
//! assert_eq!(names.patient_id("MRN1", "").len(), 13);
//! assert_eq!(names.patient_id("MRN1 ", ""), names.patient_id("MRN1", "")); // padding is not part of an id
//! ```

mod assigned;
mod told;

use std::sync::Arc;

use data_encoding::{BASE32_NOPAD, Specification};

use isocenter_files::Key;

pub use assigned::{Assigned, Table};
pub use told::{Pair, Patient, Told};

/// The least and the most days that dates go back.
const SHIFT_DAYS: std::ops::RangeInclusive<i64> = 30..=3650;

/// Pseudonyms under one key.
#[derive(Clone, Debug)]
pub struct Pseudonyms {
    key: Key,
    assigned: Option<Arc<dyn Assigned>>,
    told: Option<Arc<Told>>,
}

impl Pseudonyms {
    /// Pseudonyms under `key`.
    pub fn new(key: &Key) -> Self {
        Self { key: key.clone(), assigned: None, told: None }
    }

    /// Asks first whether a pseudonym is assigned otherwise.
    #[must_use]
    pub fn with_assigned(mut self, assigned: Arc<dyn Assigned>) -> Self {
        self.assigned = Some(assigned);
        self
    }

    /// Keeps a record of every original that is asked for from now on, and of what it became.
    #[must_use]
    pub fn telling(mut self, told: Arc<Told>) -> Self {
        self.told = Some(told);
        self
    }

    /// The public name of the key, see [`Key::id`].
    pub fn key_id(&self) -> String {
        self.key.id()
    }

    /// `2.25.` and a 128-bit number, at most 44 characters; UIDs under DICOM's own root 1.2.840.10008 (classes, transfer
    /// syntaxes, well-known frames of reference, coding schemes) stay. Padding is not part of a UID; an empty one stays empty.
    pub fn uid(&self, original: &str) -> String {
        let assigned = self.assigned.as_ref().and_then(|assigned| assigned.uid(trim(original)));
        let new = assigned.unwrap_or_else(|| self.key.uid(original));
        if new != trim(original) {
            self.tell(Pair::Uid, original, &new);
        }
        new
    }

    /// `P` and 12 characters of base 32 (60 bits); fits every VR of an id. `issuer` may be empty.
    pub fn patient_id(&self, id: &str, issuer: &str) -> String {
        if let Some(assigned) = self.assigned_value("PatientID", id_of(id)) {
            return assigned;
        }
        let digest = self.key.mac("patient", &[trim(id).as_bytes(), trim(issuer).as_bytes()]);
        let mut text = BASE32_NOPAD.encode(&digest[..8]);
        text.truncate(12);
        format!("P{text}")
    }

    /// 16 characters of lower-case base 32 (80 bits) for any value, apart by domain: file ids, study ids.
    pub fn token(&self, domain: &str, value: &str) -> String {
        let digest = self.key.mac("token", &[domain.as_bytes(), value.as_bytes()]);
        lower_case_base32().map_or_else(String::new, |encoding| encoding.encode(&digest[..10]))
    }

    /// The token of an element's value, by its keyword.
    pub(crate) fn element_token(&self, keyword: &str, value: &str) -> String {
        let token = self.token(keyword, value);
        self.tell(Pair::Value { keyword: keyword.to_owned() }, value, &token);
        token
    }

    /// What is assigned in place of an element's value, by its keyword.
    pub(crate) fn assigned_value(&self, keyword: &str, original: &str) -> Option<String> {
        let new = self.assigned.as_ref()?.value(keyword, trim(original))?;
        self.tell(Pair::Value { keyword: keyword.to_owned() }, original, &new);
        Some(new)
    }

    /// The record, where one is kept.
    pub(crate) fn told(&self) -> Option<&Told> {
        self.told.as_deref()
    }

    fn tell(&self, pair: Pair, original: &str, new: &str) {
        if let Some(told) = &self.told {
            told.note(pair, trim(original), new);
        }
    }

    /// 128 bits for any value, apart by domain, for pseudonyms that have to be numbers.
    pub fn number(&self, domain: &str, value: &str) -> u128 {
        self.key.bits("number", &[domain.as_bytes(), value.as_bytes()])
    }

    /// By how many days a patient's dates move: back, so never into the future, by 30 to 3650 days.
    pub fn date_shift_days(&self, patient: &str) -> i64 {
        if let Some(days) = self.assigned.as_ref().and_then(|assigned| assigned.date_shift_days(id_of(patient))) {
            return days;
        }
        let bits = self.key.bits("date shift", &[trim(patient).as_bytes()]);
        let (least, most) = (*SHIFT_DAYS.start(), *SHIFT_DAYS.end());
        // 3621 values from 2^128: the bias is below 2^-116.
        let days = bits % (most - least + 1) as u128;
        -(least + days as i64)
    }

    /// A number that puts values in an order which only the key knows, for splits.
    pub fn order(&self, domain: &str, value: &str) -> [u8; 32] {
        self.key.mac("order", &[domain.as_bytes(), value.as_bytes()])
    }
}

/// The Patient ID in the text of a patient's key.
fn id_of(patient: &str) -> &str {
    trim(patient.split('\n').next().unwrap_or(patient))
}

fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c == '\0' || c.is_whitespace())
}

fn lower_case_base32() -> Option<data_encoding::Encoding> {
    let mut specification = Specification::new();
    specification.symbols.push_str("abcdefghijklmnopqrstuvwxyz234567");
    specification.encoding().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Pseudonyms {
        Pseudonyms::new(&Key::demo())
    }

    #[test]
    fn lengths_are_fixed_and_fit() {
        for value in ["", "x", "a long value with spaces, and more than sixteen characters"] {
            assert_eq!(names().token("file", value).len(), 16);
            assert_eq!(names().patient_id(value, "").len(), 13);
            assert!(names().uid("9.9.9.9").len() <= 44);
        }
    }

    #[test]
    fn domains_issuers_and_keys_keep_apart() {
        assert_ne!(names().token("a", "x"), names().token("b", "x"));
        assert_ne!(names().patient_id("1", "A"), names().patient_id("1", "B"));
        assert_ne!(names().uid("1.2.3"), Pseudonyms::new(&Key::from_bytes([0; 32])).uid("1.2.3"));
        assert_ne!(names().order("split", "x"), names().order("split", "y"));
    }

    #[test]
    fn shifts_stay_within_bounds_and_spread() {
        let shifts: Vec<i64> = (0..500).map(|n| names().date_shift_days(&n.to_string())).collect();
        assert!(shifts.iter().all(|days| (-3650..=-30).contains(days)));
        let mean = shifts.iter().sum::<i64>() / 500;
        assert!((-2100..=-1580).contains(&mean), "mean of a uniform draw is -1840, five standard errors are 234");
    }

    #[test]
    fn values_never_change_between_versions() {
        // Computed apart, with Python's hmac. A change here breaks every crosswalk in the field.
        assert_eq!(names().uid("1.2.3"), "2.25.95019213007860942810870519216978381668");
        assert_eq!(names().patient_id("MRN1", ""), "PV7UOAXOLZGOM");
        assert_eq!(names().token("file", "x"), "m34dudinnguys3xq");
        assert_eq!(names().date_shift_days("MRN1"), -3028);
    }
}

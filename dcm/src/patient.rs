//! Whose an instance is: the one rule, for everything that groups, counts or renames patients.
//!
//! A patient is a Patient ID and its issuer (an ID is unique within its issuer only). Nothing is merged that may be two people:
//! - Without an ID the instance belongs to the patient of its own study; without a Study Instance UID, to that of its series;
//!   without that one too, to that of the instance itself.
//! - An ID without an issuer belongs to the patient of that ID where all other files name one and the same issuer (a workstation
//!   left it out), and stays a patient apart where they name several. That is a rule over all files of a run: [`PatientKey::of`]
//!   tells what one instance says, [`PatientKeys`] what it comes to among the others.
//!
//! Padding is not part of an ID. Case is: `a1` and `A1` may be two people.
//!
//! Source: DICOM PS3.3 C.7.1.1 (Patient ID, Issuer of Patient ID).
//!
//! # Examples
//! ```
//! use isocenter_dcm::{Dataset, PatientKey, PatientKeys, VR, dicom_core::DataElement, tags};
//! let instance = |id: &str, issuer: &str| {
//!     let mut ds = Dataset::new_empty();
//!     ds.put(DataElement::new(tags::PATIENT_ID, VR::LO, id));
//!     ds.put(DataElement::new(tags::ISSUER_OF_PATIENT_ID, VR::LO, issuer));
//!     ds.put(DataElement::new(tags::STUDY_INSTANCE_UID, VR::UI, "1.2"));
//!     PatientKey::of(&ds)
//! };
//! let keys = PatientKeys::from_iter([instance("MRN1", "north"), instance("MRN1", "")]);
//! assert_eq!(keys.resolve(instance("MRN1", "")), instance("MRN1", "north"));
//! assert_eq!(instance("", "north"), PatientKey::of_study("1.2"));
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use dicom_dictionary_std::tags;

use crate::{Dataset, value};

/// Whose an instance is. In order: patients by ID and issuer, then those without an ID.
///
/// It may name a patient: `Debug` prints none of it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(from = "Who"))]
pub struct PatientKey(Who);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
enum Who {
    Id { id: String, issuer: String },
    Study(String),
    Series(String),
    Instance(String),
}

impl PatientKey {
    /// What one instance says: Patient ID and issuer, or the narrowest thing above it that has a UID.
    pub fn of(dataset: &Dataset) -> Self {
        let text = |tag| value::string(dataset, tag).map(|text| trim(&text).to_owned()).filter(|text| !text.is_empty());
        if let Some(id) = text(tags::PATIENT_ID) {
            return Self::of_id(&id, &text(tags::ISSUER_OF_PATIENT_ID).unwrap_or_default());
        }
        let study = text(tags::STUDY_INSTANCE_UID).map(Who::Study);
        let series = || text(tags::SERIES_INSTANCE_UID).map(Who::Series);
        let instance = || Who::Instance(text(tags::SOP_INSTANCE_UID).unwrap_or_default());
        Self(study.or_else(series).unwrap_or_else(instance))
    }

    /// The patient of an ID; `issuer` is empty where none is named. An empty ID is no patient's: see [`PatientKey::of_study`].
    pub fn of_id(id: &str, issuer: &str) -> Self {
        Self(Who::Id { id: trim(id).to_owned(), issuer: trim(issuer).to_owned() })
    }

    /// The patient, without an ID, of one study.
    pub fn of_study(study_uid: &str) -> Self {
        Self(Who::Study(trim(study_uid).to_owned()))
    }

    /// The Patient ID; `None` for the patient of a study, a series or an instance without one.
    pub fn id(&self) -> Option<&str> {
        match &self.0 {
            Who::Id { id, .. } => Some(id),
            _ => None,
        }
    }

    /// The issuer of the Patient ID; `None` where there is none.
    pub fn issuer(&self) -> Option<&str> {
        match &self.0 {
            Who::Id { issuer, .. } if !issuer.is_empty() => Some(issuer),
            _ => None,
        }
    }

    /// One text for each key and no other: what a pseudonym is made of.
    ///
    /// ```
    /// use isocenter_dcm::PatientKey;
    /// assert_eq!(PatientKey::of_id("MRN1", "").to_text(), "MRN1");
    /// assert_eq!(PatientKey::of_study("1.2").to_text(), "study 1.2");
    /// assert_ne!(PatientKey::of_id("study 1.2", ""), PatientKey::of_study("1.2"));
    /// assert_ne!(PatientKey::of_id("study 1.2", "").to_text(), PatientKey::of_study("1.2").to_text());
    /// ```
    pub fn to_text(&self) -> String {
        match &self.0 {
            Who::Id { id, issuer } => {
                // A line feed parts ID and issuer; one within them is doubled, and none stands at their ends.
                let [id, issuer] = [id, issuer].map(|text| text.replace('\n', "\n\n"));
                let reads_as_other = PREFIXES.iter().any(|prefix| id.starts_with(prefix));
                if issuer.is_empty() && !reads_as_other { id } else { format!("{id}\n{issuer}") }
            }
            Who::Study(uid) => format!("{}{uid}", PREFIXES[0]),
            Who::Series(uid) => format!("{}{uid}", PREFIXES[1]),
            Who::Instance(uid) => format!("{}{uid}", PREFIXES[2]),
        }
    }
}

#[cfg(feature = "serde")]
impl From<Who> for PatientKey {
    /// As code makes it: padding is no part of a text.
    fn from(who: Who) -> Self {
        let trimmed = |text: String| trim(&text).to_owned();
        match who {
            Who::Id { id, issuer } => Self::of_id(&id, &issuer),
            Who::Study(uid) => Self::of_study(&uid),
            Who::Series(uid) => Self(Who::Series(trimmed(uid))),
            Who::Instance(uid) => Self(Who::Instance(trimmed(uid))),
        }
    }
}

impl fmt::Debug for PatientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Who::Id { .. } => "PatientKey(id)",
            Who::Study(_) => "PatientKey(study)",
            Who::Series(_) => "PatientKey(series)",
            Who::Instance(_) => "PatientKey(instance)",
        })
    }
}

/// The keys of all files of a run, which decide whose an ID without an issuer is.
///
/// Feed it [`PatientKey::of`] of every header (it is [`Extend`] and [`FromIterator`], in any order), then ask
/// [`PatientKeys::of`] or [`PatientKeys::resolve`].
#[derive(Clone, Default)]
pub struct PatientKeys {
    /// By Patient ID: the issuers that are named with it.
    issuers: BTreeMap<String, BTreeSet<String>>,
}

impl PatientKeys {
    /// Whose an instance is, among the others of the run.
    pub fn of(&self, dataset: &Dataset) -> PatientKey {
        self.resolve(PatientKey::of(dataset))
    }

    /// Gives an ID without an issuer the only issuer that is named with it; any other key stays as it is.
    pub fn resolve(&self, key: PatientKey) -> PatientKey {
        match key.0 {
            Who::Id { id, issuer } if issuer.is_empty() => {
                let named = self.issuers.get(&id).filter(|issuers| issuers.len() == 1);
                let issuer = named.and_then(|issuers| issuers.first().cloned()).unwrap_or_default();
                PatientKey(Who::Id { id, issuer })
            }
            who => PatientKey(who),
        }
    }
}

impl fmt::Debug for PatientKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PatientKeys").field("ids_with_issuer", &self.issuers.len()).finish()
    }
}

impl Extend<PatientKey> for PatientKeys {
    fn extend<I: IntoIterator<Item = PatientKey>>(&mut self, keys: I) {
        for key in keys {
            if let Who::Id { id, issuer } = key.0
                && !issuer.is_empty()
            {
                self.issuers.entry(id).or_default().insert(issuer);
            }
        }
    }
}

impl FromIterator<PatientKey> for PatientKeys {
    fn from_iter<I: IntoIterator<Item = PatientKey>>(keys: I) -> Self {
        let mut all = Self::default();
        all.extend(keys);
        all
    }
}

/// How the text of a key without an ID starts.
const PREFIXES: [&str; 3] = ["study ", "series ", "instance "];

fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c == '\0' || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use dicom_core::{DataElement, VR};
    use proptest::prelude::*;

    use super::*;

    fn key(values: [&str; 5]) -> PatientKey {
        let fields = [
            tags::PATIENT_ID,
            tags::ISSUER_OF_PATIENT_ID,
            tags::STUDY_INSTANCE_UID,
            tags::SERIES_INSTANCE_UID,
            tags::SOP_INSTANCE_UID,
        ];
        let elements = fields.into_iter().zip(values).map(|(tag, value)| DataElement::new(tag, VR::LO, value));
        PatientKey::of(&Dataset::from_element_iter(elements))
    }

    #[test]
    fn without_an_id_the_narrowest_uid_is_the_patient() {
        assert_eq!(key(["", "north", "1.2", "1.3", "1.4"]), PatientKey::of_study("1.2"));
        assert_eq!(key(["  ", "", "", "1.3", "1.4"]).to_text(), "series 1.3");
        assert_eq!(key(["", "", "", "", "1.4"]).to_text(), "instance 1.4");
        assert_ne!(key(["", "", "", "1.3", ""]), key(["", "", "", "1.5", ""]), "two strangers");
    }

    #[test]
    fn padding_is_no_part_of_an_id() {
        assert_eq!(key([" MRN1\t", " north ", "1.2", "", ""]), PatientKey::of_id("MRN1", "north"));
        assert_ne!(PatientKey::of_id("mrn1", ""), PatientKey::of_id("MRN1", ""));
    }

    #[test]
    fn a_missing_issuer_is_the_only_one_there_is() {
        let [north, south, none] = ["north", "south", ""].map(|issuer| PatientKey::of_id("MRN1", issuer));
        let one = PatientKeys::from_iter([none.clone(), north.clone()]);
        assert_eq!(one.resolve(none.clone()), north);
        let two = PatientKeys::from_iter([north.clone(), south.clone(), none.clone()]);
        assert_eq!(two.resolve(none.clone()), none);
        assert_eq!(two.resolve(south.clone()), south);
    }

    #[test]
    fn debug_names_nobody() {
        let shown = format!(
            "{:?} {:?}",
            key(["MRN1", "", "", "", ""]),
            PatientKeys::from_iter([key(["MRN1", "x", "", "", ""])])
        );
        assert!(!shown.contains("MRN1"), "{shown}");
    }

    proptest! {
        #[test]
        fn two_keys_have_two_texts(
            a in prop::array::uniform5("(study |series |a|\n|1){0,3}"),
            b in prop::array::uniform5("(study |series |a|\n|1){0,3}"),
        ) {
            let refs = |values: &[String; 5]| key([&values[0], &values[1], &values[2], &values[3], &values[4]]);
            let (a, b) = (refs(&a), refs(&b));
            prop_assert_eq!(a == b, a.to_text() == b.to_text());
        }

        #[test]
        fn the_order_of_files_decides_nothing(
            keys in prop::collection::vec(("[ab]", "[xy]?").prop_map(|(id, issuer)| PatientKey::of_id(&id, &issuer)), 0..8),
        ) {
            let (there, back) = (PatientKeys::from_iter(keys.clone()), PatientKeys::from_iter(keys.iter().rev().cloned()));
            for key in keys {
                prop_assert_eq!(there.resolve(key.clone()), back.resolve(key));
            }
        }
    }
}

//! A record of what became what.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

/// What an original is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Pair {
    /// A UID.
    Uid,
    /// The value of an element.
    Value {
        /// Its keyword.
        keyword: String,
    },
}

/// One patient, as the files told.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Patient {
    /// The new Patient ID.
    pub pseudonym: String,
    /// By how many days dates moved, where they did.
    pub date_shift_days: i64,
    /// Patient ID; empty where the files have none.
    pub id: String,
    /// Issuer of Patient ID.
    pub issuer: String,
    /// Patient's Name.
    pub name: String,
    /// Patient's Birth Date.
    pub birth_date: String,
    /// Patient's Sex.
    pub sex: String,
}

/// It names a person: only the pseudonym is shown.
impl fmt::Debug for Patient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Patient").field("pseudonym", &self.pseudonym).finish_non_exhaustive()
    }
}

impl Patient {
    /// Takes from another file what this one does not say.
    pub(crate) fn fill(&mut self, other: &Self) {
        let fill = |own: &mut String, other: &String| {
            if own.is_empty() {
                own.clone_from(other);
            }
        };
        fill(&mut self.id, &other.id);
        fill(&mut self.issuer, &other.issuer);
        fill(&mut self.name, &other.name);
        fill(&mut self.birth_date, &other.birth_date);
        fill(&mut self.sex, &other.sex);
    }
}

/// Originals and their pseudonyms, as they are asked for, by any thread. In memory alone: what it holds identifies patients.
#[derive(Default)]
pub struct Told {
    pairs: Mutex<BTreeMap<(Pair, String), String>>,
    /// By pseudonym.
    patients: Mutex<BTreeMap<String, Patient>>,
}

impl Told {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    pub(crate) fn note(&self, pair: Pair, original: &str, new: &str) {
        if let Ok(mut pairs) = self.pairs.lock() {
            pairs.entry((pair, original.to_owned())).or_insert_with(|| new.to_owned());
        }
    }

    pub(crate) fn patient(&self, patient: Patient) {
        if let Ok(mut patients) = self.patients.lock() {
            match patients.get_mut(&patient.pseudonym) {
                Some(known) => known.fill(&patient),
                None => drop(patients.insert(patient.pseudonym.clone(), patient)),
            }
        }
    }

    /// The patients that were told of so far, by pseudonym.
    pub fn patients(&self) -> Vec<Patient> {
        self.patients.lock().map(|patients| patients.values().cloned().collect()).unwrap_or_default()
    }

    /// What was told so far: what an original is, the original, its pseudonym.
    pub fn pairs(&self) -> Vec<(Pair, String, String)> {
        let pairs = self.pairs.lock().map(|pairs| pairs.clone()).unwrap_or_default();
        pairs.into_iter().map(|((pair, original), new)| (pair, original, new)).collect()
    }
}

/// How many pairs: each of them is a patient's.
impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let len = self.pairs.lock().map(|pairs| pairs.len()).unwrap_or_default();
        f.debug_struct("Told").field("len", &len).finish_non_exhaustive()
    }
}

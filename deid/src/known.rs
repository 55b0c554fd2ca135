//! What is known to identify a patient: gathered from the originals in a first pass, looked for in everything that comes out.
//!
//! Gathered is, at every depth: each element whose row in Table E.1-1 has a code, every name (PN), every UID that is mapped,
//! free text that no table lists, and private values that are text as a whole. A value keeps the keyword of the element it
//! came from (never shown beside a patient's value: [`Hit`](crate::Hit) tells the keyword and the length only).
//!
//! # What is searched anywhere, what by field only
//! A value of five or more bytes is looked for in all bytes of an output; shorter ones, and those below, would occur by chance, and
//! are compared only with the field of the same name ([`LeakScan::scan_fields`](crate::LeakScan::scan_fields)):
//! - numbers (PatientWeight), ages and code strings (PatientSex), whose values are enumerations or measurements;
//! - times of day without a fraction (six digits);
//! - single words of a name, and descriptions, that consist only of the ordinary and clinical words in `data/words.txt`:
//!   `Brown` would be found in every report. The full name is looked for all the same, in the usual orders;
//! - descriptions, private texts, institutions and devices that also stand in a technical element which stays
//!   (Manufacturer, model, software, sequence, kernel, any code string), and private texts that stand in any short text that
//!   stays: scanners repeat their parameters in private elements.
//!
//! # Examples
//! ```
//! use isocenter_deid::{KnownValues, LeakScan};
//! let mut known = KnownValues::new();
//! known.gather_text("descrip", "scan of Jane Roe");
//! assert_eq!(LeakScan::new(&known)?.scan(b"...SCAN OF JANE ROE...").len(), 1);
//! # Ok::<_, isocenter_deid::Error>(())
//! ```

mod forms;
mod gather;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use isocenter_dcm::{Dataset, FileMeta};
use serde::Serialize;

/// What sort of thing a known value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// A person's name, or a part of one.
    Name,
    /// An id, number, address of a person, phone: anything the table lists that is nothing else.
    Identifier,
    /// An institution or its address.
    Place,
    /// A device or station.
    Device,
    /// A date, or date and time.
    Date,
    /// A time of day.
    Time,
    /// A UID that is not DICOM's own.
    Uid,
    /// Free text.
    Description,
    /// A number, an age, a code string.
    Number,
    /// Text of a private element.
    Private,
}

/// One known value. Not `Debug`: it is a patient's.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Known {
    pub(crate) value: String,
    pub(crate) source: String,
    pub(crate) kind: Kind,
    /// Whether it may be looked for anywhere; else by field only.
    pub(crate) anywhere: bool,
}

/// The identifying values of any number of instances and texts.
#[derive(Clone, Default)]
pub struct KnownValues {
    /// By value, as written; one source is enough.
    values: BTreeMap<String, Known>,
    /// Values by keyword, of any length, for comparison by field.
    fields: BTreeMap<String, BTreeSet<String>>,
    /// Words of the caller's own output, in lower case.
    own_words: BTreeSet<String>,
    /// Technical values that stay, in lower case.
    technical: BTreeSet<String>,
    /// Values of any other short text that stays, in lower case.
    staying: BTreeSet<String>,
}

impl KnownValues {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds what a data set and its meta group tell.
    pub fn gather(&mut self, dataset: &Dataset, meta: &FileMeta) {
        gather::dataset(self, dataset, None);
        self.add("SourceApplicationEntityTitle", Kind::Device, meta.source_application_entity_title());
        if !isocenter_files::uid::is_well_known(&meta.media_storage_sop_instance_uid) {
            self.add("MediaStorageSOPInstanceUID", Kind::Uid, &meta.media_storage_sop_instance_uid);
        }
    }

    /// Adds a text of a volume file or a sidecar, whole and by line. `source` names the field.
    pub fn gather_text(&mut self, source: &str, value: &str) {
        self.add(source, Kind::Description, value);
    }

    /// Takes note of words that the caller's own output holds whoever the patient is (headings, keys, codes). A known value that
    /// is one such word alone (a patient called Table) cannot be told from it and is not looked for; see
    /// [`words_not_searched`](Self::words_not_searched). Values of several words always are.
    pub fn allow_words(&mut self, text: &str) {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() >= 5);
        self.own_words.extend(words.map(str::to_lowercase));
    }

    /// How many known values are words of the caller's own output, and so are not looked for.
    pub fn words_not_searched(&self) -> usize {
        self.values.values().filter(|known| known.anywhere && self.is_own_word(known)).count()
    }

    fn is_own_word(&self, known: &Known) -> bool {
        self.own_words.contains(&known.value.to_lowercase())
    }

    /// Adds all that another gathering found.
    pub fn merge(&mut self, other: &Self) {
        for (value, known) in &other.values {
            self.values
                .entry(value.clone())
                .and_modify(|old| *old = old.clone().min(known.clone()))
                .or_insert_with(|| known.clone());
        }
        for (field, values) in &other.fields {
            self.fields.entry(field.clone()).or_default().extend(values.iter().cloned());
        }
        self.own_words.extend(other.own_words.iter().cloned());
        self.technical.extend(other.technical.iter().cloned());
        self.staying.extend(other.staying.iter().cloned());
    }

    /// How many distinct values there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether nothing was gathered.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// What is looked for anywhere.
    pub(crate) fn searched(&self) -> impl Iterator<Item = &Known> {
        self.values.values().filter(|known| known.anywhere && !self.is_technical(known) && !self.is_own_word(known))
    }

    /// Values of any length by the field they came from; names by letters and digits, in lower case.
    pub(crate) fn fields(&self) -> &BTreeMap<String, BTreeSet<String>> {
        &self.fields
    }

    /// Adds a value in all its forms.
    pub(crate) fn add(&mut self, source: &str, kind: Kind, value: &str) {
        let value = forms::trim(value);
        if value.is_empty() || crate::deidentifier::is_dummy(value) {
            return;
        }
        self.fields.entry(forms::field_name(source)).or_default().insert(value.to_lowercase());
        for (form, anywhere) in forms::of(kind, value) {
            let known = Known { value: form.clone(), source: source.to_owned(), kind, anywhere };
            // The order of gathering decides nothing: the least of equal values stays.
            self.values
                .entry(form)
                .and_modify(|old| {
                    let anywhere = old.anywhere || known.anywhere;
                    *old = old.clone().min(known.clone());
                    old.anywhere = anywhere;
                })
                .or_insert(known);
        }
    }

    pub(crate) fn add_technical(&mut self, value: &str) {
        let value = forms::trim(value);
        if !value.is_empty() {
            self.technical.insert(value.to_lowercase());
        }
    }

    pub(crate) fn add_staying(&mut self, value: &str) {
        self.staying.insert(forms::trim(value).to_lowercase());
    }

    fn is_technical(&self, known: &Known) -> bool {
        let lower = || known.value.to_lowercase();
        match known.kind {
            Kind::Description => self.technical.contains(&lower()),
            Kind::Private => self.technical.contains(&lower()) || self.staying.contains(&lower()),
            Kind::Device | Kind::Place => {
                let value = lower();
                self.technical.iter().any(|text| text.contains(&value))
            }
            _ => false,
        }
    }
}

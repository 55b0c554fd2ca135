//! The values themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::forms;
use super::kind::Kind;
use super::words;

/// One known value. Not `Debug`: it is a patient's.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Known {
    pub(crate) value: String,
    pub(crate) source: String,
    pub(crate) kind: Kind,
    /// Whether it may be looked for anywhere; else by field only.
    pub(crate) anywhere: bool,
    /// What else says it.
    pub(crate) also: BTreeSet<String>,
}

/// The identifying values of any number of instances and texts.
#[derive(Clone, Default)]
pub struct KnownValues {
    /// By value, as written; one source is enough.
    values: BTreeMap<String, Known>,
    /// Values by keyword, of any length, for comparison by field; true where only free text says so.
    fields: BTreeMap<String, BTreeMap<String, bool>>,
    /// Words of the caller's own output, in lower case.
    own_words: BTreeSet<String>,
    /// Words of the names of structures in the caller's label tables, in lower case.
    structures: BTreeSet<String>,
    /// Technical values that stay, in lower case.
    technical: BTreeSet<String>,
    /// Values of any other short text that stays, in lower case.
    staying: BTreeSet<String>,
}

/// How many values there are: each of them is a patient's.
impl fmt::Debug for KnownValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KnownValues").field("len", &self.len()).finish_non_exhaustive()
    }
}

impl KnownValues {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes note of words that the caller's own output holds whoever the patient is (headings, keys, codes). A known value that
    /// is one such word alone (a patient called Table) cannot be told from it and is not looked for; see
    /// [`words_not_searched`](Self::words_not_searched). Values of several words always are.
    pub fn allow_words(&mut self, text: &str) {
        self.own_words.extend(words(text));
    }

    /// Takes note of the name of a structure from the caller's label tables: free text and descriptions made of such words are not
    /// looked for. The caller sees to it that the name is nobody's; see [`LeakScan::identities`](crate::LeakScan::identities).
    pub fn allow_structure(&mut self, name: &str) {
        self.structures.extend(words(name));
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
        for known in other.values.values() {
            self.insert(known.clone());
        }
        for (field, values) in &other.fields {
            let own = self.fields.entry(field.clone()).or_default();
            for (value, free) in values {
                own.entry(value.clone()).and_modify(|old| *old &= free).or_insert(*free);
            }
        }
        self.structures.extend(other.structures.iter().cloned());
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
        self.values.values().filter(|known| {
            known.anywhere && !self.is_technical(known) && !self.is_own_word(known) && !self.is_harmless(known)
        })
    }

    /// Every value, looked for or not.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Known> {
        self.values.values()
    }

    /// Parts of names that are too short to be looked for anywhere, and are no ordinary words, in lower case.
    pub(crate) fn short_names(&self) -> BTreeSet<String> {
        let names =
            self.values.values().filter(|known| known.kind == Kind::Name).map(|known| known.value.to_lowercase());
        names.filter(|name| is_short_name(name) && !words::is_ordinary(name)).collect()
    }

    /// How many values are looked for anywhere.
    pub fn searched_for(&self) -> usize {
        self.searched().count()
    }

    /// Whether free text is made of words that name nobody.
    fn is_harmless(&self, known: &Known) -> bool {
        match known.kind {
            Kind::Description => self.all_known(&known.value),
            Kind::Private => words::all_known(&known.value, |_| false),
            _ => false,
        }
    }

    fn all_known(&self, text: &str) -> bool {
        words::all_known(text, |word| self.own_words.contains(word) || self.structures.contains(word))
    }

    /// Values of any length by the field they came from; names by letters and digits, in lower case.
    pub(crate) fn fields(&self) -> BTreeMap<String, BTreeSet<String>> {
        let compared = |values: &BTreeMap<String, bool>| {
            values
                .iter()
                .filter(|(value, free)| !**free || !self.all_known(value))
                .map(|(value, _)| value.clone())
                .collect()
        };
        self.fields.iter().map(|(field, values)| (field.clone(), compared(values))).collect()
    }

    /// Adds a value in all its forms.
    pub(crate) fn add(&mut self, source: &str, kind: Kind, value: &str) {
        self.add_told(source, source, kind, value);
    }

    /// The same for a field that is told by another name.
    pub(super) fn add_told(&mut self, field: &str, source: &str, kind: Kind, value: &str) {
        let value = forms::trim(value);
        if value.is_empty() || crate::dummy::is_dummy(value) {
            return;
        }
        let free = kind == Kind::Description;
        let values = self.fields.entry(forms::field_name(field)).or_default();
        values.entry(value.to_lowercase()).and_modify(|old| *old &= free).or_insert(free);
        for (form, anywhere) in forms::of(kind, value) {
            self.insert(Known { value: form, source: source.to_owned(), kind, anywhere, also: BTreeSet::new() });
        }
    }

    /// The order of gathering decides nothing: of equal values the one that identifies most stays, then the least, and may be
    /// looked for where any of them may.
    fn insert(&mut self, known: Known) {
        match self.values.get_mut(&known.value) {
            // every file of a patient tells most values again
            Some(old)
                if (old.kind, &old.source) == (known.kind, &known.source)
                    && known.also.iter().all(|source| *source == old.source || old.also.contains(source)) =>
            {
                old.anywhere |= known.anywhere;
            }
            Some(old) => {
                let anywhere = old.anywhere || known.anywhere;
                let mut also: BTreeSet<String> = old.also.iter().chain(&known.also).cloned().collect();
                also.extend([old.source.clone(), known.source.clone()]);
                if (rank(known.kind), &known) < (rank(old.kind), &*old) {
                    *old = known;
                }
                old.anywhere = anywhere;
                also.remove(&old.source);
                old.also = also;
            }
            None => {
                self.values.insert(known.value.clone(), known);
            }
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

fn is_short_name(name: &str) -> bool {
    name.len() < forms::LEAST && name.chars().count() >= 2 && name.chars().all(char::is_alphabetic)
}

/// Free text gives way to what a field of its own says.
const fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Name | Kind::Identifier | Kind::Date | Kind::Uid => 0,
        Kind::Place | Kind::Device => 1,
        _ => 2,
    }
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use crate::{Hit, LeakScan};

    use super::*;

    fn found(texts: &[(&str, &str)], output: &str) -> Vec<Hit> {
        let mut known = KnownValues::new();
        texts.iter().for_each(|(field, text)| known.gather_text(field, text));
        known.allow_words("report of the run");
        known.allow_structure("blob_of Quux");
        LeakScan::new(&known).unwrap().scan(output.as_bytes())
    }

    #[test]
    fn words_of_the_standard_the_program_and_the_tables_name_nobody() {
        for (field, text) in [
            ("modality", "VOLUMETRIC"),
            ("0008|0060", "CT"),
            ("BodyPartExamined", "GALLBLADDER"),
            ("descrip", "gallbladder"),
            ("content", "Quux blob"),
            ("comments", "report of the kidney"),
            ("note", "LeftAdrenal lesion12"),
        ] {
            assert!(found(&[(field, text)], text).is_empty(), "{field}");
        }
    }

    #[test]
    fn fields_that_identify_count_whatever_their_words_are() {
        for (field, text, output) in [
            ("PatientName", "Quux^Blobbert", "a Blobbert"),
            ("0010|0010", "Gallbladder^Quux", "gallbladder"),
            ("DICOM_0010_0020_PatientID", "PAT4711", "pat4711"),
            ("patient_id", "blob4711", "blob4711"),
            ("Hospital", "Quuxhausen", "Quuxhausen"),
            ("AcquisitionDate", "20230405", "2023-04-05"),
            ("descrip", "liver of Roesler", "liver of Roesler"),
            ("modality", "Roesler, Hannelore", "Roesler, Hannelore"),
            ("comments", "one\nscanned 20230405", "scanned 20230405"),
        ] {
            assert_eq!(found(&[(field, text)], output).len(), 1, "{field}");
        }
        // said twice, it is what the field that identifies says
        assert_eq!(found(&[("descrip", "Gallbladder"), ("zz_patient", "Gallbladder")], "gallbladder").len(), 1);
    }

    #[test]
    fn a_field_named_after_a_person_is_not_told() {
        let hits = found(&[("Roesler", "blob of Quuxhausen")], "blob of Quuxhausen");
        assert_eq!(hits[0].source, "a key-value");
        assert_eq!(found(&[("0010|0020", "PAT4711")], "PAT4711")[0].source, "PatientID");
    }

    #[test]
    fn short_words_are_compared_by_field_unless_they_name_nobody() {
        let mut known = KnownValues::new();
        for (field, text) in [("modality", "CT"), ("Unit", "HU"), ("orientation", "LPS"), ("contrast", "Roe")] {
            known.gather_text(field, text);
        }
        let scan = LeakScan::new(&known).unwrap();
        let field =
            |name: &str, text: &str| scan.scan_fields(&BTreeMap::from([(name.to_owned(), text.to_owned())])).len();
        for (name, text) in [("modality", "CT"), ("unit", "HU"), ("orientation", "LPS")] {
            assert_eq!(field(name, text), 0, "{name}");
        }
        assert_eq!(field("contrast", "Roe"), 1);
    }
}

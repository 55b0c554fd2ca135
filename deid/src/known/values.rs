//! The values themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::forms;
use super::kind::Kind;

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
        for known in other.values.values() {
            self.insert(known.clone());
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
        if value.is_empty() || crate::dummy::is_dummy(value) {
            return;
        }
        self.fields.entry(forms::field_name(source)).or_default().insert(value.to_lowercase());
        for (form, anywhere) in forms::of(kind, value) {
            self.insert(Known { value: form, source: source.to_owned(), kind, anywhere });
        }
    }

    /// The order of gathering decides nothing: the least of equal values stays, and may be looked for where any of them may.
    fn insert(&mut self, known: Known) {
        match self.values.get_mut(&known.value) {
            Some(old) => {
                let anywhere = old.anywhere || known.anywhere;
                if known < *old {
                    *old = known;
                }
                old.anywhere = anywhere;
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

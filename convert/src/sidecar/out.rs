//! What is written, in the order of the table of keys, with what identifies left out where that is asked for.

use serde_json::Value;

use super::{Identity, key, number};

/// Keys and values so far.
pub(super) struct Out {
    identity: Identity,
    entries: Vec<(String, Value)>,
}

impl Out {
    pub(super) const fn new(identity: Identity) -> Self {
        Self { identity, entries: Vec::new() }
    }

    /// Whether values that may identify are wanted.
    pub(super) const fn keeps(&self) -> bool {
        matches!(self.identity, Identity::Keep)
    }

    /// Writes a value, in place of one that is there.
    pub(super) fn put(&mut self, name: &str, value: impl Into<Value>) {
        let is_wanted = match self.identity {
            Identity::Keep => true,
            Identity::Descriptions => key::is_description(name) || !key::is_identifying(name),
            Identity::Drop => !key::is_identifying(name),
        };
        if !is_wanted {
            return;
        }
        let value = value.into();
        match self.entries.iter_mut().find(|(found, _)| found == name) {
            Some((_, old)) => *old = value,
            None => self.entries.push((name.to_owned(), value)),
        }
    }

    /// Writes text that stands in a private element, where nobody says what it holds: it goes with what identifies.
    pub(super) fn put_private(&mut self, name: &str, text: Option<String>) {
        if self.keeps() {
            self.text(name, text);
        }
    }

    /// Writes text that is there.
    pub(super) fn text(&mut self, name: &str, text: Option<String>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.put(name, text);
        }
    }

    /// Writes several texts.
    pub(super) fn texts(&mut self, name: &str, texts: Vec<String>) {
        if texts.iter().any(|text| !text.is_empty()) {
            self.put(name, texts);
        }
    }

    /// Writes a number that is there, and that JSON can hold.
    pub(super) fn number(&mut self, name: &str, number: Option<f64>) {
        if let Some(value) = number.and_then(number::value) {
            self.put(name, value);
        }
    }

    /// Writes a number above 0: 0 stands for what nobody measured.
    pub(super) fn positive(&mut self, name: &str, number: Option<f64>) {
        self.number(name, number.filter(|number| *number > 0.0));
    }

    /// Writes several numbers, all or none.
    pub(super) fn numbers(&mut self, name: &str, numbers: &[f64]) {
        let values: Option<Vec<Value>> = numbers.iter().map(|n| number::value(*n)).collect();
        if let Some(values) = values.filter(|values| !values.is_empty()) {
            self.put(name, values);
        }
    }

    /// Writes a statement that is there.
    pub(super) fn flag(&mut self, name: &str, flag: Option<bool>) {
        if let Some(flag) = flag {
            self.put(name, flag);
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.entries.iter().find(|(found, _)| found == name).map(|(_, value)| value)
    }

    /// All that was written, in the order of the table; what is not in it comes last, as it came.
    pub(super) fn finish(mut self) -> Vec<(String, Value)> {
        self.entries.sort_by_key(|(name, _)| key::place(name));
        self.entries
    }
}

//! Descriptions that people have coded.

use std::{collections::HashMap, sync::LazyLock};

use super::{By, Code, Facts, Reading, by_rules, tokens};
use crate::names::{Said, text};

/// A folded text that one code was given.
const SURE: f64 = 0.98;
/// A folded text that people gave several codes, one of which the rules chose too.
const CHOSEN: f64 = 0.6;
/// The same where the rules chose none of them: the first is given.
const FIRST: f64 = 0.4;

static TABLE: LazyLock<HashMap<(&'static str, &'static str), Vec<&'static str>>> = LazyLock::new(|| {
    let rows = text::rows(include_str!("../../../data/study_table.tsv"));
    rows.filter_map(|row| {
        let mut cells = row.split('\t');
        let (modality, description, codes) = (cells.next()?, cells.next()?, cells.next()?);
        Some(((modality, description), codes.split(' ').collect()))
    })
    .collect()
});

/// The code that the table has for this text under one of the modalities; `None` where it has none.
///
/// A text with several codes gets the one that [`by_rules`](super::by_rules) gives too, else the first; [`Reading::others`] holds the rest.
pub fn by_table(facts: &Facts<'_>) -> Option<Reading> {
    let description = match text::fold(facts.description).as_str() {
        "BLANK" | "NONE" => String::new(),
        folded => folded.to_owned(),
    };
    let modalities = tokens::modalities(facts.modality);
    let codes = modalities.iter().find_map(|modality| TABLE.get(&(modality.as_str(), description.as_str())))?;
    let evidence = vec![Said::new("the whole text", "a row of the table")];
    if let [only] = codes.as_slice() {
        return Code::of(only).map(|code| Reading::coded(code, By::Table, SURE, evidence));
    }
    let rules = by_rules(facts).code().filter(|code| codes.contains(&code.code));
    let (code, confidence) = match rules {
        Some(code) => (code, CHOSEN),
        None => (codes.first().and_then(|code| Code::of(code))?, FIRST),
    };
    let mut reading = Reading::coded(code, By::Table, confidence, evidence);
    reading.others = codes.iter().copied().filter(|other| *other != code.code).collect();
    Some(reading)
}

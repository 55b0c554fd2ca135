//! The list of words and what they say.

use std::{collections::HashMap, sync::LazyLock};

use super::Method;
use crate::names::text;

/// One `what=value` of the list.
pub(super) type Says = (&'static str, &'static str);

struct Entry {
    says: Vec<Says>,
    /// The methods under which it holds; empty: all.
    under: Vec<Method>,
}

struct Lexicon {
    entries: HashMap<&'static str, Vec<Entry>>,
    /// Words of the longest phrase.
    longest: usize,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut lexicon = Lexicon { entries: HashMap::new(), longest: 1 };
    for row in text::rows(include_str!("../../../data/study_words.txt")) {
        let Some((phrase, rest)) = row.split_once(" :") else { continue };
        let (says, under) = rest.split_once('@').unwrap_or((rest, ""));
        let entry = Entry {
            says: says.split_whitespace().filter_map(|say| say.split_once('=')).collect(),
            under: under.split(',').filter_map(Method::of).collect(),
        };
        lexicon.longest = lexicon.longest.max(phrase.split(' ').count());
        lexicon.entries.entry(phrase).or_default().push(entry);
    }
    lexicon
});

/// A phrase found in a text: where it starts, how many words, what it says.
pub(super) struct Hit {
    pub(super) start: usize,
    pub(super) words: usize,
    pub(super) says: &'static [Says],
}

/// The phrases of a text from left to right, the longest at each place; under a method, its own meaning before the general one.
pub(super) fn scan(words: &[String], method: Option<Method>) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut start = 0;
    while start < words.len() {
        let longest = LEXICON.longest.min(words.len() - start);
        let hit = (1..=longest).rev().find_map(|length| {
            let phrase = words.get(start..start + length)?.join(" ");
            let entries = LEXICON.entries.get(phrase.as_str())?;
            let own = entries.iter().find(|entry| method.is_some_and(|method| entry.under.contains(&method)));
            let entry = own.or_else(|| entries.iter().find(|entry| entry.under.is_empty()))?;
            Some(Hit { start, words: length, says: &entry.says })
        });
        start += hit.as_ref().map_or(1, |hit| hit.words);
        hits.extend(hit);
    }
    hits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::study::{Timing, regions::Regions, tokens};

    /// What the rules ask for.
    const WHATS: [&str; 35] = [
        "method",
        "angio",
        "ct",
        "lowdose",
        "portable",
        "region",
        "withchest",
        "side",
        "timing",
        "soft",
        "screening",
        "pe",
        "perfusion",
        "dissection",
        "calcium",
        "biopsy",
        "tube",
        "limited",
        "cine",
        "bronchoscopy",
        "stress",
        "vq",
        "tee",
        "tte",
        "echo",
        "tv",
        "ta",
        "swallow",
        "view",
        "line",
        "surgery",
        "none",
        "series",
        "runoff",
        "tomo",
    ];

    #[test]
    fn every_phrase_is_what_a_description_folds_to() {
        let lost: Vec<&&str> =
            LEXICON.entries.keys().filter(|phrase| tokens::of(phrase).join(" ") != **phrase).collect();
        assert!(lost.is_empty(), "{lost:?}");
    }

    #[test]
    fn every_value_is_known() {
        for (phrase, entries) in &LEXICON.entries {
            for (what, value) in entries.iter().flat_map(|entry| &entry.says) {
                assert!(WHATS.contains(what), "{phrase}: {what}");
                match *what {
                    "method" => assert!(Method::of(value).is_some(), "{phrase}: {value}"),
                    "timing" | "soft" => assert!(Timing::of(value).is_some(), "{phrase}: {value}"),
                    "region" => value.split(',').for_each(|id| {
                        let mut one = Regions::default();
                        one.add(id);
                        assert!(!one.system(None).is_empty(), "{phrase}: {id}");
                    }),
                    _ => {}
                }
            }
        }
    }
}

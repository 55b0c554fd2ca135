//! Known values as they may have been misread.

use std::collections::BTreeSet;

use super::forms;
use super::values::Known;

/// Known values, folded so that letters which readers take for each other are one.
///
/// A value is met where all but a few of its letters are there, in that order: none may be wrong of fewer than four letters (six digits), one of
/// fewer than eight (ten), two of more. It is looked for in each word, and from five letters on in all words of a line without what stands between.
#[derive(Clone, Default)]
pub(crate) struct Spellings {
    /// Folded, with how many letters may be wrong.
    values: Vec<(Vec<char>, usize)>,
}

impl Spellings {
    pub(crate) fn of<'a>(known: impl Iterator<Item = &'a Known>) -> Self {
        let mut values = BTreeSet::new();
        for known in known {
            let words = known.value.split(|c: char| !c.is_alphanumeric()).filter(|word| !forms::trim(word).is_empty());
            // a name that is gathered whole holds its words; ids and places may be written in part
            for form in words.chain([known.value.as_str()]) {
                let digits = form.chars().filter(char::is_ascii_digit).count();
                let is_number = form.chars().filter(|c| c.is_alphanumeric()).count() == digits;
                let folded = fold(form);
                let length = folded.chars().count();
                let slack = match (is_number, length) {
                    (true, 0..=5) | (false, 0..=3) => 0,
                    (true, 6..=9) | (false, 4..=7) => 1,
                    _ => 2,
                };
                if length >= if is_number { LEAST_DIGITS } else { LEAST_LETTERS } {
                    values.insert((folded, slack));
                }
            }
        }
        Self { values: values.into_iter().map(|(value, slack)| (value.chars().collect(), slack)).collect() }
    }

    /// Whether a word is like one of them, or holds one that is long.
    pub(crate) fn are_like(&self, word: &str) -> bool {
        let folded: Vec<char> = fold(word).chars().collect();
        self.values.iter().any(|(value, slack)| {
            let anywhere = value.len() >= LONG;
            let reaches = value.len() <= folded.len() + slack && (anywhere || folded.len() <= value.len() + slack);
            reaches && best(value, &folded, anywhere) <= *slack
        })
    }

    /// Whether several words, written as one, hold one of them.
    pub(crate) fn are_in<'w>(&self, words: impl Iterator<Item = &'w str>) -> bool {
        let folded: Vec<char> = fold(&words.collect::<String>()).chars().collect();
        self.values.iter().any(|(value, slack)| {
            value.len() >= LONG && value.len() <= folded.len() + slack && best(value, &folded, true) <= *slack
        })
    }
}

/// Letters of the shortest name that is looked for, and digits of the shortest number.
const LEAST_LETTERS: usize = 2;
const LEAST_DIGITS: usize = 4;
/// Letters from which on a value is looked for within longer words too.
const LONG: usize = 5;

/// Letters and digits in lower case, with one sign for those that look alike.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        let c = match c {
            '0' | 'q' => 'o',
            '1' | 'l' | '|' | '!' | 'j' => 'i',
            '5' | '$' => 's',
            '8' => 'b',
            '2' => 'z',
            '6' | '9' => 'g',
            '4' => 'a',
            '7' => 't',
            'à'..='å' => 'a',
            'è'..='ë' => 'e',
            'ì'..='ï' => 'i',
            'ò'..='ö' | 'ø' => 'o',
            'ù'..='ü' => 'u',
            'ç' => 'c',
            'ñ' => 'n',
            c if c.is_alphanumeric() => c,
            _ => continue,
        };
        // two that look like one
        match (folded.chars().next_back(), c) {
            (Some('r'), 'n') => replace_last(&mut folded, 'm'),
            (Some('v'), 'v') => replace_last(&mut folded, 'w'),
            (Some('c'), 'i') => replace_last(&mut folded, 'd'),
            _ => folded.push(c),
        }
    }
    folded
}

fn replace_last(text: &mut String, c: char) {
    text.pop();
    text.push(c);
}

/// The fewest letters that are wrong, missing or too many, of a value in a text, or in any part of it.
fn best(value: &[char], text: &[char], anywhere: bool) -> usize {
    let mut row: Vec<usize> = (0..=value.len()).collect();
    let mut least = value.len();
    for (at, c) in text.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = if anywhere { 0 } else { at + 1 };
        for (n, v) in value.iter().enumerate() {
            let cost = (diagonal + usize::from(v != c)).min(row[n] + 1).min(row[n + 1] + 1);
            diagonal = std::mem::replace(&mut row[n + 1], cost);
        }
        least = least.min(row[value.len()]);
    }
    if anywhere { least } else { row[value.len()] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::known::{Kind, KnownValues};

    fn spellings(values: &[(Kind, &str)]) -> Spellings {
        let mut known = KnownValues::new();
        values.iter().for_each(|(kind, value)| known.add("Source", *kind, value));
        Spellings::of(known.all())
    }

    #[test]
    fn misread_values_are_met() {
        let known = spellings(&[
            (Kind::Name, "Hand^Maria"),
            (Kind::Name, "Li^Wei"),
            (Kind::Name, "Papadopoulou^Zoë"),
            (Kind::Identifier, "MRN4471905"),
            (Kind::Date, "19690421"),
        ]);
        for word in [
            "HAND",
            "hond",
            "MARlA",
            "li",
            "L1",
            "Zoe",
            "ZOË",
            "Papad0pouIou",
            "Papedopoulau",
            "4471905",
            "44719O5",
            "MRN44?1905",
            "1969042l",
            "PAPADOPOULOULUNGS",
            "Rapadopoulou",
        ] {
            assert!(known.are_like(word), "{word}");
        }
        for word in ["Gain", "MI", "LIVER", "TRV", "20Hz", "12.7", "PORTABLE"] {
            assert!(!known.are_like(word), "{word}");
        }
    }

    #[test]
    fn values_are_met_across_words() {
        let known = spellings(&[(Kind::Name, "Hannelore^Roesler"), (Kind::Date, "19690421")]);
        for line in ["HANNE LORE", "R O E S L E R", "1969 04 21", "1969-O4-21"] {
            assert!(known.are_in(line.split(' ')), "{line}");
        }
        assert!(!known.are_in("Dist 12.7 mm Gain 60".split(' ')));
    }

    #[test]
    fn edits_are_counted() {
        let best = |a: &str, b: &str, anywhere| {
            super::best(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>(), anywhere)
        };
        assert_eq!((best("abc", "abc", false), best("abc", "axc", false), best("abc", "xxabcxx", true)), (0, 1, 0));
        assert_eq!((best("abc", "", false), best("abc", "ab", true), best("", "abc", false)), (3, 1, 3));
    }
}

//! Words that are written as names are, and that no list has.

use std::ops::Range;

use crate::known::{is_listed, names_nobody};

/// Letters of the shortest name that is told by the way it is written: shorter words are abbreviations more often than names.
const LEAST: usize = 4;

/// All such words of a text. A capital at the beginning of a text or a sentence tells nothing by itself: there a word counts where all others of the
/// text are English, or codes in capitals.
pub(super) fn find(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let words = words(text);
    let plain = words.len() > 1 && words.iter().all(|word| word.is_first || !word.is_strange(text)) && text.is_ascii();
    words.into_iter().filter(move |word| word.is_name(text) && (!word.is_first || plain)).map(|word| word.range)
}

struct Word {
    range: Range<usize>,
    /// Whether it begins the text or a sentence.
    is_first: bool,
}

impl Word {
    fn is_strange(&self, text: &str) -> bool {
        let word = &text[self.range.clone()];
        word.chars().any(char::is_lowercase) && word.chars().count() >= LEAST && !is_listed(&word.to_lowercase())
    }

    /// A capital and small letters, perhaps behind a particle that is written together with it (`McKenzie`, `DeLuca`).
    fn is_name(&self, text: &str) -> bool {
        let word = &text[self.range.clone()];
        let rest = ["Mc", "Mac", "De", "Di", "Van", "Le", "La", "Fitz"]
            .iter()
            .filter_map(|particle| word.strip_prefix(particle))
            .find(|rest| rest.starts_with(char::is_uppercase))
            .unwrap_or(word);
        let mut letters = rest.chars();
        let is_written_so = letters.next().is_some_and(char::is_uppercase) && letters.all(char::is_lowercase);
        is_written_so && word.chars().count() >= LEAST && !is_listed(&word.to_lowercase()) && !names_nobody(word)
    }
}

/// Words of letters; what stands beside digits or an underscore is a code. A name may have an apostrophe or a hyphen: its parts count.
fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let (mut start, mut is_first) = (None, true);
    let mut before = ' ';
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, c.is_alphabetic()) {
            (None, true) => start = Some((at, before)),
            (Some((from, ahead)), false) => {
                let is_code = |c: char| c.is_ascii_digit() || c == '_';
                if !is_code(ahead) && !is_code(c) {
                    words.push(Word { range: from..at, is_first });
                }
                (start, is_first) = (None, false);
            }
            _ => {}
        }
        is_first |= matches!(c, '.' | '!' | '?' | ';' | '\n' | '\r' | ':');
        before = c;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        find(text).map(|range| &text[range]).collect()
    }

    #[test]
    fn a_word_that_no_list_has_and_that_is_written_as_a_name_is_one() {
        for (text, wanted) in [
            ("HEAD ROUTINE Abernathy", vec!["Abernathy"]),
            ("CT THORAX NATIVE Szczepanik", vec!["Szczepanik"]),
            ("Thorax survey for Bartholomew", vec!["Bartholomew"]),
            ("Kowalska: chest pain", vec!["Kowalska"]),
            ("seen with O'Sullivan-Kearney", vec!["Sullivan", "Kearney"]),
            ("as told to McAllister yesterday", vec!["McAllister"]),
        ] {
            assert_eq!(found(text), wanted, "{text}");
        }
    }

    #[test]
    fn what_is_no_name_stays() {
        for text in [
            "CHEST ABDOMEN WITHOUT CONTRAST",
            "Contrast injected slowly, with results",
            "Röntgen Übersicht Fuß links",
            "Przegląd klatki piersiowej",
            "Обзор грудной клетки",
            "胸部単純",
            "Omniscan",
            "MEDCOM RESAMPLED",
            "Whole Body Bone",
            "MRT oberes Abdomen",
            "Plan1 ISOVUE300 ep2d_Diff_Trace",
            "Patient tolerated well. Fracture of the fifth metacarpal",
            "Referred for headache",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }
}

//! Ordinary and clinical words, which occur in any output whoever the patient is.

use std::collections::BTreeSet;
use std::sync::OnceLock;

/// Whether a text consists only of listed words, of numbers of up to three digits, and of single letters.
pub(super) fn all_ordinary(text: &str) -> bool {
    words_of(text).all(|word| is_short(word) || ordinary().contains(word.to_lowercase().as_str()))
}

/// Whether a text consists only of words of the standard, names of structures, ordinary words, and those that `also` knows (asked in
/// lower case); each whole, in its parts by case (`LeftKidney`), or with a number of up to three digits behind it (`lesion12`).
///
/// For free text alone. A name, an id, a place or a date made of such words is what its field says.
pub(super) fn all_known(text: &str, also: impl Fn(&str) -> bool) -> bool {
    let known = |word: &str| {
        let lower = word.to_lowercase();
        is_short(word) || ordinary().contains(lower.as_str()) || terms().contains(lower.as_str()) || also(&lower)
    };
    words_of(text).all(|word| {
        let stem = word.trim_end_matches(|c: char| c.is_ascii_digit());
        let numbered = stem.len() >= 3 && word.len() - stem.len() <= 3;
        let parts = |word| parts_by_case(word).iter().all(|part| part.len() >= 2 && known(part));
        known(word) || parts(word) || (numbered && (known(stem) || parts(stem)))
    })
}

/// Whether a text is made of words of the standard, names of structures and ordinary words alone.
pub(crate) fn names_nobody(text: &str) -> bool {
    all_known(text, |_| false)
}

/// Whether a word, in lower case, is no sign of a name: it is listed, or is a listed word with a regular English ending.
pub(crate) fn is_listed(word: &str) -> bool {
    let lists = |word: &str| is_ordinary(word) || vocabulary().contains(word);
    let stem = |word: &&str, ending: &&str| {
        let stem = word.strip_suffix(*ending).filter(|stem| stem.len() >= 3);
        stem.is_some_and(|stem| lists(stem) || lists(&format!("{stem}e")) || doubled(stem).is_some_and(lists))
    };
    let holds = |word: &str| lists(word) || ENDINGS.iter().any(|ending| stem(&word, ending));
    // British spellings
    holds(word)
        || (word.contains(['a', 'o']) && holds(&word.replace("ae", "e").replace("oe", "e").replace("our", "or")))
}

/// Regular endings of English words.
const ENDINGS: [&str; 14] =
    ["ings", "ing", "edly", "ed", "ers", "er", "ally", "ly", "es", "s", "ness", "ment", "able", "al"];

/// `stop` of `stopp`.
fn doubled(stem: &str) -> Option<&str> {
    let mut letters = stem.chars().rev();
    let (last, before) = (letters.next()?, letters.next()?);
    (last == before).then(|| &stem[..stem.len() - last.len_utf8()])
}

/// Whether a word, in lower case, is an ordinary or clinical one, or one of the standard's.
pub(crate) fn is_ordinary(word: &str) -> bool {
    ordinary().contains(word) || terms().contains(word)
}

/// Whether a word, in lower case, is an ordinary one that is also a usual name: what names nobody in a sentence may name somebody where it stands alone.
pub(crate) fn is_name_too(word: &str) -> bool {
    static WORDS: OnceLock<BTreeSet<&'static str>> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        let lines = include_str!("../../data/words.txt").lines();
        let behind = lines.skip_while(|line| *line != NAMES_TOO).skip(1);
        behind.take_while(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
    });
    words.contains(word)
}

/// Above the part of the list that holds them.
const NAMES_TOO: &str = "# ordinary words that are also names";

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn is_short(word: &str) -> bool {
    word.len() == 1 || (word.len() <= 3 && word.bytes().all(|b| b.is_ascii_digit()))
}

/// `LeftKidney` in its two words.
fn parts_by_case(word: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut was_lower) = (0, false);
    for (at, c) in word.char_indices() {
        if was_lower && c.is_uppercase() {
            parts.push(&word[start..at]);
            start = at;
        }
        was_lower = c.is_lowercase();
    }
    parts.push(&word[start..]);
    parts
}

fn ordinary() -> &'static BTreeSet<&'static str> {
    static WORDS: OnceLock<BTreeSet<&'static str>> = OnceLock::new();
    WORDS.get_or_init(|| listed(include_str!("../../data/words.txt")))
}

fn terms() -> &'static BTreeSet<&'static str> {
    static WORDS: OnceLock<BTreeSet<&'static str>> = OnceLock::new();
    WORDS.get_or_init(|| listed(include_str!("../../data/terms.txt")))
}

fn vocabulary() -> &'static BTreeSet<&'static str> {
    static WORDS: OnceLock<BTreeSet<&'static str>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let mut words = listed(include_str!("../../data/vocabulary.txt"));
        words.extend(listed(include_str!("../../data/foreign.txt")));
        words
    })
}

fn listed(text: &'static str) -> BTreeSet<&'static str> {
    text.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_a_description_from_a_name() {
        assert!(all_ordinary("Head/Neck 5.0 AXIAL"));
        assert!(!all_ordinary("Head Roesler"));
        assert!(!all_ordinary("4711"));
    }

    #[test]
    fn ordinary_words_that_are_names_are_told_from_others() {
        for (word, is_name) in [("brown", true), ("baker", true), ("liver", false), ("style", false), ("dicom", false)]
        {
            assert_eq!(is_name_too(word), is_name, "{word}");
        }
    }

    #[test]
    fn words_are_listed_with_their_endings() {
        for word in [
            "resampled",
            "performing",
            "stopped",
            "lesions",
            "haemoptysis",
            "oesophageal",
            "spiculated",
            "übersicht",
            "omniscan",
        ] {
            assert!(is_listed(word), "{word}");
        }
        for word in ["szczepanik", "abernathy", "ravindranath", "kowalska"] {
            assert!(!is_listed(word), "{word}");
        }
    }

    #[test]
    fn terms_and_structures_are_known_and_ids_are_not() {
        let known = |text| all_known(text, |word| word == "blob");
        for text in
            ["CT", "gallbladder", "vertebrae_L1", "LeftKidney", "GTV-2", "blob 3", "lesion12", "dcm2niix", "LPS", ""]
        {
            assert!(known(text), "{text}");
        }
        for text in
            ["Roesler", "liver Roesler", "A1B2C3D4", "IMG20230405", "20230405", "CT 4711", "McLiver", "kidney4711"]
        {
            assert!(!known(text), "{text}");
        }
    }
}

//! A description as the words that the lexicon knows.

use crate::names::text;

/// Shortenings of one word, cut or misspelt; `WO` and `W` are what LOINC writes.
const SAME: [(&str, &[&str]); 4] = [
    ("W", &["WITH", "WTH", "WCON", "WIV"]),
    ("WO", &["WITHOUT", "WOUT", "WITHO", "WITHOU", "WOCON"]),
    (
        "CONTRAST",
        &["CONT", "CON", "CONTR", "CONTRA", "CONTRAS", "CONTRST", "CONTRASTS", "CONTAST", "IVCON", "IVCONTRAST", "IVC"],
    ),
    ("VIEW", &["VIEWS", "VW", "VWS", "V", "VIEWONLY", "VIEWPA", "VS"]),
];
const NUMBERS: [(&str, &str); 7] =
    [("SINGLE", "1"), ("ONE", "1"), ("TWO", "2"), ("THREE", "3"), ("FOUR", "4"), ("FIVE", "5"), ("SIX", "6")];

/// The modalities of a cell: lists are split, `CTPT` is two, nothing is one without a name.
pub(super) fn modalities(cell: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in text::words(cell) {
        match word.as_str() {
            "BLANK" => {}
            "CTPT" | "PTCT" => found.extend(["CT".to_owned(), "PT".to_owned()]),
            _ => found.push(word),
        }
    }
    if found.is_empty() {
        found.push(String::new());
    }
    found
}

/// The words of a description: `W/O` is `WO`, `3+` is `MIN 3`, `1V` is `1 VIEW`.
pub(super) fn of(description: &str) -> Vec<String> {
    // ASCII alone: the marks and abbreviations below are
    let text = description
        .to_ascii_uppercase()
        .replace("W/O", " WO ")
        .replace('&', " AND ")
        .replace("+/-", " ")
        .replace("V/Q", " VQ ");
    let mut words = Vec::new();
    for word in marked(&text) {
        split_number(&word, &mut words);
    }
    let mut found: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        let word = canonical(word);
        match (word.as_str(), found.last().map(String::as_str)) {
            // what enters a vein is the only contrast that counts: `W IV CONTRAST`, `WO IVCON`
            ("IV", _) => {}
            ("O", Some("W")) => {
                found.pop();
                found.push("WO".to_owned());
            }
            ("VIEW", Some(last)) if last.parse::<u8>().is_err() && last != "PLUS" => {}
            _ => found.push(word),
        }
    }
    found
}

/// Folded words, with `PLUS` for `+`.
fn marked(text: &str) -> Vec<String> {
    text::words(&text.replace('+', " PLUS "))
}

/// `1V`, `2VIEWS`, `1VW` are a number and a word.
fn split_number(word: &str, into: &mut Vec<String>) {
    let digits = word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = word.split_at(digits);
    if digits > 0 && (rest == "VIEW" || SAME[3].1.contains(&rest)) {
        into.extend([number.to_owned(), rest.to_owned()]);
    } else {
        into.push(word.to_owned());
    }
}

fn canonical(word: String) -> String {
    let same = SAME.iter().find(|(_, words)| words.contains(&word.as_str())).map(|(name, _)| *name);
    let number = NUMBERS.iter().find(|(name, _)| *name == word).map(|(_, digit)| *digit);
    same.or(number).map_or(word, str::to_owned)
}

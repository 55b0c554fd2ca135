//! Ordinary and clinical words, which occur in any output whoever the patient is.

use std::collections::BTreeSet;
use std::sync::OnceLock;

/// Whether a text consists only of listed words, of numbers of up to three digits, and of single letters.
pub(super) fn all_ordinary(text: &str) -> bool {
    static WORDS: OnceLock<BTreeSet<&'static str>> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        let lines = include_str!("../../data/words.txt").lines().filter(|line| !line.starts_with('#'));
        lines.flat_map(str::split_whitespace).collect()
    });
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).all(|word| {
        let short = word.len() == 1 || (word.len() <= 3 && word.bytes().all(|b| b.is_ascii_digit()));
        short || words.contains(word.to_lowercase().as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::all_ordinary;

    #[test]
    fn tells_a_description_from_a_name() {
        assert!(all_ordinary("Head/Neck 5.0 AXIAL"));
        assert!(!all_ordinary("Head Roesler"));
        assert!(!all_ordinary("4711"));
    }
}

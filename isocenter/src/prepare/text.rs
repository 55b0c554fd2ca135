//! What becomes of the few texts that go on: defined terms pass, anything else does not.

use isocenter_deid::LeakScan;

/// Whether a text looks like a defined term: upper-case letters, digits, `_`, `\`, space, at most 16 of them (VR CS).
pub(crate) fn is_term(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 16
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'_' | b'\\' | b' '))
}

/// A defined term, cleaned: trimmed, and only where it is one and holds nothing identifying.
pub(crate) fn term(text: Option<&str>, scan: &LeakScan) -> Option<String> {
    let text = text?.trim();
    (is_term(text) && scan.scan(text.as_bytes()).is_empty()).then(|| text.to_owned())
}

/// The name of a structure, made safe: letters, digits, `_`, `-` and spaces (which become `_`), and only where it holds nothing
/// identifying.
pub(crate) fn label_name(name: &str, scan: &LeakScan) -> Option<String> {
    let clean: String =
        name.trim().chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { '_' }).take(64).collect();
    let empty = clean.chars().all(|c| c == '_');
    (!empty && scan.scan(name.as_bytes()).is_empty() && scan.scan(clean.as_bytes()).is_empty()).then_some(clean)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_sentence_is_no_term() {
        assert!(super::is_term("HEAD"));
        assert!(super::is_term("SE\\IR"));
        for text in ["", "head of Mr Doe", "Head", "ABCDEFGHIJKLMNOPQ"] {
            assert!(!super::is_term(text));
        }
    }
}

//! What becomes of the few texts that go on: defined terms pass, anything else does not.

use isocenter_dcm::term;
use isocenter_deid::LeakScan;

/// A defined term, cleaned: trimmed, and only where it is one and holds nothing identifying.
pub(crate) fn term(text: Option<&str>, scan: &LeakScan) -> Option<String> {
    let text = text?.trim();
    (term::are_terms(text) && scan.scan(text.as_bytes()).is_empty()).then(|| text.to_owned())
}

/// The name of a structure, made safe: letters, digits, `_`, `-` and spaces (which become `_`), and only where it holds nothing
/// identifying.
pub(crate) fn label_name(name: &str, scan: &LeakScan) -> Option<String> {
    let clean: String =
        name.trim().chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { '_' }).take(64).collect();
    let empty = clean.chars().all(|c| c == '_');
    (!empty && scan.scan(name.as_bytes()).is_empty() && scan.scan(clean.as_bytes()).is_empty()).then_some(clean)
}

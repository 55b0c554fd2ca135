//! What the program's exit code says.

/// Every exit code and its meaning.
pub(crate) const CODES: [(u8, &str); 9] = [
    (0, "done"),
    (1, "done, with items quarantined"),
    (2, "usage or recipe error, nothing touched"),
    (3, "verification failed"),
    (4, "the privacy gate failed, nothing exported"),
    (5, "stopped by the system (a full disk, a missing right)"),
    (6, "registration doubtful: written, to be looked at"),
    (7, "registration failed: not written unless asked for"),
    (130, "interrupted"),
];

/// The lines of some codes, for a help text.
pub(crate) fn lines(codes: &[u8]) -> String {
    CODES.iter().filter(|(code, _)| codes.contains(code)).map(|(code, what)| format!("  {code:<4} {what}\n")).collect()
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    #[test]
    fn the_book_has_every_code() {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/src/program.md");
        let page = fs::read_to_string(page).unwrap();
        for (code, what) in CODES {
            assert!(page.contains(&format!("\n| {code} | {what}")), "{code}");
        }
    }
}

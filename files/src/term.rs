//! Code strings and defined terms: the texts of a header that are words of a standard, not of a person.
//!
//! A code string (VR CS) is 1 to 16 upper-case letters, digits, spaces and underscores. A *term* here is one without a space: no
//! name of two parts, no sentence, nothing with a caret passes for one. Both say what a text looks like, not that the standard
//! knows it.
//!
//! Source: DICOM PS3.5 section 6.2 (CS) and 6.4 (values between backslashes).
//!
//! # Examples
//! ```
//! use isocenter_files::term;
//! assert!(term::is_code_string("SCREEN SAVE") && !term::is_term("SCREEN SAVE"));
//! assert!(term::is_term("CT_SOM5"));
//! assert!(term::are_terms("SE\\IR") && !term::are_terms("SE\\"));
//! assert!(!term::is_code_string("Doe^Jane"));
//! ```

/// Whether a text may be a value of VR CS.
pub fn is_code_string(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b' ' | b'_');
    (1..=16).contains(&text.len()) && text.bytes().all(fits)
}

/// Whether a text is a code string of one word.
pub fn is_term(text: &str) -> bool {
    is_code_string(text) && !text.contains(' ')
}

/// Whether every value of a text, between its backslashes, is a term.
pub fn are_terms(text: &str) -> bool {
    text.split('\\').all(is_term)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_code_string_is_told() {
        for text in ["", "head", "A^B", "ABCDEFGHIJKLMNOPQ", "Ä", "A\\B", "A-B"] {
            assert!(!is_code_string(text), "{text:?}");
        }
        for text in ["A", "HEAD", "SCREEN SAVE", "A_1", "ABCDEFGHIJKLMNOP"] {
            assert!(is_code_string(text), "{text:?}");
        }
    }
}

//! Unique identifiers: `2.25.` and 128 bits as a decimal number (DICOM PS3.5 B.2), at most 44 characters.

use crate::Key;

/// The root of everything that DICOM itself defines: SOP classes, transfer syntaxes, coding schemes, well-known instances.
const DICOM_ROOT: &str = "1.2.840.10008.";

/// The UID of 128 bits.
///
/// ```
/// assert_eq!(isocenter_files::uid::of_bits(7), "2.25.7");
/// ```
pub fn of_bits(bits: u128) -> String {
    format!("2.25.{bits}")
}

/// Whether a UID is DICOM's own.
///
/// ```
/// assert!(isocenter_files::uid::is_well_known("1.2.840.10008.1.2.1"));
/// ```
pub fn is_well_known(uid: &str) -> bool {
    uid.starts_with(DICOM_ROOT)
}

impl Key {
    /// What replaces a UID under this key. UIDs under DICOM's own root 1.2.840.10008 (classes, transfer syntaxes, well-known frames
    /// of reference, coding schemes) stay. Padding is not part of a UID; an empty one stays empty.
    pub fn uid(&self, original: &str) -> String {
        let original = original.trim_matches(|c: char| c == '\0' || c.is_whitespace());
        if original.is_empty() || is_well_known(original) {
            return original.to_owned();
        }
        self.new_uid("uid", &[original.as_bytes()])
    }

    /// A UID made from what it names: equal for equal parts under one key, apart by domain (`"series"`, `"frame of reference"`).
    ///
    /// ```
    /// let key = isocenter_files::Key::from_bytes([7; 32]);
    /// assert_eq!(key.new_uid("series", &[b"a", b"b"]), key.new_uid("series", &[b"a", b"b"]));
    /// assert_ne!(key.new_uid("series", &[b"a", b"b"]), key.new_uid("series", &[b"ab"]));
    /// ```
    pub fn new_uid(&self, domain: &str, parts: &[&[u8]]) -> String {
        of_bits(self.bits(domain, parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_never_change_between_versions() {
        // Computed apart, with Python's hmac. A change here breaks every crosswalk in the field.
        assert_eq!(Key::demo().uid("1.2.3"), "2.25.95019213007860942810870519216978381668");
        assert_eq!(Key::demo().uid(" 1.2.3\0"), Key::demo().uid("1.2.3"));
    }

    #[test]
    fn dicoms_own_and_nothing_stay() {
        assert_eq!(Key::demo().uid("1.2.840.10008.1.2\0"), "1.2.840.10008.1.2");
        assert_eq!(Key::demo().uid(" "), "");
        assert!(of_bits(u128::MAX).len() <= 44);
    }
}

//! How far a file may be from what it should be.

/// What to do about a file that is not as it should be.
///
/// ```
/// use isocenter_dcm::{OpenOptions, Tolerance};
/// let bytes = b"\x08\0\x60\0CS\x02\0CT"; // no preamble, no meta group
/// assert!(OpenOptions::new().parse(bytes).is_ok());
/// let strict = OpenOptions::new().tolerance(Tolerance::Strict).parse(bytes).unwrap_err();
/// assert_eq!(strict.reason(), "not-conforming");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum Tolerance {
    /// The first thing that would be repaired is an error ([`Error::NotConforming`](crate::Error::NotConforming)).
    Strict,
    /// What can be told without a guess is repaired, with a [`Warning`](crate::Warning); a file that is cut off is an error.
    #[default]
    Standard,
    /// As `Standard`, and of a file that is cut off what is left is kept, with a warning: the last value up to its last
    /// whole number, the frames that are whole.
    Salvage,
}

//! What kind of series an image is of, from facts of its header: one rule for sidecars, names and recipes.
//!
//! [`SeriesFacts`] are the facts, small and owned; [`SeriesKind::of`] is the rule. A kind is told in two vocabularies that do not
//! always meet: what BIDS calls the series ([`Datatype`], [`Suffix`]), and what its values show ([`Contrast`]). A phase image of
//! a gradient echo is `anat`, `T2starw` to BIDS, and no picture of tissue to whom intensities matter.
//!
//! The order of the rule:
//!
//! 1. what the maker calls the sequence (Siemens' file, GE's internal name);
//! 2. the words of the standard: Image Type, Scanning Sequence, Sequence Variant;
//! 3. repetition, echo and inversion times, because they are physics: a long inversion time with a long echo suppresses fluid, a
//!    long echo with a long repetition shows fluid bright, short ones show fat bright;
//! 4. Acquisition Contrast, which some makers fill with a word of no meaning;
//! 5. the words of the description.
//!
//! Where nothing decides there is no kind. Thresholds are for 1.5 and 3 tesla.
//!
//! Source: DICOM PS3.3 C.8.3.1, C.8.13.3.1, C.8.13.5; Bernstein, King, Zhou, Handbook of MRI Pulse Sequences, 2004, ch. 14 and 17;
//! BIDS 1.10; names of sequences as dcm2niix knows them.
//!
//! # Examples
//! ```
//! use isocenter_dcm::series_kind::{Contrast, Datatype, SeriesFacts, SeriesKind, Suffix};
//! let mut facts = SeriesFacts::default();
//! facts.modality = Some("MR".to_owned());
//! facts.scanning = vec!["GR".to_owned(), "IR".to_owned()];
//! facts.variant = vec!["SK".to_owned(), "SP".to_owned(), "MP".to_owned()];
//! let kind = SeriesKind::of(&facts); // an MPRAGE
//! assert_eq!((kind.datatype, kind.suffix), (Some(Datatype::Anat), Some(Suffix::T1w)));
//! assert_eq!(kind.contrast, Some(Contrast::T1));
//! ```

mod by_description;
mod by_maker;
mod by_times;
mod by_words;
mod contrast;
mod facts;
mod found;
mod map;
mod part;
mod rule;
mod suffix;

pub use contrast::Contrast;
pub use facts::{Maker, SeriesFacts, is_derived};
pub use found::Entities;
pub use part::Part;
pub use rule::SeriesKind;
pub use suffix::{Datatype, Suffix};

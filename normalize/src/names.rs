//! Names of studies, series and body parts, to codes: by tables and by rules, with what they were read from.
//!
//! A study is called `CT CHEST WO IV CONT` here and `Thorax^CHEST_WO (Adult)` there; both are LOINC 29252-4. This module reads such
//! texts, and facts of the acquisition, as plain structs: it opens no file and knows no DICOM. Three questions are answered:
//! [`study`] gives the LOINC code of a study description, [`series`] the kind of an MR series, [`body_part`] the SNOMED concept of
//! a body part.
//!
//! An answer is never bare: it comes with a confidence and the [`Said`] that led to it. Where nothing was understood, or two
//! readings are possible, there is no answer but the reason why. A confidence is an order of merit that was set by hand, not
//! a measured frequency. What is repeated in the evidence are words of this crate's own lists, never the rest of a text, so that
//! a name that somebody typed into a description does not travel on.
//!
//! # Examples
//! ```
//! use isocenter_normalize::names::study;
//! let found = study::name(&study::Facts::new("CT", "Thorax^CHEST_WO (Adult)"));
//! assert_eq!(found.code().map(|code| code.code), Some("29252-4"));
//! assert_eq!(study::name(&study::Facts::new("CT", "QXZV")).code(), None);
//! ```

pub mod body_part;
mod said;
pub mod series;
pub mod study;
mod text;

pub use said::{Abstained, Said};
pub use text::fold;

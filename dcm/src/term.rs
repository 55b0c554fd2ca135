//! Code strings and defined terms, and the elements that hold one. The rule is [`isocenter_files::term`].
//!
//! # Examples
//! ```
//! use isocenter_dcm::{Dataset, tags, term};
//! assert!(term::is_term("CT_SOM5") && !term::is_term("SCREEN SAVE"));
//! assert_eq!(term::of(&Dataset::new_empty(), tags::MODALITY), None);
//! ```

use dicom_core::Tag;
pub use isocenter_files::term::{are_terms, is_code_string, is_term};

use crate::{Dataset, value};

/// The first value of an element where it is a term; `None` for anything else.
pub fn of(dataset: &Dataset, tag: Tag) -> Option<String> {
    value::string(dataset, tag).filter(|text| is_term(text))
}

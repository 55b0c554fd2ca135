//! The LOINC code of an imaging study, from its description, modality and body part.
//!
//! Two ways, tried in this order by [`name`]. [`by_table`] looks the text up among 670 descriptions that people have coded (the
//! MIDRC table), after [folding](crate::names::fold): exact, and blind for everything else. [`by_rules`] takes the text apart: words
//! and abbreviations say method, region, side, contrast and view, and the code is the one whose parts in LOINC (method, system,
//! component) are these. The rules read no table of descriptions.
//!
//! Region and timing are LOINC's System and the challenge after `^` of its Component, and are given also where no code has
//! all the parts.
//!
//! Sources: LOINC (its notice stands in `data/loinc.tsv`); github MIDRC/midrc_dicom_harmonization (MIT).
//!
//! # Examples
//! ```
//! use isocenter_normalize::names::study::{self, Timing};
//! let found = study::by_rules(&study::Facts::new("CT", "CT ABD/PEL W/O IV CONTRAST"));
//! assert_eq!(found.code().map(|code| code.name), Some("CT Abdomen and Pelvis WO contrast"));
//! assert_eq!((found.region(), found.timing()), (Some("Abdomen+Pelvis"), Some(Timing::Without)));
//! assert!(found.confidence() > 0.8);
//! ```

mod attributes;
mod candidates;
mod codes;
mod lexicon;
mod method;
mod radiograph;
mod reading;
mod regions;
mod rules;
mod table;
mod timing;
mod tokens;

pub use codes::Code;
pub use method::Method;
pub use reading::{By, Reading};
pub use rules::by_rules;
pub use table::by_table;
pub use timing::Timing;

/// What is known of a study.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts<'a> {
    /// Modality (0008,0060), or several, between commas or backslashes.
    pub modality: &'a str,
    /// Study Description (0008,1030), or a series' or protocol's text where there is none.
    pub description: &'a str,
    /// Body Part Examined (0018,0015), where known; read only where the description names no region.
    pub body_part: &'a str,
}

impl<'a> Facts<'a> {
    /// A modality and a description.
    pub fn new(modality: &'a str, description: &'a str) -> Self {
        Self { modality, description, body_part: "" }
    }
}

/// By the table, else by the rules. Where people have disagreed about a text, the rules choose among their codes.
pub fn name(facts: &Facts<'_>) -> Reading {
    by_table(facts).unwrap_or_else(|| by_rules(facts))
}

//! What decides the fate of an element, apart from the walk that carries it out.
//!
//! [`Rules`] answer one question: what is to be done with the element [`At`] this place. A [`Profile`](crate::Profile) is one set of rules; others
//! wrap it, or stand in its place ([`Deidentifier::with_rules`](crate::Deidentifier::with_rules)). The walk asks for every element of the top level and of
//! every item, in the order of the data set, and does what [`Decision`] says; of private elements' creators it takes care by itself.
//!
//! # Examples
//! ```
//! use isocenter_dcm::tags;
//! use isocenter_deid::{Profile, rules::{At, Decision, Rules}};
//!
//! /// The Basic Profile, and no body part.
//! #[derive(Debug)]
//! struct Mine(Profile);
//!
//! impl Rules for Mine {
//!     fn decide(&self, at: &At<'_>) -> Decision {
//!         if at.tag() == tags::BODY_PART_EXAMINED { Decision::Remove } else { self.0.decide(at) }
//!     }
//! }
//! ```

mod by_profile;
mod declared;

use std::fmt;

use dicom_core::header::Header;
use dicom_core::{Tag, VR};
use isocenter_dcm::Element;

use crate::table::iod::Iod;

pub(crate) use declared::Declared;

/// Decides what is to be done with each element.
pub trait Rules: fmt::Debug + Send + Sync {
    /// What is to be done with the element at a place. The same place gets the same answer, whatever was asked before.
    fn decide(&self, at: &At<'_>) -> Decision;
}

/// An element and where it stands.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct At<'a> {
    /// UID of the instance's SOP class.
    pub sop_class: &'a str,
    /// Tags of the sequences around it, from the top level down, and its own.
    pub path: &'a [Tag],
    /// The VR that decides: the dictionary's, where the file says UN; of a private element that of the list, where it is known.
    pub vr: VR,
    /// The creator of the private block that it stands in; `None` for elements of the standard, and where the block has none.
    pub creator: Option<&'a str>,
    /// What the content item is about whose value it is; `None` outside of content trees.
    pub concept: Option<&'a Concept>,
    /// What the instance itself says of a private element by (0008,0300): whether it is safe.
    pub declared_safe: Option<bool>,
    /// The element, for its value.
    pub element: &'a Element,
    pub(crate) iod: Option<Iod>,
}

impl At<'_> {
    /// Its tag.
    pub fn tag(&self) -> Tag {
        self.element.tag()
    }

    /// Whether it is private, by its group.
    pub fn is_private(&self) -> bool {
        self.tag().group() % 2 == 1
    }

    /// The low byte of its element number, by which a private element is known in its block.
    pub(crate) fn low_byte(&self) -> u8 {
        self.tag().element() as u8
    }
}

/// The concept name of a content item, and the type of its value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Concept {
    /// Code Value.
    pub code: String,
    /// Coding Scheme Designator.
    pub scheme: String,
    /// Value Type (0040,A040): `TEXT`, `CODE`, `NUM` ...
    pub value_type: String,
}

/// What is to be done with an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// It stays; short text is searched for known values, a sequence is walked.
    Keep,
    /// It stays although the Basic Profile would not have it: an option retains it. Ages above 89 years are capped.
    Retain,
    /// It goes, with its items.
    Remove,
    /// It goes, because nobody knows what it is; the audit says so apart.
    RemoveUnknown,
    /// Zero length.
    Empty,
    /// A dummy of its VR; a sequence is walked, and what identifies in it replaced.
    Dummy,
    /// UIDs are replaced by keyed ones.
    Uid,
    /// A date moves by the patient's number of days; what is no date becomes a dummy.
    Shift,
    /// What identifies in its text goes, the rest stays; a sequence is walked.
    Clean,
    /// Text in the picture of an overlay goes, the rest stays.
    CleanOverlay,
    /// Free text that no table lists becomes empty.
    EmptyText,
    /// Free text that no table lists and that must have a value becomes a dummy.
    DummyText,
    /// A tracking id and the like: distinct values stay distinct.
    TokenText,
}

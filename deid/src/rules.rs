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
mod refusal;

use std::fmt;

use dicom_core::header::Header;
use dicom_core::{Tag, VR};
use isocenter_dcm::{Dataset, Element, FileMeta};

use crate::pseudonym::Pseudonyms;
use crate::table::iod::Iod;

pub(crate) use declared::Declared;
pub use refusal::Refusal;

/// Decides what is to be done with each element. Only [`decide`](Self::decide) has to be written; the rest is for rules that look at more than the
/// element at hand, as the [scripts](crate::scripts) of other programs do.
pub trait Rules: fmt::Debug + Send + Sync {
    /// What is to be done with the element at a place. The same place gets the same answer, whatever was asked before.
    fn decide(&self, at: &At<'_>) -> Decision;

    /// The rules for one instance, asked for once before its walk; `None`: these, as they are. What depends on other elements is computed here, while
    /// all of them stand.
    ///
    /// # Errors
    /// A [`Refusal`] where these rules do not want the instance, or cannot say what is to be done with it.
    fn for_instance(&self, _original: &Original<'_>) -> Result<Option<Box<dyn Rules>>, Refusal> {
        Ok(None)
    }

    /// Elements that the top level gets besides, in the place of what it has.
    fn added(&self) -> Vec<Element> {
        Vec::new()
    }

    /// Whether these rules themselves say what an id or a marker is that the de-identifier writes else: Patient ID and Name, SOP Instance UID, (0012,0062)
    /// to (0012,0064), (0028,0303).
    fn writes(&self, _tag: Tag) -> bool {
        false
    }
}

/// An instance as it came.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Original<'a> {
    /// Its data set.
    pub dataset: &'a Dataset,
    /// Its meta group.
    pub meta: &'a FileMeta,
    /// What its patient is known by.
    pub patient: &'a str,
    /// The pseudonyms of the run.
    pub pseudonyms: &'a Pseudonyms,
}

/// Nothing of it: it is a patient's.
impl fmt::Debug for Original<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Original").finish_non_exhaustive()
    }
}

/// An element and where it stands.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct At<'a> {
    /// UID of the instance's SOP class.
    pub sop_class: &'a str,
    /// Tags of the sequences around it, from the top level down, and its own.
    pub path: &'a [Tag],
    /// Numbers of the items around it, from 0, one for each sequence of its path.
    pub items: &'a [usize],
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
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// It stays; short text is searched for known values, a sequence is walked.
    Keep,
    /// It stays to the letter, unsearched: whoever made the rules named it. A sequence is walked; bytes that nobody can read go all the same.
    Leave,
    /// These values take its place; none: zero length.
    Replace(Values),
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

/// Values of one element, as text.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Values(pub Vec<String>);

impl Values {
    /// One value, or those that backslashes part; none where the text is empty.
    pub fn of(text: &str) -> Self {
        if text.is_empty() { Self::default() } else { Self(text.split('\\').map(str::to_owned).collect()) }
    }
}

/// How many there are: they may be a patient's.
impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Values").field("len", &self.0.len()).finish_non_exhaustive()
    }
}

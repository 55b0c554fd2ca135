//! Where in an instance a script is, and what it sees from there.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use dicom_core::header::Header;
use dicom_core::{Tag, VR};
use isocenter_dcm::{Dataset, Element};

use super::{Compat, Settings};
use crate::element::all_text;
use crate::pseudonym::Pseudonyms;
use crate::rules::Original;

/// Where in an instance a script is, and what it sees from there.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) original: &'a Original<'a>,
    /// The data set at hand, as it came.
    pub(super) dataset: &'a Dataset,
    /// Tags of the sequences around it.
    pub(super) path: &'a [Tag],
    /// Values of a recipe's lists in this instance, gathered when they are first asked for.
    pub(super) lists: &'a OnceCell<BTreeMap<String, BTreeSet<String>>>,
}

/// An element to be judged.
pub(super) struct Subject<'a> {
    pub(super) element: &'a Element,
    pub(super) vr: VR,
    pub(super) creator: Option<&'a str>,
}

impl Subject<'_> {
    pub(super) fn tag(&self) -> Tag {
        self.element.tag()
    }

    pub(super) fn is_private(&self) -> bool {
        self.tag().group() % 2 == 1
    }
}

impl<'a> Scope<'a> {
    pub(super) fn is_top(&self) -> bool {
        self.path.is_empty()
    }

    pub(super) fn names(&self) -> &'a Pseudonyms {
        self.original.pseudonyms
    }

    /// The top level.
    pub(super) fn root(&self) -> Self {
        Self { dataset: self.original.dataset, path: &[], ..*self }
    }

    /// All values of an element of this data set, parted by backslashes; of the meta group what this program knows of it. `None` where it is not there.
    pub(super) fn text(&self, tag: Tag) -> Option<String> {
        if tag.group() == 2 {
            let meta = self.original.meta;
            let found = match tag.element() {
                0x0002 => &meta.media_storage_sop_class_uid,
                0x0003 => &meta.media_storage_sop_instance_uid,
                0x0010 => &meta.transfer_syntax_uid,
                _ => return None,
            };
            return (!found.is_empty()).then(|| found.clone());
        }
        self.dataset.get(tag).map(text_of)
    }

    /// The same of the top level, without padding; empty where it is not there.
    pub(super) fn root_text(&self, tag: Tag) -> String {
        self.root().text(tag).unwrap_or_default().trim().to_owned()
    }

    /// A decimal number for a text.
    pub(super) fn digits(&self, compat: Option<Compat>, text: &str) -> String {
        super::compat::digits(self.names(), compat, text)
    }
}

/// All values of an element, parted by backslashes; nothing for a sequence.
pub(super) fn text_of(element: &Element) -> String {
    use dicom_core::value::PrimitiveValue as P;
    match element.value().primitive() {
        Some(P::Strs(_) | P::Str(_) | P::U8(_) | P::Empty) => all_text(element).join("\\"),
        Some(numbers) => numbers.to_multi_str().iter().map(|one| one.trim()).collect::<Vec<_>>().join("\\"),
        None => String::new(),
    }
}

/// Year, month, day, hour, minute and second of the run, as far as the caller says.
pub(super) fn now(settings: &Settings) -> &str {
    settings.now.as_deref().unwrap_or("19000101000000")
}

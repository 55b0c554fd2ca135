//! Private blocks: whose they are, and which creators are left without an element.

use std::collections::BTreeMap;

use dicom_core::header::Header;
use dicom_core::value::PrimitiveValue;
use dicom_core::{DataElement, Tag, VR};
use isocenter_dcm::{Dataset, Element};

use crate::element::{all_text, first_text};
use crate::table::private;

/// Whether a tag is that of a private element.
pub(super) fn is_private(tag: Tag) -> bool {
    tag.group() % 2 == 1
}

/// Whether a tag is that of a private creator (PS3.5 section 7.8.1).
pub(super) fn is_creator(tag: Tag) -> bool {
    is_private(tag) && (0x0010..=0x00FF).contains(&tag.element())
}

/// The creators of one data set, by group and block; of one that names a patient nothing is told, so that its block is nobody's.
pub(super) struct Creators(BTreeMap<(u16, u16), Option<String>>);

impl Creators {
    pub(super) fn of(dataset: &Dataset, identifies: impl Fn(&str) -> bool) -> Self {
        let creators = dataset.iter().filter(|element| is_creator(element.tag()));
        let named = |element: &Element| Some(first_text(element)).filter(|name| !identifies(name));
        Self(creators.map(|e| ((e.tag().group(), e.tag().element()), named(e))).collect())
    }

    /// The creator of a private element's block.
    pub(super) fn of_tag(&self, tag: Tag) -> Option<&str> {
        let block = tag.element() >> 8;
        is_private(tag).then(|| self.0.get(&(tag.group(), block)))??.as_deref()
    }

    /// Tags of the creators that have no element in a data set any more.
    pub(super) fn unused(&self, dataset: &Dataset) -> Vec<Tag> {
        let used =
            |group: u16, block: u16| dataset.tags().any(|tag| tag.group() == group && tag.element() >> 8 == block);
        self.0.keys().filter(|(group, block)| !used(*group, *block)).map(|&(group, block)| Tag(group, block)).collect()
    }
}

/// The VR that the list of safe elements gives a private element, where it gives one alone.
pub(super) fn listed_vr(creator: &str, tag: Tag) -> Option<VR> {
    match private::safe(creator, tag.group(), tag.element() as u8)? {
        [vr] => Some(*vr),
        _ => None,
    }
}

/// ASCII bytes of VR UN as text of the VR that the list gives; `None` for what is no text of that VR.
pub(super) fn as_text(element: &Element, vr: VR) -> Option<Element> {
    let Some(PrimitiveValue::U8(bytes)) = element.value().primitive() else { return None };
    let is_text = width(vr).is_none() && vr != VR::UN && bytes.iter().all(u8::is_ascii);
    is_text.then(|| DataElement::new(element.tag(), vr, PrimitiveValue::Strs(all_text(element).into_iter().collect())))
}

/// Whether bytes of VR UN can be numbers of the VR that the list gives.
pub(super) fn are_numbers(element: &Element, vr: VR) -> bool {
    let bytes = element.value().primitive().map_or(0, PrimitiveValue::calculate_byte_len);
    width(vr).is_some_and(|width| bytes.is_multiple_of(width))
}

/// Bytes of a binary number.
const fn width(vr: VR) -> Option<usize> {
    match vr {
        VR::US | VR::SS => Some(2),
        VR::UL | VR::SL | VR::FL | VR::AT => Some(4),
        VR::FD | VR::SV | VR::UV => Some(8),
        _ => None,
    }
}

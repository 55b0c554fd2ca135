//! The facts of PS3.15 that decide: Table E.1-1, types by IOD, SR concepts, private elements, codes. Parsed once from `data/`.

pub(crate) mod attributes;
pub(crate) mod codes;
pub(crate) mod concepts;
pub(crate) mod iod;
pub(crate) mod private;
pub(crate) mod retained;

use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry, VirtualVr};
use dicom_core::{Tag, VR};
use dicom_dictionary_std::StandardDataDictionary;

/// VR and keyword of the standard's dictionary; `None` for what it does not know.
pub(crate) fn dictionary(tag: Tag) -> Option<(VR, &'static str)> {
    let entry = StandardDataDictionary.by_tag(tag)?;
    let vr = match entry.vr() {
        VirtualVr::Exact(vr) => vr,
        VirtualVr::Xs => VR::US,
        _ => VR::OW,
    };
    Some((vr, entry.alias))
}

/// `GGGGEEEE` as a tag.
pub(crate) fn parse_tag(text: &str) -> Option<Tag> {
    let number = (text.len() == 8).then(|| u32::from_str_radix(text, 16).ok())??;
    Some(Tag((number >> 16) as u16, number as u16))
}

/// Lines that are not comments.
fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

//! Making elements, their VR by the dictionary.

use isocenter_dcm::{
    Dataset, Tag, VR,
    dicom_core::{
        DataElement, DicomValue, Length, PrimitiveValue,
        dictionary::{DataDictionary, DataDictionaryEntry},
        value::{C, DataSetSequence},
    },
    dicom_dictionary_std::StandardDataDictionary,
};

use super::decimal;

/// The VR that the dictionary gives a tag.
pub(super) fn vr_of(tag: Tag) -> VR {
    StandardDataDictionary.by_tag(tag).map_or(VR::UN, |entry| entry.vr().relaxed())
}

/// The keyword of a tag, `(unknown)` for what the dictionary does not have.
pub(super) fn keyword(tag: Tag) -> &'static str {
    StandardDataDictionary.by_tag(tag).map_or("(unknown)", DataDictionaryEntry::alias)
}

/// The tag of a keyword.
pub(super) fn tag_of(keyword: &str) -> Option<Tag> {
    StandardDataDictionary.by_name(keyword).map(DataDictionaryEntry::tag)
}

fn put(ds: &mut Dataset, tag: Tag, value: PrimitiveValue) {
    ds.put(DataElement::new(tag, vr_of(tag), value));
}

/// An element without a value; a sequence without items.
pub(super) fn empty(ds: &mut Dataset, tag: Tag) {
    if vr_of(tag) == VR::SQ { items(ds, tag, Vec::new()) } else { put(ds, tag, PrimitiveValue::Empty) }
}

/// Text, one value or several parted by `\`.
pub(super) fn text(ds: &mut Dataset, tag: Tag, value: impl Into<String>) {
    let value = value.into();
    let value = match vr_of(tag) {
        VR::LT | VR::ST | VR::UT | VR::UR => PrimitiveValue::Str(value),
        _ if value.contains('\\') => PrimitiveValue::Strs(value.split('\\').map(str::to_owned).collect()),
        _ => PrimitiveValue::Str(value),
    };
    put(ds, tag, value);
}

/// A whole number as IS, US or UL, as the dictionary has it.
pub(super) fn count(ds: &mut Dataset, tag: Tag, value: usize) {
    match vr_of(tag) {
        VR::US => put(ds, tag, PrimitiveValue::from(u16::try_from(value).unwrap_or(u16::MAX))),
        VR::UL => put(ds, tag, PrimitiveValue::from(u32::try_from(value).unwrap_or(u32::MAX))),
        _ => text(ds, tag, value.to_string()),
    }
}

/// Numbers as DS, FD or FL, as the dictionary has it.
pub(super) fn numbers(ds: &mut Dataset, tag: Tag, values: &[f64]) {
    match vr_of(tag) {
        VR::FD => put(ds, tag, PrimitiveValue::F64(C::from_slice(values))),
        VR::FL => put(ds, tag, PrimitiveValue::F32(values.iter().map(|v| *v as f32).collect())),
        _ => text(ds, tag, values.iter().map(|v| decimal::text(*v)).collect::<Vec<_>>().join("\\")),
    }
}

/// Unsigned 32-bit numbers.
pub(super) fn longs(ds: &mut Dataset, tag: Tag, values: &[u32]) {
    put(ds, tag, PrimitiveValue::U32(C::from_slice(values)));
}

/// Pointers to attributes.
pub(super) fn pointer(ds: &mut Dataset, tag: Tag, to: Tag) {
    put(ds, tag, PrimitiveValue::Tags(C::from_elem(to, 1)));
}

/// A sequence.
pub(super) fn items(ds: &mut Dataset, tag: Tag, items: Vec<Dataset>) {
    let items = DataSetSequence::new(items, Length::UNDEFINED);
    ds.put(DataElement::new_with_len(tag, VR::SQ, Length::UNDEFINED, DicomValue::Sequence(items)));
}

/// A sequence of one item, made by a function.
pub(super) fn item(ds: &mut Dataset, tag: Tag, fill: impl FnOnce(&mut Dataset)) {
    let mut one = Dataset::new_empty();
    fill(&mut one);
    items(ds, tag, vec![one]);
}

/// An element of a VR that the dictionary leaves open.
pub(super) fn raw(ds: &mut Dataset, tag: Tag, vr: VR, value: PrimitiveValue) {
    ds.put(DataElement::new(tag, vr, value));
}

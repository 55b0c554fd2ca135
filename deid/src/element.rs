//! Small questions about one element, and empty ones.

use dicom_core::value::PrimitiveValue;
use dicom_core::{DataElement, Tag, VR};
use isocenter_dcm::Element;

use crate::dummy;

/// `GGGGEEEE`.
pub(crate) fn name(tag: Tag) -> String {
    format!("{:04X}{:04X}", tag.group(), tag.element())
}

/// An element without a value.
pub(crate) fn empty(tag: Tag, vr: VR) -> Element {
    if vr == VR::SQ {
        return dummy::sequence(tag, Vec::new());
    }
    DataElement::new(tag, vr, PrimitiveValue::Empty)
}

/// All values as text, without padding; bytes of a UN are read as Latin-1.
pub(crate) fn all_text(element: &Element) -> Vec<String> {
    let trim = |text: &str| text.trim_matches(|c: char| c == '\0' || c == ' ').to_owned();
    match element.value().primitive() {
        Some(PrimitiveValue::Strs(parts)) => parts.iter().map(|part| trim(part)).collect(),
        Some(PrimitiveValue::Str(text)) if element.vr() == VR::UI => text.split('\\').map(trim).collect(),
        Some(PrimitiveValue::Str(text)) => vec![trim(text)],
        Some(PrimitiveValue::U8(bytes)) => {
            let text: String = bytes.iter().map(|&byte| char::from(byte)).collect();
            text.split('\\').map(trim).collect()
        }
        Some(PrimitiveValue::Empty) | None => Vec::new(),
        Some(other) => vec![trim(&other.to_str())],
    }
}

/// The first value as text.
pub(crate) fn first_text(element: &Element) -> String {
    all_text(element).into_iter().next().unwrap_or_default()
}

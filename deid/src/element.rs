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

/// An element of values written as text, numbers too; `None` for what is no value of that VR, such as words for a binary number or a sequence.
pub(crate) fn of_text(tag: Tag, vr: VR, values: &[String]) -> Option<Element> {
    fn numbers<T: std::str::FromStr>(values: &[String]) -> Option<Vec<T>> {
        values.iter().map(|value| value.trim().parse().ok()).collect()
    }
    let value = match vr {
        VR::SQ => return None,
        VR::US | VR::OW => PrimitiveValue::U16(numbers(values)?.into()),
        VR::SS => PrimitiveValue::I16(numbers(values)?.into()),
        VR::UL | VR::OL => PrimitiveValue::U32(numbers(values)?.into()),
        VR::SL => PrimitiveValue::I32(numbers(values)?.into()),
        VR::UV | VR::OV => PrimitiveValue::U64(numbers(values)?.into()),
        VR::SV => PrimitiveValue::I64(numbers(values)?.into()),
        VR::FL | VR::OF => PrimitiveValue::F32(numbers(values)?.into()),
        VR::FD | VR::OD => PrimitiveValue::F64(numbers(values)?.into()),
        VR::AT => {
            let tags: Option<Vec<Tag>> = values.iter().map(|value| crate::scripts::tag_of(value)).collect();
            PrimitiveValue::Tags(tags?.into())
        }
        VR::OB | VR::UN => {
            let mut bytes = values.join("\\").into_bytes();
            if bytes.len() % 2 == 1 {
                bytes.push(b' ');
            }
            PrimitiveValue::U8(bytes.into())
        }
        VR::LT | VR::ST | VR::UT | VR::UR => PrimitiveValue::Str(values.join("\\")),
        VR::DS | VR::IS
            if !values.iter().all(|value| value.trim().is_empty() || value.trim().parse::<f64>().is_ok()) =>
        {
            return None;
        }
        _ => PrimitiveValue::Strs(values.iter().cloned().collect()),
    };
    Some(DataElement::new(tag, vr, value))
}

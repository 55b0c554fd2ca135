//! Values that stay, searched for what is known of the patient.

use dicom_core::header::Header;
use dicom_core::value::PrimitiveValue;
use dicom_core::{DataElement, VR};
use isocenter_dcm::Element;

use crate::audit::Action;
use crate::cleaner::Cleaner;

/// What the search found.
pub(super) enum Verdict {
    /// Nothing; the element stays as it is.
    Clean,
    /// A value held a known value, or is not of its VR; this takes its place.
    Replaced(Element, Action),
}

/// Searches the value of an element that stays.
pub(super) fn search(element: &Element, cleaner: &Cleaner<'_>) -> Verdict {
    let (tag, vr) = (element.tag(), element.vr());
    let Some(value) = element.value().primitive() else {
        return Verdict::Clean;
    };
    let parts: Vec<String> = match value {
        PrimitiveValue::Strs(parts) => parts.to_vec(),
        PrimitiveValue::Str(text) => vec![text.clone()],
        _ => return Verdict::Clean,
    };
    match vr {
        VR::DS | VR::IS if !parts.iter().all(|part| is_number(part)) => {
            return Verdict::Replaced(DataElement::new(tag, vr, PrimitiveValue::Empty), Action::Unknown);
        }
        VR::DS | VR::IS | VR::DA | VR::DT | VR::TM => return Verdict::Clean,
        VR::UI if !parts.iter().all(|part| is_uid(part)) => {
            return Verdict::Replaced(DataElement::new(tag, vr, PrimitiveValue::Empty), Action::Unknown);
        }
        VR::UI => return Verdict::Clean,
        _ => {}
    }
    let cleaned: Vec<Option<String>> = parts.iter().map(|part| cleaner.known_gone(part, vr)).collect();
    if cleaned.iter().all(Option::is_none) {
        return Verdict::Clean;
    }
    let new = parts.into_iter().zip(cleaned).map(|(old, new)| new.unwrap_or(old));
    let value = match value {
        PrimitiveValue::Str(_) => PrimitiveValue::Str(new.collect()),
        _ => PrimitiveValue::Strs(new.collect()),
    };
    Verdict::Replaced(DataElement::new(tag, vr, value), Action::KnownValue)
}

fn is_number(part: &str) -> bool {
    part.trim_matches([' ', '\0']).bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'))
}

fn is_uid(part: &str) -> bool {
    part.len() <= 64 && part.trim_matches([' ', '\0']).bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

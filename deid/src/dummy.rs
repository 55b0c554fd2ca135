//! Dummies: non-empty values that are valid for their VR and say nothing.

use dicom_core::value::DataSetSequence;
use dicom_core::value::PrimitiveValue;
use dicom_core::{DataElement, Length, Tag, VR};
use dicom_dictionary_std::tags;
use isocenter_dcm::{Dataset, Element};

/// The text of every textual dummy.
pub(crate) const TEXT: &str = "REMOVED";
/// The date of every dummy: the first day of a century, which no shifted date is.
pub(crate) const DATE: &str = "19000101";
/// Our coding scheme designator: `99` marks private schemes.
const SCHEME: &str = "99ISOCENTER";

/// A dummy element.
pub(crate) fn element(tag: Tag, vr: VR) -> Element {
    let value = match vr {
        VR::AE => PrimitiveValue::from("ANON"),
        VR::AS => PrimitiveValue::from("000Y"),
        VR::DA => PrimitiveValue::from(DATE),
        VR::TM => PrimitiveValue::from("000000"),
        VR::DT => PrimitiveValue::from(format!("{DATE}000000")),
        VR::DS | VR::IS => PrimitiveValue::from("0"),
        VR::UI => PrimitiveValue::from("2.25.0"),
        VR::UR => PrimitiveValue::from("about:blank"),
        VR::AT => PrimitiveValue::from(Tag(0, 0)),
        VR::US => PrimitiveValue::from(0u16),
        VR::SS => PrimitiveValue::from(0i16),
        VR::UL | VR::OL => PrimitiveValue::from(0u32),
        VR::SL => PrimitiveValue::from(0i32),
        VR::UV | VR::OV => PrimitiveValue::U64([0].into_iter().collect()),
        VR::SV => PrimitiveValue::I64([0].into_iter().collect()),
        VR::FL | VR::OF => PrimitiveValue::from(0f32),
        VR::FD | VR::OD => PrimitiveValue::from(0f64),
        VR::OW => PrimitiveValue::U16([0].into_iter().collect()),
        VR::OB | VR::UN => PrimitiveValue::U8([0, 0].into_iter().collect()),
        _ => PrimitiveValue::from(TEXT),
    };
    DataElement::new(tag, vr, value)
}

/// A sequence of one code that says that a code was removed.
pub(crate) fn code_sequence(tag: Tag) -> Element {
    let code = Dataset::from_element_iter([
        DataElement::new(tags::CODE_VALUE, VR::SH, TEXT),
        DataElement::new(tags::CODING_SCHEME_DESIGNATOR, VR::SH, SCHEME),
        DataElement::new(tags::CODE_MEANING, VR::LO, "Removed"),
    ]);
    sequence(tag, vec![code])
}

/// A sequence of given items.
pub(crate) fn sequence(tag: Tag, items: Vec<Dataset>) -> Element {
    DataElement::new_with_len(tag, VR::SQ, Length::UNDEFINED, DataSetSequence::new(items, Length::UNDEFINED))
}

/// Whether a value is one of ours, so that a second pass does not take it for a patient's.
pub(crate) fn is_dummy(value: &str) -> bool {
    matches!(value, TEXT | DATE | "ANON" | "000Y" | "000000" | "19000101000000" | "2.25.0" | "about:blank" | "Removed")
}

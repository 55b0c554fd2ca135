use isocenter_dcm::dicom_core::value::{DataSetSequence, PixelFragmentSequence};
use isocenter_dcm::dicom_core::{DataElement, DicomValue, Length, PrimitiveValue, dicom_value};
use isocenter_dcm::json::{self, serde_json::json};
use isocenter_dcm::{Dataset, Element, Tag, VR, tags};

const ANY: Tag = Tag(0x0009, 0x1001);

fn of(vr: VR, value: PrimitiveValue) -> json::serde_json::Value {
    let ds = Dataset::from_element_iter([DataElement::new(ANY, vr, value)]);
    json::to_value(&ds).unwrap()["00091001"].clone()
}

#[test]
fn numbers_are_numbers_where_nothing_is_lost() {
    let ds = dicom_value!(Strs, ["1", "1.50", "", "-2.5"]);
    assert_eq!(of(VR::DS, ds), json!({"vr": "DS", "Value": [1, "1.50", null, -2.5]}));
    let sv = dicom_value!(I64, [-1, i64::MIN]);
    assert_eq!(of(VR::SV, sv), json!({"vr": "SV", "Value": [-1, "-9223372036854775808"]}));
    let uv = dicom_value!(U64, [u64::MAX]);
    assert_eq!(of(VR::UV, uv), json!({"vr": "UV", "Value": ["18446744073709551615"]}));
    let fl = dicom_value!(F32, [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 0.1]);
    assert_eq!(of(VR::FL, fl), json!({"vr": "FL", "Value": ["NaN", "inf", "-inf", 0.10000000149011612]}));
}

#[test]
fn empty_values_are_absent_alone_and_null_among_others() {
    assert_eq!(of(VR::LO, PrimitiveValue::Empty), json!({"vr": "LO"}));
    assert_eq!(of(VR::LO, dicom_value!(Strs, ["a", "", "b"])), json!({"vr": "LO", "Value": ["a", null, "b"]}));
    assert_eq!(of(VR::UN, PrimitiveValue::from(Vec::<u8>::new())), json!({"vr": "UN"}));
}

#[test]
fn person_names_are_split_by_component_group() {
    let names = dicom_value!(Strs, ["A^B=C=D", "=C", "A==D", ""]);
    let expected = json!([
        {"Alphabetic": "A^B", "Ideographic": "C", "Phonetic": "D"},
        {"Ideographic": "C"},
        {"Alphabetic": "A", "Phonetic": "D"},
        null
    ]);
    assert_eq!(of(VR::PN, names)["Value"], expected);
}

#[test]
fn tags_and_bytes_have_their_own_forms() {
    let at = dicom_value!(Tags, [tags::PIXEL_DATA, Tag(0x0018, 0x00FF)]);
    assert_eq!(of(VR::AT, at), json!({"vr": "AT", "Value": ["7FE00010", "001800FF"]}));
    assert_eq!(of(VR::OW, dicom_value!(U16, [0x0201])), json!({"vr": "OW", "InlineBinary": "AQI="}));
    assert_eq!(of(VR::UN, dicom_value!(U8, [1, 2, 3])), json!({"vr": "UN", "InlineBinary": "AQID"}));
}

#[test]
fn sequences_nest_and_character_set_is_utf_8() {
    let item = Dataset::from_element_iter([DataElement::new(tags::MODALITY, VR::CS, "CT")]);
    let items = DataSetSequence::new(vec![item, Dataset::new_empty()], Length::UNDEFINED);
    let sequence = Element::new(tags::REFERENCED_SERIES_SEQUENCE, VR::SQ, DicomValue::Sequence(items));
    let charset = DataElement::new(tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 100");
    let length = DataElement::new(Tag(0x0008, 0), VR::UL, PrimitiveValue::from(7u32));
    let ds = Dataset::from_element_iter([sequence, charset, length]);
    let expected = json!({
        "00080005": {"vr": "CS", "Value": ["ISO_IR 192"]},
        "00081115": {"vr": "SQ", "Value": [{"00080060": {"vr": "CS", "Value": ["CT"]}}, {}]},
    });
    assert_eq!(json::to_value(&ds).unwrap(), expected);
}

#[test]
fn encapsulated_pixels_need_a_place() {
    let fragments = PixelFragmentSequence::new(vec![], vec![vec![1u8, 2]]);
    let pixels = Element::new(tags::PIXEL_DATA, VR::OB, DicomValue::PixelSequence(fragments));
    let ds = Dataset::from_element_iter([pixels]);
    assert_eq!(json::to_value(&ds).unwrap_err().reason(), "unsupported-pixels");
    let mut place = |element: &Element| (element.header().tag == tags::PIXEL_DATA).then(|| "frames/1".to_owned());
    let value = json::to_value_with(&ds, &mut place).unwrap();
    assert_eq!(value, json!({"7FE00010": {"vr": "OB", "BulkDataURI": "frames/1"}}));
    assert_eq!(json::from_value(&value).unwrap_err().reason(), "missing-element");
    let back = json::from_value_with(&value, &mut |_, _, uri| (uri == "frames/1").then(|| vec![1, 2])).unwrap();
    assert_eq!(back.get(tags::PIXEL_DATA).unwrap().to_bytes().unwrap().as_ref(), [1, 2]);
}

use isocenter_dcm::dicom_core::{DataElement, PrimitiveValue};
use isocenter_dcm::{Dataset, VR, json, tags};

#[test]
fn what_is_not_of_the_model_is_refused() {
    let broken = [
        "",
        "{",
        "[]",
        "null",
        r#"{"PatientName": {"vr": "PN"}}"#,
        r#"{"0010001é": {"vr": "PN"}}"#,
        r#"{"00100010": "Doe^John"}"#,
        r#"{"00100010": {"Value": ["a"]}}"#,
        r#"{"00100010": {"vr": "XX"}}"#,
        r#"{"00100020": {"vr": "LO", "Value": "a"}}"#,
        r#"{"00100020": {"vr": "LO", "Value": [1]}}"#,
        r#"{"00100010": {"vr": "PN", "Value": [{"Alphabetic": 1}]}}"#,
        r#"{"00280010": {"vr": "US", "Value": [65536]}}"#,
        r#"{"00280010": {"vr": "US", "Value": [-1]}}"#,
        r#"{"00280010": {"vr": "US", "Value": [1.5]}}"#,
        r#"{"00280010": {"vr": "US", "Value": [null]}}"#,
        r#"{"00189321": {"vr": "FD", "Value": ["much"]}}"#,
        r#"{"00209165": {"vr": "AT", "Value": ["0018"]}}"#,
        r#"{"00104000": {"vr": "LT", "Value": ["a", "b"]}}"#,
        r#"{"00091001": {"vr": "UN", "InlineBinary": "A"}}"#,
        r#"{"00091001": {"vr": "UN", "Value": [1]}}"#,
        r#"{"00091001": {"vr": "OW", "Value": [1], "InlineBinary": "AQI="}}"#,
        r#"{"00091001": {"vr": "LO", "InlineBinary": "AQI="}}"#,
        r#"{"00091001": {"vr": "OD", "InlineBinary": "AQI="}}"#,
        r#"{"00081115": {"vr": "SQ", "Value": [[]]}}"#,
        r#"{"00081115": {"vr": "SQ", "BulkDataURI": "a"}}"#,
        r#"{"7FE00010": {"vr": "OW", "BulkDataURI": "a"}}"#,
    ];
    for text in broken {
        assert!(json::from_str(text).is_err(), "{text}");
    }
}

#[test]
fn deep_nesting_is_a_limit() {
    let mut value = json::serde_json::json!({});
    for _ in 0..60 {
        value = json::serde_json::json!({"00081115": {"vr": "SQ", "Value": [value]}});
    }
    assert_eq!(json::from_value(&value).unwrap_err().reason(), "limit");
    let text = r#"{"00081115":{"vr":"SQ","Value":["#.repeat(100_000);
    assert!(json::from_str(&text).is_err());
}

#[test]
fn a_value_that_does_not_fit_its_vr_is_refused() {
    for (vr, value) in
        [(VR::US, PrimitiveValue::from("1")), (VR::AT, PrimitiveValue::from(1u16)), (VR::SQ, PrimitiveValue::from("x"))]
    {
        let ds = Dataset::from_element_iter([DataElement::new(tags::ROWS, vr, value)]);
        assert_eq!(json::to_value(&ds).unwrap_err().reason(), "bad-value");
    }
}

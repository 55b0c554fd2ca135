//! configuration.json of Microsoft's DICOM anonymizer.

use isocenter_dcm::dicom_core::DataElement;
use isocenter_dcm::{Tag, VR, tags, value};
use isocenter_deid::scripts::{Format, Settings};
use isocenter_deid::{Error, Refusal, Script};

use crate::build::{CT, dataset, instance, sequence, text};
use crate::run::{self, run, run_with};

const SCRIPT: &str = r#"{
    "rules": [
        {"tag": "(0008,0050)", "method": "redact"},
        {"tag": "PatientName", "method": "cryptoHash"},
        {"tag": "(50xx,xxxx)", "method": "remove"},
        {"tag": "PatientID", "method": "substitute", "params": {"replaceWith": "ANONY"}},
        {"tag": "InstitutionName", "method": "substitute"},
        {"tag": "PatientWeight", "method": "perturb", "setting": "small"},
        {"tag": "PatientAge", "method": "redact", "params": {"enablePartialAgesForRedact": true}},
        {"tag": "SOPInstanceUID", "method": "refreshUID"},
        {"tag": "PatientBirthDate", "method": "redact", "params": {"enablePartialDatesForRedact": true}},
        {"tag": "ReferencedStudySequence", "method": "keep"},
        {"tag": "RequestAttributesSequence", "method": "redact"},
        {"tag": "DA", "method": "dateshift"},
        {"tag": "DT", "method": "dateshift"},
        {"tag": "xxx9,xxxx", "method": "remove"}
    ],
    "defaultSettings": {
        "dateShift": {"dateShiftKey": "123", "dateShiftScope": "SeriesInstance", "dateShiftRange": 50},
        "cryptoHash": {"cryptoHashKey": "123"},
        "substitute": {"replaceWith": "ANONYMOUS"}
    },
    "customSettings": {"small": {"span": 2, "roundTo": 1, "rangeType": "Fixed"}}
}"#;

#[test]
fn the_first_rule_that_matches_counts() {
    let item = || dataset(vec![text(tags::STUDY_DATE, VR::DA, "20240115")]);
    let subject = instance(
        CT,
        vec![
            text(tags::ACCESSION_NUMBER, VR::SH, "ACC-1"),
            text(tags::INSTITUTION_NAME, VR::LO, "Clinic"),
            text(tags::PATIENT_WEIGHT, VR::DS, "71.5"),
            text(tags::PATIENT_AGE, VR::AS, "043Y"),
            text(tags::PATIENT_BIRTH_DATE, VR::DA, "19800517"),
            text(tags::STUDY_DATE, VR::DA, "20240115"),
            text(tags::ACQUISITION_DATE_TIME, VR::DT, "20240115101112.5+0100"),
            text(tags::MODALITY, VR::CS, "CT"),
            text(Tag(0x0009, 0x0010), VR::LO, "ACME"),
            text(Tag(0x0009, 0x1001), VR::LO, "x"),
            sequence(tags::REFERENCED_STUDY_SEQUENCE, vec![item()]),
            sequence(tags::REQUEST_ATTRIBUTES_SEQUENCE, vec![item()]),
        ],
    );
    let out = run(SCRIPT, &subject);
    for (tag, wanted) in [
        (tags::ACCESSION_NUMBER, Some("")),
        (tags::PATIENT_ID, Some("ANONY")),
        (tags::INSTITUTION_NAME, Some("ANONYMOUS")),
        (tags::PATIENT_AGE, Some("043Y")),
        (tags::PATIENT_BIRTH_DATE, Some("19800101")),
        (tags::MODALITY, Some("CT")),
        (Tag(0x0009, 0x1001), None),
    ] {
        assert_eq!(run::text(&out, tag).as_deref(), wanted, "{tag}");
    }
    let hash = run::text(&out, tags::PATIENT_NAME).unwrap();
    assert!(hash.len() == 32 && hash.bytes().all(|b| b.is_ascii_hexdigit()));
    let weight = value::f64(&out, tags::PATIENT_WEIGHT).unwrap();
    assert!((weight - 71.5).abs() <= 1.05, "{weight}"); // half the span, rounded to tenths
    assert!(run::text(&out, tags::SOP_INSTANCE_UID).unwrap().starts_with("2.25."));
    let moved = run::text(&out, tags::STUDY_DATE).unwrap();
    assert_eq!(run::text(&out, tags::ACQUISITION_DATE_TIME), Some(format!("{moved}000000+0100"))); // by the same days
    assert_eq!(value::sequence(&out, tags::REQUEST_ATTRIBUTES_SEQUENCE).map(<[_]>::len), Some(0));
    let kept = value::item(&out, tags::REFERENCED_STUDY_SEQUENCE).unwrap();
    assert_eq!(run::text(kept, tags::STUDY_DATE).as_deref(), Some("20240115")); // rules are for the top level
    let script = Script::read(SCRIPT, None, &Settings::default()).unwrap();
    assert_eq!((script.format(), script.is_insecure()), (Format::Microsoft, false));
}

#[test]
fn dates_and_ages_beyond_89_years_go() {
    let subject = instance(
        CT,
        vec![
            text(tags::PATIENT_AGE, VR::AS, "093Y"),
            text(tags::PATIENT_BIRTH_DATE, VR::DA, "19300517"),
            text(tags::STUDY_DATE, VR::DA, "20240115"),
        ],
    );
    let out = run(SCRIPT, &subject);
    assert_eq!(run::text(&out, tags::PATIENT_AGE).as_deref(), Some(""));
    assert_eq!(run::text(&out, tags::PATIENT_BIRTH_DATE).as_deref(), Some(""));
}

#[test]
fn a_method_for_another_kind_of_element_keeps_the_instance_out() {
    let script = r#"{"rules": [{"tag": "Rows", "method": "cryptoHash"}]}"#;
    let mut subject = instance(CT, vec![]);
    subject.dataset.put(DataElement::new(tags::ROWS, VR::US, isocenter_dcm::dicom_core::PrimitiveValue::from(5u16)));
    let refused = run_with(script, &Settings::default(), &subject);
    assert!(matches!(refused, Err(Error::Refused(Refusal::Failed { function: "cryptoHash", .. }))));
}

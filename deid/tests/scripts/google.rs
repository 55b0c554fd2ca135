//! DicomConfig and DicomTagConfig of Google's Healthcare API.

use isocenter_dcm::{Dataset, VR, tags, value};
use isocenter_deid::scripts::{Format, Settings};
use isocenter_deid::{ProfileOption, Script};

use crate::build::{CT, dataset, instance, sequence, text};
use crate::run::{self, run};

fn out(script: &str) -> Dataset {
    let item = dataset(vec![text(tags::PATIENT_ADDRESS, VR::LO, "x"), text(tags::MODALITY, VR::CS, "CT")]);
    let subject = instance(
        CT,
        vec![
            text(tags::STUDY_DESCRIPTION, VR::LO, "HEAD of Plantedname"),
            text(tags::ACCESSION_NUMBER, VR::SH, "ACC-1"),
            text(tags::STUDY_DATE, VR::DA, "20240115"),
            text(tags::MODALITY, VR::CS, "CT"),
            sequence(tags::ANATOMIC_REGION_SEQUENCE, vec![item]),
        ],
    );
    run(script, &subject)
}

#[test]
fn lists_keep_or_remove() {
    let kept = out(r#"{"dicom": {"keepList": {"tags": ["PatientID", "00080020"]}}}"#);
    assert_eq!(run::text(&kept, tags::PATIENT_ID).as_deref(), Some("MRN55501"));
    assert_eq!(run::text(&kept, tags::STUDY_DATE).as_deref(), Some("20240115"));
    assert!(kept.get(tags::PATIENT_NAME).is_none() && kept.get(tags::MODALITY).is_none());
    assert!(run::text(&kept, tags::STUDY_INSTANCE_UID).unwrap().starts_with("2.25."));
    let removed = out(r#"{"config": {"dicom": {"removeList": {"tags": ["PatientName"]}, "skipIdRedaction": true}}}"#);
    assert!(removed.get(tags::PATIENT_NAME).is_none());
    assert_eq!(run::text(&removed, tags::ACCESSION_NUMBER).as_deref(), Some("ACC-1"));
    assert_eq!(run::text(&removed, tags::STUDY_DESCRIPTION).as_deref(), Some("HEAD of ***"));
    assert_eq!(run::text(&removed, tags::STUDY_INSTANCE_UID).as_deref(), Some("1.2.826.1.2"));
    assert!(removed.get(tags::PATIENT_IDENTITY_REMOVED).is_none());
}

#[test]
fn profiles_decide_about_the_rest() {
    let profile = |name: &str| out(&format!(r#"{{"filterProfile": "{name}"}}"#));
    let basic = profile("ATTRIBUTE_CONFIDENTIALITY_BASIC_PROFILE");
    assert!(basic.get(tags::STUDY_DESCRIPTION).is_none());
    assert_eq!(run::text(&basic, tags::PATIENT_IDENTITY_REMOVED).as_deref(), Some("YES"));
    let minimal = profile("MINIMAL_KEEP_LIST_PROFILE");
    assert_eq!(minimal.tags().count(), 4, "{:?}", minimal.tags().collect::<Vec<_>>()); // class and the three UIDs
    let all = profile("KEEP_ALL_PROFILE");
    assert!(all.get(tags::MODALITY).is_some() && run::text(&all, tags::PATIENT_ID).as_deref() == Some("MRN55501"));
    let contents = profile("DEIDENTIFY_TAG_CONTENTS");
    assert_eq!(run::text(&contents, tags::PATIENT_NAME).as_deref(), Some(""));
    assert_eq!(run::text(&contents, tags::STUDY_DESCRIPTION).as_deref(), Some("HEAD of ***"));
}

#[test]
fn actions_go_before_options_and_profile() {
    let script = r#"{"dicomTagConfig": {
        "profileType": "ATTRIBUTE_CONFIDENTIALITY_BASIC_PROFILE",
        "options": {"primaryIds": "KEEP", "cleanDescriptors": {}, "cleanImage": {"textRedactionMode": "REDACT_ALL_TEXT"}},
        "actions": [
            {"queries": ["PatientID"], "resetTag": {}},
            {"queries": ["AccessionNumber"], "keepTag": {}},
            {"queries": ["DA"], "removeTag": {}},
            {"queries": ["00080060"], "deleteTag": {}},
            {"queries": ["AnatomicRegionSequence"], "recurseTag": {}},
            {"queries": ["SeriesInstanceUID"], "regenUidTag": {}},
            {"queries": ["StudyDescription"], "cleanTextTag": {}}]}}"#;
    let out = out(script);
    for (tag, wanted) in [
        (tags::PATIENT_ID, Some("REMOVED")),
        (tags::ACCESSION_NUMBER, Some("ACC-1")),
        (tags::STUDY_DATE, Some("")),
        (tags::MODALITY, None),
        (tags::STUDY_INSTANCE_UID, Some("1.2.826.1.2")),
        (tags::STUDY_DESCRIPTION, Some("HEAD of ***")),
    ] {
        assert_eq!(run::text(&out, tag).as_deref(), wanted, "{tag}");
    }
    assert!(run::text(&out, tags::SERIES_INSTANCE_UID).unwrap().starts_with("2.25."));
    assert!(value::item(&out, tags::ANATOMIC_REGION_SEQUENCE).unwrap().get(tags::PATIENT_ADDRESS).is_none());
    let read = Script::read(script, None, &Settings::default()).unwrap();
    assert_eq!(read.format(), Format::Google);
    assert!(read.profile().has(ProfileOption::CleanPixelData) && read.profile().has(ProfileOption::CleanDescriptors));
}

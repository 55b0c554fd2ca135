//! The JSON of Orthanc.

use isocenter_dcm::{Tag, VR, tags, value};
use isocenter_deid::Script;
use isocenter_deid::scripts::{Format, Settings};

use crate::build::{CT, dataset, instance, sequence, text};
use crate::run::{self, run};

#[test]
fn keep_replace_and_remove_change_the_basic_profile() {
    let item = || {
        dataset(vec![
            text(tags::REFERENCED_SOP_INSTANCE_UID, VR::UI, "1.2.9"),
            text(tags::PATIENT_COMMENTS, VR::LT, "x"),
            text(tags::MODALITY, VR::CS, "CT"),
        ])
    };
    let subject = instance(
        CT,
        vec![
            text(tags::STUDY_DESCRIPTION, VR::LO, "HEAD"),
            text(tags::SERIES_DESCRIPTION, VR::LO, "AXIAL"),
            text(tags::MODALITY, VR::CS, "CT"),
            text(Tag(0x0009, 0x0010), VR::LO, "ACME"),
            text(Tag(0x0009, 0x1001), VR::LO, "x"),
            sequence(tags::ANATOMIC_REGION_SEQUENCE, vec![item(), item()]),
        ],
    );
    let script = r#"{"Replace": {"PatientName": "Hello", "0010-1001": "World", "AnatomicRegionSequence[1].Modality": "MR"},
        "Keep": ["StudyDescription", "AnatomicRegionSequence[*].PatientComments"],
        "Remove": ["Modality"], "KeepPrivateTags": true, "DicomVersion": "2021b", "KeepSource": true, "Priority": 3}"#;
    let out = run(script, &subject);
    for (tag, wanted) in [
        (tags::PATIENT_NAME, Some("Hello")),
        (tags::OTHER_PATIENT_NAMES, Some("World")),
        (tags::STUDY_DESCRIPTION, Some("HEAD")),
        (tags::SERIES_DESCRIPTION, None),
        (tags::MODALITY, None),
        (tags::PATIENT_IDENTITY_REMOVED, Some("YES")),
        (Tag(0x0009, 0x1001), Some("x")),
    ] {
        assert_eq!(run::text(&out, tag).as_deref(), wanted, "{tag}");
    }
    assert!(run::text(&out, tags::PATIENT_ID).unwrap().starts_with('P'));
    assert!(run::text(&out, tags::STUDY_INSTANCE_UID).unwrap().starts_with("2.25."));
    let items = value::sequence(&out, tags::ANATOMIC_REGION_SEQUENCE).unwrap();
    assert_eq!(run::text(&items[0], tags::MODALITY).as_deref(), Some("CT"));
    assert_eq!(run::text(&items[1], tags::MODALITY).as_deref(), Some("MR"));
    assert!(items[0].get(tags::PATIENT_COMMENTS).is_some());
    assert!(run::text(&items[0], tags::REFERENCED_SOP_INSTANCE_UID).unwrap().starts_with("2.25."));
    let read = Script::read(script, None, &Settings::default()).unwrap();
    assert_eq!(read.format(), Format::Orthanc);
    assert_eq!(read.remarks().len(), 2, "{:?}", read.remarks());
}

#[test]
fn ids_are_replaced_by_force_alone() {
    let script = |force: &str| format!(r#"{{"Replace": {{"PatientID": "S-1"}}{force}}}"#);
    assert!(Script::read(&script(""), None, &Settings::default()).is_err());
    let out = run(&script(r#", "Force": true"#), &instance(CT, vec![]));
    assert_eq!(run::text(&out, tags::PATIENT_ID).as_deref(), Some("S-1"));
}

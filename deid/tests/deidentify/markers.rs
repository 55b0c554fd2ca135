//! What de-identification writes.

use isocenter_dcm::{VR, tags, value, write};
use isocenter_deid::{Action, Profile, ProfileOption};

use crate::build::{CT, deidentify, instance, text};

#[test]
fn the_basic_profile_says_what_it_did() {
    let (out, audit) = deidentify(
        &instance(CT, vec![text(tags::DEIDENTIFICATION_METHOD, VR::LO, "by Plantedname")]),
        Profile::basic(),
    );
    let data = &out.dataset;
    assert_eq!(value::string(data, tags::PATIENT_IDENTITY_REMOVED).as_deref(), Some("YES"));
    assert_eq!(value::string(data, tags::LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED).as_deref(), Some("REMOVED"));
    assert!(value::string(data, tags::DEIDENTIFICATION_METHOD).unwrap().starts_with("isocenter-deid"));
    let code = value::item(data, tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE).unwrap();
    assert_eq!(value::string(code, tags::CODE_VALUE).as_deref(), Some("113100"));
    assert_eq!(value::string(data, tags::PATIENT_NAME), value::string(data, tags::PATIENT_ID));
    let name = audit.entries.iter().find(|entry| entry.path == "00100010").unwrap();
    assert_eq!((name.action, name.length), (Action::Pseudonym, 20));
}

#[test]
fn options_are_named() {
    let profile = Profile::basic().with(ProfileOption::RetainLongitudinalModifiedDates);
    let data = deidentify(&instance(CT, vec![]), profile).0.dataset;
    let codes: Vec<_> = value::sequence(&data, tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE)
        .unwrap()
        .iter()
        .filter_map(|c| value::string(c, tags::CODE_VALUE))
        .collect();
    assert_eq!(codes, ["113100", "113107"]);
    assert_eq!(value::string(&data, tags::LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED).as_deref(), Some("MODIFIED"));
}

#[test]
fn the_meta_group_is_ours_and_names_the_data_set() {
    let mut original = instance(CT, vec![]);
    original.meta.media_storage_sop_instance_uid = "1.2.826.1.1".to_owned();
    let (out, _) = deidentify(&original, Profile::basic());
    assert_eq!(
        Some(out.meta.media_storage_sop_instance_uid.clone()),
        value::string(&out.dataset, tags::SOP_INSTANCE_UID)
    );
    assert_eq!(out.meta.source_application_entity_title(), "");
    assert_eq!(out.meta.implementation_version_name(), write::IMPLEMENTATION_VERSION_NAME);
}

#[test]
fn an_empty_class_is_taken_from_the_meta_group() {
    let mut original = instance("", vec![]);
    original.meta.media_storage_sop_class_uid = CT.to_owned();
    let (out, _) = deidentify(&original, Profile::basic());
    assert_eq!(value::string(&out.dataset, tags::SOP_CLASS_UID).as_deref(), Some(CT));
}

#[test]
fn an_audit_is_serialized_without_values() {
    let (_, audit) =
        deidentify(&instance(CT, vec![text(tags::STUDY_DESCRIPTION, VR::LO, "for Plantedname")]), Profile::basic());
    let json = serde_json::to_string(&audit).unwrap();
    assert!(json.contains(r#"{"path":"00081030","action":"removed","vr":"LO","length":16}"#), "{json}");
    assert!(!json.contains("Planted"));
}

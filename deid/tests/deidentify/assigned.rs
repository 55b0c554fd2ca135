//! Pseudonyms that a caller assigns.

use std::sync::Arc;

use isocenter_dcm::{Instance, VR, tags, value};
use isocenter_deid::pseudonym::Table;
use isocenter_deid::{Ctx, Deidentifier, Key, Profile, Pseudonyms};

use crate::build;

fn apply(table: &str, profile: Profile, instance: &mut Instance) {
    let table = Table::from_csv(&format!("attribute,original,new\n{table}")).unwrap();
    let names = Pseudonyms::new(&Key::demo()).with_assigned(Arc::new(table));
    let deidentifier = Deidentifier::new(profile, &Key::demo()).with_pseudonyms(names);
    deidentifier.apply(instance, "MRN55501", &Ctx::default()).unwrap();
}

#[test]
fn a_trials_subject_numbers_take_the_place_of_keyed_ids() {
    let nested = build::dataset(vec![build::text(tags::PATIENT_ID, VR::LO, "MRN55501")]);
    let mut instance = build::instance(
        build::CT,
        vec![
            build::text(tags::ACCESSION_NUMBER, VR::SH, "A77001"),
            build::text(tags::STUDY_DATE, VR::DA, "20240310"),
            build::sequence(tags::REFERENCED_PATIENT_SEQUENCE, vec![]),
            build::sequence(tags::OTHER_PATIENT_I_DS_SEQUENCE, vec![nested]),
        ],
    );
    let table = "PatientID,MRN55501,SITE02-017\nAccessionNumber,A77001,ACC1\nDateShiftDays,MRN55501,-10\nUID,1.2.826.1.2,2.25.7\n";
    apply(table, Profile::research(), &mut instance);
    let text = |tag| value::string(&instance.dataset, tag);
    assert_eq!(text(tags::PATIENT_ID).as_deref(), Some("SITE02-017"));
    assert_eq!(text(tags::PATIENT_NAME).as_deref(), Some("SITE02-017"));
    assert_eq!(text(tags::ACCESSION_NUMBER).as_deref(), Some("ACC1"));
    assert_eq!(text(tags::STUDY_DATE).as_deref(), Some("20240229"));
    assert_eq!(text(tags::STUDY_INSTANCE_UID).as_deref(), Some("2.25.7"));
    assert!(text(tags::SERIES_INSTANCE_UID).unwrap().starts_with("2.25."));
}

#[test]
fn whom_the_table_does_not_name_the_key_names() {
    let mut instance = build::instance(build::CT, vec![]);
    apply("PatientID,OTHER,SITE02-018\n", Profile::basic(), &mut instance);
    let keyed = Pseudonyms::new(&Key::demo()).patient_id("MRN55501", "");
    assert_eq!(value::string(&instance.dataset, tags::PATIENT_ID), Some(keyed));
}

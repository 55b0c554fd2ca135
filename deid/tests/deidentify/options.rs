//! Retain Longitudinal Modified Dates, Retain Patient Characteristics.

use isocenter_dcm::{VR, tags, value};
use isocenter_deid::{Key, Profile, ProfileOption, Pseudonyms};

use crate::build::{PET, deidentify, instance, text};

#[test]
fn dates_of_a_patient_move_together() {
    let profile = Profile::basic().with(ProfileOption::RetainLongitudinalModifiedDates);
    let original = instance(
        PET,
        vec![
            text(tags::STUDY_DATE, VR::DA, "20200301"),
            text(tags::SERIES_DATE, VR::DA, "20200302"),
            text(tags::ACQUISITION_DATE_TIME, VR::DT, "20200302101112.5+0100"),
            text(tags::SERIES_TIME, VR::TM, "101112"),
            text(tags::ACQUISITION_DATE, VR::DA, "soon"),
            text(tags::PATIENT_BIRTH_DATE, VR::DA, "19500101"),
        ],
    );
    let out = deidentify(&original, profile).0.dataset;
    let date = |tag| value::string(&out, tag).unwrap_or_default();
    let days = Pseudonyms::new(&Key::demo()).date_shift_days("MRN55501");
    let moved = |text: &str| {
        let day: jiff::civil::Date = text.parse().unwrap();
        day.saturating_add(jiff::ToSpan::days(days)).strftime("%Y%m%d").to_string()
    };
    assert_eq!(date(tags::STUDY_DATE), moved("2020-03-01"));
    assert_eq!(date(tags::SERIES_DATE), moved("2020-03-02"));
    assert_eq!(date(tags::ACQUISITION_DATE_TIME), moved("2020-03-02") + "101112.5+0100");
    assert_eq!(date(tags::SERIES_TIME), "101112");
    assert_eq!(date(tags::ACQUISITION_DATE), "19000101");
    assert_eq!(date(tags::PATIENT_BIRTH_DATE), "");
}

#[test]
fn characteristics_stay_and_old_age_is_capped() {
    let profile = Profile::basic().with(ProfileOption::RetainPatientCharacteristics);
    let original = instance(
        PET,
        vec![
            text(tags::PATIENT_AGE, VR::AS, "093Y"),
            text(tags::PATIENT_SEX, VR::CS, "F"),
            text(tags::PATIENT_WEIGHT, VR::DS, "71"),
            text(tags::ALLERGIES, VR::LO, "to Plantedname"),
        ],
    );
    let out = deidentify(&original, profile).0.dataset;
    assert_eq!(value::string(&out, tags::PATIENT_AGE).as_deref(), Some("090Y"));
    assert_eq!(value::string(&out, tags::PATIENT_SEX).as_deref(), Some("F"));
    assert_eq!(value::f64(&out, tags::PATIENT_WEIGHT), Some(71.0));
    assert!(out.get(tags::ALLERGIES).is_none());
    let plain = deidentify(&original, Profile::basic()).0.dataset;
    assert!(plain.get(tags::PATIENT_AGE).is_none() && plain.get(tags::PATIENT_WEIGHT).is_none());
}

//! The options of PS3.15 E.3, and rules of a caller's own.

use std::sync::Arc;

use isocenter_dcm::{Element, Tag, VR, tags, value};
use isocenter_deid::rules::{At, Decision, Rules};
use isocenter_deid::{Action, Ctx, Deidentifier, Key, Profile, ProfileOption, Pseudonyms};

use crate::build::{CT, PET, SR, bytes, dataset, deidentify, instance, sequence, text};

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
    assert_eq!(value::string(&out, tags::ALLERGIES).as_deref(), Some("to ***"));
    let plain = deidentify(&original, Profile::basic()).0.dataset;
    assert!(plain.get(tags::PATIENT_AGE).is_none() && plain.get(tags::PATIENT_WEIGHT).is_none());
}

#[test]
fn descriptions_stay_without_what_identifies() {
    let profile = Profile::basic().with(ProfileOption::CleanDescriptors);
    let original = instance(
        CT,
        vec![
            text(tags::STUDY_DESCRIPTION, VR::LO, "CT CHEST Quentina Plantedname WITHOUT CONTRAST"),
            text(tags::SERIES_DESCRIPTION, VR::LO, "AXIAL SOFT TISSUE 5mm"),
            text(tags::PATIENT_COMMENTS, VR::LT, "call (555) 017-3580, motion artefact"),
            text(tags::FRAME_COMMENTS, VR::LT, "breath hold, MRN55501"), // listed nowhere
            text(tags::PATIENT_ADDRESS, VR::LO, "17 Sample Street"),     // no descriptor
        ],
    );
    let (out, audit) = deidentify(&original, profile);
    let said = |tag| value::string(&out.dataset, tag);
    assert_eq!(said(tags::STUDY_DESCRIPTION).as_deref(), Some("CT CHEST *** WITHOUT CONTRAST"));
    assert_eq!(said(tags::SERIES_DESCRIPTION).as_deref(), Some("AXIAL SOFT TISSUE 5mm"));
    assert_eq!(said(tags::PATIENT_COMMENTS).as_deref(), Some("call ***, motion artefact"));
    assert_eq!(said(tags::FRAME_COMMENTS).as_deref(), Some("breath hold, ***"));
    assert_eq!(said(tags::PATIENT_ADDRESS), None);
    assert_eq!(audit.counts()[&Action::Cleaned], 3);
}

#[test]
fn dates_in_descriptions_move_with_the_others() {
    let original = instance(
        CT,
        vec![
            text(tags::STUDY_DATE, VR::DA, "20200301"),
            text(tags::STUDY_DESCRIPTION, VR::LO, "follow-up of 2020-03-01"),
        ],
    );
    let described = |options: &[ProfileOption]| {
        let profile = options.iter().fold(Profile::basic(), |profile, option| profile.with(*option));
        let out = deidentify(&original, profile).0.dataset;
        (
            value::string(&out, tags::STUDY_DATE).unwrap_or_default(),
            value::string(&out, tags::STUDY_DESCRIPTION).unwrap(),
        )
    };
    use ProfileOption as O;
    let (date, text) = described(&[O::CleanDescriptors, O::RetainLongitudinalModifiedDates]);
    assert_eq!(text.replace('-', ""), format!("followup of {date}"));
    let kept = ("20200301".to_owned(), "follow-up of 2020-03-01".to_owned());
    assert_eq!(described(&[O::CleanDescriptors, O::RetainLongitudinalFullDates]), kept);
    assert_eq!(described(&[O::CleanDescriptors]), (String::new(), "follow-up of ***".to_owned()));
}

#[test]
fn uids_stay_where_they_are_retained() {
    let original = instance(CT, vec![text(tags::FRAME_OF_REFERENCE_UID, VR::UI, "1.2.826.1.9")]);
    let out = deidentify(&original, Profile::basic().with(ProfileOption::RetainUids)).0;
    for tag in [tags::SOP_INSTANCE_UID, tags::STUDY_INSTANCE_UID, tags::FRAME_OF_REFERENCE_UID] {
        assert_eq!(value::string(&out.dataset, tag), value::string(&original.dataset, tag), "{tag}");
    }
    assert_eq!(out.meta.media_storage_sop_instance_uid.trim_end_matches('\0'), "1.2.826.1.1");
}

#[test]
fn what_is_said_of_times_is_what_was_done() {
    let said = |options: &[ProfileOption]| {
        let profile = options.iter().fold(Profile::basic(), |profile, option| profile.with(*option));
        let out = deidentify(&instance(CT, vec![]), profile).0.dataset;
        value::string(&out, tags::LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED).unwrap()
    };
    assert_eq!(said(&[]), "REMOVED");
    assert_eq!(said(&[ProfileOption::RetainLongitudinalModifiedDates]), "MODIFIED");
    assert_eq!(said(&[ProfileOption::RetainLongitudinalFullDates]), "UNMODIFIED");
}

#[test]
fn content_trees_stay_with_cleaned_text_and_without_listed_values() {
    let named = |code: &str, meaning: &str, more: Vec<Element>| {
        let mut all = vec![sequence(
            tags::CONCEPT_NAME_CODE_SEQUENCE,
            vec![dataset(vec![
                text(tags::CODE_VALUE, VR::SH, code),
                text(tags::CODING_SCHEME_DESIGNATOR, VR::SH, "DCM"),
                text(tags::CODE_MEANING, VR::LO, meaning),
            ])],
        )];
        all.extend(more);
        dataset(all)
    };
    let says = |text_: &str| vec![text(tags::VALUE_TYPE, VR::CS, "TEXT"), text(tags::TEXT_VALUE, VR::UT, text_)];
    let original = instance(
        SR,
        vec![sequence(
            tags::CONTENT_SEQUENCE,
            vec![
                named("121071", "Finding", says("nodule of 12.7 mm, seen by Dr. Fernweh, of Quentina")),
                named("121022", "Accession Number", says("A1")),
            ],
        )],
    );
    let texts = |profile| {
        let out = deidentify(&original, profile).0.dataset;
        let items = value::sequence(&out, tags::CONTENT_SEQUENCE).unwrap();
        items.iter().map(|item| value::string(item, tags::TEXT_VALUE).unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(texts(Profile::basic()), ["REMOVED", "REMOVED"]);
    // Table E.3.4-1: a finding is a descriptor
    let cleaned = Profile::basic().with(ProfileOption::CleanStructuredContent);
    assert_eq!(texts(cleaned.clone()), ["REMOVED", "REMOVED"]);
    assert_eq!(
        texts(cleaned.with(ProfileOption::CleanDescriptors)),
        ["nodule of 12.7 mm, seen by ***, of ***", "REMOVED"]
    );
}

#[test]
fn an_overlay_stays_without_its_drawing() {
    let overlay = |more: Vec<Element>| {
        let mut all = vec![
            text(Tag(0x6000, 0x0040), VR::CS, "G"),
            text(Tag(0x6000, 0x0022), VR::LO, "drawn for Plantedname"),
            text(Tag(0x6000, 0x1500), VR::LO, "label"),
        ];
        all.extend(more);
        deidentify(&instance(CT, all), Profile::basic().with(ProfileOption::CleanGraphics)).0.dataset
    };
    let out = overlay(vec![bytes(Tag(0x6000, 0x3000), VR::OB, &[0xFF; 8])]);
    assert_eq!(out.get(Tag(0x6000, 0x3000)).unwrap().value().to_bytes().unwrap().as_ref(), [0; 8]);
    assert_eq!(value::string(&out, Tag(0x6000, 0x0022)).as_deref(), Some("drawn for ***"));
    assert_eq!(value::string(&out, Tag(0x6000, 0x1500)).as_deref(), Some("label"));
    // an overlay without data is none
    assert!(overlay(vec![]).tags().all(|tag| tag.group() != 0x6000));
}

#[test]
fn other_rules_may_stand_in_the_place_of_a_profile() {
    #[derive(Debug)]
    struct NoBodyPart(Profile);
    impl Rules for NoBodyPart {
        fn decide(&self, at: &At<'_>) -> Decision {
            if at.tag() == tags::BODY_PART_EXAMINED { Decision::Remove } else { self.0.decide(at) }
        }
    }
    let mut image = instance(CT, vec![text(tags::BODY_PART_EXAMINED, VR::CS, "HAND")]);
    let rules = Arc::new(NoBodyPart(Profile::basic()));
    let deidentifier = Deidentifier::new(Profile::basic(), &Key::demo()).with_rules(rules);
    deidentifier.apply(&mut image, "MRN55501", &Ctx::default()).unwrap();
    assert!(image.dataset.get(tags::BODY_PART_EXAMINED).is_none());
    assert_ne!(value::string(&image.dataset, tags::PATIENT_ID).as_deref(), Some("MRN55501"));
}

//! The way back.

use std::sync::Arc;

use isocenter_dcm::{Instance, VR, tags, value};
use isocenter_deid::pseudonym::Told;
use isocenter_deid::{Crosswalk, Ctx, Deidentifier, Error, Key, Profile, Pseudonyms, Reidentifier};

use crate::build;

/// An instance, de-identified, and what was told on the way.
fn clean(original: &Instance, profile: Profile) -> (Instance, Crosswalk) {
    let told = Arc::new(Told::new());
    let names = Pseudonyms::new(&Key::demo()).telling(told.clone());
    let mut instance = original.clone();
    let deidentifier = Deidentifier::new(profile, &Key::demo()).with_pseudonyms(names);
    deidentifier.apply(&mut instance, "MRN55501", &Ctx::default()).unwrap();
    let mut crosswalk = Crosswalk::new();
    crosswalk.add(&told);
    (instance, crosswalk)
}

fn original() -> Instance {
    let reference = build::dataset(vec![
        build::text(tags::REFERENCED_SOP_CLASS_UID, VR::UI, build::CT),
        build::text(tags::REFERENCED_SOP_INSTANCE_UID, VR::UI, "1.2.826.1.9"),
    ]);
    build::instance(
        build::CT,
        vec![
            build::text(tags::PATIENT_BIRTH_DATE, VR::DA, "19500203"),
            build::text(tags::PATIENT_SEX, VR::CS, "F"),
            build::text(tags::ISSUER_OF_PATIENT_ID, VR::LO, "Ward"),
            build::text(tags::STUDY_DATE, VR::DA, "20240310"),
            build::text(tags::CONTENT_DATE, VR::DA, "20240310"),
            build::text(tags::MODALITY, VR::CS, "CT"),
            build::sequence(tags::REFERENCED_SERIES_SEQUENCE, vec![reference]),
        ],
    )
}

#[test]
fn an_object_that_was_in_the_run_gets_its_ids_and_dates_back() {
    let original = original();
    let (mut instance, crosswalk) = clean(&original, Profile::research());
    let restored = Reidentifier::new(&crosswalk).apply(&mut instance).unwrap();
    for tag in [
        tags::PATIENT_NAME,
        tags::PATIENT_ID,
        tags::ISSUER_OF_PATIENT_ID,
        tags::PATIENT_BIRTH_DATE,
        tags::PATIENT_SEX,
        tags::SOP_INSTANCE_UID,
        tags::STUDY_INSTANCE_UID,
        tags::SERIES_INSTANCE_UID,
        tags::STUDY_DATE,
        tags::CONTENT_DATE,
    ] {
        assert_eq!(value::string(&instance.dataset, tag), value::string(&original.dataset, tag), "{tag}");
    }
    let item = &instance.dataset.get(tags::REFERENCED_SERIES_SEQUENCE).unwrap().items().unwrap()[0];
    assert_eq!(value::string(item, tags::REFERENCED_SOP_INSTANCE_UID).as_deref(), Some("1.2.826.1.9"));
    assert_eq!(value::string(&instance.dataset, tags::PATIENT_IDENTITY_REMOVED).as_deref(), Some("NO"));
    assert!(instance.dataset.get(tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE).is_none());
    assert_eq!(instance.meta.media_storage_sop_instance_uid, "1.2.826.1.1");
    assert!(restored.uids >= 4 && restored.dates >= 2);
}

#[test]
fn an_object_made_later_keeps_its_own_uid_and_date() {
    let (mut returned, crosswalk) = clean(&original(), Profile::research());
    returned.dataset.put(build::text(tags::SOP_INSTANCE_UID, VR::UI, "2.25.99"));
    returned.dataset.put(build::text(tags::CONTENT_DATE, VR::DA, "20251224"));
    Reidentifier::new(&crosswalk).apply(&mut returned).unwrap();
    let text = |tag| value::string(&returned.dataset, tag);
    assert_eq!(text(tags::SOP_INSTANCE_UID).as_deref(), Some("2.25.99"));
    assert_eq!(text(tags::CONTENT_DATE).as_deref(), Some("20251224"));
    assert_eq!(text(tags::STUDY_DATE).as_deref(), Some("20240310"));
    assert_eq!(text(tags::PATIENT_ID).as_deref(), Some("MRN55501"));
}

#[test]
fn a_stranger_is_refused() {
    let (_, crosswalk) = clean(&original(), Profile::basic());
    let mut stranger = original();
    let before = stranger.to_bytes().unwrap();
    assert!(matches!(Reidentifier::new(&crosswalk).apply(&mut stranger), Err(Error::UnknownPatient)));
    assert_eq!(stranger.to_bytes().unwrap(), before);
}

#[test]
fn a_sealed_crosswalk_opens_with_its_key_and_passphrase_alone() {
    let (_, crosswalk) = clean(&original(), Profile::basic());
    let key = Key::demo();
    let sealed = crosswalk.seal(&key, "rose").unwrap();
    for secret in ["MRN55501", "Plantedname", "1.2.826.1.1", "19500203"] {
        assert!(!sealed.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret}");
    }
    assert_eq!(Crosswalk::open(&sealed, &key, "rose").unwrap(), crosswalk);
    assert!(Crosswalk::open(&sealed, &key, "").is_err());
    assert!(Crosswalk::open(&sealed, &Key::from_bytes([1; 32]), "rose").is_err());
    // two seals of one table share no secret text
    assert_ne!(crosswalk.seal(&key, "rose").unwrap(), sealed);
    for at in [5, 30, sealed.len() / 2, sealed.len() - 1] {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(Crosswalk::open(&changed, &key, "rose").is_err(), "byte {at}");
    }
    assert!(Crosswalk::open(&sealed[..60], &key, "rose").is_err());
}

#[test]
fn a_crosswalk_that_asks_for_much_memory_is_refused() {
    let sealed = Crosswalk::new().seal(&Key::demo(), "").unwrap();
    let text = String::from_utf8_lossy(&sealed).replace("\"memory_kib\":65536", "\"memory_kib\":4000000000");
    let refused = Crosswalk::open(text.as_bytes(), &Key::demo(), "").unwrap_err();
    assert!(refused.to_string().contains("more memory"), "{refused}");
}

#[test]
fn runs_add_up() {
    let (_, mut first) = clean(&original(), Profile::basic());
    let mut other = original();
    other.dataset.put(build::text(tags::SOP_INSTANCE_UID, VR::UI, "1.2.826.7.7"));
    let (clean_other, second) = clean(&other, Profile::basic());
    first.merge(second);
    let new = clean_other.sop_instance_uid().unwrap();
    assert_eq!((first.uid_of(&new), first.patients().count()), (Some("1.2.826.7.7"), 1));
    assert!(first.rows().any(|(keyword, original, _)| (keyword, original) == ("PatientID", "MRN55501")));
}

//! What comes back, and to whom.

use isocenter_dcm::dicom_core::header::Header;
use isocenter_dcm::{Dataset, Element, FileMeta, Instance, OpenOptions, Tag, VR, tags, value};
use isocenter_deid::encrypted::{self, Error, Originals};
use isocenter_deid::{Action, KnownValues, LeakScan};
use proptest::prelude::*;

use super::keys::{OTHER, TRIAL};
use super::{original, seal};
use crate::build;

fn text(dataset: &Dataset, tag: Tag) -> Option<String> {
    value::string(dataset, tag)
}

fn written(instance: &Instance) -> Instance {
    OpenOptions::new().parse(&instance.to_bytes().unwrap()).unwrap()
}

#[test]
fn the_holder_of_the_key_has_identity_dates_and_references_back() {
    let original = original();
    let mut instance = original.clone();
    let audit = seal(&mut instance, vec![TRIAL.recipient()], Originals::Identity);
    assert!(audit.entries.iter().any(|entry| entry.path == "04000500" && entry.action == Action::Inserted));
    let mut instance = written(&instance);
    let count = encrypted::restore(&mut instance, &TRIAL.key()).unwrap();
    assert!(count >= 9, "{count}");
    for tag in [
        tags::PATIENT_NAME,
        tags::PATIENT_ID,
        tags::PATIENT_BIRTH_DATE,
        tags::SOP_INSTANCE_UID,
        tags::STUDY_INSTANCE_UID,
        tags::STUDY_DATE,
        tags::STUDY_TIME,
        tags::ACCESSION_NUMBER,
    ] {
        assert_eq!(text(&instance.dataset, tag), text(&original.dataset, tag), "{tag}");
    }
    let item = value::item(&instance.dataset, tags::REFERENCED_SERIES_SEQUENCE).unwrap();
    assert_eq!(text(item, tags::REFERENCED_SOP_INSTANCE_UID).as_deref(), Some("1.2.826.1.9"));
    assert_eq!(text(&instance.dataset, tags::PATIENT_IDENTITY_REMOVED).as_deref(), Some("NO"));
    for tag in [
        tags::ENCRYPTED_ATTRIBUTES_SEQUENCE,
        tags::DEIDENTIFICATION_METHOD,
        tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE,
        tags::LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED,
    ] {
        assert!(instance.dataset.get(tag).is_none(), "{tag}");
    }
    assert_eq!(instance.meta.media_storage_sop_instance_uid, "1.2.826.1.1");
}

#[test]
fn what_does_not_say_whose_it_is_comes_back_only_where_all_is_sealed() {
    for (originals, wanted) in [(Originals::Identity, None), (Originals::All, Some("Plantedward"))] {
        let mut instance = original();
        seal(&mut instance, vec![TRIAL.recipient()], originals);
        encrypted::restore(&mut instance, &TRIAL.key()).unwrap();
        assert_eq!(text(&instance.dataset, tags::INSTITUTION_NAME).as_deref(), wanted);
    }
}

#[test]
fn what_was_not_changed_is_not_sealed() {
    let code = build::dataset(vec![build::text(tags::CODE_MEANING, VR::LO, "Chest")]);
    let modifier = build::sequence(tags::ANATOMIC_REGION_MODIFIER_SEQUENCE, vec![code]);
    let mut instance = original();
    instance.dataset.put(build::sequence(tags::ANATOMIC_REGION_SEQUENCE, vec![build::dataset(vec![modifier])]));
    let mut instance = written(&instance);
    seal(&mut instance, vec![TRIAL.recipient()], Originals::All);
    assert!(instance.dataset.get(tags::ANATOMIC_REGION_SEQUENCE).is_some());
    let originals = encrypted::open(&instance.dataset, &TRIAL.key()).unwrap();
    for tag in [tags::ANATOMIC_REGION_SEQUENCE, tags::MODALITY, tags::SOP_CLASS_UID] {
        assert!(originals.get(tag).is_none(), "{tag}");
    }
}

#[test]
fn each_of_several_recipients_opens_it_by_their_own_key() {
    let mut instance = original();
    seal(&mut instance, vec![TRIAL.recipient(), OTHER.recipient().by_issuer_and_serial()], Originals::Identity);
    for key in [TRIAL.key(), OTHER.key()] {
        let originals = encrypted::open(&instance.dataset, &key).unwrap();
        assert_eq!(text(&originals, tags::PATIENT_ID).as_deref(), Some("MRN55501"));
    }
}

#[test]
fn another_key_opens_nothing_and_changes_nothing() {
    let mut instance = original();
    seal(&mut instance, vec![TRIAL.recipient()], Originals::All);
    let before = instance.clone();
    assert_eq!(encrypted::restore(&mut instance, &OTHER.key()).unwrap_err(), Error::OtherKey);
    assert_eq!(instance.to_bytes().unwrap(), before.to_bytes().unwrap());
    instance.dataset.remove_element(tags::ENCRYPTED_ATTRIBUTES_SEQUENCE);
    assert_eq!(encrypted::open(&instance.dataset, &TRIAL.key()).unwrap_err(), Error::NotSealed);
}

#[test]
fn nothing_is_sealed_unless_somebody_is_named() {
    let mut instance = original();
    seal(&mut instance, Vec::new(), Originals::All);
    assert!(instance.dataset.get(tags::ENCRYPTED_ATTRIBUTES_SEQUENCE).is_none());
}

#[test]
fn the_search_finds_nothing_in_what_is_written_and_the_certificate_names_nobody() {
    let original = original();
    let mut known = KnownValues::new();
    known.gather(&original.dataset, &original.meta);
    let search = LeakScan::new(&known).unwrap();
    let mut instance = original;
    seal(&mut instance, vec![TRIAL.recipient()], Originals::All);
    let bytes = instance.to_bytes().unwrap();
    assert_eq!(search.scan(&bytes), []);
    assert!(!bytes.windows(12).any(|window| window == b"Trial Office"));
}

#[test]
fn two_runs_differ_in_the_envelope_alone() {
    let run = || {
        let mut instance = original();
        seal(&mut instance, vec![TRIAL.recipient()], Originals::All);
        let sealed = instance.dataset.take(tags::ENCRYPTED_ATTRIBUTES_SEQUENCE).unwrap();
        (sealed, instance.to_bytes().unwrap())
    };
    let ((one, rest), (two, same)) = (run(), run());
    assert_ne!(one, two);
    assert_eq!(rest, same);
}

#[test]
fn a_name_in_any_alphabet_comes_back() {
    let mut original = original();
    original.dataset.put(build::text(tags::PATIENT_NAME, VR::PN, "Ψευτης^Ξαμ=漢字"));
    let mut instance = original;
    seal(&mut instance, vec![TRIAL.recipient()], Originals::Identity);
    let mut instance = written(&instance);
    encrypted::restore(&mut instance, &TRIAL.key()).unwrap();
    let instance = written(&instance);
    assert_eq!(text(&instance.dataset, tags::PATIENT_NAME).as_deref(), Some("Ψευτης^Ξαμ=漢字"));
}

/// What is no original: how text is written, and what is said of the de-identification.
const MARKERS: [Tag; 2] = [tags::SPECIFIC_CHARACTER_SET, tags::PATIENT_IDENTITY_REMOVED];

/// An element of many a kind.
fn element() -> impl Strategy<Value = Element> {
    let word = "[A-Za-zäöüΨЖ漢]{1,12}";
    let uid = "1\\.2\\.826\\.[1-9][0-9]{0,8}";
    let date = (1950..2024u32, 1..13u32, 1..29u32).prop_map(|(y, m, d)| format!("{y:04}{m:02}{d:02}"));
    let private = |name: String| build::text(Tag(0x0029, 0x1001), VR::LO, &name);
    prop_oneof![
        (word, 0..6usize).prop_map(|(text, n)| {
            let (tag, vr) = [
                (tags::PATIENT_NAME, VR::PN),
                (tags::PATIENT_COMMENTS, VR::LT),
                (tags::STUDY_DESCRIPTION, VR::LO),
                (tags::INSTITUTION_NAME, VR::LO),
                (tags::OPERATORS_NAME, VR::PN),
                (tags::STATION_NAME, VR::SH),
            ][n];
            build::text(tag, vr, &text)
        }),
        (date, 0..3usize).prop_map(|(date, n)| {
            let tag = [tags::STUDY_DATE, tags::PATIENT_BIRTH_DATE, tags::ACQUISITION_DATE][n];
            build::text(tag, VR::DA, &date)
        }),
        uid.prop_map(|uid| build::text(tags::FRAME_OF_REFERENCE_UID, VR::UI, &uid)),
        (word, uid).prop_map(|(word, uid)| {
            let code = build::dataset(vec![build::text(tags::CODE_MEANING, VR::LO, &word)]);
            let item = build::dataset(vec![
                build::text(tags::REFERENCED_SOP_INSTANCE_UID, VR::UI, &uid),
                build::sequence(tags::PURPOSE_OF_REFERENCE_CODE_SEQUENCE, vec![code]),
            ]);
            build::sequence(tags::REFERENCED_IMAGE_SEQUENCE, vec![item])
        }),
        word.prop_map(private),
        Just(build::text(Tag(0x0029, 0x0010), VR::LO, "ACME 1.0")),
        prop::collection::vec(any::<u8>(), 2..40).prop_map(|mut bytes| {
            bytes.truncate(bytes.len() & !1);
            build::bytes(Tag(0x6000, 0x3000), VR::OB, &bytes)
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn restoring_what_was_sealed_gives_every_original(elements in prop::collection::vec(element(), 0..12)) {
        let original = written(&build::instance(build::CT, elements));
        let mut instance = original.clone();
        seal(&mut instance, vec![TRIAL.recipient()], Originals::All);
        let mut instance = written(&instance);
        encrypted::restore(&mut instance, &TRIAL.key()).unwrap();
        // a data set is compared as it is written: in memory, no undefined length is equal to another
        let bytes = |instance: Instance| {
            let originals = instance.dataset.into_iter().filter(|element| !MARKERS.contains(&element.tag()));
            Instance::new(FileMeta::default(), Dataset::from_element_iter(originals)).to_bytes().unwrap()
        };
        prop_assert_eq!(bytes(written(&instance)), bytes(original));
    }
}

//! One test a rule.

use isocenter_dcm::{Tag, VR, tags, value};
use isocenter_deid::{Action, Ctx, Deidentifier, Error, Key, Profile};

use crate::build::{CT, PET, SR, basic, bytes, dataset, deidentify, instance, sequence, text};

#[test]
fn types_of_the_iod_decide_compound_codes() {
    let dates = || vec![text(tags::SERIES_DATE, VR::DA, "20010203"), text(tags::ACQUISITION_DATE, VR::DA, "20010203")];
    let ct = basic(&instance(CT, dates()));
    assert!(ct.get(tags::SERIES_DATE).is_none() && ct.get(tags::ACQUISITION_DATE).is_none());
    let pet = basic(&instance(PET, dates()));
    assert_eq!(value::string(&pet, tags::SERIES_DATE).as_deref(), Some("19000101"));
    assert!(pet.get(tags::ACQUISITION_DATE).is_some() && value::string(&pet, tags::ACQUISITION_DATE).is_none());
}

#[test]
fn items_are_judged_at_every_depth() {
    let mut inner =
        dataset(vec![text(tags::PATIENT_COMMENTS, VR::LT, "Plantedname"), text(tags::MODALITY, VR::CS, "CT")]);
    for _ in 0..12 {
        inner = dataset(vec![sequence(tags::PURPOSE_OF_REFERENCE_CODE_SEQUENCE, vec![inner])]);
    }
    let mut out = &basic(&instance(CT, vec![sequence(tags::ANATOMIC_REGION_SEQUENCE, vec![inner])]));
    out = value::item(out, tags::ANATOMIC_REGION_SEQUENCE).unwrap();
    for _ in 0..12 {
        out = value::item(out, tags::PURPOSE_OF_REFERENCE_CODE_SEQUENCE).unwrap();
    }
    assert_eq!(out.tags().collect::<Vec<_>>(), [tags::MODALITY]);
}

#[test]
fn private_elements_go_with_their_sequences_and_creators() {
    let item =
        dataset(vec![text(Tag(0x0029, 0x0010), VR::LO, "PLANTED"), text(tags::PATIENT_NAME, VR::PN, "Plantedname")]);
    let out = basic(&instance(
        CT,
        vec![
            text(Tag(0x0029, 0x0010), VR::LO, "ACME"),
            sequence(Tag(0x0029, 0x1001), vec![item]),
            bytes(Tag(0x0029, 0x1002), VR::OB, b"Plantedname\0"),
            text(Tag(0x0011, 0x0001), VR::LO, "nobody's"),
        ],
    ));
    assert!(out.tags().all(|tag| tag.group() % 2 == 0));
}

#[test]
fn overlays_curves_and_stray_groups_go() {
    let out = basic(&instance(
        CT,
        vec![
            text(Tag(0x0004, 0x1500), VR::CS, "DIR\\FILE"),
            bytes(Tag(0x5000, 0x3000), VR::OW, b"ab"),
            text(Tag(0x6000, 0x0022), VR::LO, "Plantedname"),
            text(Tag(0x6002, 0x1500), VR::LO, "Plantedname"),
            bytes(Tag(0x6000, 0x3000), VR::OW, b"ab"),
            bytes(Tag(0xFFFC, 0xFFFC), VR::OB, b"Plantedname\0"),
        ],
    ));
    assert!(out.tags().all(|tag| matches!(tag.group(), 0x0008..=0x0028)), "{:?}", out.tags().collect::<Vec<_>>());
}

#[test]
fn un_coded_elements_are_judged_by_tag() {
    let out = basic(&instance(
        CT,
        vec![
            bytes(tags::REFERRING_PHYSICIAN_NAME, VR::UN, b"Plantedname^A "),
            bytes(tags::STUDY_DESCRIPTION, VR::UN, b"for Plantedname "),
            bytes(tags::KVP, VR::UN, b"120 "),
        ],
    ));
    assert!(value::string(&out, tags::REFERRING_PHYSICIAN_NAME).is_none());
    assert!(out.get(tags::STUDY_DESCRIPTION).is_none());
    assert_eq!(value::f64(&out, tags::KVP), Some(120.0));
}

#[test]
fn what_no_table_lists_is_not_trusted() {
    let (out, audit) = deidentify(
        &instance(
            CT,
            vec![
                text(Tag(0x0008, 0x9999), VR::LO, "Somebody"),
                text(tags::PARTIAL_VIEW_DESCRIPTION, VR::ST, "seen by Somebody"),
                text(Tag(0x0040, 0xA067), VR::PN, "Somebody"),
                text(Tag(0x0018, 0x991E), VR::UI, "1.2.3.4.5"),
                text(tags::CONTENT_DESCRIPTION, VR::LO, "plan of QUENTINA"),
                text(tags::RESCALE_TYPE, VR::LO, "HU"),
                text(tags::KVP, VR::DS, "Somebody"),
            ],
        ),
        Profile::basic(),
    );
    let out = out.dataset;
    assert!(out.get(Tag(0x0008, 0x9999)).is_none());
    assert!(value::string(&out, tags::PARTIAL_VIEW_DESCRIPTION).is_none());
    assert!(value::string(&out, Tag(0x0040, 0xA067)).is_none());
    assert!(value::string(&out, Tag(0x0018, 0x991E)).unwrap().starts_with("2.25."));
    assert_eq!(value::string(&out, tags::CONTENT_DESCRIPTION).as_deref(), Some("plan of ***"));
    assert_eq!(value::string(&out, tags::RESCALE_TYPE).as_deref(), Some("HU"));
    assert!(value::string(&out, tags::KVP).is_none());
    let counts = audit.counts();
    assert_eq!((counts[&Action::UnlistedText], counts[&Action::KnownValue], counts[&Action::Unknown]), (1, 1, 2));
}

#[test]
fn code_strings_that_equal_a_name_stay() {
    let mut of_a_patient_called_shoulder = instance(CT, vec![text(tags::BODY_PART_EXAMINED, VR::CS, "SHOULDER")]);
    of_a_patient_called_shoulder.dataset.put(text(tags::PATIENT_NAME, VR::PN, "Shoulder^Paul"));
    let out = basic(&of_a_patient_called_shoulder);
    assert_eq!(value::string(&out, tags::BODY_PART_EXAMINED).as_deref(), Some("SHOULDER"));
}

#[test]
fn reports_keep_their_tree_and_lose_what_it_says() {
    let code = |value: &str, scheme: &str| {
        dataset(vec![text(tags::CODE_VALUE, VR::SH, value), text(tags::CODING_SCHEME_DESIGNATOR, VR::SH, scheme)])
    };
    let item = |concept: &str, more: isocenter_dcm::Element| {
        let kind = if isocenter_dcm::dicom_core::header::Header::tag(&more) == tags::CONCEPT_CODE_SEQUENCE {
            "CODE"
        } else {
            "TEXT"
        };
        let mut item = dataset(vec![
            text(tags::VALUE_TYPE, VR::CS, kind),
            sequence(tags::CONCEPT_NAME_CODE_SEQUENCE, vec![code(concept, "DCM")]),
        ]);
        item.put(more);
        item
    };
    let items = vec![
        item("121071", text(tags::TEXT_VALUE, VR::UT, "Plantedname has a nodule")),
        item("121008", text(tags::PERSON_NAME, VR::PN, "Somebody^Else")),
        item("121032", sequence(tags::CONCEPT_CODE_SEQUENCE, vec![code("M", "DCM")])), // Subject Sex
        item("121071", sequence(tags::CONCEPT_CODE_SEQUENCE, vec![code("27925004", "SCT")])), // a nodule
    ];
    let out = basic(&instance(SR, vec![sequence(tags::CONTENT_SEQUENCE, items)]));
    let items = value::sequence(&out, tags::CONTENT_SEQUENCE).unwrap();
    assert_eq!(items.len(), 4);
    assert_eq!(value::string(&items[0], tags::TEXT_VALUE).as_deref(), Some("REMOVED"));
    assert_eq!(value::string(&items[1], tags::PERSON_NAME).as_deref(), Some("REMOVED"));
    let value_of = |at: usize| {
        value::string(value::item(&items[at], tags::CONCEPT_CODE_SEQUENCE).unwrap(), tags::CODE_VALUE).unwrap()
    };
    assert_eq!((value_of(2).as_str(), value_of(3).as_str()), ("REMOVED", "27925004"));
}

#[test]
fn documents_become_an_empty_page() {
    let pdf = instance(
        "1.2.840.10008.5.1.4.1.1.104.1",
        vec![
            text(tags::MIME_TYPE_OF_ENCAPSULATED_DOCUMENT, VR::LO, "application/pdf"),
            bytes(tags::ENCAPSULATED_DOCUMENT, VR::OB, b"%PDF Plantedname"),
        ],
    );
    let out = basic(&pdf);
    let document = value::bytes(out.get(tags::ENCAPSULATED_DOCUMENT).unwrap());
    assert!(document.starts_with(b"%PDF-1.4") && !document.windows(7).any(|w| w == b"Planted"));
}

#[test]
fn media_directories_and_nameless_objects_are_refused_unchanged() {
    let deidentifier = Deidentifier::new(Profile::basic(), &Key::demo());
    let mut directory = instance("1.2.840.10008.1.3.10", vec![]);
    let before = directory.dataset.clone();
    assert!(matches!(deidentifier.apply(&mut directory, "x", &Ctx::default()), Err(Error::MediaDirectory)));
    assert_eq!(directory.dataset, before);
    let mut nameless = instance("", vec![]);
    nameless.dataset.remove_element(tags::SOP_CLASS_UID);
    assert!(matches!(deidentifier.apply(&mut nameless, "x", &Ctx::default()), Err(Error::MissingSopClass)));
}

#[test]
fn a_name_is_a_name_whatever_vr_the_file_gives_it() {
    let out = basic(&instance(
        CT,
        vec![text(Tag(0x0040, 0xA067), VR::LO, "Somebody"), bytes(tags::ANATOMIC_REGION_SEQUENCE, VR::UN, b"Somebody")],
    ));
    assert!(value::string(&out, Tag(0x0040, 0xA067)).is_none());
    assert_eq!(value::sequence(&out, tags::ANATOMIC_REGION_SEQUENCE).map(<[_]>::len), Some(0));
}

#[test]
fn a_nested_patient_id_follows_the_one_above() {
    let item = dataset(vec![text(tags::PATIENT_ID, VR::LO, "MRN55501")]);
    let out = basic(&instance(
        "1.2.840.10008.5.1.4.1.1.66.4",
        vec![
            sequence(tags::REFERENCED_PATIENT_SEQUENCE, vec![item.clone()]),
            sequence(tags::ANATOMIC_REGION_SEQUENCE, vec![item]),
        ],
    ));
    let nested = value::item(&out, tags::ANATOMIC_REGION_SEQUENCE).unwrap();
    assert_eq!(value::string(nested, tags::PATIENT_ID), value::string(&out, tags::PATIENT_ID));
}

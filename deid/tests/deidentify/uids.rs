//! UIDs stay consistent over instances, runs and threads.

use isocenter_dcm::{VR, tags, value};
use isocenter_deid::{Ctx, Deidentifier, Key, Profile, Pseudonyms};

use crate::build::{CT, basic, dataset, instance, sequence, text};

#[test]
fn references_follow_their_targets() {
    let reference = dataset(vec![
        text(tags::REFERENCED_SOP_CLASS_UID, VR::UI, CT),
        text(tags::REFERENCED_SOP_INSTANCE_UID, VR::UI, "1.2.826.1.1"),
    ]);
    let series = dataset(vec![
        text(tags::SERIES_INSTANCE_UID, VR::UI, "1.2.826.1.3"),
        sequence(tags::REFERENCED_INSTANCE_SEQUENCE, vec![reference]),
    ]);
    let target = basic(&instance(CT, vec![]));
    let segmentation = basic(&instance(
        "1.2.840.10008.5.1.4.1.1.66.4",
        vec![sequence(tags::REFERENCED_SERIES_SEQUENCE, vec![series])],
    ));
    let series = value::item(&segmentation, tags::REFERENCED_SERIES_SEQUENCE).unwrap();
    let reference = value::item(series, tags::REFERENCED_INSTANCE_SEQUENCE).unwrap();
    assert_eq!(value::string(series, tags::SERIES_INSTANCE_UID), value::string(&target, tags::SERIES_INSTANCE_UID));
    assert_eq!(
        value::string(reference, tags::REFERENCED_SOP_INSTANCE_UID),
        value::string(&target, tags::SOP_INSTANCE_UID)
    );
    assert_eq!(value::string(reference, tags::REFERENCED_SOP_CLASS_UID).as_deref(), Some(CT));
}

#[test]
fn well_known_uids_and_multi_values_are_kept_apart() {
    let out = basic(&instance(
        CT,
        vec![
            text(tags::FRAME_OF_REFERENCE_UID, VR::UI, "1.2.840.10008.1.4.1.1"),
            text(tags::IRRADIATION_EVENT_UID, VR::UI, "1.2.7\\1.2.8"),
        ],
    ));
    assert_eq!(value::string(&out, tags::FRAME_OF_REFERENCE_UID).as_deref(), Some("1.2.840.10008.1.4.1.1"));
    let names = Pseudonyms::new(&Key::demo());
    assert_eq!(value::strings(&out, tags::IRRADIATION_EVENT_UID), [names.uid("1.2.7"), names.uid("1.2.8")]);
}

#[test]
fn another_thread_gives_the_same_bytes() {
    let run = || {
        let mut one = instance(CT, vec![text(tags::FRAME_OF_REFERENCE_UID, VR::UI, "1.2.826.9")]);
        Deidentifier::new(Profile::basic(), &Key::demo()).apply(&mut one, "MRN55501", &Ctx::default()).unwrap();
        one.to_bytes().unwrap()
    };
    let here = run();
    let there: Vec<_> = (0..3).map(|_| std::thread::spawn(run)).map(|thread| thread.join().unwrap()).collect();
    assert!(there.iter().all(|bytes| *bytes == here));
}

#[test]
fn another_key_gives_other_ids() {
    let id = |key: &Key| {
        let mut one = instance(CT, vec![]);
        Deidentifier::new(Profile::basic(), key).apply(&mut one, "MRN55501", &Ctx::default()).unwrap();
        [tags::PATIENT_ID, tags::SOP_INSTANCE_UID].map(|tag| value::string(&one.dataset, tag))
    };
    let (demo, other) = (id(&Key::demo()), id(&Key::from_bytes([9; 32])));
    assert!(demo.iter().zip(&other).all(|(a, b)| a.is_some() && a != b));
}

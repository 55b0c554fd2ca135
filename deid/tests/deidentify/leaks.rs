//! Nothing planted survives in the written bytes.

use std::io::Write;

use isocenter_dcm::{Dataset, FileMeta, Instance, Tag, VR, tags};
use isocenter_deid::{Ctx, Deidentifier, Key, KnownValues, LeakScan, Profile};
use proptest::prelude::*;

use crate::build::{CT, bytes, dataset, instance, sequence, text};

/// Places where something about the patient may stand, and how it is written there.
fn plant(place: usize, name: &str, digits: &str) -> isocenter_dcm::Element {
    let nested = |inner| sequence(tags::REQUEST_ATTRIBUTES_SEQUENCE, vec![dataset(vec![inner])]);
    let said = format!("seen {name} ({digits})");
    match place {
        0 => text(tags::PATIENT_NAME, VR::PN, &format!("{name}^A")),
        1 => text(tags::PATIENT_ID, VR::LO, digits),
        2 => text(tags::STUDY_DESCRIPTION, VR::LO, &said),
        3 => nested(text(tags::SCHEDULED_PROCEDURE_STEP_DESCRIPTION, VR::LO, &said)),
        4 => bytes(Tag(0x0029, 0x1001), VR::UN, said.as_bytes()),
        5 => bytes(tags::OPERATORS_NAME, VR::UN, name.as_bytes()),
        6 => text(Tag(0x0018, 0x1FF2), VR::LO, &said),
        7 => text(tags::PARTIAL_VIEW_DESCRIPTION, VR::ST, &said),
        8 => text(Tag(0x6000, 0x0022), VR::LO, name),
        9 => sequence(Tag(0x0029, 0x1010), vec![dataset(vec![text(tags::PATIENT_COMMENTS, VR::LT, &said)])]),
        10 => text(tags::CONTENT_DESCRIPTION, VR::LO, &format!("of {name}")),
        11 => text(tags::DEVICE_SERIAL_NUMBER, VR::LO, digits),
        12 => text(tags::CONTENT_CREATOR_NAME, VR::PN, name),
        13 => bytes(Tag(0xFFFC, 0xFFFC), VR::OB, said.as_bytes()),
        _ => text(tags::SOP_INSTANCE_UID, VR::UI, &format!("1.2.{digits}.3")),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_planted_value_survives(name in "[A-Z][a-z]{7,12}q", digits in "[1-9][0-9]{9}", places in prop::collection::vec(0usize..15, 1..12)) {
        let mut all = places.clone();
        all.extend([0, 1]); // the header's own name and id are what the rest is searched for
        let mut original = instance(CT, all.iter().map(|&place| plant(place, &name, &digits)).collect());
        let mut known = KnownValues::new();
        known.gather(&original.dataset, &original.meta);
        Deidentifier::new(Profile::basic(), &Key::demo()).apply(&mut original, "x", &Ctx::default()).unwrap();
        let written = original.to_bytes().unwrap();
        let lower = written.to_ascii_lowercase();
        for value in [name.to_ascii_lowercase(), digits.clone()] {
            prop_assert!(!lower.windows(value.len()).any(|window| window == value.as_bytes()));
        }
        let hits = LeakScan::new(&known).unwrap().scan_content(&written, &Ctx::default()).unwrap();
        prop_assert!(hits.is_empty(), "{:?}", hits);
    }
}

fn known(name: &str) -> LeakScan {
    let mut known = KnownValues::new();
    let header = Dataset::from_element_iter([text(tags::PATIENT_NAME, VR::PN, name)]);
    known.gather(&header, &FileMeta::default());
    LeakScan::new(&known).unwrap()
}

#[test]
fn files_are_searched_inside_their_wrapping() {
    let folder = tempfile::tempdir().unwrap();
    let scan = known("Plantedname^Quentina");
    let mut zip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    zip.write_all(&[&vec![0; 4000][..], b"of Quentina Plantedname"].concat()).unwrap();
    let gzip = zip.finish().unwrap();
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    zlib.write_all(b"of PLANTEDNAME, who came, who came, who came").unwrap();
    let body = [b"Comment\0\0".to_vec(), zlib.finish().unwrap()].concat();
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    png.extend((body.len() as u32).to_be_bytes());
    png.extend([b"zTXt".to_vec(), body, vec![0; 4]].concat());
    for (name, content) in [("a.nii.gz", &gzip), ("a.png", &png)] {
        assert!(!content.windows(6).any(|window| window.eq_ignore_ascii_case(b"planted")));
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        assert!(!scan.scan_file(&path, &Ctx::default()).unwrap().is_empty(), "{name}");
    }
}

#[test]
fn samples_are_not_taken_for_short_values() {
    let scan = known("Mabel");
    let mut nifti = vec![0u8; 352];
    nifti[0..4].copy_from_slice(&348i32.to_le_bytes());
    nifti[108..112].copy_from_slice(&352f32.to_le_bytes());
    nifti[344..348].copy_from_slice(b"n+1\0");
    nifti.extend(b" mabel ");
    assert!(scan.scan_content(&nifti, &Ctx::default()).unwrap().is_empty());
    nifti[148..155].copy_from_slice(b" mabel "); // descrip
    assert_eq!(scan.scan_content(&nifti, &Ctx::default()).unwrap().len(), 1);
}

#[test]
fn names_in_every_representation_are_known() {
    let mut all = KnownValues::new();
    let original: Instance =
        instance(CT, vec![text(tags::PATIENT_NAME, VR::PN, "Yamada^Tarou=山田^太郎=やまだ^たろう")]);
    all.gather(&original.dataset, &original.meta);
    let scan = LeakScan::new(&all).unwrap();
    for text in ["tarou yamada", "山田 太郎", "やまだ"] {
        assert!(!scan.scan(text.as_bytes()).is_empty(), "{text}");
    }
}

//! Instances whose pixel data stays in the file until they are written.

use isocenter_dcm::dicom_core::{DataElement, PrimitiveValue};
use isocenter_dcm::{Bytes, FileMeta, Instance, Lazy, OpenOptions, Tag, VR, pixel, tags};
use isocenter_deid::{Action, Ctx, Deidentifier, Error, Key, KnownValues, LeakScan, Profile, ProfileOption};

use crate::build;

/// A CT slice of words with something in the bits that are no samples, and an element behind the pixel data.
fn slice() -> Instance {
    let number = |tag, n: u16| DataElement::new(tag, VR::US, PrimitiveValue::from(n));
    let words: Vec<u16> = (0..64 * 48).map(|n| (n % 4096) | if n % 7 == 0 { 0x5000 } else { 0 }).collect();
    build::instance(
        build::CT,
        vec![
            build::text(tags::MODALITY, VR::CS, "CT"),
            build::text(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2"),
            build::text(tags::PATIENT_COMMENTS, VR::LT, "Quentina Plantedname likes tea"),
            number(tags::SAMPLES_PER_PIXEL, 1),
            number(tags::ROWS, 48),
            number(tags::COLUMNS, 64),
            number(tags::BITS_ALLOCATED, 16),
            number(tags::BITS_STORED, 12),
            number(tags::HIGH_BIT, 11),
            number(tags::PIXEL_REPRESENTATION, 0),
            DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(words.into())),
            build::bytes(Tag(0xFFFC, 0xFFFC), VR::OB, b"padding of Plantedname"),
        ],
    )
}

/// What the two doors make of a file.
fn both(file: &[u8], profile: &Profile) -> (Vec<u8>, Vec<u8>) {
    let (deidentifier, ctx, open) =
        (Deidentifier::new(profile.clone(), &Key::demo()), Ctx::default(), OpenOptions::new());
    let mut whole = open.parse(file).unwrap();
    let mut known = KnownValues::new();
    known.gather(&whole.dataset, &whole.meta);
    let scan = LeakScan::identities(&known).unwrap();
    let told = deidentifier.apply_with(&mut whole, "MRN55501", &scan, &ctx).unwrap();

    let lazy = Lazy::new(Bytes(file.to_vec()), &open).unwrap();
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("a/b.dcm");
    let of_output = LeakScan::of_output(&known, profile, 0).unwrap();
    let clean = deidentifier.apply_lazy(lazy, "MRN55501", &scan, &ctx).unwrap();
    let audit = clean.write(&path, Some(&of_output), &ctx).unwrap();
    let mut entries = [told.entries, audit.entries];
    entries.iter_mut().for_each(|entries| entries.sort_by(|a, b| (&a.path, a.action).cmp(&(&b.path, b.action))));
    assert_eq!(entries[0], entries[1]);
    (whole.to_bytes().unwrap(), std::fs::read(path).unwrap())
}

#[test]
fn a_file_becomes_the_same_whether_its_pixels_are_held_or_not() {
    let plain = slice();
    let coded = |syntax: &str| {
        let mut instance = plain.clone();
        pixel::transcode(&mut instance, syntax, &Ctx::default()).unwrap();
        instance.to_bytes().unwrap()
    };
    let mut odd = build::instance(build::CT, vec![build::text(tags::MODALITY, VR::CS, "CT")]);
    odd.dataset.put(build::bytes(tags::PIXEL_DATA, VR::OB, &[1, 2, 3]));
    let files = [
        plain.to_bytes().unwrap(),
        coded("1.2.840.10008.1.2.5"),
        coded("1.2.840.10008.1.2.4.70"),
        odd.to_bytes().unwrap(),
        build::instance(build::SR, vec![]).to_bytes().unwrap(),
    ];
    for profile in [Profile::basic(), Profile::basic().with(ProfileOption::CleanPixelData), Profile::research()] {
        for (number, file) in files.iter().enumerate() {
            let (whole, lazy) = both(file, &profile);
            assert!(whole == lazy, "file {number}");
        }
    }
}

#[test]
fn bits_that_are_no_samples_are_cleared_on_the_way() {
    let (_, written) = both(&slice().to_bytes().unwrap(), &Profile::basic());
    let read = OpenOptions::new().parse(&written).unwrap();
    let words = read.dataset.get(tags::PIXEL_DATA).unwrap().value().primitive().unwrap().to_multi_int::<u16>().unwrap();
    assert!(words.iter().enumerate().all(|(n, &word)| usize::from(word) == n % 4096));
}

#[test]
fn a_name_among_the_samples_keeps_the_file_out() {
    let mut instance = slice();
    let mut bytes = vec![0u8; 2 * 64 * 48];
    bytes[3001..3012].copy_from_slice(b"Plantedname");
    instance.dataset.put(build::bytes(tags::PIXEL_DATA, VR::OW, &bytes));
    for (tag, n) in [(tags::BITS_STORED, 16u16), (tags::HIGH_BIT, 15)] {
        instance.dataset.put(DataElement::new(tag, VR::US, PrimitiveValue::from(n)));
    }
    let mut known = KnownValues::new();
    known.gather(&instance.dataset, &FileMeta::default());
    let (open, ctx) = (OpenOptions::new(), Ctx::default());
    let lazy = Lazy::new(Bytes(instance.to_bytes().unwrap()), &open).unwrap();
    let deidentifier = Deidentifier::new(Profile::basic(), &Key::demo());
    let clean = deidentifier.apply_lazy(lazy, "MRN55501", &LeakScan::identities(&known).unwrap(), &ctx).unwrap();
    assert!(clean.audit().entries.iter().any(|entry| entry.action == Action::Removed));
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("b.dcm");
    let search = LeakScan::of_output(&known, &Profile::basic(), 0).unwrap();
    let error = clean.write(&path, Some(&search), &ctx).unwrap_err();
    assert!(matches!(&error, Error::Left { hit } if hit.source == "PatientName"), "{error}");
    assert_eq!((error.reason(), path.exists()), ("failed-verification", false));
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0);
}

//! What a plan and a reading hold in memory, counted.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

use isocenter_convert::{
    Facts, Options,
    dcm::{
        Dataset, FileMeta, Instance, VR,
        dicom_core::{DataElement, PrimitiveValue},
        scan::scan_with,
        tags,
    },
    plan::plan,
    read::read,
    volume::Ctx,
};
use peak_alloc::PeakAlloc;

#[global_allocator]
static COUNTING: PeakAlloc = PeakAlloc;

const SIDE: u16 = 512;
const PLANE: usize = 2 * SIDE as usize * SIDE as usize;
const SLICES: usize = 32;

/// A slice with 20 kB of private header, as makers write it.
fn slice(k: usize) -> Dataset {
    let mut ds = Dataset::new_empty();
    for (tag, vr, text) in [
        (tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.2".to_owned()),
        (tags::SOP_INSTANCE_UID, VR::UI, format!("2.25.1.{}", k + 1)),
        (tags::SERIES_INSTANCE_UID, VR::UI, "2.25.2".to_owned()),
        (tags::STUDY_INSTANCE_UID, VR::UI, "2.25.3".to_owned()),
        (tags::MODALITY, VR::CS, "CT".to_owned()),
        (tags::IMAGE_POSITION_PATIENT, VR::DS, format!("0\\0\\{k}")),
        (tags::IMAGE_ORIENTATION_PATIENT, VR::DS, "1\\0\\0\\0\\1\\0".to_owned()),
        (tags::PIXEL_SPACING, VR::DS, "1\\1".to_owned()),
        (tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2".to_owned()),
    ] {
        ds.put(DataElement::new(tag, vr, PrimitiveValue::from(text)));
    }
    for (tag, number) in [
        (tags::SAMPLES_PER_PIXEL, 1),
        (tags::ROWS, SIDE),
        (tags::COLUMNS, SIDE),
        (tags::BITS_ALLOCATED, 16),
        (tags::BITS_STORED, 12),
        (tags::HIGH_BIT, 11),
        (tags::PIXEL_REPRESENTATION, 0),
    ] {
        ds.put(DataElement::new(tag, VR::US, PrimitiveValue::from(number)));
    }
    ds.put(DataElement::new(
        isocenter_convert::dcm::Tag(0x0029, 0x1020),
        VR::OB,
        PrimitiveValue::from(vec![7u8; 20_000]),
    ));
    let words: Vec<u16> = (0..PLANE / 2).map(|n| (n + k) as u16 & 0xFFF).collect();
    ds.put(DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(words.into())));
    ds
}

// one test: the counter is one for all threads
#[test]
fn a_volume_is_read_with_little_beside_it_and_facts_are_small() {
    let folder = tempfile::tempdir().unwrap();
    for k in 0..SLICES {
        let bytes = Instance::new(FileMeta::default(), slice(k)).to_bytes().unwrap();
        std::fs::write(folder.path().join(format!("{k:03}")), bytes).unwrap();
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    pool.install(|| {
        let scan = || scan_with(&[folder.path()], &Facts::scan_options(), &Ctx::default(), &|file| Facts::of(&file));
        // the dictionary and the like are made once
        drop(scan().unwrap());
        let before = COUNTING.current_usage();
        let files = scan().unwrap();
        let each = (COUNTING.current_usage() - before) / SLICES;
        // a header takes more than 20 kB; 100,000 files of 4 kB take 400 MB
        assert!(each < 4_000, "{each} bytes a file");

        let plan = plan(&files, &Options::default()).unwrap();
        let before = COUNTING.current_usage();
        COUNTING.reset_peak_usage();
        let converted = read(&plan.series[0], &files, &Options::default()).unwrap();
        let peak = COUNTING.peak_usage() - before;
        assert_eq!(converted.volume.shape(), [512, 512, SLICES]);
        // a plane of bytes and a header for each of two threads, and what they have begun
        let beside = peak - SLICES * PLANE;
        assert!(beside < 6 * PLANE, "{beside} bytes beside the volume of {}", SLICES * PLANE);
    });
}

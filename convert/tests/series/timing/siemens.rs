//! Mosaics of Siemens, and its protocol.

use isocenter_dcm::{Dataset, Tag, VR, tags};

use super::{double, entries, maker, slice_times, value, word};
use crate::{
    mosaic::made::{AXIAL, CORONAL, SAGITTAL, Slab, image_header, series_header},
    support::{Study, number, text},
};

/// Times by tile, as the image header states them, ms.
const BY_TILE: [f64; 5] = [10.0, 310.0, 110.0, 410.0, 210.0];
/// The same by tile, from the earliest, seconds.
const SECONDS: [f64; 5] = [0.0, 0.3, 0.1, 0.4, 0.2];

fn sequence(ds: &mut Dataset, tr_ms: f64) {
    maker(ds, "SIEMENS");
    text(ds, tags::SCANNING_SEQUENCE, VR::CS, "EP");
    text(ds, tags::MR_ACQUISITION_TYPE, VR::CS, "2D");
    text(ds, tags::IN_PLANE_PHASE_ENCODING_DIRECTION, VR::CS, "ROW");
    number(ds, tags::REPETITION_TIME, tr_ms);
}

/// A mosaic whose image header states times.
fn timed(slab: &Slab, uid: usize, times: &[f64]) -> Dataset {
    let mut ds = slab.bare(uid);
    let normal = slab.normal().map(|n| format!("{:.8}", n * slab.way));
    let times: Vec<String> = times.iter().map(|t| format!("{t:.8}")).collect();
    image_header(
        &mut ds,
        &[
            ("NumberOfImagesInMosaic", &[&slab.count.to_string()]),
            ("SliceNormalVector", &normal.each_ref().map(String::as_str)),
            ("MosaicRefAcqTimes", &times.iter().map(String::as_str).collect::<Vec<_>>()),
            ("BandwidthPerPixelPhaseEncode", &["50.0"]),
            ("PhaseEncodingDirectionPositive", &["1"]),
        ],
    );
    sequence(&mut ds, 500.0);
    ds
}

#[test]
fn times_follow_the_tiles_whichever_way_they_go() {
    for plane in [AXIAL, CORONAL, SAGITTAL] {
        for way in [1.0, -1.0] {
            let slab = Slab::new(plane, 5, way);
            let study = Study::of([timed(&slab, 0, &BY_TILE)]);
            let mut wanted = SECONDS.to_vec();
            if way < 0.0 {
                wanted.reverse();
            }
            assert_eq!(slice_times(&study), Some(wanted), "{plane:?} {way}");
        }
    }
}

#[test]
fn a_first_repetition_without_times_takes_those_of_the_second() {
    let slab = Slab::new(AXIAL, 5, 1.0);
    for bad in [[0.0; 5], [0.0, 9e5, 8e5, 7e5, 6e5], [0.0, 310.0, 0.0, 410.0, 455.0]] {
        let study = Study::of([timed(&slab, 0, &bad), timed(&slab, 1, &BY_TILE)]);
        assert_eq!(slice_times(&study), Some(SECONDS.to_vec()), "{bad:?}");
    }
    // with nothing to believe there are none
    let study = Study::of([timed(&slab, 0, &[0.0; 5]), timed(&slab, 1, &[0.0, 9e5, 8e5, 7e5, 6e5])]);
    assert_eq!(slice_times(&study), None);
}

#[test]
fn a_reference_scan_takes_longer_than_it_says() {
    let slab = Slab::new(AXIAL, 5, 1.0);
    let mut ds = timed(&slab, 0, &[0.0, 900.0, 300.0, 1200.0, 600.0]);
    text(&mut ds, tags::SERIES_DESCRIPTION, VR::LO, "task_SBRef");
    assert_eq!(slice_times(&Study::of([ds])), Some(vec![0.0, 0.9, 0.3, 1.2, 0.6]));
}

#[test]
fn times_of_a_file_that_lost_its_headers_are_read() {
    let slab = Slab::new(AXIAL, 4, 1.0);
    let mut ds = slab.bare(0);
    sequence(&mut ds, 500.0);
    text(&mut ds, Tag(0x0019, 0x0010), VR::LO, "SIEMENS MR HEADER");
    double(&mut ds, Tag(0x0019, 0x1029), &[100.0, 0.0, 100.0, 0.0]);
    double(&mut ds, Tag(0x0019, 0x1028), &[25.0]);
    let found = entries(&Study::of([ds]));
    assert_eq!(found["SliceTiming"], serde_json::json!([0.1, 0.0, 0.1, 0.0]));
    assert_eq!(value(&found, "MultibandAccelerationFactor"), 2.0);
    assert_eq!(value(&found, "BandwidthPerPixelPhaseEncode"), 25.0);
}

#[test]
fn the_protocol_orders_slices_where_nothing_times_them() {
    // seconds of each slice of the protocol: 1.6 s shared by 4 or 5 of them
    let cases = [
        (4, 1, vec![0.0, 0.4, 0.8, 1.2]),
        (4, 2, vec![1.2, 0.8, 0.4, 0.0]),
        (4, 4, vec![0.8, 0.0, 1.2, 0.4]),
        (5, 4, vec![0.0, 0.96, 0.32, 1.28, 0.64]),
    ];
    for (count, mode, wanted) in cases {
        for way in [1.0, -1.0] {
            let slab = Slab::new(AXIAL, count, way);
            let mut ds = slab.bare(0);
            sequence(&mut ds, 2000.0);
            let more = format!("sSliceArray.ucMode = 0x{mode}\nlDelayTimeInTR = 400000\n### ASCCONV END");
            series_header(&mut ds, &slab.protocol().replace("### ASCCONV END", &more));
            let number = if way > 0.0 { "0".to_owned() } else { (count - 1).to_string() };
            image_header(
                &mut ds,
                &[("NumberOfImagesInMosaic", &[&count.to_string()]), ("ProtocolSliceNumber", &[&number])],
            );
            // the protocol counts to the head, as the slices of the volume do, whichever way the tiles go
            let found = slice_times(&Study::of([ds])).unwrap();
            let near = found.iter().zip(&wanted).all(|(a, b)| (a - b).abs() < 1e-6);
            assert!(near && found.len() == count, "{count} {mode} {way}: {found:?}");
        }
    }
}

#[test]
fn readout_is_that_of_the_bandwidth() {
    let slab = Slab::new(AXIAL, 5, 1.0);
    let mut ds = timed(&slab, 0, &BY_TILE);
    text(&mut ds, Tag(0x0051, 0x0010), VR::LO, "SIEMENS MR HEADER");
    text(&mut ds, Tag(0x0051, 0x1011), VR::LO, "p2 s3");
    let found = entries(&Study::of([ds]));
    // five columns along the axis of phase encoding
    assert!((value(&found, "EffectiveEchoSpacing") - 1.0 / (50.0 * 5.0)).abs() < 1e-12);
    assert!((value(&found, "TotalReadoutTime") - 4.0 / (50.0 * 5.0)).abs() < 1e-12);
    assert!((value(&found, "DerivedVendorReportedEchoSpacing") - 2.0 / (50.0 * 5.0)).abs() < 1e-12);
    assert_eq!(word(&found, "PhaseEncodingDirection"), Some("i"));
    assert_eq!(value(&found, "ParallelReductionFactorInPlane"), 2.0);
    assert_eq!(value(&found, "MultibandAccelerationFactor"), 3.0);
}

#[test]
fn the_part_of_k_space_is_that_of_the_protocol() {
    let protocol =
        "### ASCCONV BEGIN ###\nsKSpace.ucPhasePartialFourier = 4\nsPat.lAccelFactPE = 1\n### ASCCONV END ###\n";
    let slab = Slab::new(AXIAL, 5, 1.0);
    let mut ds = timed(&slab, 0, &BY_TILE);
    series_header(&mut ds, protocol);
    assert_eq!(value(&entries(&Study::of([ds])), "PartialFourier"), 0.75);
}

#[test]
fn times_of_unknown_representation_are_read() {
    let slab = Slab::new(AXIAL, 4, 1.0);
    let mut ds = slab.bare(0);
    sequence(&mut ds, 500.0);
    text(&mut ds, Tag(0x0019, 0x0010), VR::LO, "SIEMENS MR HEADER");
    text(&mut ds, Tag(0x0019, 0x100A), VR::IS, "4");
    let bytes: Vec<u8> = [0.0f64, 250.0, 127.5, 380.0].iter().flat_map(|ms| ms.to_le_bytes()).collect();
    let bytes = isocenter_dcm::dicom_core::PrimitiveValue::U8(bytes.into_iter().collect());
    ds.put(isocenter_dcm::dicom_core::DataElement::new(Tag(0x0019, 0x1029), VR::UN, bytes));
    assert_eq!(slice_times(&Study::of([ds])), Some(vec![0.0, 0.25, 0.1275, 0.38]));
}

#[test]
fn compressed_sensing_is_no_slices_at_once() {
    let slab = Slab::new(AXIAL, 5, 1.0);
    let mut ds = timed(&slab, 0, &BY_TILE);
    text(&mut ds, Tag(0x0051, 0x0010), VR::LO, "SIEMENS MR HEADER");
    text(&mut ds, Tag(0x0051, 0x1011), VR::LO, "CS8");
    assert!(!entries(&Study::of([ds])).contains_key("MultibandAccelerationFactor"));
}

#[test]
fn a_repetition_time_that_is_none_gives_no_times() {
    let slab = Slab::new(AXIAL, 4, 1.0);
    let mut ds = slab.bare(0);
    sequence(&mut ds, 2000.0);
    text(&mut ds, tags::REPETITION_TIME, VR::DS, "1E305");
    let more = "sSliceArray.ucMode = 0x1\n### ASCCONV END";
    series_header(&mut ds, &slab.protocol().replace("### ASCCONV END", more));
    image_header(&mut ds, &[("NumberOfImagesInMosaic", &["4"]), ("ProtocolSliceNumber", &["0"])]);
    assert!(!entries(&Study::of([ds])).contains_key("SliceTiming"));
}

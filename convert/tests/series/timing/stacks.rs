//! Slices that were timed one by one: single images by the clock, frames of enhanced images.

use isocenter_dcm::{Dataset, Tag, VR, tags};

use super::{entries, planar, slice_times};
use crate::support::{Study, item, number, numbers, object, pixel_module, sequence, text, words};

/// Interleaved slices of Siemens, whose clock passes midnight between the second and the third.
fn over_midnight() -> Vec<Dataset> {
    let clock = ["235959.500000", "000000.300000", "235959.900000", "000000.700000"];
    let slice = |(k, time): (usize, &&str)| {
        let mut ds = planar("SIEMENS", k, 0, 3.0 * k as f64, 2000.0);
        text(&mut ds, tags::ACQUISITION_TIME, VR::TM, time);
        ds
    };
    clock.iter().enumerate().map(slice).collect()
}

#[test]
fn a_stack_is_timed_by_the_clock_over_midnight() {
    assert_eq!(slice_times(&Study::of(over_midnight())), Some(vec![0.0, 0.8, 0.4, 1.2]));
}

#[test]
fn single_images_of_xa_are_timed_from_the_start_of_the_second_repetition() {
    // the first repetition counts on over several of them, as this software does
    let seconds = [0.0, 2.4, 0.5, 3.0, 6.0, 7.0, 6.5, 7.5];
    let study = Study::of(seconds.iter().enumerate().map(|(n, seconds)| {
        let mut ds = planar("SIEMENS", n, n / 4, 3.0 * (n % 4) as f64, 2000.0);
        text(&mut ds, tags::ACQUISITION_TIME, VR::TM, &format!("1010{:02}.{}00", 10 + n / 4, n % 4));
        text(&mut ds, Tag(0x0021, 0x0011), VR::LO, "SIEMENS MR SDI 02");
        number(&mut ds, Tag(0x0021, 0x1104), *seconds);
        ds
    }));
    assert_eq!(slice_times(&study), Some(vec![0.0, 1.0, 0.5, 1.5]));
}

#[test]
fn the_order_of_files_plays_no_part() {
    let mut files = over_midnight();
    files.swap(0, 3);
    files.swap(1, 2);
    assert_eq!(slice_times(&Study::of(files)), Some(vec![0.0, 0.8, 0.4, 1.2]));
}

#[test]
fn what_takes_longer_than_a_repetition_has_no_times() {
    let with = |change: fn(&mut Dataset)| {
        Study::of(over_midnight().into_iter().map(|mut ds| {
            change(&mut ds);
            ds
        }))
    };
    assert_eq!(slice_times(&with(|ds| text(ds, tags::MR_ACQUISITION_TYPE, VR::CS, "3D"))), None);
    assert_eq!(slice_times(&with(|ds| number(ds, tags::REPETITION_TIME, 1000.0))), None);
    assert_eq!(slice_times(&with(|ds| text(ds, tags::ACQUISITION_TIME, VR::TM, "101010"))), None);
    assert_eq!(slice_times(&with(|ds| text(ds, tags::MANUFACTURER, VR::LO, "Philips"))), None);
}

/// A frame of the XA software: its height, repetition, and seconds after the start.
type Frame = (f64, usize, f64);

fn enhanced(frames: &[Frame], is_private: bool) -> Dataset {
    let mut ds = object("1.2.840.10008.5.1.4.1.1.4.1", "MR", 0);
    pixel_module(&mut ds);
    text(&mut ds, tags::MANUFACTURER, VR::LO, "SIEMENS");
    text(&mut ds, tags::NUMBER_OF_FRAMES, VR::IS, &frames.len().to_string());
    text(&mut ds, tags::MR_ACQUISITION_TYPE, VR::CS, "2D");
    text(&mut ds, tags::ECHO_PLANAR_PULSE_SEQUENCE, VR::CS, "YES");
    let shared = item(|group| {
        let measures = item(|ds| numbers(ds, tags::PIXEL_SPACING, &[0.5, 0.75]));
        sequence(group, tags::PIXEL_MEASURES_SEQUENCE, vec![measures]);
        let orientation = item(|ds| numbers(ds, tags::IMAGE_ORIENTATION_PATIENT, &[1.0, 0.0, 0.0, 0.0, 1.0, 0.0]));
        sequence(group, tags::PLANE_ORIENTATION_SEQUENCE, vec![orientation]);
        let timing = item(|ds| number(ds, tags::REPETITION_TIME, 2000.0));
        sequence(group, tags::MR_TIMING_AND_RELATED_PARAMETERS_SEQUENCE, vec![timing]);
        let geometry = item(|ds| text(ds, tags::IN_PLANE_PHASE_ENCODING_DIRECTION, VR::CS, "COLUMN"));
        sequence(group, tags::MRFOV_GEOMETRY_SEQUENCE, vec![geometry]);
    });
    sequence(&mut ds, tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, vec![shared]);
    let groups = frames.iter().map(|(z, step, seconds)| {
        item(|group| {
            let content = item(|ds| {
                let index = isocenter_dcm::dicom_core::PrimitiveValue::from(*step as u32 + 1);
                ds.put(isocenter_dcm::dicom_core::DataElement::new(tags::TEMPORAL_POSITION_INDEX, VR::UL, index));
                if !is_private {
                    let clock = format!("2026010212{:02}{:09.6}", 10, seconds);
                    text(ds, tags::FRAME_ACQUISITION_DATE_TIME, VR::DT, &clock);
                }
            });
            sequence(group, tags::FRAME_CONTENT_SEQUENCE, vec![content]);
            let position = item(|ds| numbers(ds, tags::IMAGE_POSITION_PATIENT, &[0.0, 0.0, *z]));
            sequence(group, tags::PLANE_POSITION_SEQUENCE, vec![position]);
            if is_private {
                let own = item(|ds| {
                    text(ds, Tag(0x0021, 0x0011), VR::LO, "SIEMENS MR SDI 02");
                    number(ds, Tag(0x0021, 0x1104), *seconds);
                    text(ds, Tag(0x0021, 0x111C), VR::IS, "0");
                    super::double(ds, Tag(0x0021, 0x1153), &[20.0]);
                });
                text(group, Tag(0x0021, 0x0010), VR::LO, "SIEMENS MR SDR 01");
                sequence(group, Tag(0x0021, 0x11FE), vec![own]);
            }
        })
    });
    sequence(&mut ds, tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, groups.collect());
    words(&mut ds, &vec![7; 12 * frames.len()]);
    ds
}

/// Three slices, twice; the first repetition is timed wrongly, as this software does.
const XA: [Frame; 6] = [(0.0, 0, 0.0), (3.0, 0, 0.5), (6.0, 0, 0.0), (0.0, 1, 3.0), (3.0, 1, 4.0), (6.0, 1, 3.5)];

#[test]
fn enhanced_frames_are_timed_by_the_second_repetition() {
    for is_private in [true, false] {
        let found = entries(&Study::of([enhanced(&XA, is_private)]));
        assert_eq!(found["SliceTiming"], serde_json::json!([0.0, 1.0, 0.5]), "{is_private}");
        let key = if is_private { "PhaseEncodingDirection" } else { "PhaseEncodingAxis" };
        assert_eq!(found[key], if is_private { "j-" } else { "j" });
    }
}

#[test]
fn bandwidth_of_an_enhanced_frame_gives_its_readout() {
    let found = entries(&Study::of([enhanced(&XA, true)]));
    // three rows along the axis of phase encoding
    assert!((super::value(&found, "TotalReadoutTime") - 2.0 / (20.0 * 3.0)).abs() < 1e-12);
}

#[test]
fn a_clock_of_whole_seconds_tells_no_times() {
    // two slices a second: neighbours that seem to have been excited at once
    let study = Study::of((0..6).map(|k| {
        let mut ds = planar("SIEMENS", k, 0, 3.0 * k as f64, 4000.0);
        text(&mut ds, tags::ACQUISITION_TIME, VR::TM, &format!("1010{:02}", 10 + k / 2));
        ds
    }));
    let found = entries(&study);
    assert!(!found.contains_key("SliceTiming") && !found.contains_key("MultibandAccelerationFactor"));
}

#[test]
fn without_the_protocol_a_train_tells_the_part_where_it_is_sure() {
    let with = |words: &str, train: &str| {
        let study = Study::of((0..2).map(|k| {
            let mut ds = planar("SIEMENS", k, 0, 3.0 * k as f64, 2000.0);
            text(&mut ds, tags::SCANNING_SEQUENCE, VR::CS, words);
            text(&mut ds, tags::ECHO_TRAIN_LENGTH, VR::IS, train);
            let matrix = isocenter_dcm::dicom_core::PrimitiveValue::U16([64, 0, 0, 64].into_iter().collect());
            ds.put(isocenter_dcm::dicom_core::DataElement::new(tags::ACQUISITION_MATRIX, VR::US, matrix));
            ds
        }));
        entries(&study).get("PartialFourier").and_then(serde_json::Value::as_f64)
    };
    assert_eq!((with("EP", "48"), with("EP", "47")), (Some(0.75), Some(0.75)));
    // a line less is none; a spin echo reads some lines at a time
    assert_eq!((with("EP", "63"), with("SE", "48"), with("SE", "15")), (None, None, None));
}

//! Files that share a SOP Instance UID.

use isocenter_convert::{Options, plan::plan};
use isocenter_dcm::{
    VR,
    dicom_core::{DataElement, PrimitiveValue},
    tags,
};

use crate::support::{Study, ct, numbers, short, text, words};

#[test]
fn equal_pixels_are_a_duplicate() {
    let mut slices = ct(3);
    let mut copy = slices[1].clone();
    // another file, the same image
    text(&mut copy, tags::SERIES_DESCRIPTION, VR::LO, "copied");
    slices.insert(0, copy);
    let (plan, _) = Study::of(slices).plan();
    assert_eq!((plan.series.len(), plan.duplicates.len(), plan.rejected.len()), (1, 1, 0));
    assert_eq!(plan.series[0].head.geometry().shape(), [4, 3, 3]);
    let mut pair = [plan.duplicates[0].file, plan.duplicates[0].of];
    pair.sort_unstable();
    assert_eq!(pair, [0, 2]);
}

#[test]
fn the_kept_file_does_not_depend_on_the_order() {
    let mut slices = ct(2);
    slices.extend((0..3).map(|n| {
        let mut copy = ct(1).remove(0);
        text(&mut copy, tags::SERIES_DESCRIPTION, VR::LO, &format!("copy {n}"));
        copy
    }));
    let study = Study::of(slices);
    let kept = |reverse: bool| {
        let mut files = study.facts();
        if reverse {
            files.reverse();
        }
        let plan = plan(&files, &Options::default()).unwrap();
        assert_eq!(plan.duplicates.len(), 3);
        files[plan.duplicates[0].of].path().to_owned()
    };
    assert_eq!(kept(false), kept(true));
}

#[test]
fn unequal_pixels_are_a_contradiction() {
    let mut slices = ct(3);
    let mut other = slices[2].clone();
    words(&mut other, &[9; 12]);
    slices.push(other);
    let study = Study::of(slices);
    let (plan, _) = study.plan();
    assert_eq!(study.refusal(), ("contradictory-duplicate", 2));
    assert_eq!(plan.series[0].head.geometry().shape(), [4, 3, 2]);
}

#[test]
fn equal_pixels_at_another_place_are_a_contradiction() {
    let mut slices = ct(1);
    let mut moved = slices[0].clone();
    numbers(&mut moved, tags::IMAGE_POSITION_PATIENT, &[0.0, 0.0, 99.0]);
    slices.push(moved);
    assert_eq!(Study::of(slices).refusal(), ("contradictory-duplicate", 2));
}

#[test]
fn an_image_that_cannot_be_decoded_beside_two_that_differ_is_no_lost_file() {
    let mut study = Study::of(ct(1));
    let mut other = ct(1).remove(0);
    words(&mut other, &[9; 12]);
    study.add(&other);
    text(&mut other, tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "YBR_PARTIAL_420");
    short(&mut other, tags::SAMPLES_PER_PIXEL, 3);
    short(&mut other, tags::BITS_ALLOCATED, 8);
    short(&mut other, tags::BITS_STORED, 8);
    short(&mut other, tags::HIGH_BIT, 7);
    other.put(DataElement::new(tags::PIXEL_DATA, VR::OB, PrimitiveValue::from(vec![0u8; 36])));
    study.add(&other);
    assert_eq!(study.refusal(), ("contradictory-duplicate", 3));
}

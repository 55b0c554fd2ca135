//! Files that share a SOP Instance UID.

use isocenter_convert::plan::{self, PlanOptions};
use isocenter_dcm::{VR, tags};

use crate::support::{Study, ct, numbers, text, words};

#[test]
fn equal_pixels_are_a_duplicate() {
    let mut slices = ct(3);
    let mut copy = slices[1].clone();
    // another file, the same image
    text(&mut copy, tags::SERIES_DESCRIPTION, VR::LO, "copied");
    slices.insert(0, copy);
    let (plan, _) = Study::of(slices).plan();
    assert_eq!((plan.series.len(), plan.duplicates.len(), plan.rejected.len()), (1, 1, 0));
    assert_eq!(plan.series[0].geometry.shape(), [4, 3, 3]);
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
        let mut scanned = study.scan();
        if reverse {
            scanned.reverse();
        }
        let plan = plan::plan(&scanned, &PlanOptions::default());
        assert_eq!(plan.duplicates.len(), 3);
        scanned[plan.duplicates[0].of].path.clone()
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
    assert_eq!(plan.series[0].geometry.shape(), [4, 3, 2]);
}

#[test]
fn equal_pixels_at_another_place_are_a_contradiction() {
    let mut slices = ct(1);
    let mut moved = slices[0].clone();
    numbers(&mut moved, tags::IMAGE_POSITION_PATIENT, &[0.0, 0.0, 99.0]);
    slices.push(moved);
    assert_eq!(Study::of(slices).refusal(), ("contradictory-duplicate", 2));
}

//! Frames that were sent twice under new identifiers, and repetitions that were cut off.

use isocenter_convert::Warning;
use isocenter_dcm::{Dataset, Tag, VR, tags};

use crate::support::{CT, MR, Study, planes, slice, text, words};

fn integer(ds: &mut Dataset, tag: Tag, value: usize) {
    text(ds, tag, VR::IS, &value.to_string());
}

/// The slice at place `k` of some series of four: its instance `uid`, of value `100 * k`.
fn at(k: usize, uid: usize) -> Dataset {
    slice(CT, uid, [0.0, 0.0, 2.0 * k as f64], 100 * k as u16)
}

fn outcome(slices: impl IntoIterator<Item = Dataset>) -> (Vec<f64>, usize, usize) {
    let study = Study::of(slices);
    let (plan, files) = study.plan();
    assert_eq!(plan.rejected, []);
    let read = isocenter_convert::read::read(&plan.series[0], &files, &Default::default()).unwrap();
    (planes(&read), read.volume.steps(), plan.duplicates.len())
}

const FOUR: [f64; 4] = [0.0, 100.0, 200.0, 300.0];

#[test]
fn a_series_sent_again_is_its_duplicate() {
    // numbered on, as d01
    assert_eq!(outcome((0..8).map(|n| at(n % 4, n))), (FOUR.to_vec(), 1, 4));
    // the same numbers under new UIDs: nothing orders
    let same = (0..8).map(|n| {
        let mut ds = at(n % 4, n);
        integer(&mut ds, tags::INSTANCE_NUMBER, n % 4 + 1);
        ds
    });
    assert_eq!(outcome(same), (FOUR.to_vec(), 1, 4));
    // no numbers, made again at another time
    let bare = (0..8).map(|n| {
        let mut ds = at(n % 4, n);
        ds.remove_element(tags::INSTANCE_NUMBER);
        text(&mut ds, tags::CONTENT_TIME, VR::TM, ["101500", "173000"][n / 4]);
        ds
    });
    assert_eq!(outcome(bare), (FOUR.to_vec(), 1, 4));
    // three times, and only a part of it
    assert_eq!(outcome((0..12).map(|n| at(n % 4, n))), (FOUR.to_vec(), 1, 8));
    assert_eq!(outcome((0..6).map(|n| at(n % 4, n))), (FOUR.to_vec(), 1, 2));
    assert_eq!(outcome([0, 1, 2, 3, 2].into_iter().enumerate().map(|(n, k)| at(k, n))), (FOUR.to_vec(), 1, 1));
}

#[test]
fn a_step_sent_again_leaves_the_others() {
    let steps = (0..12).map(|n| {
        let k = n % 4;
        let mut ds = at(k, n);
        if (4..8).contains(&n) {
            words(&mut ds, &[7 + k as u16; 12]);
        }
        ds
    });
    let (_, steps, duplicates) = outcome(steps);
    assert_eq!((steps, duplicates), (2, 4));
}

#[test]
fn equal_frames_at_two_times_are_two() {
    // blank slices at both ends of a real time series, ordered by nothing but numbers
    let series = (0..8).map(|n| {
        let k = n % 4;
        let mut ds = at(k, n);
        words(&mut ds, &[if k == 1 { 50 + n as u16 } else { 0 }; 12]);
        ds
    });
    let (_, steps, duplicates) = outcome(series);
    assert_eq!((steps, duplicates), (2, 0));
    // two time points that happen to be equal throughout
    let stated = (0..8).map(|n| {
        let mut ds = at(n % 4, n);
        integer(&mut ds, tags::TEMPORAL_POSITION_IDENTIFIER, n / 4 + 1);
        ds
    });
    let (_, steps, duplicates) = outcome(stated);
    assert_eq!((steps, duplicates), (2, 0));
}

/// Four places and `n` frames, numbered on; every frame of its own value.
fn cut(n: usize, mark: impl Fn(&mut Dataset, usize)) -> (Option<Vec<f64>>, usize, bool) {
    let study = Study::of((0..n).map(|n| {
        let mut ds = slice(MR, n, [0.0, 0.0, 2.0 * (n % 4) as f64], 10 * n as u16);
        mark(&mut ds, n);
        ds
    }));
    let (plan, files) = study.plan();
    let read = plan.series.first().map(|s| isocenter_convert::read::read(s, &files, &Default::default()).unwrap());
    let told = read.as_ref().is_some_and(|r| r.warnings.contains(&Warning::RepetitionCutOff));
    assert!(plan.rejected.iter().all(|r| r.reason.code() == "incomplete-volume"));
    (read.as_ref().map(planes), plan.rejected.len(), told)
}

#[test]
fn a_last_repetition_that_was_cut_off_leaves_the_whole_ones() {
    let whole = |n: usize| Some((0..n).map(|n| 10.0 * n as f64).collect::<Vec<_>>());
    assert_eq!(cut(10, |_, _| {}), (whole(8), 2, true));
    assert_eq!(cut(5, |_, _| {}), (whole(4), 1, true));
    let temporal = |ds: &mut Dataset, n: usize| {
        ds.remove_element(tags::INSTANCE_NUMBER);
        integer(ds, tags::TEMPORAL_POSITION_IDENTIFIER, n / 4 + 1);
    };
    assert_eq!(cut(11, temporal), (whole(8), 3, true));
    let clock = |ds: &mut Dataset, n: usize| {
        ds.remove_element(tags::INSTANCE_NUMBER);
        text(ds, tags::ACQUISITION_TIME, VR::TM, &format!("1000{:02}", 2 * n));
    };
    assert_eq!(cut(9, clock), (whole(8), 1, true));
}

#[test]
fn what_is_missing_elsewhere_is_no_cut() {
    // the second repetition lacks its first slice
    let study =
        Study::of((0..8).filter(|n| *n != 4).map(|n| slice(MR, n, [0.0, 0.0, 2.0 * (n % 4) as f64], 10 * n as u16)));
    assert_eq!(study.refusal(), ("incomplete-volume", 7));
}

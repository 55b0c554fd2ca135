//! Positions that repeat.

use isocenter_convert::Warning;
use isocenter_dcm::{
    Dataset, Tag, VR,
    dicom_core::{DataElement, PrimitiveValue},
    tags,
};
use isocenter_volume::{AxisKind, Quantity};

use crate::support::{MR, Study, number, planes, slice, text};

/// 3 slices of 2 steps, value `10 * step + k`; `mark` writes what orders them, and there is no instance number.
fn series(mark: impl Fn(&mut Dataset, usize, usize)) -> Vec<Dataset> {
    let mut all = Vec::new();
    for (step, k) in (0..2).flat_map(|s| (0..3).map(move |k| (s, k))) {
        // instance UIDs run against both
        let mut ds = slice(MR, 50 - 3 * step - k, [0.0, 0.0, 3.0 * k as f64], (10 * step + k) as u16);
        ds.remove_element(tags::INSTANCE_NUMBER);
        mark(&mut ds, step, k);
        all.push(ds);
    }
    all
}

const WANTED: [f64; 6] = [0.0, 1.0, 2.0, 10.0, 11.0, 12.0];

fn integer(ds: &mut Dataset, tag: Tag, value: usize) {
    text(ds, tag, VR::IS, &value.to_string());
}

#[test]
fn a_temporal_position_orders() {
    let found = Study::of(series(|ds, step, _| integer(ds, tags::TEMPORAL_POSITION_IDENTIFIER, step + 1))).convert();
    assert_eq!(found[0].volume.steps(), 2);
    assert_eq!(planes(&found[0]), WANTED);
    assert_eq!(found[0].volume.slow_axes()[0].kind(), &AxisKind::Time);
}

#[test]
fn a_b_value_orders_and_is_the_step_value() {
    let mark = |ds: &mut Dataset, step: usize, _: usize| {
        ds.put(DataElement::new(tags::DIFFUSION_B_VALUE, VR::FD, PrimitiveValue::from(1000.0 * step as f64)));
    };
    let found = Study::of(series(mark)).convert();
    assert_eq!(planes(&found[0]), WANTED);
    let axis = &found[0].volume.slow_axes()[0];
    assert_eq!((axis.kind(), axis.numbers(&Quantity::BValue)), (&AxisKind::Diffusion, Some(&[0.0, 1000.0][..])));
}

#[test]
fn a_clock_orders_where_steps_do_not_overlap() {
    let ordered =
        |ds: &mut Dataset, step: usize, k: usize| number(ds, tags::TRIGGER_TIME, (300 * step + 20 * k) as f64);
    assert_eq!(planes(&Study::of(series(ordered)).convert()[0]), WANTED);
    let overlapping =
        |ds: &mut Dataset, step: usize, k: usize| number(ds, tags::TRIGGER_TIME, (30 * step + 20 * k) as f64);
    assert_eq!(Study::of(series(overlapping)).refusal(), ("ambiguous-order", 6));
}

#[test]
fn instance_numbers_order_volume_by_volume_and_position_by_position() {
    let by_volume = |ds: &mut Dataset, step: usize, k: usize| integer(ds, tags::INSTANCE_NUMBER, 3 * step + k + 1);
    assert_eq!(planes(&Study::of(series(by_volume)).convert()[0]), WANTED);
    let by_position = |ds: &mut Dataset, step: usize, k: usize| integer(ds, tags::INSTANCE_NUMBER, 2 * k + step + 1);
    assert_eq!(planes(&Study::of(series(by_position)).convert()[0]), WANTED);
}

#[test]
fn nothing_that_orders_is_a_refusal() {
    assert_eq!(Study::of(series(|_, _, _| {})).refusal(), ("ambiguous-order", 6));
}

#[test]
fn images_of_one_place_without_an_order_are_volumes_of_their_own() {
    let lone = |uid: usize| {
        let mut ds = slice(MR, uid, [0.0; 3], 10 * uid as u16);
        ds.remove_element(tags::INSTANCE_NUMBER);
        ds
    };
    let found = Study::of((0..3).map(lone)).convert();
    assert_eq!(found.len(), 3);
    assert!(found.iter().all(|c| c.volume.shape()[2] == 1 && c.warnings.contains(&Warning::SamePlace)));
}

#[test]
fn a_missing_file_in_the_middle_refuses_the_whole() {
    let mut all = series(|ds, step, k| integer(ds, tags::INSTANCE_NUMBER, 3 * step + k + 1));
    all.remove(1);
    assert_eq!(Study::of(all).refusal(), ("incomplete-volume", 5));
}

#[test]
fn echoes_and_parts_are_volumes_of_their_own() {
    let mark = |ds: &mut Dataset, step: usize, k: usize| {
        integer(ds, tags::INSTANCE_NUMBER, 3 * step + k + 1);
        number(ds, tags::ECHO_TIME, 5.0 + step as f64);
    };
    let found = Study::of(series(mark)).convert();
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|c| c.volume.steps() == 1));
    let echoes: Vec<_> = found.iter().map(|c| c.volume.meta().mr.as_ref().unwrap().echo_time_s).collect();
    assert_eq!(echoes, [Some(0.005), Some(0.006)]);
}

/// 3 slices of 6 steps, numbered through; `mark` writes what a step is.
fn six(mark: impl Fn(&mut Dataset, usize)) -> Vec<Dataset> {
    let mut all = Vec::new();
    for (step, k) in (0..6).flat_map(|s| (0..3).map(move |k| (s, k))) {
        let mut ds = slice(MR, 50 - 3 * step - k, [0.0, 0.0, 3.0 * k as f64], (10 * step + k) as u16);
        integer(&mut ds, tags::INSTANCE_NUMBER, 3 * step + k + 1);
        mark(&mut ds, step);
        all.push(ds);
    }
    all
}

#[test]
fn facts_that_form_a_full_grid_are_axes_of_their_own() {
    let found = Study::of(six(|ds, step| {
        integer(ds, tags::TEMPORAL_POSITION_IDENTIFIER, step / 3 + 1);
        number(ds, tags::TRIGGER_TIME, [0.0, 120.0, 240.0][step % 3]);
    }))
    .convert();
    let [phase, time] = found[0].volume.slow_axes() else { panic!("{:?}", found[0].volume.slow_axes()) };
    assert_eq!((phase.kind(), phase.numbers(&Quantity::TriggerTime)), (&AxisKind::Phase, Some(&[0.0, 0.12, 0.24][..])));
    assert_eq!((time.kind(), time.len()), (&AxisKind::Time, 2));
    let wanted: Vec<f64> = (0..6).flat_map(|s| (0..3).map(move |k| f64::from(10 * s + k))).collect();
    assert_eq!(planes(&found[0]), wanted, "the order of frames is that of one axis");
}

#[test]
fn facts_that_form_no_grid_stay_one_axis_with_what_is_known() {
    let found = Study::of(six(|ds, step| {
        integer(ds, tags::TEMPORAL_POSITION_IDENTIFIER, step / 3 + 1);
        number(ds, tags::TRIGGER_TIME, [0.0, 120.0, 240.0, 0.0, 130.0, 240.0][step]);
    }))
    .convert();
    let [axis] = found[0].volume.slow_axes() else { panic!("{:?}", found[0].volume.slow_axes()) };
    assert_eq!(axis.numbers(&Quantity::TriggerTime), Some(&[0.0, 0.12, 0.24, 0.0, 0.13, 0.24][..]));
}

#[test]
fn gradients_stand_beside_b_values_in_the_patients_world() {
    let directions = [[0.0; 3], [1.0, 0.0, 0.0], [0.0, 0.6, 0.8]];
    let found = Study::of(six(|ds, step| {
        for (tag, values) in [
            (tags::DIFFUSION_B_VALUE, vec![if step % 3 == 0 { 0.0 } else { 1000.0 }]),
            (tags::DIFFUSION_GRADIENT_ORIENTATION, directions[step % 3].to_vec()),
        ] {
            ds.put(DataElement::new(tag, VR::FD, PrimitiveValue::F64(values.into())));
        }
        integer(ds, tags::TEMPORAL_POSITION_IDENTIFIER, step / 3 + 1);
    }))
    .convert();
    let [diffusion, time] = found[0].volume.slow_axes() else { panic!("{:?}", found[0].volume.slow_axes()) };
    assert_eq!(diffusion.numbers(&Quantity::BValue), Some(&[0.0, 1000.0, 1000.0][..]));
    assert_eq!(diffusion.vectors(&Quantity::GradientDirection), Some(&directions[..]));
    assert_eq!((time.kind(), time.len()), (&AxisKind::Time, 2));
}

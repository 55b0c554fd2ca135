//! Phase encoding in the patient, whichever way the image is stored.

use isocenter_convert::{Options, timing};
use isocenter_dcm::{Dataset, VR, tags};
use proptest::prelude::*;

use super::{entries, planar, word};
use crate::{
    mosaic::made::{AXIAL, CORONAL, SAGITTAL, image_header},
    support::{Study, numbers, text},
};

type Vector = [f64; 3];

/// A stack of Siemens whose rows and columns go along two directions; phase is encoded along one of them.
fn stack(row: Vector, column: Vector, is_row: bool, is_positive: bool) -> Study {
    let slice = |k: usize| -> Dataset {
        let mut ds = planar("SIEMENS", k, 0, 0.0, 1000.0);
        let normal = [0, 1, 2].map(|a| {
            let (b, c) = ((a + 1) % 3, (a + 2) % 3);
            row[b] * column[c] - row[c] * column[b]
        });
        numbers(&mut ds, tags::IMAGE_POSITION_PATIENT, &normal.map(|n| 4.0 * n * k as f64));
        numbers(&mut ds, tags::IMAGE_ORIENTATION_PATIENT, &[row, column].concat());
        text(&mut ds, tags::IN_PLANE_PHASE_ENCODING_DIRECTION, VR::CS, if is_row { "ROW" } else { "COL" });
        image_header(&mut ds, &[("PhaseEncodingDirectionPositive", &[if is_positive { "1" } else { "0" }])]);
        ds
    };
    Study::of((0..3).map(slice))
}

/// Where the direction of the entries points in the patient, a unit vector.
fn in_patient(study: &Study) -> Vector {
    let (plan, files) = study.plan();
    let series = &plan.series[0];
    let found = timing::entries(series, &files, &Options::default()).unwrap();
    let (_, direction) = found.iter().find(|(key, _)| *key == "PhaseEncodingDirection").unwrap();
    let direction = direction.as_str().unwrap();
    let axis = "ijk".find(&direction[..1]).unwrap();
    let sign = if direction.ends_with('-') { -1.0 } else { 1.0 };
    let column = series.head.geometry().affine().column(axis);
    let length = column.iter().map(|v| v * v).sum::<f64>().sqrt();
    column.map(|v| sign * v / length)
}

fn near(a: Vector, b: Vector) -> bool {
    a.iter().zip(b).all(|(x, y)| (x - y).abs() < 1e-6)
}

#[test]
fn positive_lines_go_with_the_count_of_rows_or_columns() {
    for [row, column] in [AXIAL, CORONAL, SAGITTAL] {
        for sign in [1.0, -1.0] {
            let is_positive = sign > 0.0;
            assert!(near(in_patient(&stack(row, column, true, is_positive)), row.map(|v| sign * v)));
            assert!(near(in_patient(&stack(row, column, false, is_positive)), column.map(|v| sign * v)));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// One scan, stored upside down or mirrored: its polarity is stated the other way round, and means the same.
    #[test]
    fn how_an_image_is_stored_does_not_turn_the_direction(
        angles in prop::array::uniform3(-3.0..3.0f64),
        is_row: bool,
        is_positive: bool,
        flips in prop::array::uniform2(any::<bool>()),
    ) {
        let turn = |v: Vector| {
            angles.iter().enumerate().fold(v, |v, (axis, angle)| {
                let (b, c) = ((axis + 1) % 3, (axis + 2) % 3);
                let (sine, cosine) = libm::sincos(*angle);
                let mut out = v;
                out[b] = v[b] * cosine - v[c] * sine;
                out[c] = v[b] * sine + v[c] * cosine;
                out
            })
        };
        let [row, column] = AXIAL.map(turn);
        let flipped = |v: Vector, is: bool| if is { v.map(|x| -x) } else { v };
        let is_turned = if is_row { flips[0] } else { flips[1] };
        let stored = stack(flipped(row, flips[0]), flipped(column, flips[1]), is_row, is_positive != is_turned);
        prop_assert!(near(in_patient(&stack(row, column, is_row, is_positive)), in_patient(&stored)));
    }
}

#[test]
fn a_3d_scan_has_an_axis_only_where_a_train_reads_it() {
    let with = |sequence: &'static str, train: Option<&'static str>| {
        entries(&Study::of((0..3).map(|k| {
            let mut ds = planar("Philips", k, 0, 4.0 * k as f64, 1000.0);
            text(&mut ds, tags::MR_ACQUISITION_TYPE, VR::CS, "3D");
            text(&mut ds, tags::SCANNING_SEQUENCE, VR::CS, sequence);
            if let Some(train) = train {
                text(&mut ds, tags::ECHO_TRAIN_LENGTH, VR::IS, train);
            }
            ds
        })))
    };
    assert_eq!(word(&with("GR", Some("15")), "PhaseEncodingAxis"), Some("j"));
    assert_eq!(word(&with("EP\\GR", None), "PhaseEncodingAxis"), Some("j"));
    for found in [with("GR", None), with("GR", Some("1")), with("SE\\IR", Some("80"))] {
        assert_eq!(word(&found, "PhaseEncodingAxis"), None);
    }
}

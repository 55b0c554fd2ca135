//! GE: gradients along frequency, phase and slice, by the published rule.

use isocenter_convert::{GradientTable, Warning};
use isocenter_dcm::{Dataset, Tag, VR, tags};

use super::made::{GRADIENTS, Plane, Vector, b_value, converted, creator, dot, normal, planes, series, states};
use crate::support::{number, text};

/// Whether a plane is nearest to a coronal one.
fn is_coronal(plane: Plane) -> bool {
    let [x, y, z] = normal(plane).map(f64::abs);
    y > x && y > z
}

/// A gradient of the patient along frequency, phase and slice.
pub(super) fn logical(gradient: Vector, plane: Plane, is_row_encoded: bool) -> Vector {
    let [row, column] = plane;
    let [a, b, c] = [row, column, normal(plane)].map(|axis| dot(axis, gradient));
    match (is_row_encoded, is_coronal(plane)) {
        (false, false) => [a, b, -c],
        (false, true) => [a, -b, -c],
        (true, false) => [-b, a, -c],
        (true, true) => [b, a, c],
    }
}

/// The rule as the maker published it: signs by the plane, y always, phase along rows exchanged, all; in the frame of an image whose
/// rows were turned upside down.
fn published(along: Vector, plane: Plane, is_row_encoded: bool) -> Vector {
    let [x, y, z] = normal(plane).map(f64::abs);
    let flips = if x > y && x > z {
        [true, true, false]
    } else if is_coronal(plane) {
        [false, true, true]
    } else {
        [false, false, true]
    };
    let mut vector = [0, 1, 2].map(|axis| if flips[axis] { -along[axis] } else { along[axis] });
    vector[1] = -vector[1];
    if is_row_encoded {
        vector = [-vector[1], vector[0], vector[2]];
    }
    vector.map(|v| -v)
}

fn state(ds: &mut Dataset, b: f64, vector: Vector, phase: Option<&str>) {
    text(ds, tags::MANUFACTURER, VR::LO, "GE MEDICAL SYSTEMS");
    if let Some(phase) = phase {
        text(ds, tags::IN_PLANE_PHASE_ENCODING_DIRECTION, VR::CS, phase);
    }
    creator(ds, Tag(0x0019, 0x10), "GEMS_ACQU_01");
    creator(ds, Tag(0x0043, 0x10), "GEMS_PARM_01");
    text(ds, Tag(0x0043, 0x1039), VR::IS, &format!("{b}\\8\\0\\0"));
    for (element, value) in [0x10BB, 0x10BC, 0x10BD].into_iter().zip(vector) {
        number(ds, Tag(0x0019, element), value);
    }
}

#[test]
fn gradients_are_where_the_published_rule_has_them() {
    for (plane, phase) in planes().into_iter().flat_map(|plane| [(plane, "COL"), (plane, "ROW")]) {
        let is_row = phase == "ROW";
        for is_implicit in [false, true] {
            let along = |step: usize| logical(GRADIENTS[step], plane, is_row);
            let all = series(plane, 4, |ds, step| state(ds, b_value(step), along(step), Some(phase)));
            let found = converted(&all, is_implicit);
            assert!(states(&found[0], &[0.0, 1000.0, 1000.0, 1000.0], &GRADIENTS), "{plane:?} {phase}");
            let table = GradientTable::of(found[0].volume.head()).unwrap();
            for step in 1..4 {
                let [x, y, z] = published(along(step), plane, is_row);
                let [row, column] = plane;
                let n = normal(plane);
                let wanted = [0, 1, 2].map(|a| x * row[a] - y * column[a] + z * n[a]);
                let world = table.directions().unwrap()[step];
                assert!(dot(wanted, world) > 0.999_99, "{plane:?} {phase} {wanted:?} {world:?}");
            }
        }
    }
}

#[test]
fn a_short_vector_is_a_share_of_the_b_value() {
    let plane = planes()[2];
    let lengths = [0.0, 1.0, 0.5_f64.sqrt(), 0.05];
    let all = series(plane, 4, |ds, step| {
        let vector = logical(GRADIENTS[step], plane, false).map(|v| v * lengths[step]);
        state(ds, 2000.0 + 1e9, vector, Some("COL"));
    });
    // the image without a gradient has the b-value of the series, and no weighting
    assert!(states(&converted(&all, false)[0], &[0.0, 2000.0, 1000.0, 5.0], &GRADIENTS));
}

#[test]
fn a_series_without_directions_is_isotropic() {
    let plane = planes()[2];
    let all = series(plane, 2, |ds, step| {
        state(ds, b_value(step), [0.0; 3], Some("COL"));
        number(ds, Tag(0x0019, 0x10E0), 0.0);
    });
    let table = GradientTable::of(converted(&all, false)[0].volume.head()).unwrap();
    assert_eq!(table.to_bval(), "0 1000\n");
    assert_eq!(table.to_bvec().as_deref(), Some("0 0\n0 0\n0 0\n"));
}

#[test]
fn directions_that_were_taken_out_leave_b_values() {
    let all = series(planes()[2], 2, |ds, step| {
        text(ds, tags::MANUFACTURER, VR::LO, "GE MEDICAL SYSTEMS");
        // without its creator, as some programs leave it
        text(ds, Tag(0x0043, 0x1039), VR::IS, &format!("{}\\8\\0\\0", 500.0 * (step + 1) as f64));
    });
    let table = GradientTable::of(converted(&all, true)[0].volume.head()).unwrap();
    assert_eq!((table.b_values(), table.to_bvec()), (&[500.0, 1000.0][..], None));
}

#[test]
fn an_unstated_direction_of_phase_is_told() {
    let plane = planes()[2];
    let all = series(plane, 4, |ds, step| state(ds, b_value(step), logical(GRADIENTS[step], plane, false), None));
    let found = converted(&all, false);
    assert!(states(&found[0], &[0.0, 1000.0, 1000.0, 1000.0], &GRADIENTS));
    assert!(found[0].warnings.contains(&Warning::GradientFrameAssumed));
}

#[test]
fn a_b_value_of_zero_alone_makes_no_table() {
    let all = series(planes()[2], 2, |ds, _| state(ds, 0.0, [0.0; 3], Some("COL")));
    assert_eq!(GradientTable::of(converted(&all, false)[0].volume.head()), None);
    let all = series(planes()[2], 2, |ds, _| {
        state(ds, 0.0, [0.0; 3], Some("COL"));
        text(ds, Tag(0x0019, 0x109C), VR::LO, "epi2");
    });
    let table = GradientTable::of(converted(&all, false)[0].volume.head()).unwrap();
    assert_eq!((table.to_bval(), table.to_bvec()), ("0 0\n".to_owned(), Some("0 0\n0 0\n0 0\n".to_owned())));
}

//! Pixels lie where the truth says.

use isocenter_phantom::truth::Kind;

use crate::fixture::{cohort, distance, place};

/// Decimal strings keep 13 digits and more of a position: far below a hundred-thousandth of a millimetre at the far corner.
const PLACE_MM: f64 = 1e-8;

#[test]
fn every_corner_of_every_plane_is_where_the_truth_says() {
    let fixture = cohort();
    for series in fixture.truth.series.iter().filter(|s| s.kind != Kind::Localizer) {
        let mut seen = 0;
        fixture.planes(series, |k, instance, frame| {
            seen += 1;
            let found = instance.frame(frame).unwrap().plane().unwrap();
            for (i, j) in [(0, 0), (series.shape[0] - 1, 0), (series.shape[0] - 1, series.shape[1] - 1)] {
                let (i, j) = (i as f64, j as f64);
                let gap = distance(found.world_of(i, j), place(series, [i, j, k as f64]));
                assert!(gap < PLACE_MM, "{} plane {k}: {gap} mm", series.contrast);
            }
        });
        assert_eq!(seen, series.shape[2]);
    }
}

#[test]
fn no_two_grids_share_their_corners() {
    let truth = &cohort().truth;
    for (n, a) in truth.series.iter().enumerate() {
        for b in &truth.series[n + 1..] {
            assert!(
                distance(place(a, [0.0; 3]), place(b, [0.0; 3])) > 0.5
                    || a.kind == Kind::Localizer
                    || b.kind == Kind::Localizer
            );
        }
    }
}

#[test]
fn poses_are_rigid_and_differ_within_a_study() {
    let truth = &cohort().truth;
    for series in truth.series.iter().filter(|s| s.kind == Kind::Head) {
        let pose = isocenter_volume::Affine::from_rows(series.pose);
        assert!((pose.determinant() - 1.0).abs() < 1e-12);
        let moved = distance(pose.apply([0.0, 0.0, 0.0]), [0.0; 3]);
        assert!(moved < 10.5, "{moved}");
        let others = truth.series.iter().filter(|s| s.study_uid == series.study_uid && s.kind == Kind::Head);
        assert_eq!(others.filter(|s| s.pose == series.pose).count(), 1);
    }
}

#[test]
fn instance_numbers_and_names_do_not_follow_the_planes_everywhere() {
    let fixture = cohort();
    let out_of_order = fixture.truth.series.iter().filter(|s| s.files.len() > 1 && !s.files.is_sorted()).count();
    assert!(out_of_order >= 3, "{out_of_order}");
}

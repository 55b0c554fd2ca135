use isocenter_register::{
    Rigid,
    maps::Parts,
    points::{Dof, Error, fit},
};
use isocenter_volume::Affine;

use crate::{CLOUD, distance};

fn rigid() -> Rigid {
    Rigid::new([0.9, -1.4, 1.3], [40.0, -5.0, 6.0], [10.0, 20.0, -30.0]).unwrap()
}

fn moved(map: &Affine) -> Vec<[f64; 3]> {
    CLOUD.iter().map(|p| map.apply(*p)).collect()
}

#[test]
fn each_kind_of_map_is_found_to_the_last_digits() {
    let similarity = Parts::similarity(rigid(), 1.3).unwrap().to_affine();
    let affine = Parts::new(rigid(), [1.3, 0.8, 1.1], [0.1, -0.2, 0.3]).unwrap().to_affine();
    for (map, dof) in [(rigid().to_affine(), Dof::Rigid), (similarity, Dof::Similarity), (affine, Dof::Affine)] {
        let found = fit(&CLOUD, &moved(&map), None, dof).unwrap();
        assert!(found.fre_mm() < 1e-12, "{dof:?} {}", found.fre_mm());
        let elsewhere = [300.0, -200.0, 150.0];
        assert!(distance(found.fixed_to_moving().apply(elsewhere), map.apply(elsewhere)) < 1e-11, "{dof:?}");
    }
}

#[test]
fn residuals_are_those_of_the_least_squares_map() {
    // one point marked 3 mm off: no turn or shift nearby does better
    let mut moving = moved(&rigid().to_affine());
    moving[2][1] += 3.0;
    let found = fit(&CLOUD, &moving, None, Dof::Rigid).unwrap();
    let map = found.fixed_to_moving();
    let cost = |map: &Affine| CLOUD.iter().zip(&moving).map(|(f, m)| distance(map.apply(*f), *m).powi(2)).sum::<f64>();
    assert!((found.fre_mm() - (cost(&map) / 7.0).sqrt()).abs() < 1e-12);
    assert!(
        found
            .residuals_mm()
            .iter()
            .zip(CLOUD.iter().zip(&moving))
            .all(|(r, (f, m))| (r - distance(map.apply(*f), *m)).abs() < 1e-12)
    );
    for axis in 0..6 {
        for step in [-1e-3, 1e-3] {
            let (mut turn, mut shift) = ([0.0; 3], [0.0; 3]);
            if axis < 3 {
                turn[axis] = step
            } else {
                shift[axis - 3] = step
            };
            let other = Rigid::new(turn, shift, [0.0; 3]).unwrap().to_affine().compose(&map);
            assert!(cost(&other) > cost(&map));
        }
    }
}

#[test]
fn a_pair_of_weight_zero_has_no_say_and_a_weight_of_two_counts_twice() {
    let mut moving = moved(&rigid().to_affine());
    moving[6] = [1000.0, 0.0, 0.0];
    let found = fit(&CLOUD, &moving, Some(&[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0]), Dof::Rigid).unwrap();
    assert!(found.fre_mm() < 1e-12 && found.residuals_mm()[6] > 100.0);
    moving[0][0] += 2.0;
    let twice = fit(&CLOUD[..6], &moving[..6], Some(&[2.0, 1.0, 1.0, 1.0, 1.0, 1.0]), Dof::Rigid).unwrap();
    let fixed: Vec<_> = CLOUD[..6].iter().chain(&CLOUD[..1]).copied().collect();
    let other: Vec<_> = moving[..6].iter().chain(&moving[..1]).copied().collect();
    let repeated = fit(&fixed, &other, None, Dof::Rigid).unwrap();
    let far = [100.0, 100.0, 100.0];
    assert!(distance(twice.fixed_to_moving().apply(far), repeated.fixed_to_moving().apply(far)) < 1e-10);
}

#[test]
fn points_in_a_plane_give_a_rotation_and_never_a_mirror() {
    let flat: Vec<[f64; 3]> = CLOUD.iter().map(|p| [p[0], p[1], 0.0]).collect();
    let moving: Vec<[f64; 3]> = flat.iter().map(|p| rigid().to_affine().apply(*p)).collect();
    for dof in [Dof::Rigid, Dof::Similarity] {
        let found = fit(&flat, &moving, None, dof).unwrap();
        assert!(found.fre_mm() < 1e-12 && found.fixed_to_moving().determinant() > 0.0);
    }
    let mirrored: Vec<[f64; 3]> = CLOUD.iter().map(|p| [-p[0], p[1], p[2]]).collect();
    assert!(fit(&CLOUD, &mirrored, None, Dof::Rigid).unwrap().fixed_to_moving().determinant() > 0.999);
    assert!(fit(&CLOUD, &mirrored, None, Dof::Affine).unwrap().fixed_to_moving().determinant() < -0.999);
}

#[test]
fn what_gives_no_map_is_refused() {
    let line: Vec<[f64; 3]> = (0..5).map(|n| [f64::from(n), 2.0 * f64::from(n), 1.0]).collect();
    let plane: Vec<[f64; 3]> = CLOUD.iter().map(|p| [p[0], p[1], 2.0 * p[0] - p[1]]).collect();
    assert!(matches!(fit(&line, &line, None, Dof::Rigid), Err(Error::Degenerate { .. })));
    assert!(matches!(fit(&CLOUD[..5], &line, None, Dof::Rigid), Err(Error::Degenerate { .. })));
    assert!(matches!(fit(&plane, &plane, None, Dof::Affine), Err(Error::Degenerate { .. })));
    assert!(matches!(fit(&[[1.0; 3]; 4], &[[1.0; 3]; 4], None, Dof::Similarity), Err(Error::Degenerate { .. })));
    assert!(matches!(fit(&CLOUD[..2], &CLOUD[..2], None, Dof::Rigid), Err(Error::TooFew { found: 2, wanted: 3 })));
    assert!(matches!(fit(&[], &[], None, Dof::Rigid), Err(Error::TooFew { .. })));
    assert!(matches!(fit(&CLOUD[..3], &CLOUD[..3], None, Dof::Affine), Err(Error::TooFew { found: 3, wanted: 4 })));
    let zeros = [1.0, 1.0, 0.0];
    assert!(matches!(fit(&CLOUD[..3], &CLOUD[..3], Some(&zeros), Dof::Rigid), Err(Error::TooFew { .. })));
    assert!(matches!(fit(&CLOUD, &CLOUD[..3], None, Dof::Rigid), Err(Error::NotPaired { .. })));
    assert!(matches!(fit(&CLOUD, &CLOUD, Some(&[1.0]), Dof::Rigid), Err(Error::NotPaired { .. })));
    let mut bad = CLOUD;
    bad[3][2] = f64::NAN;
    assert!(matches!(fit(&bad, &CLOUD, None, Dof::Rigid), Err(Error::BadNumber { index: 3, .. })));
    assert!(matches!(fit(&CLOUD, &CLOUD, Some(&[-1.0; 7]), Dof::Rigid), Err(Error::BadNumber { index: 0, .. })));
}

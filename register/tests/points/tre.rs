use isocenter_register::points::{Dof, fit};

use crate::{CLOUD, distance};

/// Marks drawn; the root mean square of so many is known to a few percent.
const DRAWS: usize = 4000;
const SHARE: f64 = 0.06;

/// Numbers of mean 0 and variance 1, the same in every run: twelve uniform ones summed.
fn noise(seed: &mut u64) -> f64 {
    (0..12).fold(-6.0, |sum, _| {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        sum + (*seed >> 11) as f64 / (1u64 << 53) as f64
    })
}

#[test]
fn the_estimate_is_what_many_markings_show() {
    let targets = [[0.0, 0.0, 0.0], [90.0, -80.0, 40.0]];
    for dof in [Dof::Rigid, Dof::Affine] {
        let mut seed = 7;
        let (mut squares, mut estimates) = ([0.0; 2], [0.0; 2]);
        for _ in 0..DRAWS {
            // each coordinate off by 0.5 mm, so that a mark is off by 0.87 mm
            let moving = CLOUD.map(|p| p.map(|v| v + 0.5 * noise(&mut seed)));
            let found = fit(&CLOUD, &moving, None, dof).unwrap();
            for (n, target) in targets.iter().enumerate() {
                squares[n] += distance(found.fixed_to_moving().apply(*target), *target).powi(2);
                estimates[n] += found.tre_mm(*target).unwrap().powi(2);
            }
        }
        for n in 0..2 {
            let (seen, said) = ((squares[n] / DRAWS as f64).sqrt(), (estimates[n] / DRAWS as f64).sqrt());
            println!("{dof:?} at {:?}: {seen:.3} mm seen, {said:.3} mm said", targets[n]);
            assert!((seen - said).abs() < SHARE * seen, "{dof:?} {seen} {said}");
        }
    }
}

#[test]
fn nothing_is_said_where_no_point_is_left_over() {
    let four = fit(&CLOUD[..4], &CLOUD[1..5], None, Dof::Affine).unwrap();
    assert_eq!((four.fle_mm(), four.tre_mm([0.0; 3])), (None, None));
    let scaled = fit(&CLOUD[..4], &CLOUD[1..5], None, Dof::Similarity).unwrap();
    assert!(scaled.fle_mm().is_some() && scaled.tre_mm([0.0; 3]).is_none());
}

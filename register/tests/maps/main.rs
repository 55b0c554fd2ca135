//! Parts, halves and means of maps: numbers of transforms3d 0.4.2 and SciPy 1.17.1, and laws.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use isocenter_register::{
    Rigid,
    maps::{Error, Parts, Polar, halfway, mean, mean_rigid},
};
use isocenter_volume::Affine;
use proptest::prelude::*;

const A: [[f64; 4]; 3] = [[1.05, 0.1, 0.02, -4.0], [-0.08, 0.97, -0.15, 5.0], [-0.03, 0.12, 1.01, 6.0]];
const B: [[f64; 4]; 3] = [[0.9, -0.4, 0.1, 3.0], [0.35, 1.1, 0.2, 1.0], [-0.1, 0.15, 0.8, -2.0]];

fn difference(a: &Affine, b: &Affine) -> f64 {
    a.rows().iter().flatten().zip(b.rows().iter().flatten()).fold(0.0, |most: f64, (a, b)| most.max((a - b).abs()))
}

#[test]
fn parts_are_those_of_transforms3d() {
    let mut rows = A;
    for sign in [1.0, -1.0] {
        rows = rows.map(|[x, y, z, t]| [sign * x, y, z, t]);
        let parts = Parts::of(&Affine::from_rows(rows), [0.0; 3]).unwrap();
        let (scales, shears) =
            ([sign * 1.05347046, 0.98223704, 1.0210168], [0.02144531 * sign, 0.00243287 * sign, -0.02317386]);
        assert!((0..3).all(|n| (parts.scales()[n] - scales[n]).abs() < 1e-8), "{parts:?}");
        assert!((0..3).all(|n| (parts.shears()[n] - shears[n]).abs() < 1e-8), "{parts:?}");
        let first = parts.rigid().to_affine().rows()[0];
        assert!((first[0] - 0.9967056928908978).abs() < 1e-14 && (first[1] - 0.07888363618155672).abs() < 1e-14);
        assert_eq!((parts.rigid().translation_mm(), parts.is_mirrored()), ([-4.0, 5.0, 6.0], sign < 0.0));
    }
}

#[test]
fn the_polar_parts_are_those_of_scipy() {
    let polar = Polar::of(&Affine::from_rows(A), [10.0, 0.0, 0.0]).unwrap();
    let stretch = [
        [1.053404616814868, 0.011698379934209345, 0.0013642507230378345],
        [0.011698379934209337, 0.9823640320315157, -0.011138064360446781],
        [0.0013642507230378338, -0.011138064360446794, 1.021212065313697],
    ];
    assert!(polar.stretch().iter().flatten().zip(stretch.iter().flatten()).all(|(a, b)| (a - b).abs() < 1e-14));
    assert!((polar.rigid().to_affine().rows()[1][2] + 0.13600453536862428).abs() < 1e-14);
    assert!(difference(&polar.to_affine(), &Affine::from_rows(A)) < 1e-14);
}

#[test]
fn the_half_and_the_mean_are_those_of_scipy() {
    let half = Affine::from_rows([
        [1.02573946041209, 0.04930428953586457, 0.011654647434143267, -2.0541121513776943],
        [-0.040227909064874556, 0.9881875725080247, -0.07493397628034894, 2.5824929243648387],
        [-0.013559583970306127, 0.06047016598173314, 1.0073178754265553, 2.897390288411633],
    ]);
    assert!(difference(&halfway(&Affine::from_rows(A)).unwrap(), &half) < 1e-13);
    let middle = Affine::from_rows([
        [1.001437404775821, -0.14773386387555315, 0.08572958993512604, -0.5691652888378278],
        [0.13764873714646977, 1.0583676575500232, 0.023069281279569025, 3.027350739554772],
        [-0.07044499426624677, 0.12938648781930964, 0.898540320320149, 1.8733053348521513],
    ]);
    assert!(difference(&mean(&[Affine::from_rows(A), Affine::from_rows(B)]).unwrap(), &middle) < 1e-13);
}

fn rigid() -> impl Strategy<Value = Rigid> {
    let three = |most: f64| [-most..most, -most..most, -most..most];
    (three(1.8), three(200.0), three(100.0)).prop_map(|(turn, shift, centre)| Rigid::new(turn, shift, centre).unwrap())
}

fn affine() -> impl Strategy<Value = Affine> {
    let scales = || [0.4..2.5f64, 0.4..2.5, 0.4..2.5];
    (rigid(), scales(), [-0.5..0.5f64, -0.5..0.5, -0.5..0.5])
        .prop_map(|(rigid, scales, shears)| Parts::new(rigid, scales, shears).unwrap().to_affine())
}

proptest! {
    #[test]
    fn parts_build_the_map_again(map in affine(), mirror in any::<bool>(), centre in [-100.0..100.0f64, -100.0..100.0, -100.0..100.0]) {
        let flip = Affine::from_spacing_origin([1.0, if mirror { -1.0 } else { 1.0 }, 1.0], [0.0; 3]);
        let map = map.compose(&flip);
        let parts = Parts::of(&map, centre).unwrap();
        prop_assert_eq!(parts.is_mirrored(), mirror);
        prop_assert!(difference(&parts.to_affine(), &map) < 1e-11);
        prop_assert!(difference(&Polar::of(&map, centre).unwrap().to_affine(), &map) < 1e-11);
    }

    #[test]
    fn two_halves_are_the_whole(map in affine()) {
        match halfway(&map) {
            Ok(half) => {
                let largest = map.rows().iter().flatten().fold(1.0, |most: f64, v| most.max(v.abs()));
                prop_assert!(difference(&half.compose(&half), &map) <= 1e-12 * 2.0 * largest);
            }
            // shears may turn two directions round unevenly
            Err(error) => prop_assert_eq!(error, Error::NoRealRoot),
        }
    }

    #[test]
    fn half_of_a_rigid_map_is_rigid(motion in rigid()) {
        let half = halfway(&motion.to_affine()).unwrap();
        let parts = Parts::of(&half, [0.0; 3]).unwrap();
        prop_assert!(parts.scales().iter().all(|s| (s - 1.0).abs() < 1e-13) && parts.shears().iter().all(|s| s.abs() < 1e-13));
        prop_assert!(difference(&half.compose(&half), &motion.to_affine()) < 1e-12);
    }

    #[test]
    fn the_order_of_inputs_changes_no_bit(maps in prop::collection::vec(affine(), 1..6), motions in prop::collection::vec(rigid(), 1..6)) {
        let (mut back, mut motions_back) = (maps.clone(), motions.clone());
        back.reverse();
        motions_back.reverse();
        prop_assert_eq!(mean(&maps), mean(&back));
        prop_assert_eq!(mean_rigid(&motions, [1.0, 2.0, 3.0]), mean_rigid(&motions_back, [1.0, 2.0, 3.0]));
    }

    #[test]
    fn the_mean_of_inverses_is_the_inverse_of_the_mean(a in affine(), b in affine()) {
        if let (Ok(forth), Ok(back)) = (mean(&[a, b]), mean(&[a.inverse().unwrap(), b.inverse().unwrap()])) {
            let scale = forth.rows().iter().chain(&back.rows()).flatten().fold(1.0, |most: f64, v| most.max(v.abs()));
            prop_assert!(difference(&forth.compose(&back), &Affine::IDENTITY) < 1e-8 * scale * scale);
        }
    }
}

//! What is not finite is left out, as if masked: a background, a block, specks.

use isocenter_register::{RegistrationOptions, Rigid, Verdict};
use isocenter_volume::Volume;

use crate::head::{Contrast, error_mm, grid, head};

/// A quarter of a voxel: less is left to compare than in a whole image.
const LEFT_MM: f64 = 0.7;

fn without(image: &Volume<f32>, value: f32, hole: impl Fn(usize, [f64; 3], f32) -> bool) -> Volume<f32> {
    let geometry = image.geometry();
    let [nx, ny, _] = geometry.shape();
    let place = |n: usize| geometry.world_of([(n % nx) as f64, (n / nx % ny) as f64, (n / (nx * ny)) as f64]);
    let voxels = image.voxels().iter().enumerate().map(|(n, v)| if hole(n, place(n), *v) { value } else { *v });
    Volume::new(voxels.collect::<Vec<f32>>(), geometry.clone()).unwrap()
}

#[test]
fn a_background_a_block_and_specks_of_nan_do_not_mislead() {
    let still = Rigid::new([0.0; 3], [0.0; 3], [0.0; 3]).unwrap();
    let truth = Rigid::new([0.12, -0.08, 0.2], [7.0, -9.0, 5.0], [0.0; 3]).unwrap();
    let fixed = head(&grid([64, 78, 72], [2.8; 3], [0.0; 3], [0.0; 3]), &still, Contrast::T1, 1);
    let middle = truth.to_affine().apply([0.0; 3]);
    let moving = head(&grid([72, 74, 70], [2.7, 2.9, 2.8], [0.05, 0.0, -0.08], middle), &truth, Contrast::T2, 2);
    let background = |_: usize, _: [f64; 3], v: f32| v < 30.0;
    let block = |_: usize, p: [f64; 3], _: f32| p[0] > 10.0 && p[2] > 5.0;
    let specks = |n: usize, _: [f64; 3], _: f32| (n as u32).wrapping_mul(2_654_435_761) >> 24 < 12;
    let pairs = [
        ("background, moving", fixed.clone(), without(&moving, f32::NAN, background)),
        ("background, fixed", without(&fixed, f32::NAN, background), moving.clone()),
        ("background, both", without(&fixed, f32::NAN, background), without(&moving, f32::NEG_INFINITY, background)),
        ("block, moving", fixed.clone(), without(&moving, f32::NAN, block)),
        ("block, fixed", without(&fixed, f32::INFINITY, block), moving.clone()),
        ("specks, both", without(&fixed, f32::NAN, specks), without(&moving, f32::INFINITY, specks)),
    ];
    for (name, fixed, moving) in pairs {
        let found = RegistrationOptions::default().register(&fixed, &moving).unwrap();
        let error = error_mm(&found, &truth);
        println!("{name}: {error:.3} mm {:?} {:?} mirror {:.2}", found.verdict, found.doubts, found.mirror);
        assert!(error < LEFT_MM && found.verdict != Verdict::Failed, "{name} {error} {found:?}");
    }
}

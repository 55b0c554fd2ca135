//! The heads of the synthetic cohort: T2, FLAIR and CT to T1, poses known exactly.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

use isocenter_phantom::{
    Contrast, Head,
    grid::{Grid, Plane, pose},
};
use isocenter_register::RegistrationOptions;
use isocenter_volume::Affine;

/// The limit that the demo promises.
const MEAN_ERROR_MM: f64 = 0.5;

fn mean_error_mm(found: &Affine, truth: &Affine, place: &Affine) -> f64 {
    let mut sum = 0.0;
    for n in 0..125 {
        let p = place.apply([n % 5, n / 5 % 5, n / 25].map(|v| (f64::from(v) - 2.0) * 30.0));
        let (a, b) = (found.apply(p), truth.apply(p));
        sum += (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f64>().sqrt();
    }
    sum / 125.0
}

#[test]
fn every_head_series_comes_to_t1() {
    for seed in [1, 2] {
        let head = Head::new(seed);
        let at = pose([2.0, -1.0, 3.0], [4.0, -6.0, 2.0]);
        let grid = Grid::new(Plane::Sagittal, [200, 200, 160], [1.2, 1.2, 1.2]).geometry().unwrap();
        let t1 = head.render(&grid, &at, Contrast::T1, 1).unwrap();
        let series = [
            (
                Contrast::T1,
                Plane::Coronal,
                [160, 180, 60],
                [1.3, 1.3, 3.5],
                pose([-9.0, 5.0, -12.0], [12.0, 9.0, -15.0]),
            ),
            (Contrast::T2, Plane::Axial, [200, 220, 40], [1.0, 1.0, 4.5], pose([5.0, 3.0, -4.0], [-3.0, 8.0, 5.0])),
            (Contrast::Flair, Plane::Axial, [180, 200, 36], [1.1, 1.1, 5.0], pose([-3.0, 6.0, 2.0], [6.0, 2.0, -9.0])),
            (Contrast::Ct, Plane::Axial, [200, 220, 80], [1.0, 1.0, 2.5], pose([10.0, -4.0, 7.0], [-14.0, 20.0, 11.0])),
        ];
        for (contrast, plane, shape, spacing_mm, there) in series {
            let geometry = Grid::new(plane, shape, spacing_mm).geometry().unwrap();
            let moving = head.render(&geometry, &there, contrast, 2).unwrap();
            let found = RegistrationOptions::default().register(&t1, &moving).unwrap();
            let truth = there.compose(&at.inverse().unwrap());
            let error = mean_error_mm(&found.transform, &truth, &at);
            println!("seed {seed} {contrast:?} {error:.3} mm, {:?}, sharpness {:.2}", found.verdict, found.sharpness);
            assert!(error < MEAN_ERROR_MM && found.converged, "{contrast:?} {error} {found:?}");
        }
    }
}

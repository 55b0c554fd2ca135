use isocenter_register::{Metric, RegistrationOptions, Rigid};
use isocenter_volume::{Mask, Volume};

use crate::head::{Contrast, error_mm, grid, head};

/// A tenth of a voxel of 2 mm.
const MONO_MM: f64 = 0.2;
/// Contrasts without a common edge everywhere: a little more.
const MULTI_MM: f64 = 0.3;

fn fixed() -> Volume<f32> {
    let still = Rigid::new([0.0; 3], [0.0; 3], [0.0; 3]).unwrap();
    head(&grid([88, 108, 100], [2.0; 3], [0.0; 3], [0.0; 3]), &still, Contrast::T1, 1)
}

fn turned(contrast: Contrast, truth: &Rigid) -> Volume<f32> {
    let middle = truth.to_affine().apply([2.0, -3.0, 1.0]);
    head(&grid([96, 104, 112], [2.1, 1.9, 2.0], [0.1, -0.05, 0.12], middle), truth, contrast, 2)
}

#[test]
fn one_contrast_near_and_far() {
    let fixed = fixed();
    for (rotation, shift) in [([0.02, -0.03, 0.01], [1.0, -2.0, 1.5]), ([0.3, 0.5, -0.4], [30.0, -20.0, 15.0])] {
        let truth = Rigid::new(rotation, shift, [0.0; 3]).unwrap();
        let found = RegistrationOptions::default().register(&fixed, &turned(Contrast::T1, &truth)).unwrap();
        let error = error_mm(&found, &truth);
        assert!(error < MONO_MM && found.converged, "{error} {found:?}");
        assert!(found.metric_after > found.metric_before);
    }
}

#[test]
fn other_contrasts() {
    let fixed = fixed();
    let truth = Rigid::new([0.15, -0.1, 0.2], [8.0, 12.0, -9.0], [0.0; 3]).unwrap();
    for contrast in [Contrast::T2, Contrast::Ct] {
        let found = RegistrationOptions::default().register(&fixed, &turned(contrast, &truth)).unwrap();
        let error = error_mm(&found, &truth);
        assert!(error < MULTI_MM && found.converged, "{contrast:?} {error} {found:?}");
    }
}

#[test]
fn thick_slices_and_a_slab() {
    let truth = Rigid::new([-0.1, 0.12, 0.08], [5.0, 6.0, -4.0], [0.0; 3]).unwrap();
    let middle = truth.to_affine().apply([0.0, 0.0, 20.0]);
    let slab = head(&grid([110, 120, 14], [1.8, 1.8, 5.0], [0.0, 0.1, 0.0], middle), &truth, Contrast::T2, 3);
    let found = RegistrationOptions::default().register(&fixed(), &slab).unwrap();
    let error = error_mm(&found, &truth);
    assert!(error < 2.0 * MULTI_MM && found.overlap < 0.6, "{error} {found:?}");
}

#[test]
fn there_and_back_is_nowhere() {
    let truth = Rigid::new([0.1, 0.1, -0.1], [8.0, 2.0, -9.0], [0.0; 3]).unwrap();
    let (fixed, moving) = (fixed(), turned(Contrast::T2, &truth));
    let there = RegistrationOptions::default().register(&fixed, &moving).unwrap();
    let back = RegistrationOptions::default().register(&moving, &fixed).unwrap();
    let round = back.transform.compose(&there.transform);
    for p in [[0.0, 0.0, 0.0], [60.0, 0.0, 0.0], [0.0, -80.0, 40.0]] {
        let q = round.apply(p);
        assert!((0..3).all(|a| (q[a] - p[a]).abs() < 0.3), "{p:?} {q:?}");
    }
}

#[test]
fn plain_mutual_information_of_whole_numbers() {
    let truth = Rigid::new([0.1, -0.05, 0.1], [4.0, 5.0, -3.0], [0.0; 3]).unwrap();
    let moving = turned(Contrast::T1, &truth);
    let whole: Vec<i16> = moving.voxels().iter().map(|v| v.round() as i16).collect();
    let moving = Volume::new(whole, moving.geometry().clone()).unwrap();
    let options = RegistrationOptions::default().metric(Metric::MutualInformation).samples(40_000);
    let found = options.register(&fixed(), &moving).unwrap();
    assert!(error_mm(&found, &truth) < MONO_MM, "{found:?}");
    assert_eq!(found.metric, Metric::MutualInformation);
    assert!(found.metric_before > 0.0 && found.metric_after > found.metric_before);
}

#[test]
fn a_mask_hides_what_does_not_belong() {
    // a block beside the head, in the fixed image alone, and a mask that leaves it out
    let truth = Rigid::new([0.05, 0.0, 0.1], [3.0, -4.0, 5.0], [0.0; 3]).unwrap();
    let clean = fixed();
    let geometry = clean.geometry().clone();
    let [nx, ny, _] = geometry.shape();
    let place = |n: usize| geometry.world_of([(n % nx) as f64, (n / nx % ny) as f64, (n / (nx * ny)) as f64]);
    let is_head = |p: [f64; 3]| (p[0] / 72.0).powi(2) + (p[1] / 92.0).powi(2) + (p[2] / 86.0).powi(2) < 1.0;
    let with_block: Vec<f32> = clean
        .voxels()
        .iter()
        .enumerate()
        .map(|(n, v)| if place(n)[0] > 60.0 && !is_head(place(n)) { 700.0 } else { *v })
        .collect();
    let fixed = Volume::new(with_block, geometry.clone()).unwrap();
    let mask = Mask::from_fn(geometry.clone(), |n| is_head(place(n)));
    let found = RegistrationOptions::default().mask(&mask).register(&fixed, &turned(Contrast::T1, &truth)).unwrap();
    assert!(error_mm(&found, &truth) < MONO_MM, "{}", error_mm(&found, &truth));
}

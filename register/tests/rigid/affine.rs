//! Maps that stretch: what they have is found, and what they do not have stays out.

use isocenter_register::{Dof, Registration, RegistrationOptions, Rigid, Verdict};
use isocenter_volume::{Affine, Volume, affine::norm};

use crate::head::{Contrast, error_to, grid, head_at};

/// A fifth of a voxel.
const NEAR_MM: f64 = 0.4;

fn fixed() -> Volume<f32> {
    head_at(&grid([88, 108, 100], [2.0; 3], [0.0; 3], [0.0; 3]), &Affine::IDENTITY, Contrast::T1, 1)
}

fn moved(contrast: Contrast, truth: &Affine) -> Volume<f32> {
    let middle = truth.apply([2.0, -3.0, 1.0]);
    head_at(&grid([110, 124, 118], [2.1, 1.9, 2.0], [0.1, -0.05, 0.12], middle), truth, contrast, 2)
}

/// A turn and shift after a stretch with scales on the diagonal and shears beside it.
fn map(scales: [f64; 3], shears: [f64; 3]) -> Affine {
    let [a, b, c] = shears;
    let stretch = Affine::from_rows([[scales[0], a, b, 0.0], [0.0, scales[1], c, 0.0], [0.0, 0.0, scales[2], 0.0]]);
    Rigid::new([0.1, -0.15, 0.08], [6.0, -9.0, 4.0], [0.0; 3]).unwrap().to_affine().compose(&stretch)
}

fn register(dof: Dof, fixed: &Volume<f32>, moving: &Volume<f32>) -> Registration {
    RegistrationOptions::default().dof(dof).register(fixed, moving).unwrap()
}

#[test]
fn every_kind_of_map_is_found_in_every_contrast() {
    let fixed = fixed();
    for (dof, truth) in [
        (Dof::Translation, Affine::translation_by([7.0, -4.0, 9.0])),
        (Dof::Similarity, map([1.18; 3], [0.0; 3])),
        (Dof::RigidScale, map([0.88, 1.05, 1.16], [0.0; 3])),
        (Dof::Affine, map([0.85, 1.1, 1.2], [0.08, -0.06, 0.05])),
    ] {
        for contrast in [Contrast::T1, Contrast::T2] {
            let found = register(dof, &fixed, &moved(contrast, &truth));
            let error = error_to(&found, &truth);
            println!(
                "{dof:?} {contrast:?}: {error:.3} mm {:?} {:?} {:.2}",
                found.verdict, found.doubts, found.residual_mm
            );
            assert!(error < NEAR_MM && found.verdict == Verdict::Good, "{dof:?} {contrast:?} {error} {found:?}");
        }
    }
}

#[test]
fn a_map_has_no_more_freedom_than_was_asked_for() {
    let fixed = fixed();
    let moving = moved(Contrast::T1, &map([0.9, 1.1, 1.05], [0.05, 0.0, 0.03]));
    let scales = |found: &Registration| [0, 1, 2].map(|a| norm(found.transform.column(a)));
    let shift = register(Dof::Translation, &fixed, &moving);
    assert_eq!(shift.rigid.angle_deg(), 0.0);
    let rigid = register(Dof::Rigid, &fixed, &moving);
    assert!(scales(&rigid).iter().all(|s| (s - 1.0).abs() < 1e-12));
    let [x, y, z] = scales(&register(Dof::Similarity, &fixed, &moving));
    assert!((x - y).abs() < 1e-12 && (y - z).abs() < 1e-12 && (x - 1.0).abs() > 0.003, "{x} {y} {z}");
    // scales along the fixed image's axes leave these at right angles
    let scaled = register(Dof::RigidScale, &fixed, &moving).transform;
    for (a, b) in [(0, 1), (0, 2), (1, 2)] {
        assert!(isocenter_volume::affine::dot(scaled.column(a), scaled.column(b)).abs() < 1e-9);
    }
}

#[test]
fn swapped_images_give_the_way_back() {
    let fixed = fixed();
    for (dof, truth) in [(Dof::Rigid, map([1.0; 3], [0.0; 3])), (Dof::Affine, map([0.9, 1.1, 1.05], [0.05, 0.0, 0.03]))]
    {
        let moving = moved(Contrast::T2, &truth);
        let (there, back) = (register(dof, &fixed, &moving), register(dof, &moving, &fixed));
        let round = back.transform.compose(&there.transform);
        let distance = |p: [f64; 3]| norm([0, 1, 2].map(|a| round.apply(p)[a] - p[a]));
        assert!(
            [[60.0, 0.0, 0.0], [0.0, 80.0, 0.0], [0.0, 0.0, 70.0]].into_iter().all(|p| distance(p) < 0.05),
            "{dof:?}"
        );
    }
}

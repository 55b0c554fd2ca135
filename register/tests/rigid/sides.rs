//! Left and right are never exchanged without a doubt.

use isocenter_register::{Doubt, Registration, RegistrationOptions, Rigid, Verdict};
use isocenter_volume::{Geometry, Volume};

use crate::head::{Contrast, error_mm, grid, head};

fn still() -> Rigid {
    Rigid::new([0.0; 3], [0.0; 3], [0.0; 3]).unwrap()
}

fn fixed() -> Volume<f32> {
    head(&grid([64, 78, 72], [2.8; 3], [0.0; 3], [0.0; 3]), &still(), Contrast::T1, 1)
}

/// The image with its first axis (left to right) reversed, on the grid as it was: a header that lies.
fn mirrored(image: &Volume<f32>) -> Volume<f32> {
    let flipped = image.flip([true, false, false]).unwrap();
    Volume::new(flipped.voxels().to_vec(), image.geometry().clone()).unwrap()
}

fn register(fixed: &Volume<f32>, moving: &Volume<f32>) -> Registration {
    let found = RegistrationOptions::default().register(fixed, moving).unwrap();
    println!("{:?} {:?} mirror {:.3} rivalry {:.3}", found.verdict, found.doubts, found.mirror, found.rivalry);
    found
}

#[test]
fn a_mirrored_head_is_doubted_in_any_contrast_and_pose() {
    let fixed = fixed();
    for (contrast, turn, shift) in [
        (Contrast::T1, [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]),
        (Contrast::T1, [0.15, -0.1, 0.25], [9.0, -14.0, 6.0]),
        (Contrast::T2, [-0.1, 0.12, -0.15], [-12.0, 6.0, 11.0]),
        (Contrast::T2, [0.05, 0.0, 0.3], [4.0, 20.0, -8.0]),
    ] {
        let truth = Rigid::new(turn, shift, [0.0; 3]).unwrap();
        let on = grid([70, 74, 66], [2.7, 2.9, 3.1], [0.05, 0.0, -0.08], truth.to_affine().apply([0.0; 3]));
        let moving = head(&on, &truth, contrast, 2);
        let found = register(&fixed, &moving);
        assert_eq!((found.verdict, found.doubts.len()), (Verdict::Good, 0), "{contrast:?}");
        assert!(error_mm(&found, &truth) < 0.5 && found.mirror < 1.0);
        for (fixed, moving) in [(&fixed, &mirrored(&moving)), (&mirrored(&fixed), &moving)] {
            let found = register(fixed, moving);
            assert_ne!(found.verdict, Verdict::Good, "{contrast:?}");
            assert!(found.doubts.contains(&Doubt::Mirrored), "{contrast:?} {found:?}");
        }
    }
}

/// An image of soft ellipsoids: middle, half axes, value.
fn parts(geometry: &Geometry, parts: &[([f64; 3], [f64; 3], f64)]) -> Volume<f32> {
    let [nx, ny, _] = geometry.shape();
    let value = |n: usize| {
        let p = geometry.world_of([(n % nx) as f64, (n / nx % ny) as f64, (n / (nx * ny)) as f64]);
        parts.iter().fold(0.0, |value, (c, half, own)| {
            let r = (0..3).map(|a| ((p[a] - c[a]) / half[a]).powi(2)).sum::<f64>().sqrt();
            let cover = (0.5 + (1.0 - r) * half[0].min(half[1]).min(half[2]) / 3.0).clamp(0.0, 1.0);
            value + cover * (own - value)
        }) as f32
    };
    Volume::new((0..geometry.len()).map(value).collect::<Vec<f32>>(), geometry.clone()).unwrap()
}

#[test]
fn a_mirrored_body_that_fits_best_after_half_a_turn_is_doubted() {
    let geometry = grid([60, 72, 64], [3.0; 3], [0.0; 3], [0.0; 3]);
    let body = ([0.0; 3], [70.0, 90.0, 80.0], 700.0);
    // marks on a level with the middle, or in one plane through it: the mirror image is also a turned one
    let level =
        [body, ([30.0, -40.0, 0.0], [16.0, 14.0, 15.0], 200.0), ([-35.0, 20.0, 0.0], [12.0, 20.0, 14.0], 1100.0)];
    let upright =
        [body, ([34.0, 0.0, 30.0], [15.0, 16.0, 14.0], 150.0), ([-20.0, 0.0, -40.0], [18.0, 12.0, 12.0], 1200.0)];
    let many = [
        body,
        ([40.0, 10.0, 0.0], [10.0, 12.0, 11.0], 100.0),
        ([20.0, -50.0, 0.0], [12.0, 10.0, 9.0], 1300.0),
        ([-44.0, -20.0, 0.0], [9.0, 14.0, 10.0], 1000.0),
    ];
    for parts_of in [&level[..], &upright, &many] {
        let image = parts(&geometry, parts_of);
        let found = register(&image, &mirrored(&image));
        assert_ne!(found.verdict, Verdict::Good, "{found:?}");
        assert!(found.doubts.contains(&Doubt::SidesTurned), "{found:?}");
    }
}

#[test]
fn a_header_that_lies_by_half_a_turn_keeps_its_transform_and_is_doubted() {
    let fixed = fixed();
    for (turn, is_turned) in [([0.1, 3.0, 0.0], true), ([0.0, 0.2, 2.9], true), ([2.9, 0.1, 0.0], false)] {
        let truth = Rigid::new(turn, [5.0, -3.0, 8.0], [0.0; 3]).unwrap();
        let on = grid([74, 76, 74], [2.8; 3], [0.0; 3], truth.to_affine().apply([0.0; 3]));
        let found = register(&fixed, &head(&on, &truth, Contrast::T1, 2));
        assert!(error_mm(&found, &truth) < 0.5, "{}", error_mm(&found, &truth));
        assert_eq!(found.doubts.contains(&Doubt::SidesTurned), is_turned, "{found:?}");
        assert_eq!(found.verdict, if is_turned { Verdict::Doubtful } else { Verdict::Good });
        assert!(found.converged);
    }
}

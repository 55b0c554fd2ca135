//! Two images of one plane each.

use isocenter_register::{Dof, Error, RegistrationOptions, Rigid, Verdict};
use isocenter_volume::{Affine, Frame, Geometry, Volume};

use crate::head::{Contrast, head_at};

/// A tenth of a pixel of 1 mm.
const LIMIT_MM: f64 = 0.1;

/// A slice of the head at z = 10 mm, on a grid of its own.
fn slice(pose: &Affine, contrast: Contrast, shape: [usize; 2], pixel: f64, seed: u64, frame: Frame) -> Volume<f32> {
    let origin = [-pixel * (shape[0] as f64 - 1.0) / 2.0, -pixel * (shape[1] as f64 - 1.0) / 2.0, 10.0];
    let affine = Affine::from_spacing_origin([pixel, pixel, 5.0], origin);
    let patient = Geometry::new([shape[0], shape[1], 1], affine, Frame::Patient(None)).unwrap();
    let image = head_at(&patient, pose, contrast, seed);
    Volume::new(image.into_voxels(), patient.with_frame(frame)).unwrap()
}

/// A turn in the plane, a shift, and a scale.
fn in_plane(turn: f64, shift: [f64; 2], scale: f64) -> Affine {
    let (s, c) = (libm::sin(turn) * scale, libm::cos(turn) * scale);
    Affine::from_rows([[c, -s, 0.0, shift[0]], [s, c, 0.0, shift[1]], [0.0, 0.0, 1.0, 0.0]])
}

fn worst_mm(found: &Affine, truth: &Affine) -> f64 {
    let places = (0..25).map(|n| [30.0 * (f64::from(n % 5) - 2.0), 35.0 * (f64::from(n / 5) - 2.0), 10.0]);
    places
        .map(|p| {
            let (a, b) = (found.apply(p), truth.apply(p));
            (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f64>().sqrt()
        })
        .fold(0.0, f64::max)
}

#[test]
fn slices_and_pictures_come_together_in_their_plane() {
    for (turn, shift) in [(0.05, [2.0, -3.0]), (1.2, [12.0, 9.0]), (-2.7, [-8.0, 5.0])] {
        for frame in [Frame::Patient(None), Frame::Pixel] {
            for contrast in [Contrast::T1, Contrast::T2] {
                let truth = in_plane(turn, shift, 1.0);
                let fixed = slice(&Affine::IDENTITY, Contrast::T1, [190, 230], 1.0, 1, frame.clone());
                let moving = slice(&truth, contrast, [256, 256], 1.0, 2, frame.clone());
                let found = RegistrationOptions::default().register(&fixed, &moving).unwrap();
                let worst = worst_mm(&found.transform, &truth);
                println!("{turn} {frame:?} {contrast:?}: {worst:.3} mm, {:?} {:?}", found.verdict, found.doubts);
                assert!(worst < LIMIT_MM, "{turn} {frame:?} {contrast:?}: {worst} {found:?}");
                let exact = Rigid::from_affine(&found.transform, [0.0; 3]).unwrap();
                assert!(exact.rotation_rad()[0].abs() < 1e-9 && exact.rotation_rad()[1].abs() < 1e-9, "in the plane");
            }
        }
    }
}

#[test]
fn a_picture_of_another_size_by_a_scale() {
    let truth = in_plane(0.2, [6.0, -4.0], 1.15);
    let fixed = slice(&Affine::IDENTITY, Contrast::T1, [190, 230], 1.0, 1, Frame::Pixel);
    let moving = slice(&truth, Contrast::T1, [256, 280], 1.0, 2, Frame::Pixel);
    for dof in [Dof::Similarity, Dof::RigidScale, Dof::Affine] {
        let found = RegistrationOptions::default().dof(dof).register(&fixed, &moving).unwrap();
        let worst = worst_mm(&found.transform, &truth);
        assert!(worst < 2.0 * LIMIT_MM, "{dof:?} {worst} {found:?}");
        let [.., out] = found.transform.rows();
        assert!((out[2] - 1.0).abs() < 1e-12, "what is out of the plane stays: {out:?}");
    }
}

#[test]
fn a_picture_and_a_body_have_nothing_to_share() {
    let picture = slice(&Affine::IDENTITY, Contrast::T1, [100, 100], 2.0, 1, Frame::Pixel);
    let geometry =
        Geometry::new([40; 3], Affine::from_spacing_origin([4.0; 3], [-78.0; 3]), Frame::Patient(None)).unwrap();
    let body = head_at(&geometry, &Affine::IDENTITY, Contrast::T1, 1);
    assert!(matches!(RegistrationOptions::default().register(&picture, &body), Err(Error::NoPatientFrame { .. })));
    // two parts of a plane that show nothing alike
    let even = Volume::new(vec![3f32; 10_000], picture.geometry().clone()).unwrap();
    assert!(matches!(RegistrationOptions::default().register(&picture, &even), Err(Error::NoContrast { .. })));
    let noise: Vec<f32> = (0..10_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 8) as f32).collect();
    let noise = Volume::new(noise, picture.geometry().clone()).unwrap();
    assert_ne!(RegistrationOptions::default().register(&picture, &noise).unwrap().verdict, Verdict::Good);
}

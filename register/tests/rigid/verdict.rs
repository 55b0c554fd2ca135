use isocenter_register::{RegistrationOptions, Rigid, Verdict};
use isocenter_volume::{Affine, Frame, Geometry, Volume};

use crate::head::{Contrast, grid, head};

fn still() -> Rigid {
    Rigid::new([0.0; 3], [0.0; 3], [0.0; 3]).unwrap()
}

fn noise(shape: [usize; 3], seed: u64) -> Volume<f32> {
    let mut state = seed;
    let voxels = (0..shape.iter().product())
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 40) as f32
        })
        .collect::<Vec<f32>>();
    Volume::new(voxels, grid(shape, [3.0; 3], [0.0; 3], [0.0; 3])).unwrap()
}

#[test]
fn noise_is_not_trusted() {
    let found = RegistrationOptions::default().register(&noise([50, 50, 50], 1), &noise([50, 50, 50], 2)).unwrap();
    assert_eq!(found.verdict, Verdict::Failed);
    assert!(!found.converged);
}

#[test]
fn a_head_and_noise_are_not_trusted() {
    let fixed = head(&grid([60, 72, 68], [3.0; 3], [0.0; 3], [0.0; 3]), &still(), Contrast::T1, 1);
    let found = RegistrationOptions::default().register(&fixed, &noise([50, 60, 40], 3)).unwrap();
    assert_eq!(found.verdict, Verdict::Failed);
}

#[test]
fn a_ball_without_marks_is_doubtful() {
    let geometry = grid([50; 3], [3.0; 3], [0.0; 3], [0.0; 3]);
    let voxels: Vec<f32> = (0..geometry.len())
        .map(|n| {
            let p = geometry.world_of([(n % 50) as f64, (n / 50 % 50) as f64, (n / 2500) as f64]);
            if p.iter().map(|v| v * v).sum::<f64>() < 50.0 * 50.0 { 100.0 } else { 0.0 }
        })
        .collect();
    let ball = Volume::new(voxels, geometry).unwrap();
    let found = RegistrationOptions::default().register(&ball, &ball).unwrap();
    assert_ne!(found.verdict, Verdict::Good);
    assert!(found.rivalry > 0.9);
}

#[test]
fn tiny_and_flat_images_do_not_panic() {
    for shape in [[1, 1, 2], [2, 2, 2], [40, 40, 1], [1, 40, 40], [3, 1, 50]] {
        let affine = Affine::from_spacing_origin([2.0, 2.0, 5.0], [0.0; 3]);
        let geometry = Geometry::new(shape, affine, Frame::Patient(None)).unwrap();
        let voxels: Vec<f32> = (0..geometry.len()).map(|n| (n * 7 % 13) as f32).collect();
        let image = Volume::new(voxels, geometry).unwrap();
        let other = noise([20, 20, 20], 5);
        for (a, b) in [(&image, &image), (&image, &other), (&other, &image)] {
            let found = RegistrationOptions::default().rotations(50).register(a, b).unwrap();
            assert!(found.transform.is_finite() && found.metric_after.is_finite() && found.metric_before.is_finite());
        }
    }
}

//! What moved by itself is left out.

use isocenter_register::{Error, Metric, RegistrationOptions, Rigid};
use isocenter_volume::Volume;

use crate::head::{Contrast, error_mm, grid, head};

fn still() -> Rigid {
    Rigid::new([0.0; 3], [0.0; 3], [0.0; 3]).unwrap()
}

/// A head whose lower part (from 25 mm below the middle on, a third of it) lies 5 mm further forward than the rest does.
fn torn(truth: &Rigid, contrast: Contrast) -> Volume<f32> {
    let geometry = grid([96, 104, 112], [2.1, 1.9, 2.0], [0.1, -0.05, 0.12], truth.to_affine().apply([2.0, -3.0, 1.0]));
    let further = Rigid::new([0.0; 3], [0.0, -5.0, 0.0], [0.0; 3]).unwrap();
    let below = truth.to_affine().compose(&further.to_affine());
    let (whole, moved) = (head(&geometry, truth, contrast, 2), crate::head::head_at(&geometry, &below, contrast, 2));
    let to_head = truth.to_affine().inverse().unwrap();
    let [nx, ny, _] = geometry.shape();
    let voxels = whole.voxels().iter().zip(moved.voxels()).enumerate().map(|(n, (above, below))| {
        let index = [n % nx, n / nx % ny, n / (nx * ny)].map(|v| v as f64);
        if to_head.apply(geometry.world_of(index))[2] < -25.0 { *below } else { *above }
    });
    Volume::new(voxels.collect::<Vec<f32>>(), geometry).unwrap()
}

#[test]
fn a_part_that_moved_by_itself_does_not_pull_at_the_rest() {
    let truth = Rigid::new([0.1, 0.05, -0.12], [6.0, -4.0, 9.0], [0.0; 3]).unwrap();
    let fixed = head(&grid([88, 108, 100], [2.0; 3], [0.0; 3], [0.0; 3]), &still(), Contrast::T1, 1);
    for (contrast, metrics) in [
        (Contrast::T1, &[Metric::NormalizedMutualInformation, Metric::Correlation, Metric::LocalCorrelation][..]),
        (Contrast::T2, &[Metric::NormalizedMutualInformation][..]),
    ] {
        let moving = torn(&truth, contrast);
        for metric in metrics {
            let error = |share: f64| {
                let options = RegistrationOptions::default().metric(*metric).trim(share);
                error_mm(&options.register(&fixed, &moving).unwrap(), &truth)
            };
            let (whole, trimmed) = (error(0.0), error(0.4));
            println!("{contrast:?} {metric:?}: {whole:.3} mm, trimmed {trimmed:.3} mm");
            assert!(trimmed < 0.5 * whole && trimmed < 0.4, "{contrast:?} {metric:?} {whole} {trimmed}");
        }
    }
}

#[test]
fn what_has_not_changed_is_found_as_well() {
    let truth = Rigid::new([0.1, 0.05, -0.12], [6.0, -4.0, 9.0], [0.0; 3]).unwrap();
    let fixed = head(&grid([88, 108, 100], [2.0; 3], [0.0; 3], [0.0; 3]), &still(), Contrast::T1, 1);
    let middle = truth.to_affine().apply([2.0, -3.0, 1.0]);
    let moving = head(&grid([96, 104, 112], [2.1, 1.9, 2.0], [0.1, -0.05, 0.12], middle), &truth, Contrast::T2, 2);
    for metric in [Metric::NormalizedMutualInformation, Metric::LocalCorrelation, Metric::GradientFields] {
        let found = RegistrationOptions::default().metric(metric).trim(0.3).register(&fixed, &moving).unwrap();
        assert!(error_mm(&found, &truth) < 0.4, "{metric:?} {found:?}");
    }
    for share in [-0.1, 0.51, f64::NAN] {
        let refused = RegistrationOptions::default().trim(share).register(&fixed, &moving);
        assert!(matches!(refused, Err(Error::BadOption { .. })), "{share} {refused:?}");
    }
}

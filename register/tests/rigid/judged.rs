//! Transforms that come from elsewhere, and results that are wrong on purpose.

use isocenter_register::{Dof, Doubt, Error, RegistrationOptions, Rigid, Verdict};
use isocenter_volume::{Affine, Volume};

use crate::head::{Contrast, grid, head, head_at};

fn pair() -> (Volume<f32>, Volume<f32>, Affine) {
    let still = Rigid::new([0.0; 3], [0.0; 3], [0.0; 3]).unwrap();
    let truth = Rigid::new([0.12, -0.08, 0.2], [7.0, -9.0, 5.0], [0.0; 3]).unwrap();
    let fixed = head(&grid([64, 78, 72], [2.8; 3], [0.0; 3], [0.0; 3]), &still, Contrast::T1, 1);
    let on = grid([72, 74, 70], [2.7, 2.9, 2.8], [0.05, 0.0, -0.08], truth.to_affine().apply([0.0; 3]));
    (fixed, head(&on, &truth, Contrast::T2, 2), truth.to_affine())
}

#[test]
fn a_true_transform_is_good_and_one_that_is_moved_is_not() {
    let (fixed, moving, truth) = pair();
    let judged = RegistrationOptions::default().judge(&fixed, &moving, &truth).unwrap();
    assert_eq!((judged.verdict, judged.transform), (Verdict::Good, truth), "{judged:?}");
    assert!(judged.distance_mm.unwrap() < 0.5);
    for (mm, verdict) in [(3.0, Verdict::Doubtful), (10.0, Verdict::Failed), (30.0, Verdict::Failed)] {
        for shift in [[mm, 0.0, 0.0], [0.0, -0.8 * mm, 0.6 * mm]] {
            let moved = Affine::translation_by(shift).compose(&truth);
            let judged = RegistrationOptions::default().judge(&fixed, &moving, &moved).unwrap();
            assert_eq!((judged.verdict, judged.transform), (verdict, moved), "{judged:?}");
            assert!(judged.doubts.contains(&Doubt::Elsewhere) && (judged.distance_mm.unwrap() - mm).abs() < 0.5);
        }
    }
}

#[test]
fn a_start_leads_home_where_no_search_is_asked_for() {
    let (fixed, moving, truth) = pair();
    let start = Rigid::new([0.1, 0.05, -0.1], [6.0, 4.0, -5.0], [0.0; 3]).unwrap().to_affine().compose(&truth);
    let found = RegistrationOptions::default().rotations(0).start(start).register(&fixed, &moving).unwrap();
    assert!(crate::head::error_to(&found, &truth) < 0.5);
    for bad in [
        Affine::from_spacing_origin([-1.0, 1.0, 1.0], [0.0; 3]),
        Affine::from_spacing_origin([0.0, 1.0, 1.0], [0.0; 3]),
    ] {
        assert_eq!(RegistrationOptions::default().start(bad).register(&fixed, &moving).unwrap_err(), Error::BadStart);
    }
}

#[test]
fn a_head_of_other_proportions_is_not_good_as_the_same_one() {
    let (fixed, ..) = pair();
    for (n, scales) in
        [[0.88, 1.06, 1.02], [1.1, 0.95, 1.0], [1.0, 0.9, 1.12], [0.92, 0.92, 0.92]].into_iter().enumerate()
    {
        let other = Affine::from_spacing_origin(scales, [4.0, -3.0, 6.0]);
        let on = grid([72, 84, 76], [2.7, 2.9, 2.8], [0.05, 0.0, -0.08], [0.0; 3]);
        let moving = head_at(&on, &other, if n % 2 == 0 { Contrast::T1 } else { Contrast::T2 }, 9);
        let found = RegistrationOptions::default().register(&fixed, &moving).unwrap();
        println!(
            "{scales:?} {:?} {:?} sharp {:.2} residual {:.2}",
            found.verdict, found.doubts, found.sharpness, found.residual_mm
        );
        assert_ne!(found.verdict, Verdict::Good, "{scales:?} {found:?}");
        // as two bodies they are brought together
        assert_eq!(
            RegistrationOptions::default().dof(Dof::Affine).register(&fixed, &moving).unwrap().verdict,
            Verdict::Good
        );
    }
}

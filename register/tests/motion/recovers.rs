use isocenter_register::{MotionOptions, Rigid, Verdict, motion::Reference};

use crate::{
    head::{Contrast, head},
    series::{coarse, places, series, worst_mm},
};

/// A tenth of a voxel, at the worst point of the worst step.
const CLOSE_MM: f64 = 0.3;

#[test]
fn every_step_is_found_from_any_reference() {
    let places = places();
    let series = series(&places, |_, _, v| v);
    for reference in [Reference::Middle, Reference::Step(0), Reference::Mean] {
        for second_pass in [true, false] {
            let options = MotionOptions::default().reference(reference).second_pass(second_pass);
            let motion = options.correct(&series).unwrap();
            let worst = worst_mm(&motion, &places);
            println!("{reference:?} {second_pass} {worst:.3} mm, {:?}", motion.likeness);
            // the mean of heads that lie apart is blurred, and is not gone back to without the second pass
            let close = if reference == Reference::Mean && !second_pass { 3.0 * CLOSE_MM } else { CLOSE_MM };
            assert!(worst < close, "{reference:?} {second_pass} {worst}");
            assert!(motion.verdicts.iter().all(|v| *v == Verdict::Good), "{:?}", motion.verdicts);
        }
    }
}

#[test]
fn gain_offset_and_shading_are_no_motion() {
    let places = places();
    let changed = |step: usize, x: f32, v: f32| {
        let n = step as f32;
        (1.0 + 0.05 * n) * (1.0 + 0.05 * n * x - 0.04 * n * x * x) * v + 20.0 * n
    };
    let motion = MotionOptions::default().correct(&series(&places, changed)).unwrap();
    let worst = worst_mm(&motion, &places);
    println!("{worst:.3} mm");
    assert!(worst < CLOSE_MM, "{worst}");
}

#[test]
fn a_series_is_brought_to_an_image_of_its_own() {
    let places = places();
    let at = Rigid::new([0.02, 0.01, 0.0], [3.0, 1.0, -2.0], [0.0; 3]).unwrap();
    let fixed = head(&coarse(), &at, Contrast::T2, 77);
    let motion = MotionOptions::default().align(&fixed, &series(&places, |_, _, v| v)).unwrap();
    for (found, place) in motion.transforms.iter().zip(&places) {
        let wanted = place.to_affine().compose(&at.inverse().to_affine());
        for p in [[0.0; 3], [40.0, -50.0, 30.0], [-40.0, 50.0, -30.0]] {
            let (a, b) = (found.apply(p), wanted.apply(p));
            let error = (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f64>().sqrt();
            assert!(error < CLOSE_MM, "{error}");
        }
    }
    assert_eq!(motion.reference(), fixed.geometry());
}

#[test]
fn thread_count_changes_nothing() {
    let series = series(&places(), |_, _, v| v);
    let found = [1, 2, 7].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| MotionOptions::default().reference(Reference::Mean).correct(&series).unwrap())
    });
    assert_eq!(found[0], found[1]);
    assert_eq!(found[0], found[2]);
}

#[test]
fn the_order_of_steps_changes_nothing() {
    let places = places();
    let forward = series(&places, |_, _, v| v);
    let order = [3, 0, 4, 1, 2];
    let mixed = forward.select_steps(0, &order).unwrap();
    let one = MotionOptions::default().reference(Reference::Step(2)).second_pass(false).correct(&forward).unwrap();
    let other = MotionOptions::default().reference(Reference::Step(4)).second_pass(false).correct(&mixed).unwrap();
    for (n, from) in order.into_iter().enumerate() {
        assert_eq!(other.transforms[n], one.transforms[from]);
    }
}

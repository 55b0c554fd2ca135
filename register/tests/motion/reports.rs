use isocenter_register::{MotionOptions, Rigid, Verdict, motion::Reference};
use isocenter_volume::Interpolation;

use crate::series::{places, series};

#[test]
fn framewise_displacement_is_that_of_the_known_steps() {
    // 1 mm along L, then 0.02 rad about S through the world's origin, near the head's middle
    let at = |turn, shift| Rigid::new([0.0, 0.0, turn], [shift, 0.0, 0.0], [0.0; 3]).unwrap();
    let places = [at(0.0, 0.0), at(0.0, 1.0), at(0.02, 1.0), at(0.02, 1.0)];
    let motion = MotionOptions::default().reference(Reference::Step(0)).correct(&series(&places, |_, _, v| v)).unwrap();
    println!("{:?} {:?}", motion.framewise_displacement_mm, motion.framewise_rms_mm);
    // shifts are those of the body's middle, 5 mm from the origin at most: 0.1 mm more or less
    for (found, wanted) in motion.framewise_displacement_mm.iter().zip([0.0, 1.0, 0.02 * 50.0, 0.0]) {
        assert!((found - wanted).abs() < 0.2, "{found} {wanted}");
    }
    let turned = 0.02 * 80.0 * 0.4f64.sqrt();
    for (found, wanted) in motion.framewise_rms_mm.iter().zip([0.0, 1.0, turned, 0.0]) {
        assert!((found - wanted).abs() < 0.15, "{found} {wanted}");
    }
    assert_eq!(motion.framewise_displacement_mm[0], 0.0);
}

#[test]
fn a_step_that_shows_something_else_is_named() {
    let places = vec![places()[1]; 7];
    let mut state = 5u64;
    let noise: Vec<f32> = (0..1000)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 40) as f32 / 2e4
        })
        .collect();
    let broken = |step: usize, x: f32, v: f32| match step {
        2 => noise[(x * 7919.0 + v).abs() as usize % 1000],
        5 => f32::NAN,
        _ => v,
    };
    let motion = MotionOptions::default().reference(Reference::Step(0)).correct(&series(&places, broken)).unwrap();
    println!("{:?} {:?}", motion.likeness, motion.verdicts);
    assert!(motion.is_outlier[2] && motion.is_outlier[5]);
    assert_ne!(motion.verdicts[2], Verdict::Good);
    assert_eq!(motion.verdicts[5], Verdict::Failed);
    assert_eq!(motion.transforms[5], isocenter_volume::Affine::IDENTITY);
    assert!([0, 1, 3, 4, 6].iter().all(|n| motion.verdicts[*n] == Verdict::Good && !motion.is_outlier[*n]));
}

#[test]
fn the_corrected_series_stands_still() {
    let places = places();
    let moving = series(&places, |_, _, v| v);
    let motion = MotionOptions::default().reference(Reference::Step(0)).correct(&moving).unwrap();
    let still = motion.resample().interpolation(Interpolation::Linear).apply(&moving).unwrap();
    assert_eq!((still.steps(), still.geometry()), (5, moving.geometry()));
    let difference = |series: &isocenter_volume::Volume<f32>, step: usize| -> f64 {
        let pairs = series.step(0).unwrap().iter().zip(series.step(step).unwrap());
        pairs.map(|(a, b)| f64::from((a - b).abs())).sum::<f64>()
    };
    for step in [2, 3] {
        let [before, after] = [&moving, &still].map(|series| difference(series, step));
        println!("step {step}: {before:.0} before, {after:.0} after");
        // noise alone, which is no motion, is a part of both
        assert!(after < 0.8 * before, "{step}: {before} {after}");
    }
}

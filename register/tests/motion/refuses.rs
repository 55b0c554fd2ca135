use isocenter_register::{Error, MotionOptions, Side, motion::Reference};
use isocenter_volume::{Ctx, Mask, Observer, Volume};

use crate::series::{coarse, places, series};

#[test]
fn what_cannot_be_a_reference_is_refused_by_name() {
    let still = series(&places()[..2], |_, _, v| v);
    let past = MotionOptions::default().reference(Reference::Step(2)).correct(&still);
    assert!(matches!(past, Err(Error::BadOption { .. })), "{past:?}");
    let even = series(&places()[..2], |_, _, _| 7.0);
    assert_eq!(MotionOptions::default().correct(&even), Err(Error::NoContrast { side: Side::Fixed }));
    let nothing = series(&places()[..2], |_, _, _| f32::NAN);
    for reference in [Reference::Middle, Reference::Mean] {
        let found = MotionOptions::default().reference(reference).correct(&nothing);
        assert_eq!(found, Err(Error::NothingFinite { side: Side::Fixed }));
    }
    let steps = MotionOptions::default().align(&still, &still);
    assert_eq!(steps, Err(Error::SlowSteps { side: Side::Fixed, found: 2 }));
    let mask = Mask::from_fn(coarse(), |n| n < 50);
    let small = MotionOptions::default().mask(&mask).correct(&still);
    assert_eq!(small, Err(Error::MaskTooSmall { found: 50, wanted: 100 }));
}

#[test]
fn the_smallest_series_are_no_panic() {
    for shape in [[1, 1, 1], [2, 1, 3], [1, 5, 5], [3, 3, 3]] {
        let geometry = crate::head::grid(shape, [3.0; 3], [0.1; 3], [0.0; 3]);
        let samples: Vec<f32> = (0..geometry.len()).map(|n| (n * n % 17) as f32).collect();
        let _ = MotionOptions::default().correct(&Volume::new(samples, geometry).unwrap());
    }
}

struct Stop;

impl Observer for Stop {
    fn is_cancelled(&self) -> bool {
        true
    }
}

#[test]
fn stops_where_it_is_told() {
    let still = series(&places()[..2], |_, _, v| v);
    let ctx = Ctx::default().with_observer(&Stop);
    assert_eq!(MotionOptions::default().ctx(ctx).correct(&still), Err(Error::Cancelled));
}

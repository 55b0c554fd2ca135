//! Whoever listens is told, and may stop the work.

use std::sync::atomic::{AtomicU64, Ordering};

use isocenter_normalize::{Error, Region, Step, ZScore, apply_all};
use isocenter_volume::{Ctx, Family, Observer, context::Progress};

/// Stops after a number of reports.
struct StopAfter(u64, AtomicU64);

impl Observer for StopAfter {
    fn progress(&self, _: &Progress<'_>) {
        self.1.fetch_add(1, Ordering::Relaxed);
    }

    fn is_cancelled(&self) -> bool {
        self.1.load(Ordering::Relaxed) >= self.0
    }
}

#[test]
fn every_stage_can_be_stopped() {
    let image = crate::image((0..400_000).map(|n| (n % 977) as f32).collect());
    let steps = [Step::ZScore(ZScore::new(Region::Head)), Step::ZScore(ZScore::new(Region::AboveMean))];
    let run = |after| {
        let observer = StopAfter(after, AtomicU64::new(0));
        let found = apply_all(&steps, image.clone(), None, &Ctx::default().with_observer(&observer));
        (found.map(|(out, _)| out.voxels()[7]), observer.1.into_inner())
    };
    let (whole, reports) = run(u64::MAX);
    assert!(whole.is_ok() && reports > 30, "{reports}");
    for after in (0..reports - 1).step_by(7) {
        let error = run(after).0.unwrap_err();
        assert_eq!(error, Error::Cancelled, "after {after}");
        assert_eq!((error.reason(), error.family()), ("cancelled", Family::Cancelled));
    }
}

#[test]
fn every_way_of_standardizing_can_be_stopped() {
    let image = crate::standardize::brain(480 * 140);
    for step in crate::standardize::steps(&image) {
        let run = |after| {
            let observer = StopAfter(after, AtomicU64::new(0));
            let found = step.apply(&image, None, &Ctx::default().with_observer(&observer));
            (found.map(|(out, _)| out.voxels()[7]), observer.1.into_inner())
        };
        let (whole, reports) = run(u64::MAX);
        assert!(whole.is_ok() && reports > 5, "{}: {reports}", step.name());
        for after in (0..reports - 1).step_by((reports / 3) as usize) {
            assert_eq!(run(after).0.unwrap_err(), Error::Cancelled, "{} after {after} of {reports}", step.name());
        }
    }
}

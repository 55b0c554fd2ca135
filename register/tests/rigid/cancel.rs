//! Whoever listens is told, is asked often, and may stop the work at any time.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use isocenter_register::{Error, RegistrationOptions};
use isocenter_volume::{Ctx, Observer, context::Progress};

use crate::head::{Contrast, grid, head};

struct Listener {
    stop_after: u64,
    asked: AtomicU64,
    longest: Mutex<(Instant, Duration)>,
    stages: Mutex<BTreeSet<&'static str>>,
}

impl Listener {
    fn new(stop_after: u64) -> Self {
        let longest = Mutex::new((Instant::now(), Duration::ZERO));
        Self { stop_after, asked: AtomicU64::new(0), longest, stages: Mutex::default() }
    }
}

impl Observer for Listener {
    fn progress(&self, at: &Progress<'_>) {
        self.stages.lock().unwrap().insert(at.stage());
    }

    fn is_cancelled(&self) -> bool {
        let mut longest = self.longest.lock().unwrap();
        let now = Instant::now();
        *longest = (now, longest.1.max(now - longest.0));
        self.asked.fetch_add(1, Ordering::Relaxed) >= self.stop_after
    }
}

/// A machine under test may be busy: ten times what is promised.
const LONGEST: Duration = Duration::from_secs(1);

#[test]
fn stops_wherever_it_is_told_in_the_pool_of_the_caller() {
    let place = |turn| isocenter_register::Rigid::new(turn, [2.0, -3.0, 1.0], [0.0; 3]).unwrap();
    let grid = grid([64; 3], [4.0; 3], [0.0; 3], [0.0; 3]);
    let images = [[0.0; 3], [0.1, -0.05, 0.1]].map(|turn| head(&grid, &place(turn), Contrast::T1, 7));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let run = |listener: &Listener| {
        let ctx = Ctx::default().with_observer(listener).with_pool(&pool);
        RegistrationOptions::default().rotations(50).ctx(ctx).register(&images[0], &images[1])
    };
    let whole = Listener::new(u64::MAX);
    let found = run(&whole).unwrap();
    assert_eq!(found, RegistrationOptions::default().rotations(50).register(&images[0], &images[1]).unwrap());
    let longest = whole.longest.into_inner().unwrap().1;
    println!("asked {} times, {longest:?} apart at most", whole.asked.load(Ordering::Relaxed));
    assert!(longest < LONGEST, "{longest:?}");
    let stages = whole.stages.into_inner().unwrap();
    for stage in ["register", "average", "smooth", "region", "scan", "climb", "search"] {
        assert!(stages.contains(stage), "{stage} of {stages:?}");
    }
    let asked = whole.asked.into_inner();
    for part in 0..20 {
        let listener = Listener::new(asked * part / 20);
        assert_eq!(run(&listener).unwrap_err(), Error::Cancelled, "{part}");
        let after = listener.asked.into_inner() - listener.stop_after;
        // whoever asks again after the answer is about to stop
        assert!(after < 200, "{after} questions after the answer");
    }
}

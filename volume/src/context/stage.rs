//! A named part of long work.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::{Cancelled, Ctx, Progress};

/// A stage's name and the stages around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    pub(super) name: &'static str,
    pub(super) above: Option<&'a Place<'a>>,
}

/// Counts the units of one part of the work and remembers that the observer asked to stop. Shared by threads.
pub struct Stage<'a> {
    ctx: Ctx<'a>,
    place: Place<'a>,
    total: u64,
    done: AtomicU64,
    stopped: AtomicBool,
}

impl<'a> Stage<'a> {
    pub(super) fn new(ctx: Ctx<'a>, name: &'static str, total: u64) -> Self {
        let place = Place { name, above: ctx.above };
        let stage = Self { ctx, place, total, done: AtomicU64::new(0), stopped: AtomicBool::new(false) };
        stage.tell(0);
        stage
    }

    /// Counts `units` as done and tells the observer.
    ///
    /// # Errors
    /// [`Cancelled`] where the observer wants to stop; nothing is counted then.
    pub fn advance(&self, units: u64) -> Result<(), Cancelled> {
        self.check()?;
        self.tell(self.done.fetch_add(units, Ordering::Relaxed) + units);
        Ok(())
    }

    fn tell(&self, done: u64) {
        self.ctx.observer.progress(&Progress { place: &self.place, done, total: self.total });
    }

    /// Whether to go on, without counting.
    ///
    /// # Errors
    /// [`Cancelled`] where the observer wants to stop, or wanted to since the stage began.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.ctx.observer.is_cancelled() {
            self.stopped.store(true, Ordering::Relaxed);
        }
        if self.is_stopped() { Err(Cancelled) } else { Ok(()) }
    }

    /// Whether a unit of this stage has seen that the observer wants to stop.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Units that are done.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// Ends with [`Cancelled`] where any unit was refused, so that a result with holes is never handed out.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn finish(&self) -> Result<(), Cancelled> {
        if self.is_stopped() { Err(Cancelled) } else { Ok(()) }
    }

    /// A context for what this stage calls; its stages are sub-stages of this one.
    pub fn ctx(&self) -> Ctx<'_> {
        Ctx { above: Some(&self.place), ..self.ctx }
    }
}

impl fmt::Debug for Stage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stage({} {}/{})", self.place.name, self.done(), self.total)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Observer, Silent};
    use super::*;
    use std::sync::Mutex;

    #[derive(Default)]
    struct Recorder {
        seen: Mutex<Vec<String>>,
        stop: AtomicBool,
    }

    impl Observer for Recorder {
        fn progress(&self, at: &Progress<'_>) {
            self.seen.lock().unwrap().push(format!("{at:?}"));
        }

        fn is_cancelled(&self) -> bool {
            self.stop.load(Ordering::Relaxed)
        }
    }

    #[test]
    fn sub_stages_say_where_they_stand() {
        let recorder = Recorder::default();
        let ctx = Ctx::default().with_observer(&recorder);
        let outer = ctx.stage("patients", 2);
        let inner_ctx = outer.ctx();
        inner_ctx.stage("planes", 5).advance(3).unwrap();
        outer.advance(1).unwrap();
        assert_eq!(
            *recorder.seen.lock().unwrap(),
            ["patients 0/2", "patients/planes 0/5", "patients/planes 3/5", "patients 1/2"]
        );
    }

    #[test]
    fn a_stage_that_was_stopped_stays_stopped() {
        let recorder = Recorder::default();
        let ctx = Ctx::default().with_observer(&recorder);
        let stage = ctx.stage("planes", 2);
        stage.advance(1).unwrap();
        recorder.stop.store(true, Ordering::Relaxed);
        assert_eq!(stage.advance(1), Err(Cancelled));
        recorder.stop.store(false, Ordering::Relaxed);
        assert_eq!((stage.advance(1), stage.finish(), stage.done()), (Err(Cancelled), Err(Cancelled), 1));
    }

    #[test]
    fn silence_never_stops() {
        let ctx = Ctx::default().with_observer(&Silent);
        assert!(ctx.check().is_ok() && ctx.stage("x", 0).advance(1).is_ok());
    }
}

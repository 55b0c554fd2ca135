//! Who is told how far long work is, and may stop it.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use super::stage::Place;

/// What a caller hands to long work.
///
/// Both methods are called from any thread, at a bounded rate; the work's result never depends on them.
pub trait Observer: Sync {
    /// A stage begins, with nothing done, or some more of it is done.
    fn progress(&self, at: &Progress<'_>) {
        let _ = at;
    }

    /// Whether to stop; the work then ends with its `Cancelled` error.
    fn is_cancelled(&self) -> bool {
        false
    }
}

/// How far a stage is.
#[derive(Clone, Copy)]
pub struct Progress<'a> {
    pub(super) place: &'a Place<'a>,
    pub(super) done: u64,
    pub(super) total: u64,
}

impl Progress<'_> {
    /// The name of the innermost stage.
    pub const fn stage(&self) -> &'static str {
        self.place.name
    }

    /// The names of the stages around it, outermost first, itself last.
    pub fn path(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = std::iter::successors(Some(self.place), |p| p.above).map(|p| p.name).collect();
        names.reverse();
        names
    }

    /// How many stages lie around it.
    pub fn depth(&self) -> usize {
        std::iter::successors(self.place.above, |p| p.above).count()
    }

    /// Units that are finished.
    pub const fn done(&self) -> u64 {
        self.done
    }

    /// Units in all; 0 where nobody can tell before the end.
    pub const fn total(&self) -> u64 {
        self.total
    }
}

impl fmt::Debug for Progress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}/{}", self.path().join("/"), self.done, self.total)
    }
}

/// An observer that listens to nothing and never cancels: what a default [`Ctx`](super::Ctx) holds, so that it is seldom named.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {}

/// A flag that another thread raises to stop the work; progress is not told.
impl Observer for AtomicBool {
    fn is_cancelled(&self) -> bool {
        self.load(Ordering::Relaxed)
    }
}

//! How long work tells its caller how far it is, and learns that it should stop.

/// What a caller hands to long work.
///
/// Both methods are called from any thread, at a bounded rate; the work's result never depends on them.
pub trait Observer: Sync {
    /// `done` of `total` units (the function that calls says which) are finished.
    fn progress(&self, done: u64, total: u64) {
        let _ = (done, total);
    }

    /// Whether to stop; the work then ends with its `Cancelled` error.
    fn is_cancelled(&self) -> bool {
        false
    }
}

/// An observer that listens to nothing and never cancels.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {}

//! How the main job tells its caller where it is.

use isocenter_volume::Observer;

/// The stages of the main job, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stage {
    /// Finding and reading headers; counted in files.
    Index,
    /// Converting, registering, normalizing; counted in series.
    Prepare,
    /// Writing manifest, exports and report; counted in items.
    Export,
    /// Searching the output for what must not be in it; counted in files.
    Verify,
}

impl Stage {
    /// A word for a progress bar.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Index => "reading headers",
            Self::Prepare => "preparing series",
            Self::Export => "writing exports",
            Self::Verify => "verifying",
        }
    }
}

/// What the caller of the main job hands in.
pub trait Listener: Sync {
    /// A stage begins; `total` units lie ahead.
    fn begin(&self, stage: Stage, total: u64) {
        let _ = (stage, total);
    }

    /// `done` more units of the stage are finished. Called from any thread.
    fn advance(&self, done: u64) {
        let _ = done;
    }

    /// Whether to stop.
    fn is_cancelled(&self) -> bool {
        false
    }
}

/// A listener that hears nothing and never cancels.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quiet;

impl Listener for Quiet {}

/// Hands a listener's wish to stop down to the crates below.
pub(crate) struct Cancel<'a>(pub(crate) &'a dyn Listener);

impl Observer for Cancel<'_> {
    fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
}

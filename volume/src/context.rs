//! What every long call takes: how much it may ask for, who is told how far it is, and on which threads it runs.
//!
//! A [`Ctx`] is borrowed from the caller and cheap to copy. Work announces itself as a [`Stage`] with a number of units; a stage
//! may hand a context of its own to what it calls ([`Stage::ctx`]), whose stages are then sub-stages. The same stage asks
//! whether to go on: [`Stage::advance`] ends with [`Cancelled`] once the observer wants to stop, and every long call asks at least
//! every 100 ms. The result of the work never depends on the observer, the pool or the scratch.
//!
//! # Examples
//! ```
//! use std::sync::atomic::{AtomicU64, Ordering};
//! use isocenter_volume::{Ctx, Limits, Observer, context::Progress};
//!
//! #[derive(Default)]
//! struct Count(AtomicU64);
//! impl Observer for Count {
//!     fn progress(&self, at: &Progress<'_>) {
//!         assert_eq!((at.stage(), at.total()), ("planes", 3));
//!         self.0.store(at.done(), Ordering::Relaxed);
//!     }
//! }
//!
//! let count = Count::default();
//! let ctx = Ctx::default().with_observer(&count).with_limits(Limits::default().with_bytes(1 << 30));
//! let stage = ctx.stage("planes", 3);
//! for _ in 0..3 {
//!     stage.advance(1)?;
//! }
//! assert_eq!(count.0.load(Ordering::Relaxed), 3);
//! # Ok::<_, isocenter_volume::Cancelled>(())
//! ```

mod observer;
mod scratch;
mod stage;

pub use observer::{Observer, Progress, Silent};
pub use scratch::Scratch;
pub use stage::Stage;

use std::fmt;

use crate::Limits;

/// The caller's observer asked to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cancelled")]
pub struct Cancelled;

/// Limits, observer, pool and scratch of one long call. The default bounds memory, tells nobody, runs in the pool it is called in.
#[derive(Clone, Copy)]
pub struct Ctx<'a> {
    limits: Limits,
    observer: &'a dyn Observer,
    pool: Option<&'a rayon::ThreadPool>,
    scratch: Option<&'a Scratch>,
    above: Option<&'a stage::Place<'a>>,
}

impl Default for Ctx<'_> {
    fn default() -> Self {
        Self { limits: Limits::default(), observer: &Silent, pool: None, scratch: None, above: None }
    }
}

impl<'a> Ctx<'a> {
    /// Sets how much may be allocated.
    #[must_use]
    pub const fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets who is told how far the work is, and may stop it.
    #[must_use]
    pub fn with_observer(mut self, observer: &'a dyn Observer) -> Self {
        self.observer = observer;
        self
    }

    /// Sets the threads to work on; without it the work runs in the rayon pool of its caller.
    #[must_use]
    pub const fn with_pool(mut self, pool: &'a rayon::ThreadPool) -> Self {
        self.pool = Some(pool);
        self
    }

    /// Sets where large buffers are taken from and given back to, so that a second call finds them.
    #[must_use]
    pub const fn with_scratch(mut self, scratch: &'a Scratch) -> Self {
        self.scratch = Some(scratch);
        self
    }

    /// How much may be allocated.
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Whether the observer wants the work to stop.
    pub fn is_cancelled(&self) -> bool {
        self.observer.is_cancelled()
    }

    /// Ends with [`Cancelled`] where the observer wants the work to stop.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.is_cancelled() { Err(Cancelled) } else { Ok(()) }
    }

    /// Announces work of `total` units under a name; 0 where nobody can tell how many there will be.
    pub fn stage<'s>(&'s self, name: &'static str, total: u64) -> Stage<'s>
    where
        'a: 's,
    {
        Stage::new(*self, name, total)
    }

    /// Runs work in the pool that was set, or where it is.
    pub fn install<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        match self.pool {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }

    /// A vector of `len` default values, from the scratch where it has one that is large enough.
    pub fn take<T: Copy + Default + Send + 'static>(&self, len: usize) -> Vec<T> {
        match self.scratch {
            Some(scratch) => scratch.take(len),
            None => vec![T::default(); len],
        }
    }

    /// Gives a vector to the scratch, for the next [`Ctx::take`] of its type.
    pub fn give<T: Copy + Default + Send + 'static>(&self, samples: Vec<T>) {
        if let Some(scratch) = self.scratch {
            scratch.give(samples);
        }
    }
}

impl fmt::Debug for Ctx<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ctx").field("limits", &self.limits).field("pool", &self.pool).finish_non_exhaustive()
    }
}

//! From bytes to a data set, by a length walk that never trusts a declared length.

mod bounds;
pub(crate) mod dataset;
pub(crate) mod dictionary;
pub(crate) mod element;
pub(crate) mod fragments;
pub(crate) mod meta;
pub(crate) mod sniff;

use crate::Error;

/// Why the walk stopped.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The file goes on, but not the bytes at hand: at least this many of its first bytes are needed.
    More(usize),
    /// It cannot be read.
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

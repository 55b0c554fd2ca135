//! What is done with every file of a scan.

use std::path::PathBuf;

use isocenter_volume::Stage;

use super::{ScanOptions, Scanned};
use crate::Error;

/// What is asked for.
pub(super) struct Work<'a, T> {
    pub(super) options: &'a ScanOptions,
    pub(super) keep: &'a (dyn Fn(Scanned) -> T + Sync),
}

impl<T> Work<'_, T> {
    /// One file of a stage is done.
    pub(super) fn finish(&self, scanned: Scanned, stage: &Stage<'_>) -> Result<Found<T>, Error> {
        let path = scanned.path.clone();
        let value = (self.keep)(scanned);
        stage.advance(1)?;
        Ok(Found { path, value })
    }
}

/// What was made of the file at a path.
pub(super) struct Found<T> {
    pub(super) path: PathBuf,
    pub(super) value: T,
}

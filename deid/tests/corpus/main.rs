//! Tests on the corpus; skipped, with a line, where it is absent.

#![allow(clippy::unwrap_used, reason = "a test's helpers may panic")]

mod burned_in;
mod cases;
mod facts;
mod pixels;
mod planted;

use std::path::{Path, PathBuf};

pub(crate) use isocenter_testing::corpus::part as corpus;

/// All files below a folder, in order.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(Result::unwrap);
    entries.filter(|entry| entry.file_type().is_file()).map(|entry| entry.into_path()).collect()
}

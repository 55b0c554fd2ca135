//! Tests on the corpus; skipped, with a line, where it is absent.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test's helpers may panic, and say what they skip")]

mod burned_in;
mod cases;
mod facts;
mod planted;

use std::path::{Path, PathBuf};

/// A folder of the corpus; `None`, said in one line, where it is absent and not required.
pub(crate) fn corpus(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("ISOCENTER_CORPUS").map_or_else(
        || Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus")).to_owned(),
        PathBuf::from,
    );
    let path = root.join(folder);
    if path.is_dir() {
        return Some(path);
    }
    let required = std::env::var_os("ISOCENTER_CORPUS_REQUIRED").is_some_and(|value| value == "1");
    assert!(!required, "the corpus folder {folder} is required");
    println!("skipped: no corpus folder {folder}");
    None
}

/// All files below a folder, in order.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(Result::unwrap);
    entries.filter(|entry| entry.file_type().is_file()).map(|entry| entry.into_path()).collect()
}

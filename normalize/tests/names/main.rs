//! Names of studies, series and body parts, against what people have said of them.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

mod body_part;
mod laws;
mod series;
mod split;
mod study;

use std::{fs, path::PathBuf};

/// A file of the corpus, or `None` where the corpus is absent and not required.
fn corpus(path: &str) -> Option<String> {
    let folder: PathBuf = isocenter_testing::corpus::part("normalize")?;
    Some(fs::read_to_string(folder.join(path)).unwrap())
}

//! Against the reference outputs of the field's own tools in the corpus beside the checkout.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)] // helpers of tests

mod intensity;
mod nifti;
mod suv;

use std::path::PathBuf;

/// The corpus folder of this area, or `None` (said in one line) where it is absent and not required.
fn corpus() -> Option<PathBuf> {
    let root = std::env::var_os("ISOCENTER_CORPUS")
        .map_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus").into(), PathBuf::from);
    let folder = root.join("normalize");
    if folder.join("manifest.json").is_file() {
        return Some(folder);
    }
    let required = std::env::var_os("ISOCENTER_CORPUS_REQUIRED").is_some_and(|v| v == "1");
    assert!(!required, "the corpus is required and absent");
    println!("skipped: no corpus");
    None
}

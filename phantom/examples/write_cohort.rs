//! Writes the demo's synthetic cohort into a folder, and its truth beside it.
//!
//! Usage: `write_cohort [OUT]`; without an argument a temporary folder is filled and removed. `dciodvfy OUT/...` (dicom3tools) finds
//! no error in the files that are not listed as faulty.

#![allow(clippy::print_stdout)]

use std::path::PathBuf;

use isocenter_phantom::Cohort;
use isocenter_volume::Ctx;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let temporary = tempfile::tempdir()?;
    let out = std::env::args().nth(1).map_or_else(|| temporary.path().join("cohort"), PathBuf::from);
    let truth = Cohort::demo(1).write(&out, &Ctx::default())?;
    truth.write_json(&out.with_extension("truth.json"))?;
    for series in &truth.series {
        println!("{:5} {:9?} {:3?} files {}", series.contrast, series.kind, series.files.len(), series.series_uid);
    }
    for faulty in &truth.faulty {
        println!("{:24} {:2} files", faulty.expected_reason, faulty.files.len());
    }
    println!("{} patients, {} identifiers planted", truth.patients.len(), truth.planted.len());
    Ok(())
}

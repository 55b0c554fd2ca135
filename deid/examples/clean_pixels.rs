//! Blanks text that is burned into the pixels of the DICOM files in a folder; writes them into another, changed or not, and prints what was done.
//!
//! Headers stay as they are: this is one step of de-identification, not the whole.
#![allow(clippy::print_stdout, reason = "an example prints")]

use isocenter_deid::Ctx;
use isocenter_deid::dcm::OpenOptions;
use isocenter_deid::pixels::{Cleaning, Rules};
use std::path::PathBuf;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let usage = "usage: clean_pixels IN OUT [CTP_SCRIPT]";
    let (from, to) = (arguments.next().ok_or(usage)?, arguments.next().ok_or(usage)?);
    let rules = arguments.next().map(std::fs::read_to_string).transpose()?;
    let cleaning = Cleaning::new().rules(Rules::from_ctp(&rules.unwrap_or_default())?);
    for entry in walkdir::WalkDir::new(&from).sort_by_file_name() {
        let entry = entry?;
        let name = entry.path().strip_prefix(&from)?;
        let Ok(mut instance) = OpenOptions::new().open(entry.path()) else { continue };
        let start = Instant::now();
        let cleaned = match cleaning.apply(&mut instance, &Ctx::default()) {
            Ok(cleaned) => cleaned,
            Err(error) => {
                println!("{}: not written, {error}", name.display());
                continue;
            }
        };
        let (seconds, frames) = (start.elapsed().as_secs_f64(), cleaned.blanked.len().max(1));
        let count = cleaned.blanked.iter().flatten().count();
        let per_frame = 1000.0 * seconds / frames as f64;
        println!("{}: {:?}, {count} blanked, {per_frame:.1} ms a frame", name.display(), cleaned.verdict());
        let out = to.join(name);
        std::fs::create_dir_all(out.parent().unwrap_or(&to))?;
        instance.write(out)?;
    }
    Ok(())
}

//! Converts every DICOM series of a folder to NIfTI files, with gradients and sidecars, and says what became of every file.
//!
//! `dicom_to_nifti IN OUT [--keep-identity]`; without arguments, a small CT series is made and converted.
//! `dcm2niix -z y -f %s_%d -o OUT IN` does the like.
#![allow(clippy::print_stdout, reason = "an example prints")]
#[path = "support/series.rs"]
mod series;

use isocenter_convert::{Facts, Options, output, plan::plan, volume::Ctx};
use isocenter_dcm::scan;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let scratch = tempfile::tempdir()?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let keeps = arguments.iter().any(|argument| argument == "--keep-identity");
    let mut paths = arguments.iter().filter(|a| !a.starts_with("--")).map(std::path::PathBuf::from);
    let source = paths.next().unwrap_or_else(|| scratch.path().join("in"));
    if source.starts_with(&scratch) {
        std::fs::create_dir(&source)?;
        for (number, bytes) in series::bytes()?.iter().enumerate() {
            std::fs::write(source.join(format!("{number}.dcm")), bytes)?;
        }
    }
    let target = paths.next().unwrap_or_else(|| scratch.path().join("out"));
    let (identity, names) = match keeps {
        true => (output::Identity::Keep, "%s_%d"),
        false => (output::Identity::Drop, "%s_%q"),
    };

    let files = scan::scan_with(&[source], &Facts::scan_options(), &Ctx::default(), &|file| Facts::of(&file))?;
    let mut plan = plan(&files, &Options::default())?;
    let outputs = output::Outputs::to(target).names(names.parse()?).identity(identity);
    for record in outputs.write(&mut plan, &files, &Options::default())? {
        let warnings: Vec<&str> = record.warnings.iter().map(|note| note.code).collect();
        println!("{:?} {:?} {warnings:?}", record.outputs, record.shape);
    }
    let funnel = plan.funnel(&files);
    assert!(funnel.adds_up(), "a file vanished: {funnel:?}");
    println!("{} files: {} in volumes, {} duplicates", funnel.files, funnel.in_volumes, funnel.duplicates);
    funnel.rejected.iter().for_each(|(reason, count)| println!("{count} rejected: {reason}"));
    Ok(())
}

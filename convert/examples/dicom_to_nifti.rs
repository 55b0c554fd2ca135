//! Converts every DICOM series of a folder to `OUT/NNN.nii.gz`, with `.bval` and `.bvec`, and says what became of every file.
//!
//! `dicom_to_nifti IN OUT`; without arguments, a small CT series is made and converted. `dcm2niix -z y -o OUT IN` does the like.
#![allow(clippy::print_stdout, reason = "an example prints")]
#[path = "support/series.rs"]
mod series;

use isocenter_convert::{Facts, GradientTable, Options, formats, plan::plan, read::read, volume::Ctx};
use isocenter_dcm::scan;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let scratch = tempfile::tempdir()?;
    let mut arguments = std::env::args_os().skip(1).map(std::path::PathBuf::from);
    let source = arguments.next().unwrap_or_else(|| scratch.path().join("in"));
    if source.starts_with(&scratch) {
        std::fs::create_dir(&source)?;
        for (number, bytes) in series::bytes()?.iter().enumerate() {
            std::fs::write(source.join(format!("{number}.dcm")), bytes)?;
        }
    }
    let target = arguments.next().unwrap_or_else(|| scratch.path().join("out"));
    std::fs::create_dir_all(&target)?;

    let files = scan::scan_with(&[source], &scan::ScanOptions::default(), &Ctx::default(), &|file| Facts::of(&file))?;
    let mut plan = plan(&files, &Options::default())?;
    let mut done = 0;
    while let Some(series) = plan.series.get(done).cloned() {
        match read(&series, &files, &Options::default()) {
            Ok(converted) => {
                let volume = converted.volume;
                // NIfTI has one slope for the whole file
                let uniform = volume.scaling().as_per_plane().is_none();
                let volume = if uniform { volume } else { volume.to_real(&Ctx::default())?.into() };
                println!("{done:03} {:?} x {} {:?}", volume.shape(), volume.steps(), converted.warnings);
                if let Some(table) = GradientTable::of(volume.head()) {
                    std::fs::write(target.join(format!("{done:03}.bval")), table.to_bval())?;
                    if let Some(vectors) = table.to_bvec() {
                        std::fs::write(target.join(format!("{done:03}.bvec")), vectors)?;
                    }
                }
                formats::write(target.join(format!("{done:03}.nii.gz")), &formats::File::from_volume(volume))?;
                done += 1;
            }
            Err(error) => match error.verdict() {
                Some(verdict) => plan.fail(done, &verdict),
                None => return Err(error.into()),
            },
        }
    }
    let funnel = plan.funnel(&files);
    assert!(funnel.adds_up(), "a file vanished: {funnel:?}");
    println!("{} files: {} in volumes, {} duplicates", funnel.files, funnel.in_volumes, funnel.duplicates);
    funnel.rejected.iter().for_each(|(reason, count)| println!("{count} rejected: {reason}"));
    Ok(())
}

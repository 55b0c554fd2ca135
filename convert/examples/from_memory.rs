//! Bytes of DICOM files in, a volume in the middle, bytes of a NIfTI file out: no file is opened. The work runs on the caller's
//! threads and stops when the caller wants it to.
#![allow(clippy::print_stdout, reason = "an example prints")]
#[path = "support/series.rs"]
mod series;

use isocenter_convert::{Error, Facts, Options, dcm::Bytes, formats, plan::plan, read::read, volume};
use isocenter_dcm::scan::{NamedSource, scan_sources};
use std::sync::{Arc, atomic::AtomicBool, atomic::Ordering};
use volume::Ctx;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (pool, button) = (rayon::ThreadPoolBuilder::new().num_threads(2).build()?, AtomicBool::new(false));
    let options = Options::default().ctx(Ctx::default().with_pool(&pool).with_observer(&button));
    let source = |(n, bytes)| NamedSource::new(format!("{n}"), Arc::new(Bytes(bytes)));
    let sources: Vec<NamedSource> = series::bytes()?.into_iter().enumerate().map(source).collect();
    let files = Facts::of_all(&scan_sources(&sources, &Facts::scan_options(), &Ctx::default().with_observer(&button))?);
    let volume = read(&plan(&files, &options)?.series[0], &files, &options)?.volume;
    let nifti = formats::write_bytes(&formats::File::from_volume(volume), "nii.gz", &formats::WriteOptions::default())?;
    println!("{} files in, {} bytes of NIfTI out", files.len(), nifti.len());
    button.store(true, Ordering::Relaxed);
    assert!(matches!(plan(&files, &options), Err(Error::Cancelled)));
    Ok(())
}

//! Files that lie nowhere in the file system: bytes in memory, members of an archive.

use std::io::Write;
use std::sync::Arc;

use isocenter_convert::{
    Converted, Error, Facts, Options,
    dcm::{
        Bytes, Dataset, Error as DcmError, FileMeta, Instance, Tolerance,
        scan::{NamedSource, scan, scan_sources},
    },
    plan::plan,
    read::read,
    volume::{Cancelled, Ctx, Family, Observer},
};

use crate::support::{Study, ct, near, planes};

fn bytes(dataset: &Dataset) -> Vec<u8> {
    Instance::new(FileMeta::default(), dataset.clone()).to_bytes().unwrap()
}

fn sources(files: impl IntoIterator<Item = Vec<u8>>) -> Vec<Facts> {
    let source = |(n, bytes)| NamedSource::new(format!("file {n}"), Arc::new(Bytes(bytes)));
    let sources: Vec<_> = files.into_iter().enumerate().map(source).collect();
    Facts::of_all(&scan_sources(&sources, &Facts::scan_options(), &Ctx::default()).unwrap())
}

fn in_memory(datasets: &[Dataset]) -> Vec<Facts> {
    sources(datasets.iter().map(bytes))
}

fn zipped(datasets: &[Dataset]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (n, ds) in datasets.iter().enumerate() {
        zip.start_file(format!("a/{n}"), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&bytes(ds)).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn convert(files: &[Facts]) -> Converted {
    let plan = plan(files, &Options::default()).unwrap();
    assert_eq!((plan.series.len(), plan.rejected.len(), plan.duplicates.len()), (1, 0, 1));
    read(&plan.series[0], files, &Options::default()).unwrap()
}

/// Four slices, the second of them twice.
fn series() -> Vec<Dataset> {
    let mut all = ct(4);
    all.push(all[1].clone());
    all
}

#[test]
fn bytes_in_memory_become_the_volume_that_files_become() {
    let converted = convert(&in_memory(&series()));
    assert_eq!(planes(&converted), [0.0, 100.0, 200.0, 300.0]);
    assert!(near(converted.volume.geometry().spacing_mm(), [0.75, 0.5, 2.0]));
    let on_disk = convert(&Study::of(series()).facts());
    assert_eq!(on_disk.volume.geometry(), converted.volume.geometry());
    assert_eq!(planes(&on_disk), planes(&converted));
}

/// The archive itself is no image.
fn check_members(files: &[Facts]) {
    let plan = plan(files, &Options::default()).unwrap();
    assert_eq!((plan.series.len(), plan.rejected.len(), plan.duplicates.len()), (1, 1, 1));
    let converted = read(&plan.series[0], files, &Options::default()).unwrap();
    assert_eq!(planes(&converted), [0.0, 100.0, 200.0, 300.0]);
}

#[test]
fn members_of_an_archive_become_a_volume() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("study.zip");
    std::fs::write(&path, zipped(&series())).unwrap();
    check_members(&Facts::of_all(&scan(&[path], &Facts::scan_options(), &Ctx::default()).unwrap()));
}

#[test]
fn members_of_an_archive_in_memory_become_a_volume() {
    check_members(&sources([zipped(&series())]));
}

#[test]
fn strictness_reaches_the_files() {
    // neither preamble nor meta group
    let bare = |ds: &Dataset| {
        let whole = bytes(ds);
        let length = u32::from_le_bytes([whole[140], whole[141], whole[142], whole[143]]) as usize;
        whole[144 + length..].to_vec()
    };
    let files = sources(ct(2).iter().map(bare));
    let plan = plan(&files, &Options::default()).unwrap();
    assert!(plan.series[0].warnings.iter().any(|w| w.code() == "missing-meta"), "{:?}", plan.series[0].warnings);
    assert!(read(&plan.series[0], &files, &Options::default()).is_ok());
    let strict = read(&plan.series[0], &files, &Options::default().tolerance(Tolerance::Strict));
    assert!(matches!(strict, Err(Error::Dicom { source: DcmError::NotConforming { .. }, .. })));
}

struct Stop;

impl Observer for Stop {
    fn is_cancelled(&self) -> bool {
        true
    }
}

#[test]
fn cancelled_is_cancelled_and_no_verdict_on_the_files() {
    let files = in_memory(&series());
    let options = Options::default().ctx(Ctx::default().with_observer(&Stop));
    let stopped = plan(&files, &options).unwrap_err();
    assert!(matches!(stopped, Error::Cancelled));
    let plan = plan(&files, &Options::default()).unwrap();
    let stopped = read(&plan.series[0], &files, &options).unwrap_err();
    assert!(matches!(stopped, Error::Cancelled));
    assert_eq!((stopped.reason(), stopped.family(), stopped.verdict()), ("cancelled", Family::Cancelled, None));
    assert!(matches!(Error::from(Cancelled), Error::Cancelled));
}

#[test]
fn a_plan_of_other_files_is_the_callers_mistake() {
    let files = in_memory(&series());
    let plan = plan(&files, &Options::default()).unwrap();
    let error = read(&plan.series[0], &[], &Options::default()).unwrap_err();
    assert_eq!((error.reason(), error.family(), error.verdict()), ("other-files", Family::Argument, None));
}

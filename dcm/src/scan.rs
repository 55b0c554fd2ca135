//! What a set of paths holds: every file once, each told apart in one read of its first bytes.
//!
//! Folders are walked in order of names; symbolic links within them are listed, not followed. The result is sorted by path and
//! is the same for any number of threads.
//!
//! # Examples
//! ```
//! use isocenter_dcm::scan::{Kind, FileKind, ScanOptions, scan};
//! let folder = tempfile::tempdir()?;
//! std::fs::write(folder.path().join("notes.json"), "{}")?;
//! let found = scan(&[folder.path().to_owned()], &ScanOptions::default(), &|_, _| {})?;
//! assert!(matches!(found[0].kind, Kind::NotDicom(FileKind::Json)));
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod kind;

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use walkdir::WalkDir;

pub use kind::FileKind;

use crate::{Error, Instance, Limits, OpenOptions};

/// How to scan.
#[derive(Clone, Debug, Default)]
pub struct ScanOptions {
    /// What a file may ask for.
    pub limits: Limits,
}

/// One file of a scan.
#[derive(Debug)]
pub struct Scanned {
    /// Where it is: the path that was given, joined with what was found below.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// What it is.
    pub kind: Kind,
}

/// What a file is.
#[derive(Debug)]
#[non_exhaustive]
pub enum Kind {
    /// A DICOM file; its header, without pixel data.
    Dicom(Box<Instance>),
    /// A DICOMDIR: a directory of other files, with no patient's image in it.
    Directory(Box<Instance>),
    /// Something else.
    NotDicom(FileKind),
    /// A DICOM file that cannot be read, or a file that the system does not hand out.
    Failed(Error),
}

/// Bytes of the one read that tells what a file is, and that most headers fit into.
const FIRST_BLOCK: u64 = 32 << 10;

/// Scans files and folders; `progress` is told how many files are done, and how many there are.
///
/// # Errors
/// [`Error::Io`] where a given path does not exist. What cannot be read further down is in the result as [`Kind::Failed`].
pub fn scan(
    paths: &[PathBuf],
    options: &ScanOptions,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Vec<Scanned>, Error> {
    let mut files = Vec::new();
    for path in paths {
        fs::metadata(path).map_err(|source| Error::Io { path: Some(path.clone()), action: "find", source })?;
        for entry in WalkDir::new(path).sort_by_file_name() {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) => files.push((entry.into_path(), None)),
                Err(error) => {
                    let place = error.path().unwrap_or(path).to_owned();
                    files.push((
                        place.clone(),
                        Some(Error::Io { path: Some(place), action: "read", source: error.into() }),
                    ));
                }
            }
        }
    }
    files.sort_by(|a, b| a.0.cmp(&b.0));
    files.dedup_by(|a, b| a.0 == b.0);
    let (done, total) = (AtomicUsize::new(0), files.len());
    let scanned = files.into_par_iter().map(|(path, failed)| {
        let found = match failed {
            Some(error) => Scanned { path, bytes: 0, kind: Kind::Failed(error) },
            None => look(path, options),
        };
        progress(done.fetch_add(1, Ordering::Relaxed) + 1, total);
        found
    });
    Ok(scanned.collect())
}

/// Tells what one file is.
pub fn look(path: PathBuf, options: &ScanOptions) -> Scanned {
    let (bytes, kind) = match classify(&path, options) {
        Ok(found) => found,
        Err(error) => (fs::symlink_metadata(&path).map_or(0, |meta| meta.len()), Kind::Failed(error)),
    };
    Scanned { path, bytes, kind }
}

fn classify(path: &Path, options: &ScanOptions) -> Result<(u64, Kind), Error> {
    let io = |source| Error::Io { path: Some(path.to_owned()), action: "read", source };
    let meta = fs::symlink_metadata(path).map_err(io)?;
    if meta.file_type().is_symlink() && !fs::metadata(path).is_ok_and(|target| target.is_file()) {
        return Ok((meta.len(), Kind::NotDicom(FileKind::Link)));
    }
    if !meta.is_file() && !meta.file_type().is_symlink() {
        return Ok((meta.len(), Kind::NotDicom(FileKind::Special)));
    }
    let mut file = File::open(path).map_err(io)?;
    let total = file.metadata().map_err(io)?.len();
    if total == 0 {
        return Ok((0, Kind::NotDicom(FileKind::Empty)));
    }
    let mut head = Vec::new();
    file.by_ref().take(FIRST_BLOCK.min(total)).read_to_end(&mut head).map_err(io)?;
    // A DICOM preamble may look like a TIFF or an archive: `DICM` decides first.
    let named = head.get(128..132) == Some(b"DICM") || head.starts_with(b"DICM");
    if !named && let Some(kind) = FileKind::of(&head) {
        return Ok((total, Kind::NotDicom(kind)));
    }
    let open = OpenOptions::new().limits(options.limits.clone()).header_only(true);
    match open.read_from(&mut file, head, total) {
        Ok(instance) if instance.sop_class_uid().as_deref() == Some("1.2.840.10008.1.3.10") => {
            Ok((total, Kind::Directory(Box::new(instance))))
        }
        Ok(instance) if instance.dataset.iter().next().is_none() => {
            Ok((total, Kind::Failed(Error::Malformed { tag: None, what: "a data set without an element" })))
        }
        Ok(instance) => Ok((total, Kind::Dicom(Box::new(instance)))),
        Err(Error::NotDicom) => Ok((total, Kind::NotDicom(FileKind::Other))),
        Err(Error::Io { source, action, .. }) => {
            Ok((total, Kind::Failed(Error::Io { path: Some(path.to_owned()), action, source })))
        }
        Err(error) => Ok((total, Kind::Failed(error))),
    }
}

//! What a set of paths holds: every file once, each told apart in one read of its first bytes.
//!
//! A path may be a file, a folder, a DICOMDIR or (feature `zip`) a zip archive; a list of files is the slice of their paths:
//! - Folders are walked in order of names; symbolic links within them are listed, not followed.
//! - Of a DICOMDIR that is given, the files that its records name are looked at, and no other beside it. Names are matched as on
//!   ISO 9660, without regard to case or version; what is not there is told as [`Kind::Failed`], and so is a name that would
//!   leave the DICOMDIR's folder. A DICOMDIR met in a folder is only listed, unless [`ScanOptions::follow_directory`] asks for
//!   what it misses.
//! - A zip archive is listed as such, and its members after it, each under the path `archive.zip!/member`, which
//!   [`open`] and [`Scanned::open`] understand. An archive within an archive is not opened; encrypted members, and those that would
//!   inflate beyond [`Limits`], are told as [`Kind::Failed`].
//!
//! The result is sorted by path and is the same for any number of threads.
//!
//! Source: DICOM PS3.3 F.3.2.2 (directory records), PS3.10 section 8 (file IDs); PKWARE APPNOTE (zip).
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

#[cfg(feature = "zip")]
mod archive;
mod classify;
mod directory;
mod kind;
mod place;
mod walk;

use std::path::PathBuf;

pub use classify::look;
pub use kind::FileKind;
pub use place::open;
pub(crate) use place::read_from;

use crate::{Error, Instance, Limits, OpenOptions};

/// How to scan.
#[derive(Clone, Debug, Default)]
pub struct ScanOptions {
    /// What a file may ask for.
    pub limits: Limits,
    /// Whether to look for what a DICOMDIR names also where the DICOMDIR was met in a folder: no. All files of the folder are
    /// in the result either way; with it, those that are named and missing are told too.
    pub follow_directory: bool,
}

/// One file of a scan.
#[derive(Debug)]
pub struct Scanned {
    /// Where it is: the path that was given, joined with what was found below; `archive.zip!/member` within an archive.
    pub path: PathBuf,
    /// Its size; that of the inflated member within an archive.
    pub bytes: u64,
    /// What it is.
    pub kind: Kind,
}

impl Scanned {
    /// Opens the file anew, wherever it lies, as `options` say: whole, say, where the scan holds the header.
    ///
    /// # Errors
    /// As [`OpenOptions::open`], and as [`open`] within an archive.
    pub fn open(&self, options: &OpenOptions) -> Result<Instance, Error> {
        open(&self.path, options)
    }
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

/// Scans files and folders; `progress` is told how many files are done, and how many are known so far.
///
/// # Errors
/// [`Error::Io`] where a given path does not exist. What cannot be read further down is in the result as [`Kind::Failed`].
pub fn scan(
    paths: &[PathBuf],
    options: &ScanOptions,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Vec<Scanned>, Error> {
    scan_with(paths, options, progress, &|scanned| scanned)
}

/// As [`scan`], but of each file only what `keep` makes of it is kept: headers of many files need much memory.
///
/// # Errors
/// As [`scan`].
pub fn scan_with<T: Send>(
    paths: &[PathBuf],
    options: &ScanOptions,
    progress: &(dyn Fn(usize, usize) + Sync),
    keep: &(dyn Fn(Scanned) -> T + Sync),
) -> Result<Vec<T>, Error> {
    walk::walk(paths, &walk::Work::new(options, progress, keep))
}

//! What a set of paths holds: every file once, each told apart in one read of its first bytes.
//!
//! A path may be a file, a folder, a DICOMDIR or (feature `zip`) a zip archive; a list of files is the slice of their paths:
//! - Folders are walked in order of names, and each once: a symbolic link to a folder is followed where nothing else leads there, one to
//!   a folder around itself or around what was given is not. A link to a file is that file, under the link's name where it has no other.
//! - Only regular files are opened. What else there is (a pipe, a socket, a device, a link that leads nowhere or in circles or to what
//!   is listed under another name) is told by its own [`FileKind`].
//! - Of a DICOMDIR that is given, the files that its records name are looked at, and no other beside it. Names are matched as on
//!   ISO 9660, without regard to case or version; what is not there is told as [`Kind::Failed`], and so is a name that would
//!   leave the DICOMDIR's folder. A DICOMDIR met in a folder is only listed, unless [`ScanOptions::follow_directory`] asks for
//!   what it misses.
//! - A zip archive is listed as such, and its members after it, each under the path `archive.zip!/member`, which
//!   [`open`] and [`Scanned::open`] understand ([`Scanned::archive`] says which it is a member of). An archive within an archive is not opened; encrypted members, and those that would
//!   inflate beyond [`ReadLimits`](crate::ReadLimits), are told as [`Kind::Failed`].
//!
//! What is no file is scanned as [`NamedSource`]s: bytes in memory, objects of a store, each under a name ([`scan_sources`]). A zip
//! archive among them has members too.
//!
//! The result is sorted by path and is the same for any number of threads. The stage `headers` counts what was given and met, its
//! sub-stage `members` those of an archive, the stage `named` what only a DICOMDIR names.
//!
//! Source: DICOM PS3.3 F.3.2.2 (directory records), PS3.10 section 8 (file IDs); PKWARE APPNOTE (zip).
//!
//! # Examples
//! ```
//! use std::sync::Arc;
//! use isocenter_dcm::{Bytes, isocenter_volume::Ctx};
//! use isocenter_dcm::scan::{FileKind, Kind, ScanOptions, NamedSource, scan_sources};
//! let notes = NamedSource::new("notes.json", Arc::new(Bytes(b"{}")));
//! let found = scan_sources(&[notes], &ScanOptions::default(), &Ctx::default())?;
//! assert!(matches!(found[0].kind, Kind::NotDicom(FileKind::Json)));
//! # Ok::<_, isocenter_dcm::Error>(())
//! ```

mod again;
#[cfg(feature = "zip")]
mod archive;
mod classify;
mod directory;
mod kind;
mod list;
mod options;
mod place;
mod scanned;
mod walk;
mod work;

use std::path::Path;

use isocenter_volume::Ctx;

use crate::Error;
use work::Work;

pub use again::{Place, scan_again};
pub use classify::look;
pub use kind::FileKind;
pub use options::ScanOptions;
pub use place::open;
pub use scanned::{Kind, NamedSource, Scanned};

/// Scans files and folders.
///
/// # Errors
/// [`Error::Io`] where there is nothing at a given path; [`Error::Cancelled`]. What cannot be read further down is in the result as
/// [`Kind::Failed`].
pub fn scan<P: AsRef<Path>>(paths: &[P], options: &ScanOptions, ctx: &Ctx<'_>) -> Result<Vec<Scanned>, Error> {
    scan_with(paths, options, ctx, &|scanned| scanned)
}

/// As [`scan`], but of each file only what `keep` makes of it is kept: headers of many files need much memory.
///
/// # Errors
/// As [`scan`].
pub fn scan_with<P: AsRef<Path>, T: Send>(
    paths: &[P],
    options: &ScanOptions,
    ctx: &Ctx<'_>,
    keep: &(dyn Fn(Scanned) -> T + Sync),
) -> Result<Vec<T>, Error> {
    let paths: Vec<&Path> = paths.iter().map(AsRef::as_ref).collect();
    ctx.install(|| walk::walk(&paths, &Work { options, keep }, ctx))
}

/// Scans sources that are no files; of several of one name the last is kept.
///
/// # Errors
/// [`Error::Cancelled`]. What cannot be read is in the result as [`Kind::Failed`].
pub fn scan_sources(sources: &[NamedSource], options: &ScanOptions, ctx: &Ctx<'_>) -> Result<Vec<Scanned>, Error> {
    ctx.install(|| walk::sources(sources, &Work { options, keep: &|scanned| scanned }, ctx))
}

//! What a scan finds.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::FileKind;
#[cfg(feature = "zip")]
use super::archive::Member;
use crate::source::ReadAt;
use crate::{Error, Instance};

/// Bytes under a name, to be scanned in place of a file.
#[derive(Clone)]
pub struct NamedSource {
    pub(super) name: PathBuf,
    pub(super) bytes: Arc<dyn ReadAt>,
}

impl NamedSource {
    /// Bytes and the name that the scan gives them: it need be no path, and is shown where a path would be.
    pub fn new(name: impl Into<PathBuf>, bytes: Arc<dyn ReadAt>) -> Self {
        Self { name: name.into(), bytes }
    }

    /// Its name.
    pub fn name(&self) -> &Path {
        &self.name
    }
}

impl fmt::Debug for NamedSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NamedSource").field("name", &self.name).finish_non_exhaustive()
    }
}

/// One file of a scan.
#[derive(Debug)]
#[non_exhaustive]
pub struct Scanned {
    /// Where it is: the path that was given, joined with what was found below; `archive.zip!/member` within an archive.
    pub path: PathBuf,
    /// Its size; that of the inflated member within an archive.
    pub bytes: u64,
    /// What it is.
    pub kind: Kind,
    pub(super) origin: Origin,
    pub(super) is_archive: bool,
}

/// Where the bytes are to be had again.
#[derive(Clone, Debug)]
pub(super) enum Origin {
    /// At the path.
    Path,
    /// In a source.
    Source(NamedSource),
    /// In an archive.
    #[cfg(feature = "zip")]
    Member(Member),
}

impl Scanned {
    /// A file at a path.
    pub const fn new(path: PathBuf, bytes: u64, kind: Kind) -> Self {
        Self { path, bytes, kind, origin: Origin::Path, is_archive: false }
    }

    /// Whether it is an archive that was looked into: its members, where it could be opened, are files of the scan.
    pub const fn is_archive(&self) -> bool {
        self.is_archive
    }

    /// Path of the archive that it is a member of; `None` for what is a file, or a source, of its own.
    pub fn archive(&self) -> Option<&Path> {
        match &self.origin {
            Origin::Path | Origin::Source(_) => None,
            #[cfg(feature = "zip")]
            Origin::Member(member) => Some(member.archive()),
        }
    }

    /// Whether it is no regular file, and so was not opened.
    pub const fn is_unopened(&self) -> bool {
        matches!(self.kind, Kind::NotDicom(kind) if kind.is_unopened())
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

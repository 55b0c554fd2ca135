//! What one file is, by its first bytes.

use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use isocenter_files::{Signature, open_regular};

use super::kind::FileKind;
use super::options::ScanOptions;
use super::scanned::{Kind, NamedSource, Origin, Scanned};
use crate::source::Reader;
use crate::{Error, OpenOptions};

/// Bytes of the one read that tells what a file is, and that most headers fit into.
const FIRST_BLOCK: u64 = 32 << 10;

/// The SOP class of a DICOMDIR.
const DIRECTORY: &str = "1.2.840.10008.1.3.10";

/// Tells what one file is. An archive is told as one, its members are not looked at.
pub fn look(path: impl Into<PathBuf>, options: &ScanOptions) -> Scanned {
    let path = path.into();
    let (bytes, kind) = match file(&path, options) {
        Ok(found) => found,
        Err(error) => (fs::symlink_metadata(&path).map_or(0, |meta| meta.len()), Kind::Failed(error)),
    };
    Scanned::new(path, bytes, kind)
}

/// Tells what one source is.
pub(super) fn source(given: &NamedSource, options: &ScanOptions) -> Scanned {
    let io = |source| Error::Io { path: Some(given.name.clone()), action: "read", source };
    let total = given.bytes.size().map_err(io);
    let bytes = *total.as_ref().unwrap_or(&0);
    let kind = total.and_then(|total| {
        let mut reader = Reader::new(&given.bytes).map_err(io)?;
        content(&mut reader, total, &given.name, options)
    });
    let (path, origin) = (given.name.clone(), Origin::Source(given.clone()));
    Scanned { origin, ..Scanned::new(path, bytes, kind.unwrap_or_else(Kind::Failed)) }
}

fn file(path: &Path, options: &ScanOptions) -> Result<(u64, Kind), Error> {
    let io = |source| Error::Io { path: Some(path.to_owned()), action: "read", source };
    let meta = fs::symlink_metadata(path).map_err(io)?;
    let target = if meta.is_symlink() { fs::metadata(path) } else { Ok(meta.clone()) };
    let kind = match target {
        Ok(target) if target.is_file() => None,
        Ok(target) if target.is_dir() && meta.is_symlink() => Some(FileKind::Link),
        Ok(target) if target.is_dir() => return Err(io(ErrorKind::IsADirectory.into())),
        Ok(target) => Some(FileKind::of_special(target.file_type())),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => return Err(io(error)),
        Err(_) => Some(FileKind::BrokenLink),
    };
    if let Some(kind) = kind {
        return Ok((meta.len(), Kind::NotDicom(kind)));
    }
    let mut file = open_regular(path).map_err(io)?;
    let total = file.metadata().map_err(io)?.len();
    Ok((total, content(&mut file, total, path, options)?))
}

/// Tells what `total` bytes are that `reader` gives; `path` is for errors.
pub(super) fn content(reader: &mut dyn Read, total: u64, path: &Path, options: &ScanOptions) -> Result<Kind, Error> {
    let io = |source| Error::Io { path: Some(path.to_owned()), action: "read", source };
    if total == 0 {
        return Ok(Kind::NotDicom(FileKind::Empty));
    }
    let mut reader = reader; // so that `&mut dyn Read` is itself a reader
    // Of its full size at once: one read and no more.
    let mut head = Vec::with_capacity(FIRST_BLOCK.min(total) as usize);
    (&mut reader).take(FIRST_BLOCK.min(total)).read_to_end(&mut head).map_err(io)?;
    if Signature::of(&head) != Some(Signature::Dicom)
        && let Some(kind) = FileKind::of(&head)
    {
        return Ok(Kind::NotDicom(kind));
    }
    let mut open = OpenOptions::new().limits(options.limits.clone()).header_only(true);
    open.selection = options.selection;
    Ok(match open.read_from(&mut reader, head, total) {
        Ok(instance) if instance.sop_class_uid().as_deref() == Some(DIRECTORY) => Kind::Directory(Box::new(instance)),
        Ok(instance) if instance.dataset.iter().next().is_none() => {
            Kind::Failed(Error::Malformed { tag: None, what: "a data set without an element" })
        }
        Ok(instance) => Kind::Dicom(Box::new(instance)),
        Err(Error::NotDicom) => Kind::NotDicom(FileKind::Other),
        Err(Error::Io { source, action, .. }) => {
            Kind::Failed(Error::Io { path: Some(path.to_owned()), action, source })
        }
        Err(error) => Kind::Failed(error),
    })
}

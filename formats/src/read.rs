//! Reading by content.

use std::path::Path;

use crate::{Error, File, ReadOptions, registry, source::Source};

/// Reads a file; its format is chosen by what it holds.
///
/// # Errors
/// See [`read_with`].
pub fn read(path: impl AsRef<Path>) -> Result<File, Error> {
    read_with(path, &ReadOptions::default())
}

/// Reads a file under the given options.
///
/// The data file of a pair (`.img`, `.raw`) has no magic bytes; for an `.img` the `.hdr` beside it is read.
///
/// # Errors
/// [`Error::UnknownFormat`], [`Error::Malformed`], [`Error::Unsupported`], [`Error::Truncated`], [`Error::Limit`], [`Error::Io`]
/// (with the path), [`Error::Volume`].
pub fn read_with(path: impl AsRef<Path>, options: &ReadOptions) -> Result<File, Error> {
    let path = path.as_ref();
    // voxels have no magic bytes, and may even begin like a gzip stream: the header beside them says what they are
    let header = path.with_extension("hdr");
    let is_data = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("img"));
    let first = if is_data && header.is_file() { header.as_path() } else { path };
    Source::open(first).and_then(|mut source| read_source(&mut source, options)).map_err(|e| e.at(path))
}

/// Reads the bytes of a file; detached data cannot be found and is [`Error::Unsupported`].
///
/// # Errors
/// As [`read_with`].
pub fn read_bytes(bytes: &[u8], options: &ReadOptions) -> Result<File, Error> {
    read_source(&mut Source::from_bytes(bytes)?, options)
}

fn read_source(source: &mut Source<'_>, options: &ReadOptions) -> Result<File, Error> {
    let format = registry().iter().find(|f| f.sniff(source.head()));
    format.ok_or(Error::UnknownFormat { bytes: source.head().len() as u64 })?.read(source, options)
}

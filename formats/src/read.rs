//! Reading by content: from a path, from memory, from any source.

use std::path::Path;

use crate::{Error, File, FileHead, Format, Opened, ReadOptions, Source, registry};

/// Reads a file; its format is chosen by what it holds.
///
/// # Errors
/// See [`read_with`].
pub fn read(path: impl AsRef<Path>) -> Result<File, Error> {
    read_with(path, &ReadOptions::default())
}

/// Reads a file under the given options.
///
/// The data file of a pair (`.img`, `.raw`) has no magic bytes; for an `.img` the `.hdr` beside it is read. The pictures of a folder are
/// read as a stack of slices (feature `pictures`); one that is a store of Zarr is read as such (feature `zarr`).
///
/// # Errors
/// [`Error::UnknownFormat`], [`Error::Malformed`], [`Error::Unsupported`], [`Error::Truncated`], [`Error::Limit`], [`Error::Io`]
/// (with the path), [`Error::Volume`], [`Error::Cancelled`].
pub fn read_with(path: impl AsRef<Path>, options: &ReadOptions<'_>) -> Result<File, Error> {
    open(path, options)?.read()
}

/// Opens a file: reads its header, and none of its voxels, which [`Opened::read`] and [`Opened::read_region`] do.
///
/// What MGH says behind its voxels comes with these; [`read_head`] passes over them for it.
///
/// # Errors
/// As [`read_with`], but for what only the voxels show.
pub fn open<'a>(path: impl AsRef<Path>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    let path = path.as_ref();
    if path.is_dir() {
        return open_folder(path, options).map_err(|e| e.at(path));
    }
    begin(path).and_then(|source| open_from(source, options)).map(|opened| opened.at(path)).map_err(|e| e.at(path))
}

/// Opens any source, as [`open`] does a file.
///
/// # Errors
/// As [`open`].
pub fn open_from<'a>(source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    let source = source.ctx(options.ctx);
    format_of(&source)?.open(source, options)
}

/// Reads what a file says of its volume, and none of its voxels.
///
/// # Errors
/// As [`read_with`], but for what only the voxels show.
pub fn read_head(path: impl AsRef<Path>, options: &ReadOptions<'_>) -> Result<FileHead, Error> {
    let path = path.as_ref();
    if path.is_dir() {
        return open_folder(path, options).map(Opened::into_head).map_err(|e| e.at(path));
    }
    begin(path).and_then(|source| read_head_from(source, options)).map_err(|e| e.at(path))
}

/// Reads the bytes of a file. Detached data cannot be found and is [`Error::Unsupported`]: [`Source::beside`] says where it is.
///
/// # Errors
/// As [`read_with`].
pub fn read_bytes(bytes: &[u8], options: &ReadOptions<'_>) -> Result<File, Error> {
    read_from(Source::from_bytes(bytes)?, options)
}

/// Reads from any source: memory, a reader, a file of an archive with those beside it.
///
/// # Errors
/// As [`read_with`].
pub fn read_from<'a>(source: Source<'a>, options: &ReadOptions<'a>) -> Result<File, Error> {
    open_from(source, options)?.read()
}

/// Reads what a source says of its volume, and none of its voxels.
///
/// # Errors
/// As [`read_head`].
pub fn read_head_from<'a>(source: Source<'a>, options: &ReadOptions<'a>) -> Result<FileHead, Error> {
    let source = source.ctx(options.ctx);
    format_of(&source)?.read_head(source, options)
}

/// A folder is a store of Zarr, or a stack of its pictures.
fn open_folder<'a>(path: &Path, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    #[cfg(feature = "zarr")]
    if let Some(metadata) = crate::zarr::metadata_in(path) {
        return crate::zarr::Zarr.open(Source::open(&metadata)?.ctx(options.ctx), options);
    }
    #[cfg(feature = "pictures")]
    {
        let slices = crate::stack::slices_of(path)?;
        if !slices.is_empty() {
            return crate::stack::open(slices, options);
        }
    }
    let _ = (path, options);
    Err(Error::io(std::io::ErrorKind::IsADirectory.into()))
}

fn begin(path: &Path) -> Result<Source<'static>, Error> {
    // voxels have no magic bytes, and may even begin like a gzip stream: the header beside them says what they are
    let header = path.with_extension("hdr");
    let is_data = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("img"));
    Source::open(if is_data && header.is_file() { &header } else { path })
}

/// The format of a source, by what it holds.
///
/// # Errors
/// [`Error::UnknownFormat`].
pub fn format_of(source: &Source<'_>) -> Result<&'static dyn Format, Error> {
    let format = registry().iter().find(|f| f.sniff(source.head())).copied();
    format.ok_or(Error::UnknownFormat { bytes: source.head().len() as u64 })
}

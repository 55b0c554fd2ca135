//! Zarr, versions 2 and 3, and the images of OME-NGFF in it: `.zarr`, `.ome.zarr`, a folder of metadata and chunks.
//!
//! A path is the folder, or one of its files of metadata (`zarr.json`; `.zarray`, `.zattrs`, `.zgroup`); a source is such a file, and
//! the others are its companions. An image of OME-NGFF 0.1 to 0.5 (`multiscales`) is read at its finest level, or at the one that
//! [`crate::ReadOptions::with_name`] names; below another group `with_name` chooses an array or an image. Axes x, y and z are i, j and k,
//! whatever their order; those of time, channel and other kinds are slow. A plain array is indexed as one of [`crate::npy`].
//!
//! Types are those of a volume (but RGB); chunks may be raw, gzip, zlib, zstd, lz4, blosc (lz4, zlib, zstd; bytes or bits shuffled), with
//! `crc32c`, `transpose`, `shuffle` and `sharding_indexed`. A chunk that is not there is of the fill value, and a warning
//! ([`crate::Warning::ChunksMissing`]) says how many are not. Other codecs and filters are refused by name.
//!
//! OME-NGFF has a scale and a translation for every axis, in units that become millimetres and seconds, and no rotation. Where all axes
//! in space say which way they run in the body (`orientation`, RFC 4) the frame is the patient's, else it is unknown. What is written
//! here has the direction of axes that run along those of the body, and keeps the whole place in an attribute of the group, `isocenter`:
//! `affine`, three rows of four numbers that take voxel (i, j, k) to LPS+ millimetres, and `frame`, `patient`, `unknown` or `pixel`. It
//! holds as long as scale and translation agree with it; else these do, with a warning ([`crate::Warning::PlaceDisagrees`]). The
//! translation of an axis is the place of the first voxel along the axis' own direction, which of an upright grid is its origin.
//!
//! Written are OME-NGFF 0.5 (Zarr 3), or 0.4 (Zarr 2) by [`crate::WriteOptions::with_zarr2`], one level in chunks of up to 128 voxels a
//! side, gzip (none at level 0), in the folder `NAME.zarr`: a file for each chunk. An image has at most two slow axes, time last. Labels
//! are `image-label`.
//!
//! Sources: Zarr storage specification, version 2; Zarr core specification 3.0 and its codecs; OME-NGFF 0.4 and 0.5; RFC-4 of OME-NGFF.

mod chunks;
mod codec;
mod data_type;
mod image;
mod label;
mod metadata;
mod place;
mod reader;
mod roles;
mod units;
mod writer;

use std::path::{Path, PathBuf};

use crate::{Error, File, Format, Opened, ReadOptions, WriteOptions, source::Source, target::Target};

/// The format.
#[derive(Clone, Copy, Debug, Default)]
pub struct Zarr;

/// Names of the files that tell what a folder is, the most telling first.
const METADATA: [&str; 4] = ["zarr.json", ".zarray", ".zgroup", ".zattrs"];

/// Words that one of them holds, as their writers spell them.
const WORDS: [&[u8]; 6] =
    [b"\"zarr_format\"", b"\"node_type\"", b"\"multiscales\"", b"\"chunk_grid\"", b"\"chunks\"", b"\"image-label\""];

impl Format for Zarr {
    fn name(&self) -> &'static str {
        "Zarr"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["zarr"]
    }

    fn is_several(&self) -> bool {
        true
    }

    fn is_folder(&self) -> bool {
        true
    }

    fn folder_files(&self) -> &'static [&'static str] {
        &METADATA
    }

    fn sniff(&self, head: &[u8]) -> bool {
        let head = without_mark(head).trim_ascii_start();
        let has = |word: &[u8]| head.windows(word.len()).any(|w| w == word);
        let first = head.strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
        // a group of version 3 may begin with all that is said of it
        first.is_some_and(|rest| rest.starts_with(b"\"attributes\"") || WORDS.into_iter().any(has))
    }

    fn open<'a>(&self, source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
        reader::open(source, options)
    }

    fn write(&self, file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
        writer::write(file, target, options)
    }
}

/// The file that tells what a folder is; `None` where it is no node of a store.
pub(crate) fn metadata_in(folder: &Path) -> Option<PathBuf> {
    METADATA.iter().map(|name| folder.join(name)).find(|path| path.is_file())
}

/// A text without the mark of its encoding.
fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}

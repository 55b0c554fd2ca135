//! Writing a file: meta group made new, lengths recomputed, whole or not at all.
//!
//! Native data is written in explicit VR little endian, whatever it came in; encapsulated pixel data stays as it is, in the
//! syntax it came in. Sequences and items have undefined lengths, so that an edit cannot make a length wrong. Text is
//! written in the data set's own Specific Character Set (an item's own, where it has one) if all of it comes back the same from
//! there, else all of it in UTF-8, and Specific Character Set says so. Retired group lengths are left out.
//!
//! What was read in part is not written: [`Instance::to_bytes`](crate::Instance::to_bytes), [`Instance::write`](crate::Instance::write)
//! and the like refuse a header without its pixels; [`Lazy::write`](crate::Lazy::write) copies pixel data from source to file.
//!
//! Source: DICOM PS3.10 section 7.1 (meta group), PS3.5 sections 7.1 and 7.5.

mod element;
mod fragments;
mod meta;
mod parts;

use std::io::{self, Write};
use std::path::Path;

use dicom_core::{DicomValue, Tag};
use dicom_dictionary_std::tags;
use isocenter_files::Beside;
use isocenter_volume::{Cancelled, Stage};

use crate::{Dataset, Error, FileMeta, TransferSyntax, file_meta};

pub use crate::implementation::{IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME};
pub(crate) use parts::{SEQUENCE_END, header};

/// Bytes written at a time, between two questions whether to go on: a multiple of every sample's width.
pub(crate) const BLOCK: u64 = 1 << 20;

/// What stopped the writing.
pub(crate) enum Failed {
    /// Reading what was to be written, or the caller.
    Before(Error),
    /// Writing it.
    Write(io::Error),
}

impl From<Cancelled> for Failed {
    fn from(cancelled: Cancelled) -> Self {
        Self::Before(cancelled.into())
    }
}

impl From<Failed> for Error {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Before(error) => error,
            Failed::Write(source) => Self::Io { path: None, action: "write", source },
        }
    }
}

/// The bytes of a file.
///
/// # Errors
/// [`Error::Malformed`] where encapsulated pixel data has no encapsulated transfer syntax to go with it,
/// [`Error::BadValue`] where a value does not fit its VR.
pub(crate) fn to_bytes(meta: &FileMeta, dataset: &Dataset) -> Result<Vec<u8>, Error> {
    let mut bytes = start(meta, dataset, &syntax_of(meta, dataset)?)?;
    element::write_dataset(dataset, &mut bytes, None)?;
    Ok(bytes)
}

/// The bytes of a file without the element `tag`, and where in them it belongs.
pub(crate) fn around(meta: &FileMeta, dataset: &Dataset, syntax: &str, tag: Tag) -> Result<(Vec<u8>, usize), Error> {
    let mut bytes = start(meta, dataset, syntax)?;
    let split = element::write_dataset(dataset, &mut bytes, Some(tag))?;
    Ok((bytes, split))
}

/// Writes bytes block by block; the stage counts them.
pub(crate) fn blocks(bytes: &[u8], out: &mut dyn Write, stage: &Stage<'_>) -> Result<(), Failed> {
    for block in bytes.chunks(BLOCK as usize) {
        stage.check()?;
        out.write_all(block).map_err(Failed::Write)?;
        stage.advance(block.len() as u64)?;
    }
    Ok(())
}

/// Writes a file under its final name only when it is whole: beside, under a name that says nothing of it, then renamed. An
/// existing file is replaced; what fails leaves nothing.
pub(crate) fn whole(path: &Path, fill: impl FnOnce(&mut dyn Write) -> Result<(), Failed>) -> Result<(), Error> {
    let written = Beside::create(path).map_err(Failed::Write).and_then(|mut file| {
        fill(&mut file)?;
        file.finish().map_err(Failed::Write)
    });
    written.map_err(|failed| match failed {
        Failed::Before(error) => error,
        Failed::Write(source) => Error::Io { path: Some(path.to_owned()), action: "write", source },
    })
}

/// The preamble and the meta group.
fn start(meta: &FileMeta, dataset: &Dataset, syntax: &str) -> Result<Vec<u8>, Error> {
    let mut bytes = vec![0; 128];
    bytes.extend(b"DICM");
    meta::write(meta, dataset, syntax, &mut bytes)?;
    Ok(bytes)
}

fn syntax_of(meta: &FileMeta, dataset: &Dataset) -> Result<String, Error> {
    let pixels = dataset.get(tags::PIXEL_DATA).map(|element| element.value());
    if !matches!(pixels, Some(DicomValue::PixelSequence(_))) {
        return Ok(TransferSyntax::EXPLICIT_VR_LITTLE_ENDIAN.to_owned());
    }
    let uid = &meta.transfer_syntax_uid;
    // An encapsulated syntax that this crate cannot decode can still be kept.
    if file_meta::safe_uid(uid) == *uid && TransferSyntax::of(uid).is_none_or(|syntax| syntax.is_encapsulated()) {
        return Ok(uid.clone());
    }
    Err(Error::Malformed { tag: Some(tags::PIXEL_DATA), what: "encapsulated pixel data without its transfer syntax" })
}

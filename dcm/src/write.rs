//! Writing a file: meta group made new, lengths recomputed, whole or not at all.
//!
//! Native data is written in explicit VR little endian, whatever it came in; encapsulated pixel data stays as it is, in the
//! syntax it came in. Sequences and items have undefined lengths, so that an edit cannot make a length wrong. Text is
//! written in the data set's own Specific Character Set (an item's own, where it has one) if all of it comes back the same from
//! there, else all of it in UTF-8, and Specific Character Set says so. Retired group lengths are left out.
//!
//! Source: DICOM PS3.10 section 7.1 (meta group), PS3.5 sections 7.1 and 7.5.

mod element;
mod fragments;
mod meta;

use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use dicom_core::{DicomValue, Tag};
use dicom_dictionary_std::tags;

use crate::lazy::Failed;
use crate::{Dataset, Error, FileMeta, Instance, TransferSyntax, instance};

pub(crate) use element::{SEQUENCE_END, header};

/// The Implementation Class UID that written files carry.
pub const IMPLEMENTATION_CLASS_UID: &str = "2.25.198253463847123506012476231186553310977";
/// The Implementation Version Name that written files carry.
pub const IMPLEMENTATION_VERSION_NAME: &str = "ISOCENTER_0_1";

/// Writes a file under its final name only when it is whole.
///
/// It is written beside, under a name that says nothing of it, then renamed; an existing file is replaced.
///
/// # Errors
/// As [`to_bytes`], and [`Error::Io`].
pub fn write_file(meta: &FileMeta, dataset: &Dataset, path: &Path) -> Result<(), Error> {
    let bytes = to_bytes(meta, dataset)?;
    whole(path, |file| file.write_all(&bytes).map_err(Failed::Write))
}

/// Writes a header, with `pixels` writing the element `tag` at its place.
pub(crate) fn write_around(
    header: &Instance,
    syntax: &str,
    tag: Tag,
    path: &Path,
    pixels: impl FnOnce(&mut dyn Write) -> Result<(), Failed>,
) -> Result<(), Error> {
    let mut bytes = start(&header.meta, &header.dataset, syntax)?;
    let split = element::write_dataset(&header.dataset, &mut bytes, Some(tag))?;
    let (before, after) = bytes.split_at(split);
    whole(path, |file| {
        file.write_all(before).map_err(Failed::Write)?;
        pixels(file)?;
        file.write_all(after).map_err(Failed::Write)
    })
}

/// Writes beside, then renames; what fails leaves nothing.
fn whole(path: &Path, fill: impl FnOnce(&mut BufWriter<File>) -> Result<(), Failed>) -> Result<(), Error> {
    let part = beside(path);
    let written = create(&part).map_err(Failed::Write).and_then(|file| {
        let mut file = BufWriter::new(file);
        fill(&mut file)?;
        file.flush().and_then(|()| fs::rename(&part, path)).map_err(Failed::Write)
    });
    written.map_err(|failed| {
        // The first error counts; what is left is taken away as far as that goes.
        let _ = fs::remove_file(&part);
        match failed {
            Failed::Read(error) => error,
            Failed::Write(source) => Error::Io { path: Some(path.to_owned()), action: "write", source },
        }
    })
}

/// The bytes of a file.
///
/// # Errors
/// [`Error::Malformed`] where encapsulated pixel data has no encapsulated transfer syntax to go with it,
/// [`Error::BadValue`] where a value does not fit its VR.
pub fn to_bytes(meta: &FileMeta, dataset: &Dataset) -> Result<Vec<u8>, Error> {
    let mut bytes = start(meta, dataset, &syntax_of(meta, dataset)?)?;
    element::write_dataset(dataset, &mut bytes, None)?;
    Ok(bytes)
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
    if instance::safe_uid(uid) == *uid && TransferSyntax::of(uid).is_none_or(|syntax| syntax.is_encapsulated()) {
        return Ok(uid.clone());
    }
    Err(Error::Malformed { tag: Some(tags::PIXEL_DATA), what: "encapsulated pixel data without its transfer syntax" })
}

fn create(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

fn beside(path: &Path) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let name = format!(".isocenter-{}-{}.part", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    path.with_file_name(name)
}

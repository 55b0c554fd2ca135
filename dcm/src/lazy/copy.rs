//! Writing a header with the pixel data of the file it came from.

use std::io::{self, Write};
use std::path::Path;

use dicom_core::VR;

use super::fragments::Fragments;
use super::{Lazy, Order, ReadAt, io as read_error, write};
use crate::pixel::PixelInfo;
use crate::{Error, PixelElement, TransferSyntax, value};

/// Bytes copied at a time: a multiple of every sample's width.
const BLOCK: u64 = 1 << 20;

/// Native pixel data, turned to little endian on the way.
pub(super) fn native<R: ReadAt>(lazy: &Lazy<R>, element: &PixelElement, path: &Path) -> Result<(), Error> {
    let bits = value::u16(&lazy.header.dataset, dicom_dictionary_std::tags::BITS_ALLOCATED).unwrap_or(16);
    let order = match PixelInfo::of(&lazy.header.dataset) {
        Ok(info) => Order::of(&lazy.header, element, &info),
        Err(_) if lazy.header.layout.big && element.vr != VR::OB => Order(usize::from((bits / 8).clamp(2, 8))),
        Err(_) => Order(1),
    };
    let length = element.length.unwrap_or(0);
    let padded = u32::try_from(length + length % 2)
        .map_err(|_| Error::Malformed { tag: Some(element.tag), what: "a value over 4 GiB" })?;
    let vr = if matches!(element.vr, VR::OB | VR::OF | VR::OD) { element.vr } else { VR::OW };
    let syntax = TransferSyntax::EXPLICIT_VR_LITTLE_ENDIAN;
    write::write_around(&lazy.header, syntax, element.tag, path, |out| {
        out.write_all(&write::header(element.tag, vr, padded)).map_err(Failed::Write)?;
        copy(lazy, element.offset, length, order, out)?;
        out.write_all(&[0][..(length % 2) as usize]).map_err(Failed::Write)
    })
}

/// Fragments as they are, offset tables included.
pub(super) fn fragments<R: ReadAt>(
    lazy: &Lazy<R>,
    element: &PixelElement,
    fragments: &Fragments,
    path: &Path,
) -> Result<(), Error> {
    if lazy.header.layout.big {
        return Err(Error::UnsupportedPixels { what: "fragments in big endian" });
    }
    write::write_around(&lazy.header, &lazy.uid, element.tag, path, |out| {
        out.write_all(&write::header(element.tag, VR::OB, u32::MAX)).map_err(Failed::Write)?;
        copy(lazy, element.offset, fragments.last - element.offset, Order(1), out)?;
        out.write_all(&write::SEQUENCE_END).map_err(Failed::Write)
    })
}

/// Which side of a copy failed.
pub(crate) enum Failed {
    Read(Error),
    Write(io::Error),
}

fn copy<R: ReadAt>(lazy: &Lazy<R>, offset: u64, length: u64, order: Order, out: &mut dyn Write) -> Result<(), Failed> {
    let mut block = vec![0; BLOCK.min(length) as usize];
    let mut at = 0;
    while at < length {
        let count = BLOCK.min(length - at) as usize;
        let part = block.get_mut(..count).unwrap_or_default();
        lazy.source.read_exact_at(part, offset + at).map_err(|error| Failed::Read(read_error(error)))?;
        order.turn(part);
        out.write_all(part).map_err(Failed::Write)?;
        at += count as u64;
    }
    Ok(())
}

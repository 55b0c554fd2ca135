//! Writing a header with the pixel data of the source it came from.
//!
//! [`Outgoing`] is what is about to be written: the bytes around the pixel data, to be looked at, and the pixel data itself, which passes by in blocks.

use std::io::Write;
use std::path::Path;

use dicom_core::VR;
use isocenter_volume::{Ctx, Stage};

use super::{Lazy, Order, Place, io as read_error};
use crate::pixel::PixelInfo;
use crate::source::ReadAt;
use crate::write::{self, BLOCK, Failed};
use crate::{Error, PixelElement, TransferSyntax, value};

/// A header as it is now, and the pixel data of the source it came from, about to be written.
///
/// ```
/// use isocenter_dcm::{Bytes, Dataset, FileMeta, Instance, Lazy, OpenOptions, tags, dicom_core::{DataElement, VR}};
/// use isocenter_volume::Ctx;
/// let mut ds = Dataset::new_empty();
/// ds.put(DataElement::new(tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.7"));
/// ds.put(DataElement::new(tags::SOP_INSTANCE_UID, VR::UI, "1.2.3"));
/// ds.put(DataElement::new(tags::PIXEL_DATA, VR::OB, dicom_core::PrimitiveValue::from(vec![1u8, 2, 3, 4])));
/// let source = Bytes(Instance::new(FileMeta::default(), ds).to_bytes()?);
///
/// let lazy = Lazy::new(source, &OpenOptions::new())?;
/// let mut out = Vec::new();
/// let double = &mut |block: &mut [u8]| Ok(block.iter_mut().for_each(|byte| *byte *= 2));
/// lazy.outgoing()?.write_to(&mut out, double, &Ctx::default())?;
/// assert!(out.ends_with(&[2, 4, 6, 8]));
/// # Ok::<_, isocenter_dcm::Error>(())
/// ```
#[derive(Debug)]
pub struct Outgoing<'a, R> {
    lazy: &'a Lazy<R>,
    bytes: Vec<u8>,
    /// Where in `bytes` the pixel data belongs.
    split: usize,
    /// `None` where `bytes` has it already.
    pixels: Option<Pixels>,
}

/// What is done to each block of pixel data on its way: little endian, whole samples of up to 64 bits. An error ends the writing.
pub type Edit<'e> = &'e mut dyn FnMut(&mut [u8]) -> Result<(), Error>;

/// The pixel data's element, in and between what is copied.
#[derive(Debug)]
struct Pixels {
    head: [u8; 12],
    offset: u64,
    length: u64,
    order: Order,
    tail: &'static [u8],
}

impl<'a, R: ReadAt> Outgoing<'a, R> {
    /// What stands before the pixel data, and what behind it. Where the pixel data is held in memory, all of it is in the first.
    pub fn around(&self) -> [&[u8]; 2] {
        let (before, after) = self.bytes.split_at(self.split);
        if self.pixels.is_some() { [before, after] } else { [&self.bytes, &[]] }
    }

    /// Bytes of pixel data that pass from the source.
    pub fn pixel_bytes(&self) -> u64 {
        self.pixels.as_ref().map_or(0, |pixels| pixels.length)
    }

    /// Writes a file, whole or not at all; `edit` sees every block of pixel data that passes. The stage `write` counts bytes.
    ///
    /// # Errors
    /// As [`Lazy::write_with`], and what `edit` says.
    pub fn write(&self, path: impl AsRef<Path>, edit: Edit<'_>, ctx: &Ctx<'_>) -> Result<(), Error> {
        write::whole(path.as_ref(), |out| self.fill(out, edit, ctx))
    }

    /// As [`write`](Self::write), to anything that takes bytes; what it took stays where it fails.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn write_to(&self, out: &mut dyn Write, edit: Edit<'_>, ctx: &Ctx<'_>) -> Result<(), Error> {
        Ok(self.fill(out, edit, ctx)?)
    }

    pub(super) fn of(lazy: &'a Lazy<R>) -> Result<Self, Error> {
        let header = &lazy.header;
        let (syntax, element, pixels) = match &lazy.place {
            _ if lazy.partial => return Err(Error::PartlyRead),
            Place::InMemory => return Ok(Self { lazy, bytes: header.to_bytes()?, split: 0, pixels: None }),
            Place::Native(element) => (TransferSyntax::EXPLICIT_VR_LITTLE_ENDIAN, element, native(lazy, element)?),
            Place::Fragments(element, fragments) => {
                if header.layout.big {
                    return Err(Error::UnsupportedPixels { what: "fragments in big endian" });
                }
                // Fragments as they are, offset tables included.
                let pixels = Pixels {
                    head: write::header(element.tag, VR::OB, u32::MAX),
                    offset: element.offset,
                    length: fragments.last - element.offset,
                    order: Order(1),
                    tail: &write::SEQUENCE_END,
                };
                (lazy.uid.as_str(), element, pixels)
            }
        };
        let (bytes, split) = write::around(&header.meta, &header.dataset, syntax, element.tag)?;
        Ok(Self { lazy, bytes, split, pixels: Some(pixels) })
    }

    fn fill(&self, out: &mut dyn Write, edit: Edit<'_>, ctx: &Ctx<'_>) -> Result<(), Failed> {
        let length = self.pixels.as_ref().map_or(0, |pixels| pixels.length);
        let stage = ctx.stage("write", self.bytes.len() as u64 + length);
        let (before, after) = self.bytes.split_at(self.split);
        write::blocks(before, out, &stage)?;
        if let Some(pixels) = &self.pixels {
            out.write_all(&pixels.head).map_err(Failed::Write)?;
            pixels.copy(&self.lazy.source, out, edit, &stage)?;
            out.write_all(pixels.tail).map_err(Failed::Write)?;
        }
        write::blocks(after, out, &stage)
    }
}

/// Native pixel data, turned to little endian on the way.
fn native<R: ReadAt>(lazy: &Lazy<R>, element: &PixelElement) -> Result<Pixels, Error> {
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
    let tail: &[u8] = if length.is_multiple_of(2) { &[] } else { &[0] };
    Ok(Pixels { head: write::header(element.tag, vr, padded), offset: element.offset, length, order, tail })
}

impl Pixels {
    fn copy(&self, source: &impl ReadAt, out: &mut dyn Write, edit: Edit<'_>, stage: &Stage<'_>) -> Result<(), Failed> {
        let mut block = vec![0; BLOCK.min(self.length) as usize];
        let mut at = 0;
        while at < self.length {
            stage.check()?;
            let count = BLOCK.min(self.length - at) as usize;
            let part = block.get_mut(..count).unwrap_or_default();
            source.read_exact_at(part, self.offset + at).map_err(|error| Failed::Before(read_error(error)))?;
            self.order.turn(part);
            edit(part).map_err(Failed::Before)?;
            out.write_all(part).map_err(Failed::Write)?;
            at += count as u64;
            stage.advance(count as u64)?;
        }
        Ok(())
    }
}

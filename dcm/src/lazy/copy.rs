//! Writing a header with the pixel data of the source it came from.

use std::io::Write;

use dicom_core::VR;
use isocenter_volume::{Ctx, Stage};

use super::{Lazy, Order, Place, io as read_error};
use crate::pixel::PixelInfo;
use crate::source::ReadAt;
use crate::write::{self, BLOCK, Failed};
use crate::{Error, PixelElement, TransferSyntax, value};

/// What is written around the pixel data, and what is copied between.
pub(super) struct Copy<'a, R> {
    lazy: &'a Lazy<R>,
    bytes: Vec<u8>,
    /// Where in `bytes` the pixel data belongs.
    split: usize,
    /// `None` where `bytes` has it already.
    pixels: Option<Pixels>,
}

/// The pixel data's element, in and between what is copied.
struct Pixels {
    head: [u8; 12],
    offset: u64,
    length: u64,
    order: Order,
    tail: &'static [u8],
}

impl<'a, R: ReadAt> Copy<'a, R> {
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

    pub(super) fn write(&self, out: &mut dyn Write, ctx: &Ctx<'_>) -> Result<(), Failed> {
        let length = self.pixels.as_ref().map_or(0, |pixels| pixels.length);
        let stage = ctx.stage("write", self.bytes.len() as u64 + length);
        let (before, after) = self.bytes.split_at(self.split);
        write::blocks(before, out, &stage)?;
        if let Some(pixels) = &self.pixels {
            out.write_all(&pixels.head).map_err(Failed::Write)?;
            pixels.copy(&self.lazy.source, out, &stage)?;
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
    fn copy(&self, source: &impl ReadAt, out: &mut dyn Write, stage: &Stage<'_>) -> Result<(), Failed> {
        let mut block = vec![0; BLOCK.min(self.length) as usize];
        let mut at = 0;
        while at < self.length {
            stage.check()?;
            let count = BLOCK.min(self.length - at) as usize;
            let part = block.get_mut(..count).unwrap_or_default();
            source.read_exact_at(part, self.offset + at).map_err(|error| Failed::Before(read_error(error)))?;
            self.order.turn(part);
            out.write_all(part).map_err(Failed::Write)?;
            at += count as u64;
            stage.advance(count as u64)?;
        }
        Ok(())
    }
}

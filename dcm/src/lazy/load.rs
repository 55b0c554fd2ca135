//! Pixel data from a file into a data set, each byte read once and to where it stays.

use dicom_core::value::{PixelFragmentSequence, PrimitiveValue};
use dicom_core::{DataElement, DicomValue, Length, VR};
use isocenter_volume::{Ctx, Stage};

use super::{Lazy, Place, io, read};
use crate::source::{ReadAt, Reader};
use crate::write::BLOCK;
use crate::{Error, Instance, PixelElement, Warning};

/// Reads what was left in the file.
pub(super) fn load<R: ReadAt>(lazy: Lazy<R>, ctx: &Ctx<'_>) -> Result<Instance, Error> {
    let Lazy { source, mut header, place, options, partial, .. } = lazy;
    let element = match place {
        Place::InMemory => return Ok(header),
        Place::Native(element) if header.layout.big || !matches!(element.vr, VR::OB | VR::OW) => {
            let total = source.size().map_err(io)?;
            let mut reader = Reader::new(&source).map_err(io)?;
            return options.read_from(&mut reader, Vec::new(), total);
        }
        Place::Native(element) => {
            let value = native(&source, &element, options.limits.element_bytes, ctx)?;
            DataElement::new(element.tag, element.vr, value)
        }
        Place::Fragments(element, fragments) => {
            let table = fragments.basic.iter().map(|&offset| offset as u32).collect::<Vec<_>>();
            let stage = ctx.stage("read", fragments.parts.iter().map(|&(_, length)| length).sum());
            let part = |&(at, length): &(u64, u64)| {
                let part = read(&source, at, length)?;
                stage.advance(length)?;
                Ok(part)
            };
            let parts: Result<Vec<_>, Error> = fragments.parts.iter().map(part).collect();
            let value = DicomValue::PixelSequence(PixelFragmentSequence::new(table, parts?));
            DataElement::new_with_len(element.tag, VR::OB, Length::UNDEFINED, value)
        }
    };
    let tag = element.header().tag;
    if header.dataset.put(element).is_some() {
        header.warnings.push(Warning::Duplicate { tag });
    }
    header.whole = !partial;
    Ok(header)
}

fn native(source: &impl ReadAt, element: &PixelElement, limit: u64, ctx: &Ctx<'_>) -> Result<PrimitiveValue, Error> {
    let length = element.length.unwrap_or(0);
    if length > limit {
        return Err(Error::Limit { what: "bytes of an element", asked: length, limit });
    }
    if length == 0 {
        return Ok(PrimitiveValue::Empty);
    }
    let stage = ctx.stage("read", length);
    if element.vr == VR::OB {
        let mut bytes: Vec<u8> = zeros(length, length)?;
        fill(source, &mut bytes, element.offset, &stage)?;
        return Ok(PrimitiveValue::U8(bytes.into()));
    }
    // An odd last byte is padded with 0.
    let mut words: Vec<u16> = zeros(length.div_ceil(2), length)?;
    let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut words);
    let bytes = bytes.get_mut(..length as usize).unwrap_or_default();
    fill(source, bytes, element.offset, &stage)?;
    if cfg!(target_endian = "big") {
        words.iter_mut().for_each(|word| *word = word.swap_bytes());
    }
    Ok(PrimitiveValue::U16(words.into()))
}

/// So many zeros, where there is memory for `bytes` bytes of them.
fn zeros<T: Copy + Default>(count: u64, bytes: u64) -> Result<Vec<T>, Error> {
    let mut zeros = Vec::new();
    match usize::try_from(count) {
        Ok(count) if zeros.try_reserve_exact(count).is_ok() => zeros.resize(count, T::default()),
        _ => return Err(Error::Limit { what: "memory", asked: bytes, limit: 0 }),
    }
    Ok(zeros)
}

/// Reads block by block, with a question whether to go on between them.
fn fill(source: &impl ReadAt, out: &mut [u8], offset: u64, stage: &Stage<'_>) -> Result<(), Error> {
    let mut at = offset;
    for block in out.chunks_mut(BLOCK as usize) {
        stage.check()?;
        source.read_exact_at(block, at).map_err(io)?;
        at += block.len() as u64;
        stage.advance(block.len() as u64)?;
    }
    Ok(())
}

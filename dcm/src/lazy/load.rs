//! Pixel data from a file into a data set, each byte read once and to where it stays.

use dicom_core::value::{PixelFragmentSequence, PrimitiveValue};
use dicom_core::{DataElement, DicomValue, Length, VR};

use super::{Lazy, Place, io, read};
use crate::source::{ReadAt, Reader};
use crate::{Error, Instance, PixelElement, Warning};

/// Reads what was left in the file.
pub(super) fn load<R: ReadAt>(lazy: Lazy<R>) -> Result<Instance, Error> {
    let Lazy { source, mut header, place, options, partial, .. } = lazy;
    let element = match place {
        Place::InMemory => return Ok(header),
        Place::Native(element) if header.layout.big || !matches!(element.vr, VR::OB | VR::OW) => {
            let total = source.size().map_err(io)?;
            let mut reader = Reader::new(&source).map_err(io)?;
            return options.read_from(&mut reader, Vec::new(), total);
        }
        Place::Native(element) => {
            let value = native(&source, &element, options.limits.element_bytes)?;
            DataElement::new(element.tag, element.vr, value)
        }
        Place::Fragments(element, fragments) => {
            let table = fragments.basic.iter().map(|&offset| offset as u32).collect::<Vec<_>>();
            let parts: Result<Vec<_>, _> = fragments.parts.iter().map(|&(at, len)| read(&source, at, len)).collect();
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

fn native(source: &impl ReadAt, element: &PixelElement, limit: u64) -> Result<PrimitiveValue, Error> {
    let length = element.length.unwrap_or(0);
    if length > limit {
        return Err(Error::Limit { what: "bytes of an element", asked: length, limit });
    }
    if length == 0 {
        return Ok(PrimitiveValue::Empty);
    }
    if element.vr == VR::OB {
        return Ok(PrimitiveValue::U8(read(source, element.offset, length)?.into()));
    }
    // An odd last byte is padded with 0.
    let count = length.div_ceil(2);
    let mut words: Vec<u16> = Vec::new();
    match usize::try_from(count) {
        Ok(count) if words.try_reserve_exact(count).is_ok() => words.resize(count, 0),
        _ => return Err(Error::Limit { what: "memory", asked: length, limit: 0 }),
    }
    let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut words);
    let bytes = bytes.get_mut(..length as usize).unwrap_or_default();
    source.read_exact_at(bytes, element.offset).map_err(io)?;
    if cfg!(target_endian = "big") {
        words.iter_mut().for_each(|word| *word = word.swap_bytes());
    }
    Ok(PrimitiveValue::U16(words.into()))
}

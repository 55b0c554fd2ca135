//! Encapsulated pixel data. A fragment of odd length gets a byte more, and the offset tables name the places that result.
//!
//! Source: DICOM PS3.5 annex A.4, PS3.3 C.7.6.3.1.8 (extended offset table).

use std::borrow::Cow;
use std::collections::BTreeMap;

use dicom_core::value::{PixelFragmentSequence, PrimitiveValue};
use dicom_core::{DataElement, DicomValue, Tag, VR};
use dicom_dictionary_std::tags;

use super::parts::{ITEM, SEQUENCE_END, UNDEFINED, write_header};
use crate::pixel::locate::longs;
use crate::{Dataset, Element, Error};

pub(super) fn write_fragments(
    tag: Tag,
    pixels: &PixelFragmentSequence<Vec<u8>>,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    write_header(tag, VR::OB, UNDEFINED, out);
    let moves = moves(pixels.fragments());
    let place = |&offset: &u32| u32::try_from(moved(&moves, u64::from(offset))).unwrap_or(offset);
    let table: Vec<u8> = pixels.offset_table().iter().map(place).flat_map(u32::to_le_bytes).collect();
    for fragment in std::iter::once(&table).chain(pixels.fragments()) {
        let odd = fragment.len() % 2;
        let length = u32::try_from(fragment.len() + odd)
            .map_err(|_| Error::Malformed { tag: Some(tag), what: "a fragment over 4 GiB" })?;
        out.extend(ITEM);
        out.extend(length.to_le_bytes());
        out.extend(fragment);
        out.extend(&[0][..odd]);
    }
    out.extend(SEQUENCE_END);
    Ok(())
}

/// The element as it is, or an extended offset table with the places that its data set's fragments are written to.
pub(super) fn offsets_of<'a>(dataset: &Dataset, element: &'a Element) -> Cow<'a, Element> {
    if element.header().tag != tags::EXTENDED_OFFSET_TABLE {
        return Cow::Borrowed(element);
    }
    let moves = match dataset.get(tags::PIXEL_DATA).map(|pixels| pixels.value()) {
        Some(DicomValue::PixelSequence(pixels)) => moves(pixels.fragments()),
        _ => BTreeMap::new(),
    };
    if moves.is_empty() {
        return Cow::Borrowed(element);
    }
    let offsets = longs(dataset, tags::EXTENDED_OFFSET_TABLE).into_iter().map(|offset| moved(&moves, offset));
    Cow::Owned(DataElement::new(element.header().tag, VR::OV, PrimitiveValue::U64(offsets.collect())))
}

/// Where the item of each fragment is written that stood elsewhere; offsets from the first fragment's item.
fn moves(fragments: &[Vec<u8>]) -> BTreeMap<u64, u64> {
    let (mut from, mut to) = (0, 0);
    let mut moves = BTreeMap::new();
    for fragment in fragments {
        if from != to {
            moves.insert(from, to);
        }
        let length = fragment.len() as u64;
        (from, to) = (from + 8 + length, to + 8 + length + length % 2);
    }
    moves
}

fn moved(moves: &BTreeMap<u64, u64>, offset: u64) -> u64 {
    moves.get(&offset).copied().unwrap_or(offset)
}

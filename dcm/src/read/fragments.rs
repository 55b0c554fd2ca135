//! Encapsulated pixel data: an offset table and fragments.
//!
//! Source: DICOM PS3.5 annex A.4.

use dicom_core::value::PixelFragmentSequence;
use dicom_core::{DicomValue, Tag};

use super::Stop;
use super::dataset::Walk;
use crate::{Dataset, Error};

const ITEM: Tag = Tag(0xFFFE, 0xE000);
const END: Tag = Tag(0xFFFE, 0xE0DD);

/// Reads fragments from `walk` up to and with the sequence delimiter.
pub(crate) fn read(walk: &mut Walk<'_>, tag: Tag, big: bool, end: u64) -> Result<DicomValue<Dataset, Vec<u8>>, Stop> {
    let mut table: Option<Vec<u32>> = None;
    let mut fragments: Vec<Vec<u8>> = Vec::new();
    loop {
        let head = walk.take(Some(tag), 8, end)?;
        let (item, length) = (super::dataset::tag_of(head, big), super::dataset::u32_of(&head[4..8], big));
        match item {
            ITEM => {
                walk.count()?;
                let value = walk.take(Some(tag), length as usize, end)?;
                match table {
                    None => {
                        let whole = value.chunks_exact(4);
                        table = Some(whole.map(|b| super::dataset::u32_of(b, big)).collect());
                    }
                    Some(_) => fragments.push(value.to_vec()),
                }
            }
            END => break,
            _ => return Err(Error::Malformed { tag: Some(tag), what: "a fragment without an item tag" }.into()),
        }
    }
    Ok(DicomValue::PixelSequence(PixelFragmentSequence::new(table.unwrap_or_default(), fragments)))
}

//! Encapsulated pixel data: an offset table and fragments.
//!
//! Source: DICOM PS3.5 annex A.4.

use dicom_core::value::PixelFragmentSequence;
use dicom_core::{DicomValue, Tag, VR};

use super::walk::{ITEM, SEQUENCE_END, Stop, Walk, tag_of, u32_of};
use crate::{Dataset, Error, Warning};

/// Reads fragments from `walk` up to and with the sequence delimiter.
pub(crate) fn read(walk: &mut Walk<'_>, tag: Tag, big: bool, end: u64) -> Result<DicomValue<Dataset, Vec<u8>>, Stop> {
    let mut table: Option<Vec<u32>> = None;
    let mut fragments: Vec<Vec<u8>> = Vec::new();
    loop {
        if walk.at as u64 == end && table.is_some() {
            walk.warnings.extend((!walk.cut).then_some(Warning::MissingDelimiter { tag }));
            break;
        }
        let head = match walk.take(Some(tag), 8, end) {
            Err(Stop::Failed(error)) if walk.salvages(&error) => {
                walk.cut_off(tag, 8);
                break;
            }
            head => head?,
        };
        let (item, length) = (tag_of(head, big), u32_of(&head[4..8], big));
        match item {
            ITEM => {
                walk.count()?;
                let length = walk.fit(tag, VR::OB, length, end)?;
                let value = walk.take(Some(tag), length as usize, end)?;
                match table {
                    None => {
                        let whole = value.chunks_exact(4);
                        table = Some(whole.map(|b| u32_of(b, big)).collect());
                    }
                    Some(_) => fragments.push(value.to_vec()),
                }
            }
            SEQUENCE_END => break,
            _ => return Err(Error::Malformed { tag: Some(tag), what: "a fragment without an item tag" }.into()),
        }
    }
    Ok(DicomValue::PixelSequence(PixelFragmentSequence::new(table.unwrap_or_default(), fragments)))
}

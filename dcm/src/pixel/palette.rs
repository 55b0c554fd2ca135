//! Palette colour to RGB of 8 bits.
//!
//! Source: DICOM PS3.3 C.7.6.3.1.5 and .6 (descriptors and data), C.7.9.2 (segmented data).

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use isocenter_volume::DynSamples;

use super::{Photometric, PixelInfo};
use crate::{Dataset, Error, value};

const DESCRIPTORS: [Tag; 3] = [
    tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
    tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
    tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
];
const DATA: [Tag; 3] = [
    tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DATA,
    tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA,
    tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA,
];
const SEGMENTED: [Tag; 3] = [
    tags::SEGMENTED_RED_PALETTE_COLOR_LOOKUP_TABLE_DATA,
    tags::SEGMENTED_GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA,
    tags::SEGMENTED_BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA,
];

/// Indices to interleaved RGB.
pub(super) fn apply(dataset: &Dataset, samples: &DynSamples, info: &mut PixelInfo) -> Result<DynSamples, Error> {
    let tables = [table(dataset, 0)?, table(dataset, 1)?, table(dataset, 2)?];
    // Tables that say 16 bits but hold bytes are common; a table of 16 bits never stays below 256 in all colours.
    let wide = tables.iter().any(|t| t.bits > 8 && t.entries.iter().any(|&entry| entry > 255));
    let colour = |index: i64| {
        [0, 1, 2].map(|channel| {
            let entry = tables[channel].at(index);
            if wide { (entry >> 8) as u8 } else { entry.min(255) as u8 }
        })
    };
    let rgb: Vec<u8> = match samples {
        DynSamples::U8(v) => v.iter().flat_map(|&i| colour(i64::from(i))).collect(),
        DynSamples::I8(v) => v.iter().flat_map(|&i| colour(i64::from(i))).collect(),
        DynSamples::U16(v) => v.iter().flat_map(|&i| colour(i64::from(i))).collect(),
        DynSamples::I16(v) => v.iter().flat_map(|&i| colour(i64::from(i))).collect(),
        _ => return Err(Error::UnsupportedPixels { what: "palette indices of this sample type" }),
    };
    info.photometric = Photometric::Rgb;
    (info.samples_per_pixel, info.signed, info.planar) = (3, false, false);
    (info.bits_allocated, info.bits_stored, info.high_bit) = (8, 8, 7);
    Ok(rgb.into())
}

struct Table {
    first: i64,
    bits: u32,
    entries: Vec<u16>,
}

impl Table {
    /// The entry of an index; those outside take the nearest end's.
    fn at(&self, index: i64) -> u16 {
        let at = (index - self.first).clamp(0, self.entries.len() as i64 - 1);
        self.entries.get(at as usize).copied().unwrap_or(0)
    }
}

fn table(dataset: &Dataset, channel: usize) -> Result<Table, Error> {
    let descriptor = value::f64s(dataset, DESCRIPTORS[channel]);
    let &[count, first, bits] = descriptor.as_slice() else {
        return Err(Error::Missing { tag: DESCRIPTORS[channel] });
    };
    // In 16 bits, 65536 entries are written as 0; a signed descriptor shows large counts as negative.
    let count = match count as i64 {
        0 => 65536,
        n if n < 0 => n + 65536,
        n => n,
    } as usize;
    let bits = bits as u32;
    if !(8..=16).contains(&bits) {
        return Err(Error::UnsupportedPixels { what: "a palette of this number of bits" });
    }
    let (tag, segmented) = match dataset.get(DATA[channel]) {
        Some(_) => (DATA[channel], false),
        None => (SEGMENTED[channel], true),
    };
    let bytes = value::bytes(dataset.get(tag).ok_or(Error::Missing { tag })?);
    let mut entries: Vec<u16> = if !segmented && bits == 8 && bytes.len() < count * 2 {
        bytes.iter().map(|&byte| u16::from(byte)).collect()
    } else {
        bytes.chunks_exact(2).map(|c| u16::from_le_bytes([c[0], c[1]])).collect()
    };
    if segmented {
        entries = expand(&entries, count).ok_or(Error::Malformed { tag: Some(tag), what: "segments of a palette" })?;
    }
    if entries.len() < count {
        return Err(Error::Malformed { tag: Some(tag), what: "a palette shorter than its descriptor says" });
    }
    entries.truncate(count);
    Ok(Table { first: first as i64, bits, entries })
}

/// Discrete, linear and indirect segments to entries.
fn expand(words: &[u16], count: usize) -> Option<Vec<u16>> {
    let mut entries = Vec::new();
    segments(words, count, &mut entries, true)?;
    Some(entries)
}

fn segments(words: &[u16], count: usize, entries: &mut Vec<u16>, indirect: bool) -> Option<()> {
    let mut at = 0;
    while let (Some(&opcode), Some(&length)) = (words.get(at), words.get(at + 1)) {
        if entries.len() >= count {
            break;
        }
        let length = usize::from(length);
        at += 2;
        match opcode {
            0 => {
                entries.extend(words.get(at..at + length)?);
                at += length;
            }
            1 => {
                let (from, to) = (i64::from(*entries.last()?), i64::from(*words.get(at)?));
                let steps = length as i64;
                entries
                    .extend((1..=steps).map(|k| (from + ((to - from) * k * 2 + steps).div_euclid(2 * steps)) as u16));
                at += 1;
            }
            2 if indirect => {
                let offset = usize::from(*words.get(at)?) | usize::from(*words.get(at + 1)?) << 16;
                let copied = part(words.get(offset / 2..)?, length)?;
                segments(copied, count, entries, false)?;
                at += 2;
            }
            _ => return None,
        }
    }
    Some(())
}

/// The words of the first `count` segments.
fn part(words: &[u16], count: usize) -> Option<&[u16]> {
    let mut at = 0;
    for _ in 0..count {
        at += match *words.get(at)? {
            0 => 2 + usize::from(*words.get(at + 1)?),
            1 => 3,
            _ => return None,
        };
    }
    words.get(..at)
}

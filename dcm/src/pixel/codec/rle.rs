//! Run-length frames.
//!
//! A frame is up to 15 segments, one for each byte of each sample, the highest byte first.
//!
//! Source: DICOM PS3.5 annex G.

use super::damaged;
use crate::Error;
use crate::pixel::PixelInfo;

const NAME: &str = "RLE";
/// No run is longer than 128 bytes, and takes two.
const LARGEST_RATIO: usize = 64;

/// The frame as little-endian samples, a plane for each of a pixel's.
pub(in super::super) fn decode(stream: &[u8], info: &PixelInfo) -> Result<Vec<u8>, Error> {
    let samples = usize::from(info.samples_per_pixel);
    let width = usize::from(info.bits_allocated.div_ceil(8));
    let length = if info.bits_allocated == 1 { info.pixels().div_ceil(8) } else { info.pixels() };
    let total = length * samples * width;
    if total / LARGEST_RATIO > stream.len() {
        return Err(damaged(NAME, "the stream is too short for the frame"));
    }
    let word = |at: usize| {
        let raw: Option<[u8; 4]> = stream.get(at * 4..at * 4 + 4).and_then(|b| b.try_into().ok());
        raw.map(|raw| u32::from_le_bytes(raw) as usize).ok_or_else(|| damaged(NAME, "the header is cut off"))
    };
    let count = word(0)?;
    if count != samples * width || count > 15 {
        return Err(damaged(NAME, format!("{count} segments, wanted {}", samples * width)));
    }
    let mut frame = vec![0; total];
    let mut plane = Vec::with_capacity(length);
    for segment in 0..count {
        let from = word(1 + segment)?;
        let to = if segment + 1 < count { word(2 + segment)? } else { stream.len() };
        let bytes = stream.get(from..to).ok_or_else(|| damaged(NAME, "a segment lies outside the stream"))?;
        plane.clear();
        unpack(bytes, length, &mut plane)?;
        let (sample, byte) = (segment / width, width - 1 - segment % width);
        let places = frame.iter_mut().skip(sample * length * width + byte).step_by(width);
        places.zip(&plane).for_each(|(place, &value)| *place = value);
    }
    Ok(frame)
}

fn unpack(mut bytes: &[u8], length: usize, out: &mut Vec<u8>) -> Result<(), Error> {
    while out.len() < length {
        let (&control, rest) = bytes.split_first().ok_or_else(|| damaged(NAME, "a segment is cut off"))?;
        let left = length - out.len();
        match control {
            0..=127 => {
                let count = usize::from(control) + 1;
                let literal = rest.get(..count).or_else(|| rest.get(..left.min(count)));
                let literal = literal.ok_or_else(|| damaged(NAME, "a segment is cut off"))?;
                out.extend(&literal[..literal.len().min(left)]);
                bytes = rest.get(count..).unwrap_or_default();
            }
            128 => bytes = rest,
            129..=255 => {
                let (&value, rest) = rest.split_first().ok_or_else(|| damaged(NAME, "a segment is cut off"))?;
                out.resize(out.len() + left.min(257 - usize::from(control)), value);
                bytes = rest;
            }
        }
    }
    Ok(())
}

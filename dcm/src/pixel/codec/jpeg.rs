//! JPEG: baseline, extended and progressive of 8 and 12 bits, lossless of 2 to 16 bits.
//!
//! The stream's own markers decide, not the transfer syntax. Colour is taken out of the stream as it is, and turned to RGB by
//! this crate. Frames with the cosine transform are decoded by [`dct`], lossless ones by [`lossless`]. What is missing at the
//! end of a stream is an error, never made up.
//!
//! Source: ITU-T T.81 annexes B (markers), F (sequential), G (progressive) and H (lossless); DICOM PS3.5 section 8.2.1.

mod bits;
mod block;
mod dct;
mod frame;
mod header;
mod huffman;
mod idct;
mod idct8;
mod lossless;
mod scan;
mod tables;
mod upsample;

#[cfg(test)]
mod make;
#[cfg(test)]
mod tests;

use super::{Colour, Loss, Stream, Values, damaged};
use crate::Error;
use crate::pixel::PixelInfo;
use header::Header;

const NAME: &str = "JPEG";

/// Decodes one frame.
///
/// With the cosine transform, `info` gets the stream's bits in place of Bits Stored, which is where the middle of colour
/// differences lies. Signed values keep Bits Stored, which tells where their sign is.
pub(in super::super) fn decode(stream: &[u8], info: &mut PixelInfo) -> Result<Stream, Error> {
    let header = Header::read(stream).ok_or_else(|| damaged(NAME, "no frame header"))?;
    let frame = &header.frame;
    if !matches!(frame.process, 0..=3) {
        return unsupported("hierarchical or arithmetic coding");
    }
    // Rows that a later marker tells: the data set knows them already.
    let late = frame.rows == 0;
    if frame.columns != info.columns || frame.rows != info.rows && !late {
        return Err(damaged(NAME, "rows or columns differ from the header's"));
    }
    if frame.components.len() != usize::from(info.samples_per_pixel) {
        return Err(damaged(NAME, "components differ from samples per pixel"));
    }
    let values = match (frame.process, frame.precision) {
        (0..=2, 8 | 12) => dct::decode(stream, info)?,
        (0..=2, _) => return unsupported("this number of bits with the cosine transform"),
        (_, ..=8) => Values::Bytes(lossless::decode(stream, info, frame)?.into_iter().map(|v| v as u8).collect()),
        _ => Values::Words(lossless::decode(stream, info, frame)?),
    };
    if frame.process != 3 && !info.signed {
        info.bits_stored = u16::from(frame.precision);
    }
    let loss = if frame.process == 3 { Loss::None } else { Loss::Some };
    Ok(Stream { values, precision: u16::from(frame.precision), signed: false, colour: header.colour(), loss })
}

fn unsupported<T>(what: &'static str) -> Result<T, Error> {
    Err(Error::UnsupportedCodec { codec: NAME, what })
}

//! JPEG: baseline, extended and progressive of 8 and 12 bits, lossless of 2 to 16 bits.
//!
//! The stream's own markers decide, not the transfer syntax. Colour is taken out of the stream as it is, and turned to RGB by
//! this crate. Frames of 8 bits with the cosine transform are decoded by `jpeg-decoder`; what it refuses of them, and those of
//! 12 bits, by the decoder here ([`dct`]), lossless ones by that of [`lossless`].
//!
//! Source: ITU-T T.81 annexes B (markers), F (sequential), G (progressive) and H (lossless); DICOM PS3.5 section 8.2.1.

mod bits;
mod block;
mod dct;
mod frame;
mod header;
mod huffman;
mod idct;
mod lossless;
mod scan;
mod tables;
mod upsample;

#[cfg(test)]
mod make;
#[cfg(test)]
mod tests;

use jpeg_decoder::{ColorTransform, Decoder};

use super::{Colour, Stream, Values, damaged, guarded};
use crate::Error;
use crate::pixel::PixelInfo;
use header::{FrameHeader, Header};

const NAME: &str = "JPEG";

/// Decodes one frame.
///
/// With the cosine transform, where values swing over, `info` gets the stream's bits in place of Bits Stored: those above
/// would be cut off. Signed values keep Bits Stored, which tells where their sign is.
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
        // What the other decoder does not take may still be whole: without an end marker, of odd sampling factors.
        (0..=2, 8) if !late => outside(stream, info, frame).or_else(|_| dct::decode(stream, info).map(Values::from))?,
        (0..=2, 8 | 12) => dct::decode(stream, info)?.into(),
        (0..=2, _) => return unsupported("this number of bits with the cosine transform"),
        (_, ..=8) => Values::Bytes(lossless::decode(stream, info, frame)?.into_iter().map(|v| v as u8).collect()),
        _ => Values::Words(lossless::decode(stream, info, frame)?),
    };
    if frame.process != 3 && !info.signed {
        info.bits_stored = u16::from(frame.precision);
    }
    Ok(Stream { values, precision: u16::from(frame.precision), signed: false, colour: header.colour() })
}

/// Decodes with `jpeg-decoder`.
fn outside(stream: &[u8], info: &PixelInfo, frame: &FrameHeader) -> Result<Values, Error> {
    guarded(NAME, || {
        let mut decoder = Decoder::new(stream);
        decoder.set_max_decoding_buffer_size(info.samples().saturating_mul(4));
        if frame.components.len() == 3 {
            // Components as they are: "RGB" interleaves without a conversion, "None" leaves planes of unequal length.
            decoder.set_color_transform(ColorTransform::RGB);
        }
        decoder.decode().map(Values::Bytes).map_err(|_| damaged(NAME, "the stream does not decode"))
    })
}

fn unsupported<T>(what: &'static str) -> Result<T, Error> {
    Err(Error::UnsupportedCodec { codec: NAME, what })
}

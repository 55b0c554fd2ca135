//! JPEG: baseline and progressive of 8 bits, lossless of 2 to 16 bits.
//!
//! The stream's own markers decide, not the transfer syntax. Colour is taken out of the stream as it is, and turned to RGB by
//! this crate. Frames of 12 bits with the cosine transform are refused.
//!
//! Source: ITU-T T.81 annexes B (markers) and H (lossless); DICOM PS3.5 section 8.2.1.

use jpeg_decoder::{ColorTransform, Decoder, PixelFormat};

use super::{Colour, Stream, damaged, guarded};
use crate::Error;
use crate::pixel::PixelInfo;

const NAME: &str = "JPEG";

/// Decodes one frame.
pub(in super::super) fn decode(stream: &[u8], info: &PixelInfo) -> Result<Stream, Error> {
    let header = Header::read(stream).ok_or_else(|| damaged(NAME, "no frame header"))?;
    let unsupported = |what| Err(Error::UnsupportedCodec { codec: NAME, what });
    match header.process {
        0..=2 if header.precision != 8 => return unsupported("12 bits with the cosine transform"),
        0..=3 => {}
        _ => return unsupported("hierarchical or arithmetic coding"),
    }
    if (header.rows, header.columns) != (info.rows, info.columns) {
        return Err(damaged(NAME, "rows or columns differ from the header's"));
    }
    if u16::from(header.components) != info.samples_per_pixel {
        return Err(damaged(NAME, "components differ from samples per pixel"));
    }
    let (format, bytes) = guarded(NAME, || {
        let mut decoder = Decoder::new(stream);
        decoder.set_max_decoding_buffer_size(info.samples().saturating_mul(4));
        if header.components == 3 {
            // Components as they are: "RGB" interleaves without a conversion, "None" leaves planes of unequal length.
            decoder.set_color_transform(ColorTransform::RGB);
        }
        let bytes = decoder.decode().map_err(|error| match error {
            jpeg_decoder::Error::Unsupported(_) => {
                Error::UnsupportedCodec { codec: NAME, what: "a feature of the stream" }
            }
            _ => damaged(NAME, "the stream does not decode"),
        })?;
        let format = decoder.info().ok_or_else(|| damaged(NAME, "no frame header"))?.pixel_format;
        Ok((format, bytes))
    })?;
    let values = match format {
        PixelFormat::L8 | PixelFormat::RGB24 => bytes.into_iter().map(i32::from).collect(),
        PixelFormat::L16 => bytes.chunks_exact(2).map(|c| i32::from(u16::from_ne_bytes([c[0], c[1]]))).collect(),
        PixelFormat::CMYK32 => return unsupported("four components"),
    };
    Ok(Stream { values, precision: u16::from(header.precision), signed: false, colour: header.colour() })
}

#[derive(Default)]
struct Header {
    /// n of SOFn.
    process: u8,
    precision: u8,
    rows: u16,
    columns: u16,
    components: u8,
    names: Vec<u8>,
    jfif: bool,
    adobe: Option<u8>,
}

impl Header {
    /// Reads markers up to the frame header.
    fn read(stream: &[u8]) -> Option<Self> {
        let mut header = Self::default();
        let mut at = 2;
        if !stream.starts_with(&[0xFF, 0xD8]) {
            return None;
        }
        loop {
            if *stream.get(at)? != 0xFF {
                return None;
            }
            let marker = *stream.get(at + 1)?;
            if marker == 0xFF {
                at += 1;
                continue;
            }
            if matches!(marker, 0x01 | 0xD0..=0xD8) {
                at += 2;
                continue;
            }
            let length = usize::from(u16::from_be_bytes([*stream.get(at + 2)?, *stream.get(at + 3)?]));
            let body = stream.get(at + 4..at + 2 + length)?;
            match marker {
                0xC4 | 0xC8 | 0xCC => {}
                0xC0..=0xCF => {
                    let &[precision, r1, r0, c1, c0, components, ..] = body else { return None };
                    header.process = marker - 0xC0;
                    (header.precision, header.components) = (precision, components);
                    header.rows = u16::from_be_bytes([r1, r0]);
                    header.columns = u16::from_be_bytes([c1, c0]);
                    header.names = body.get(6..)?.chunks_exact(3).map(|c| c[0]).collect();
                    return Some(header);
                }
                0xDA => return None,
                0xE0 => header.jfif |= body.starts_with(b"JFIF"),
                0xEE if body.starts_with(b"Adobe") => header.adobe = body.get(11).copied(),
                _ => {}
            }
            at += 2 + length;
        }
    }

    fn colour(&self) -> Colour {
        match (self.process, self.components, self.adobe) {
            (3, ..) => Colour::AsDeclared,
            (_, 3, Some(0)) => Colour::Rgb,
            (_, 3, Some(1)) => Colour::Ycc,
            (_, 3, _) if self.jfif => Colour::Ycc,
            (_, 3, _) if self.names == b"RGB" => Colour::Rgb,
            _ => Colour::AsDeclared,
        }
    }
}

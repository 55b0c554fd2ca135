//! JPEG of 8 bits.

use isocenter_volume::SampleType;
use zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};
use zune_jpeg::{JpegDecoder, errors::DecodeErrors};

use super::plane::{self, Pixels, guarded};
use crate::{Error, Opened, ReadOptions, source::Source};

/// Most bytes of samples of one byte: a bit is a block of 8 x 8 at least, of three colours, two of which may have a quarter of the pixels.
const MOST: u64 = 8 * 64 * 6;

pub(super) fn open<'a>(mut source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    let bytes = plane::bytes_of(&mut source, options)?;
    let (size, pixels) = guarded("JPEG stream", || {
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&bytes), settings());
        decoder.decode_headers().map_err(failed)?;
        let info = decoder.info().ok_or_else(|| Error::malformed("JPEG stream", "no frame header", "one"))?;
        let sample = match info.components {
            1 => SampleType::U8,
            3 => SampleType::Rgb,
            other => return Err(Error::unsupported("components of JPEG", other)),
        };
        Ok(([u64::from(info.width), u64::from(info.height)], Pixels::of(sample)))
    })?;
    let most = (bytes.len() as u64).saturating_mul(MOST);
    let (head, layout) = plane::head("JPEG", size, pixels, most, options)?;
    let ctx = options.ctx;
    Ok(Opened::new(head, layout, move |head, layout| {
        let colours = if layout.sample == SampleType::Rgb { ColorSpace::RGB } else { ColorSpace::Luma };
        let mut pixels = plane::zeros(layout.bytes())?;
        guarded("JPEG stream", || {
            let settings = settings().jpeg_set_out_colorspace(colours);
            let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&bytes), settings);
            decoder.decode_into(&mut pixels).map_err(failed)
        })?;
        plane::with_bytes(head, layout, &pixels, &ctx)
    }))
}

/// What is cut off is an error, not gray.
fn settings() -> DecoderOptions {
    let side = usize::from(u16::MAX);
    DecoderOptions::new_safe().set_strict_mode(true).set_max_width(side).set_max_height(side)
}

fn failed(error: DecodeErrors) -> Error {
    match error {
        DecodeErrors::Unsupported(what) => Error::unsupported("a kind of JPEG", format!("{what:?}")),
        DecodeErrors::ExhaustedData | DecodeErrors::IoErrors(_) => {
            Error::Truncated { what: "JPEG stream", wanted: 0, found: 0 }
        }
        other => Error::malformed("JPEG stream", format!("{other:?}"), "an intact one"),
    }
}

//! JPEG 2000 part 1.
//!
//! The sizes in the stream's header are held against the image's before the decoder sees it: it reserves what they ask for.
//! So is what is missing of the stream: the decoder makes an image of any part of it. Its samples come with the offset of signed components added, and unclamped.
//!
//! Source: ITU-T T.800 annex A.5.1 (SIZ), G.1 (offset); DICOM PS3.5 section 8.2.4.

mod parts;

use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};

use super::{Colour, Stream, Values, damaged, guarded};
use crate::Error;
use crate::pixel::{Photometric, PixelInfo};

const NAME: &str = "JPEG 2000";
/// The decoder computes in f32, whose whole numbers end there.
const MOST_BITS: u8 = 24;
const MOST_TILES: u64 = 65535;

/// Decodes one frame.
pub(in super::super) fn decode(stream: &[u8], info: &PixelInfo) -> Result<Stream, Error> {
    let codestream = find(stream).ok_or_else(|| damaged(NAME, "no code stream"))?;
    let size = Size::read(codestream).ok_or_else(|| damaged(NAME, "no size marker"))?;
    size.check(info)?;
    let loss = parts::check(codestream, size.tiles)?;
    let values = guarded(NAME, || samples(codestream, &size, info))?;
    Ok(Stream { values, precision: u16::from(size.precision), signed: size.signed, colour: colour(info), loss })
}

/// What the components are once the component transform is undone.
pub(super) fn colour(info: &PixelInfo) -> Colour {
    match info.photometric {
        Photometric::YbrIct | Photometric::YbrRct => Colour::Rgb,
        _ => Colour::AsDeclared,
    }
}

fn samples(codestream: &[u8], size: &Size, info: &PixelInfo) -> Result<Values, Error> {
    let refused = |_| damaged(NAME, "the stream does not decode");
    let settings = DecodeSettings { resolve_palette_indices: false, strict: false, target_resolution: None };
    let image = Image::new(codestream, &settings).map_err(refused)?;
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(refused)?;
    let components = decoded.components();
    let pixels = info.pixels();
    if components.len() != usize::from(info.samples_per_pixel) || components.iter().any(|c| c.samples().len() != pixels)
    {
        return Err(damaged(NAME, "components of another size than the image"));
    }
    let (offset, low, high) = size.range();
    let value = |sample: f32| (f64::from(sample.round()) - offset).clamp(low, high) as i32;
    let planes: Vec<&[f32]> = components.iter().map(|component| component.samples()).collect();
    // In the narrowest type: the frame is in memory as f32 already.
    Ok(match size.precision {
        ..=8 => Values::Bytes(interleave(&planes, |sample| value(sample) as u8)),
        9..=16 => Values::Words(interleave(&planes, |sample| value(sample) as u16)),
        _ => Values::Longs(interleave(&planes, value)),
    })
}

fn interleave<T: Copy + Default>(planes: &[&[f32]], value: impl Fn(f32) -> T) -> Vec<T> {
    let mut values = vec![T::default(); planes.iter().map(|plane| plane.len()).sum()];
    for (index, plane) in planes.iter().enumerate() {
        let places = values.iter_mut().skip(index).step_by(planes.len());
        places.zip(*plane).for_each(|(place, &sample)| *place = value(sample));
    }
    values
}

/// The code stream, also where it stands in a file format's box.
pub(super) fn find(stream: &[u8]) -> Option<&[u8]> {
    const START: &[u8] = b"\xFF\x4F\xFF\x51";
    if stream.starts_with(START) {
        return Some(stream);
    }
    let at = stream.windows(START.len()).position(|window| window == START)?;
    stream.get(at..)
}

/// What the size marker says.
pub(super) struct Size {
    columns: u32,
    rows: u32,
    tiles: u64,
    components: u16,
    pub(super) precision: u8,
    pub(super) signed: bool,
    uniform: bool,
}

impl Size {
    pub(super) fn read(codestream: &[u8]) -> Option<Self> {
        let long = |at: usize| Some(u32::from_be_bytes(codestream.get(at..at + 4)?.try_into().ok()?));
        let (x1, y1, x0, y0) = (long(8)?, long(12)?, long(16)?, long(20)?);
        let (tile_x, tile_y, tile_x0, tile_y0) = (long(24)?, long(28)?, long(32)?, long(36)?);
        let components = u16::from_be_bytes(codestream.get(40..42)?.try_into().ok()?);
        let table = codestream.get(42..42 + 3 * usize::from(components))?;
        let first = *table.first()?;
        let along =
            |end: u32, start: u32, step: u32| Some(u64::from(end.checked_sub(start)?).div_ceil(u64::from(step)));
        if tile_x == 0 || tile_y == 0 {
            return None;
        }
        Some(Self {
            columns: x1.checked_sub(x0)?,
            rows: y1.checked_sub(y0)?,
            tiles: along(x1, tile_x0, tile_x)?.checked_mul(along(y1, tile_y0, tile_y)?)?,
            components,
            precision: (first & 0x7F) + 1,
            signed: first & 0x80 != 0,
            uniform: table.chunks_exact(3).all(|c| c[0] == first && c[1] == 1 && c[2] == 1),
        })
    }

    /// Refuses a stream that is not of the header's image, or that no decoder here reads.
    pub(super) fn check(&self, info: &PixelInfo) -> Result<(), Error> {
        if (self.rows, self.columns) != (u32::from(info.rows), u32::from(info.columns)) {
            return Err(damaged(NAME, "rows or columns differ from the header's"));
        }
        if self.components != info.samples_per_pixel {
            return Err(damaged(NAME, "components differ from samples per pixel"));
        }
        if self.tiles > MOST_TILES {
            return Err(damaged(NAME, "more tiles than there can be"));
        }
        if self.precision > MOST_BITS {
            return Err(Error::UnsupportedCodec { codec: NAME, what: "more than 24 bits" });
        }
        if !self.uniform {
            return Err(Error::UnsupportedCodec { codec: NAME, what: "subsampled or unequal components" });
        }
        Ok(())
    }

    /// What the decoder adds to signed values, and the range of values.
    fn range(&self) -> (f64, f64, f64) {
        let half = f64::from(1u32 << (self.precision - 1));
        if self.signed { (half, -half, half - 1.0) } else { (0.0, 0.0, 2.0 * half - 1.0) }
    }
}

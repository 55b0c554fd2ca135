//! The pages of a TIFF: how many, of which size and type, and their bytes.

use std::io::Cursor;

use isocenter_volume::{Ctx, SampleType, Stage};
use tiff::{
    ColorType, TiffError,
    decoder::{Decoder, DecodingResult, Limits, ifd::Value},
    tags::{Tag, Type, ValueBuffer},
};

use crate::{
    Error,
    endian::{Endian, swap},
    fixed::text_of,
    pictures::plane::Pixels,
};

/// What all pages have in common, and what the first says.
#[derive(Debug)]
pub(super) struct Pages {
    pub(super) size: [u64; 2],
    pub(super) pixels: Pixels,
    /// Whether a pixel has an alpha behind its samples.
    pub(super) has_alpha: bool,
    /// Whether values are numbers of colours.
    pub(super) has_palette: bool,
    /// Pages that are not smaller copies of others, by their number in the file.
    pub(super) numbers: Vec<usize>,
    /// Smaller copies.
    pub(super) reduced: usize,
    pub(super) description: String,
    /// Pixels for each unit along x and y.
    pub(super) resolution: Option<[f64; 2]>,
    /// 1 none, 2 inch, 3 centimetre.
    pub(super) resolution_unit: u64,
    /// The way that all pages are packed, or the one with the largest ratio.
    packed: u64,
    /// Where the first page begins, if it lies in one piece as it is.
    pub(super) plain_at: Option<u64>,
}

/// Most pages.
const MOST: usize = 1 << 20;

/// Most bytes of one, by the number of a way to pack: as it is, `PackBits`, deflate; LZW has the largest ratio.
const fn ratio(compression: u64) -> u64 {
    match compression {
        1 => 1,
        32_773 => 64,
        8 | 32_946 => 1032,
        _ => 4096,
    }
}

fn decoder(bytes: &[u8], page_bytes: u64) -> Result<Decoder<Cursor<&[u8]>>, Error> {
    let mut limits = Limits::default();
    // no tag holds more numbers than the file has bytes, each of which takes 32 in memory
    limits.ifd_value_size = bytes.len().saturating_mul(8);
    limits.decoding_buffer_size = usize::try_from(page_bytes).unwrap_or(usize::MAX).max(limits.ifd_value_size);
    limits.intermediate_buffer_size = limits.decoding_buffer_size;
    Decoder::new(Cursor::new(bytes)).map(|d| d.with_limits(limits)).map_err(failed)
}

impl Pages {
    pub(super) fn of(bytes: &[u8], ctx: &Ctx<'_>) -> Result<Self, Error> {
        let mut decoder = decoder(bytes, 0)?;
        let mut pages: Option<Self> = None;
        let mut reduced = 0;
        for number in 0..MOST {
            ctx.check()?;
            let kind = decoder.find_tag_unsigned::<u32>(Tag::NewSubfileType).map_err(failed)?.unwrap_or(0);
            if kind & 1 == 1 {
                reduced += 1;
            } else {
                match &mut pages {
                    None => pages = Some(Self::first(&mut decoder, number)?),
                    Some(pages) => {
                        let (size, pixels) = (size_of(&mut decoder)?, pixels_of(&mut decoder)?.0);
                        if (size, pixels) != (pages.size, pages.pixels) {
                            let found =
                                format!("{} x {}, then {} x {}", pages.size[0], pages.size[1], size[0], size[1]);
                            return Err(Error::unsupported("pages of several sizes or types", found));
                        }
                        pages.packed = pages.packed.max(ratio(compression_of(&mut decoder)));
                        pages.numbers.push(number);
                    }
                }
            }
            if !decoder.more_images() {
                let none = || Error::unsupported("a TIFF of smaller copies alone", "no page");
                return pages.map(|p| Self { reduced, ..p }).ok_or_else(none);
            }
            decoder.next_image().map_err(failed)?;
        }
        Err(Error::Limit { what: "pages", asked: MOST as u64 + 1, limit: MOST as u64 })
    }

    fn first(decoder: &mut Decoder<Cursor<&[u8]>>, number: usize) -> Result<Self, Error> {
        let (pixels, has_alpha, has_palette) = pixels_of(decoder)?;
        let mut rational = |tag| match decoder.find_tag(tag).ok().flatten()? {
            Value::Rational(upper, lower) => Some(f64::from(upper) / f64::from(lower)),
            Value::Float(n) => Some(f64::from(n)),
            other => other.into_f64().ok(),
        };
        let resolution = [rational(Tag::XResolution), rational(Tag::YResolution)];
        let resolution = match resolution {
            [Some(x), Some(y)] if [x, y].iter().all(|n| n.is_finite() && *n > 0.0) => Some([x, y]),
            _ => None,
        };
        let resolution_unit = decoder.find_tag_unsigned::<u64>(Tag::ResolutionUnit).ok().flatten().unwrap_or(2);
        let compression = compression_of(decoder);
        let description = description_of(decoder);
        let offsets = decoder.find_tag_unsigned_vec::<u64>(Tag::StripOffsets).ok().flatten().unwrap_or_default();
        let plain_at = offsets.first().copied().filter(|_| compression == 1 && offsets.len() == 1 && !has_alpha);
        Ok(Self {
            size: size_of(decoder)?,
            pixels,
            has_alpha,
            has_palette,
            numbers: vec![number],
            reduced: 0,
            packed: ratio(compression),
            description,
            resolution,
            resolution_unit,
            plain_at,
        })
    }

    /// Bytes of a page in memory.
    pub(super) fn bytes(&self) -> u64 {
        let [width, height] = self.size;
        width.saturating_mul(height).saturating_mul(self.pixels.channels * self.pixels.sample.bytes() as u64)
    }

    /// The most bytes of samples that a file of this length holds.
    pub(super) fn most_bytes(&self, len: usize) -> u64 {
        (len as u64).saturating_mul(self.packed)
    }

    /// The samples of all pages in the byte order of this machine.
    pub(super) fn read(&self, bytes: &[u8], stage: &Stage<'_>) -> Result<Vec<u8>, Error> {
        let page = self.bytes();
        let mut all = Vec::new();
        let asked = page.saturating_mul(self.numbers.len() as u64);
        let refuse = || Error::Limit { what: "bytes of memory", asked, limit: 0 };
        all.try_reserve_exact(usize::try_from(asked).map_err(|_| refuse())?).map_err(|_| refuse())?;
        // an alpha of two bytes beside one sample doubles them
        let mut decoder = decoder(bytes, page.saturating_mul(2))?;
        let mut result = DecodingResult::U8(Vec::new());
        let mut at = 0;
        for number in &self.numbers {
            while at < *number {
                decoder.next_image().map_err(failed)?;
                at += 1;
            }
            stage.check()?;
            decoder.read_image_to_buffer(&mut result).map_err(failed)?;
            let buffer = result.as_buffer(0);
            let raw = buffer.as_bytes();
            let before = all.len();
            if self.has_alpha {
                let word = if self.pixels.sample == SampleType::Rgb { 1 } else { self.pixels.sample.bytes() };
                let kept = word * if self.pixels.sample == SampleType::Rgb { 3 } else { self.pixels.channels as usize };
                all.extend(raw.chunks_exact(kept + word).flat_map(|pixel| &pixel[..kept]));
            } else {
                all.extend_from_slice(raw);
            }
            if (all.len() - before) as u64 != page {
                let found = (all.len() - before) as u64;
                return Err(Error::Truncated { what: "page", wanted: page, found });
            }
            stage.advance(page)?;
        }
        Ok(all)
    }

    /// The samples of pages that follow the first without a directory of their own, as large files of ImageJ have them.
    pub(super) fn read_plain(&self, bytes: &[u8], at: u64, pages: u64) -> Result<Vec<u8>, Error> {
        let wanted = self.bytes().saturating_mul(pages);
        let found = (bytes.len() as u64).saturating_sub(at);
        let end = at.checked_add(wanted).filter(|_| wanted <= found);
        let end = end.ok_or(Error::Truncated { what: "pages", wanted, found })?;
        let mut raw = bytes.get(at as usize..end as usize).unwrap_or_default().to_vec();
        let order = if bytes.starts_with(b"MM") { Endian::Big } else { Endian::Little };
        if order != Endian::NATIVE && self.pixels.sample != SampleType::Rgb {
            swap(&mut raw, self.pixels.sample.bytes());
        }
        Ok(raw)
    }
}

fn size_of(decoder: &mut Decoder<Cursor<&[u8]>>) -> Result<[u64; 2], Error> {
    decoder.dimensions().map(|(width, height)| [width, height].map(u64::from)).map_err(failed)
}

/// The text before the first zero byte; what is no UTF-8 is taken as Latin-1, as ImageJ writes it.
fn description_of(decoder: &mut Decoder<Cursor<&[u8]>>) -> String {
    let mut buffer = ValueBuffer::empty(Type::ASCII);
    match decoder.image_ifd().find_tag_buf(Tag::ImageDescription, &mut buffer) {
        Ok(Some(_)) => text_of(buffer.as_bytes()),
        _ => String::new(),
    }
}

/// The samples of a pixel; whether an alpha follows them; whether they are numbers of colours.
fn pixels_of(decoder: &mut Decoder<Cursor<&[u8]>>) -> Result<(Pixels, bool, bool), Error> {
    let colours = decoder.colortype().map_err(failed)?;
    let format = decoder.find_tag_unsigned_vec::<u16>(Tag::SampleFormat).map_err(failed)?;
    let format = format.and_then(|all| all.first().copied()).unwrap_or(1);
    let planar = decoder.find_tag_unsigned::<u16>(Tag::PlanarConfiguration).map_err(failed)?.unwrap_or(1);
    let of = |bits: u8| {
        Ok(match (format, bits) {
            (1 | 4, 8) => SampleType::U8,
            (1 | 4, 16) => SampleType::U16,
            (1 | 4, 32) => SampleType::U32,
            (1 | 4, 64) => SampleType::U64,
            (2, 8) => SampleType::I8,
            (2, 16) => SampleType::I16,
            (2, 32) => SampleType::I32,
            (2, 64) => SampleType::I64,
            (3, 16) => SampleType::F16,
            (3, 32) => SampleType::F32,
            (3, 64) => SampleType::F64,
            _ => return Err(Error::unsupported("samples of TIFF", format!("{bits} bits, format {format}"))),
        })
    };
    let (pixels, has_alpha) = match colours {
        ColorType::Gray(bits) | ColorType::Palette(bits) => (Pixels::of(of(bits)?), false),
        ColorType::GrayA(bits) => (Pixels::of(of(bits)?), true),
        ColorType::RGB(8) if format == 1 => (Pixels::of(SampleType::Rgb), false),
        ColorType::RGBA(8) if format == 1 => (Pixels::of(SampleType::Rgb), true),
        ColorType::RGB(bits) => (Pixels { sample: of(bits)?, channels: 3 }, false),
        ColorType::RGBA(bits) => (Pixels { sample: of(bits)?, channels: 3 }, true),
        ColorType::Multiband { bit_depth, num_samples } => {
            (Pixels { sample: of(bit_depth)?, channels: u64::from(num_samples.max(1)) }, false)
        }
        other => return Err(Error::unsupported("colours of TIFF", format!("{other:?}"))),
    };
    if planar != 1 && !matches!(colours, ColorType::Gray(_) | ColorType::Palette(_)) {
        return Err(Error::unsupported("channels of TIFF in planes of their own", planar));
    }
    Ok((pixels, has_alpha, matches!(colours, ColorType::Palette(_))))
}

fn failed(error: TiffError) -> Error {
    match error {
        TiffError::IoError(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
            Error::Truncated { what: "TIFF", wanted: 0, found: 0 }
        }
        TiffError::UnsupportedError(what) => Error::unsupported("a kind of TIFF", what),
        TiffError::LimitsExceeded => {
            Error::malformed("TIFF", "a tag or page larger than the file", "what can be there")
        }
        other => Error::malformed("TIFF", other, "an intact one"),
    }
}

fn compression_of(decoder: &mut Decoder<Cursor<&[u8]>>) -> u64 {
    decoder.find_tag_unsigned::<u64>(Tag::Compression).ok().flatten().unwrap_or(1)
}

//! Frames, one or all.

use dicom_dictionary_std::tags;
use isocenter_volume::{DynSamples, Stage};
use rayon::prelude::*;

use super::codec::{self, Stream};
use super::decoded::each;
use super::info::PACKED;
use super::settle::settle;
use super::source::{Header, Pixels, Raw, RawFrames, with};
use super::target::{Fill, Target};
use super::{DecodedPixels, Photometric, PixelInfo, SampleKind, colour, edge, native, palette};
use crate::Error;
use crate::syntax::Coding;

/// What to do on the way from the file's samples to those handed out.
///
/// ```
/// use isocenter_dcm::pixel::DecodeOptions;
/// let as_coded = DecodeOptions::default().palette(false).rgb(false);
/// assert_ne!(as_coded, DecodeOptions::default());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeOptions {
    pub(crate) palette: bool,
    pub(crate) rgb: bool,
    pub(crate) header_sign: bool,
}

impl Default for DecodeOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl DecodeOptions {
    /// The default options.
    pub const fn new() -> Self {
        Self { palette: true, rgb: true, header_sign: false }
    }

    /// Whether palette indices become RGB of 8 bits. On by default.
    #[must_use]
    pub const fn palette(mut self, palette: bool) -> Self {
        self.palette = palette;
        self
    }

    /// Whether luma and colour differences become RGB. On by default.
    #[must_use]
    pub const fn rgb(mut self, rgb: bool) -> Self {
        self.rgb = rgb;
        self
    }

    /// Whether Pixel Representation decides the sign also where a JPEG 2000 stream says that its values are signed and the
    /// header says that they are not. Off by default: the stream knows what was coded, and a CT in Hounsfield units that is
    /// read as unsigned turns air into bone. pydicom reads such files by the header.
    #[must_use]
    pub const fn header_sign(mut self, header_sign: bool) -> Self {
        self.header_sign = header_sign;
        self
    }

    pub(crate) fn frame_of(
        &self,
        header: &Header<'_>,
        source: &dyn RawFrames,
        index: usize,
    ) -> Result<DecodedPixels, Error> {
        header.check_index(index)?;
        self.frame_or_tile(header, source.raw(&header.info, index)?, index)
    }

    pub(crate) fn all_of(
        &self,
        header: &Header<'_>,
        source: &dyn RawFrames,
        stage: &Stage<'_>,
    ) -> Result<DecodedPixels, Error> {
        header.check_all()?;
        stage.check()?;
        let mut first = self.frame_of(header, source, 0)?;
        stage.advance(1)?;
        let frames = header.info.frames;
        if frames == 1 {
            return Ok(first);
        }
        let sample_type = first.samples.sample_type();
        each!(&mut first.samples, samples => {
            // Nobody else holds them: nothing is copied.
            let mut all = std::mem::take(samples).into_vec();
            let one = all.len();
            let total = one.saturating_mul(frames);
            all.try_reserve_exact(total - one).map_err(|_| Error::Limit {
                what: "memory",
                asked: total as u64,
                limit: one as u64,
            })?;
            all.resize(total, Default::default());
            let rest = all.get_mut(one..).unwrap_or_default();
            let results: Vec<Result<(), Error>> = rest.par_chunks_exact_mut(one.max(1)).enumerate().map(|(at, out)| {
                stage.check()?;
                let frame = self.frame_of(header, source, at + 1)?;
                if frame.samples.sample_type() != sample_type || !Fill::fill(&frame.samples, out) {
                    let what = "frames of different sample types";
                    return Err(Error::Malformed { tag: Some(tags::PIXEL_DATA), what });
                }
                Ok(stage.advance(1)?)
            }).collect();
            results.into_iter().collect::<Result<(), Error>>()?;
            *samples = all.into();
        }, _other => {});
        Ok(first)
    }

    pub(crate) fn fill_of<T: Target>(
        &self,
        header: &Header<'_>,
        source: &dyn RawFrames,
        index: usize,
        out: &mut [T],
    ) -> Result<PixelInfo, Error> {
        header.check_index(index)?;
        let raw = source.raw(&header.info, index)?;
        let (wanted, found) = (header.info.samples(), out.len());
        let plain = header.info.samples_per_pixel == 1
            && header.info.photometric.is_monochrome()
            && matches!(header.coding, Coding::Native);
        if plain && wanted == found && T::copy(&raw, &header.info, out) {
            let mut info = header.info;
            info.high_bit = info.bits_stored - 1;
            return Ok(info);
        }
        let frame = self.frame_or_tile(header, raw, index)?;
        if frame.samples.len() != found {
            return Err(Error::BufferSize { wanted: frame.samples.len(), found });
        }
        if !T::fill(&frame.samples, out) {
            return Err(Error::UnsupportedPixels { what: "a sample that does not fit the type asked for" });
        }
        Ok(frame.info)
    }

    /// A frame from its bytes, which may be those of a tile that ends with its slide.
    fn frame_or_tile(&self, header: &Header<'_>, raw: Raw<'_>, index: usize) -> Result<DecodedPixels, Error> {
        let Some([rows, columns]) = edge::part(header, &raw, index) else { return self.frame(header, raw) };
        let small = Header { info: PixelInfo { rows, columns, ..header.info }, ..*header };
        Ok(edge::placed(self.frame(&small, raw)?, &header.info))
    }

    /// DynSamples from bytes.
    pub(super) fn frame(&self, header: &Header<'_>, raw: Raw<'_>) -> Result<DecodedPixels, Error> {
        let mut info = header.info;
        let decoding = Decoding { uid: header.uid, coding: header.coding, lossy: header.may_be_lossy() };
        let mut samples = match raw {
            Raw::Native(bytes, bit) => decoding.native(&bytes, bit, &mut info)?,
            Raw::Words(words) => decoding.planes(native::from_u16(words.to_vec(), &info), &mut info),
            Raw::Stream(stream) => decoding.coded(&stream, &mut info, self)?,
        };
        info.high_bit = info.bits_stored - 1;
        if self.rgb {
            samples = colour::to_rgb(samples, &mut info)?;
        }
        if self.palette && info.photometric == Photometric::Palette {
            samples = palette::apply(header.dataset, &samples, &mut info)?;
        }
        if samples.len() != info.samples() {
            return Err(Error::Malformed {
                tag: Some(tags::PIXEL_DATA),
                what: "a frame of another size than rows and columns say",
            });
        }
        info.frames = header.info.frames;
        Ok(DecodedPixels { info, samples, tile: None })
    }
}

/// Frame `index` as the words that hold the pixels, nothing masked: bits outside those stored are still there.
pub(crate) fn decode_words(pixels: &dyn Pixels, index: usize) -> Result<DecodedPixels, Error> {
    with(pixels, |header, source| {
        let mut header = *header;
        let width = header.info.bits_allocated;
        (header.info.bits_stored, header.info.high_bit, header.info.signed) = (width, width - 1, false);
        let options = DecodeOptions { palette: false, rgb: false, header_sign: true };
        options.frame_of(&header, source, index)
    })
}

/// How the frames of an image are coded.
struct Decoding<'a> {
    coding: Coding,
    uid: &'a str,
    /// Whether values may be others than those that were coded.
    lossy: bool,
}

impl Decoding<'_> {
    fn native(&self, bytes: &[u8], bit: usize, info: &mut PixelInfo) -> Result<DynSamples, Error> {
        let samples = native::samples(bytes, bit, info)?;
        if info.bits_allocated == PACKED {
            info.bits_allocated = 16;
        }
        match info.photometric {
            Photometric::YbrFull422 | Photometric::YbrPartial422 => Ok(colour::expand_422(samples)),
            Photometric::YbrPartial420 => Err(Error::UnsupportedPixels { what: "native 4:2:0" }),
            _ => Ok(self.planes(samples, info)),
        }
    }

    /// A frame by itself, in native form.
    fn alone(&self, bytes: &[u8], info: &mut PixelInfo) -> Result<DynSamples, Error> {
        let (bytes, bit) = native::slice(bytes, info, 0)?;
        self.native(bytes, bit, info)
    }

    fn planes(&self, samples: DynSamples, info: &mut PixelInfo) -> DynSamples {
        if std::mem::take(&mut info.planar) {
            native::interleave(samples, usize::from(info.samples_per_pixel))
        } else {
            samples
        }
    }

    fn coded(&self, stream: &[u8], info: &mut PixelInfo, options: &DecodeOptions) -> Result<DynSamples, Error> {
        match self.coding {
            Coding::Native | Coding::EncapsulatedUncompressed => self.alone(stream, info),
            Coding::DeflatedFrame => {
                let bytes = codec::deflated::decode(stream, info.native_frame_bits().div_ceil(8))?;
                self.alone(&bytes, info)
            }
            Coding::Rle => {
                let bytes = codec::rle::decode(stream, info)?;
                let samples = native::samples(&bytes, 0, info)?;
                info.planar = false;
                Ok(native::interleave(samples, usize::from(info.samples_per_pixel)))
            }
            _ if info.kind != SampleKind::Integer => Err(Error::UnsupportedPixels { what: "compressed float samples" }),
            Coding::Jpeg | Coding::JpegLossless => {
                codec::jpeg::decode(stream, info).map(|s| settle(s, info, self.lossy))
            }
            Coding::JpegLs => codec::jpegls::decode(stream, info).map(|s| settle(s, info, self.lossy)),
            // The stream says which coder its blocks went through, whatever the syntax says.
            Coding::Jpeg2000 | Coding::HtJ2k => {
                let high_throughput = codec::htj2k::applies(stream);
                let decode = if high_throughput { codec::htj2k::decode } else { codec::jpeg2000::decode };
                let decoded = decode(stream, info)?;
                // Where both have the sign, the pattern has it in the stream's bits.
                let agreed = info.signed && decoded.loss.or(self.lossy);
                let signed = decoded.signed && (!options.header_sign || agreed);
                Ok(settle(Stream { signed, ..decoded }, info, self.lossy))
            }
            #[cfg(feature = "jpeg-xl")]
            Coding::JpegXl => codec::jpegxl::decode(stream, info).map(|s| settle(s, info, self.lossy)),
            _ => Err(Error::UnsupportedTransferSyntax { uid: self.uid.to_owned() }),
        }
    }
}

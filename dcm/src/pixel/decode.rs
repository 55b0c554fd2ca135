//! Frames, one or all.

use dicom_dictionary_std::tags;
use rayon::prelude::*;

use super::codec::{self, Colour, Stream};
use super::frame::each;
use super::source::{Header, InMemory, Raw, RawFrames};
use super::target::{Fill, Target};
use super::{Frame, Photometric, PixelInfo, SampleKind, Samples, colour, native, palette};
use crate::syntax::Coding;
use crate::{Error, Instance};

/// What to do on the way from the file's samples to those handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeOptions {
    /// Whether palette indices become RGB of 8 bits. On by default.
    pub palette: bool,
    /// Whether luma and colour differences become RGB. On by default.
    pub rgb: bool,
    /// Whether Pixel Representation decides the sign also where a JPEG 2000 stream says that its values are signed and the
    /// header says that they are not. Off by default: the stream knows what was coded, and a CT in Hounsfield units that is
    /// read as unsigned turns air into bone. pydicom reads such files by the header.
    pub header_sign: bool,
}

impl Default for DecodeOptions {
    fn default() -> Self {
        Self { palette: true, rgb: true, header_sign: false }
    }
}

/// Decodes frame `index` (from 0).
///
/// # Errors
/// [`Error::NoPixelData`], [`Error::NoSuchFrame`], an unsupported syntax, codec or pixel format, a damaged stream, a limit.
pub fn decode_frame(instance: &Instance, index: usize) -> Result<Frame, Error> {
    DecodeOptions::default().decode_frame(instance, index)
}

/// Decodes all frames, in parallel on the current rayon pool, one after the other in one vector.
///
/// # Errors
/// That of the first frame that fails; see [`decode_frame`].
pub fn decode_all(instance: &Instance) -> Result<Frame, Error> {
    DecodeOptions::default().decode_all(instance)
}

/// Decodes frame `index` (from 0) into the caller's buffer, which has a place for each of its samples; returns what they are.
///
/// ```
/// # use isocenter_dcm::{Dataset, FileMeta, Instance, tags, pixel};
/// # use isocenter_dcm::dicom_core::{DataElement, PrimitiveValue, VR};
/// # let mut ds = Dataset::new_empty();
/// # for (tag, v) in [(tags::ROWS, 1u16), (tags::COLUMNS, 2), (tags::BITS_ALLOCATED, 8)] {
/// #     ds.put(DataElement::new(tag, VR::US, PrimitiveValue::from(v)));
/// # }
/// # ds.put(DataElement::new(tags::PIXEL_DATA, VR::OB, PrimitiveValue::from(vec![7u8, 8])));
/// # let instance = Instance::new(FileMeta::default(), ds);
/// let mut values = [0i32; 2];
/// let info = pixel::decode_frame_into(&instance, 0, &mut values)?;
/// assert_eq!((values, info.columns), ([7, 8], 2));
/// # Ok::<_, isocenter_dcm::Error>(())
/// ```
///
/// # Errors
/// As [`decode_frame`]; [`Error::BufferSize`] for a buffer of another size; [`Error::UnsupportedPixels`] where a sample does
/// not fit its type.
pub fn decode_frame_into<T: Target>(instance: &Instance, index: usize, out: &mut [T]) -> Result<PixelInfo, Error> {
    DecodeOptions::default().decode_frame_into(instance, index, out)
}

impl DecodeOptions {
    /// As [`decode_frame`], under these options.
    pub fn decode_frame(&self, instance: &Instance, index: usize) -> Result<Frame, Error> {
        let header = Header::new(instance)?;
        self.frame_of(&header, &InMemory::new(header.dataset, &header.info)?, index)
    }

    /// As [`decode_all`], under these options.
    pub fn decode_all(&self, instance: &Instance) -> Result<Frame, Error> {
        let header = Header::new(instance)?;
        self.all_of(&header, &InMemory::new(header.dataset, &header.info)?)
    }

    /// As [`decode_frame_into`], under these options.
    pub fn decode_frame_into<T: Target>(
        &self,
        instance: &Instance,
        index: usize,
        out: &mut [T],
    ) -> Result<PixelInfo, Error> {
        let header = Header::new(instance)?;
        self.fill_of(&header, &InMemory::new(header.dataset, &header.info)?, index, out)
    }

    pub(crate) fn frame_of(&self, header: &Header<'_>, source: &dyn RawFrames, index: usize) -> Result<Frame, Error> {
        header.check_index(index)?;
        self.frame(header, source.raw(&header.info, index)?)
    }

    pub(crate) fn all_of(&self, header: &Header<'_>, source: &dyn RawFrames) -> Result<Frame, Error> {
        header.check_all()?;
        let mut first = self.frame_of(header, source, 0)?;
        let frames = header.info.frames;
        if frames == 1 {
            return Ok(first);
        }
        let code = first.samples.type_code();
        each!(&mut first.samples, all => {
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
                let frame = self.frame_of(header, source, at + 1)?;
                if frame.samples.type_code() != code || !Fill::fill(&frame.samples, out) {
                    let what = "frames of different sample types";
                    return Err(Error::Malformed { tag: Some(tags::PIXEL_DATA), what });
                }
                Ok(())
            }).collect();
            results.into_iter().collect::<Result<(), Error>>()?;
        });
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
        let frame = self.frame(header, raw)?;
        if frame.samples.len() != found {
            return Err(Error::BufferSize { wanted: frame.samples.len(), found });
        }
        if !T::fill(&frame.samples, out) {
            return Err(Error::UnsupportedPixels { what: "a sample that does not fit the type asked for" });
        }
        Ok(frame.info)
    }

    /// Samples from bytes.
    pub(super) fn frame(&self, header: &Header<'_>, raw: Raw<'_>) -> Result<Frame, Error> {
        let mut info = header.info;
        let decoding = Decoding { uid: header.uid, coding: header.coding };
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
        Ok(Frame { info, samples })
    }
}

/// Frame `index` as the words that hold the pixels, nothing masked: bits outside those stored are still there.
pub(crate) fn decode_words(instance: &Instance, index: usize) -> Result<Frame, Error> {
    let mut header = Header::new(instance)?;
    let width = header.info.bits_allocated;
    (header.info.bits_stored, header.info.high_bit, header.info.signed) = (width, width - 1, false);
    let options = DecodeOptions { palette: false, rgb: false, header_sign: true };
    options.frame_of(&header, &InMemory::new(header.dataset, &header.info)?, index)
}

/// How the frames of an image are coded.
struct Decoding<'a> {
    coding: Coding,
    uid: &'a str,
}

impl Decoding<'_> {
    fn native(&self, bytes: &[u8], bit: usize, info: &mut PixelInfo) -> Result<Samples, Error> {
        let samples = native::samples(bytes, bit, info)?;
        match info.photometric {
            Photometric::YbrFull422 | Photometric::YbrPartial422 => Ok(colour::expand_422(samples)),
            Photometric::YbrPartial420 => Err(Error::UnsupportedPixels { what: "native 4:2:0" }),
            _ => Ok(self.planes(samples, info)),
        }
    }

    /// A frame by itself, in native form.
    fn alone(&self, bytes: &[u8], info: &mut PixelInfo) -> Result<Samples, Error> {
        let (bytes, bit) = native::slice(bytes, info, 0)?;
        self.native(bytes, bit, info)
    }

    fn planes(&self, samples: Samples, info: &mut PixelInfo) -> Samples {
        if std::mem::take(&mut info.planar) {
            native::interleave(samples, usize::from(info.samples_per_pixel))
        } else {
            samples
        }
    }

    fn coded(&self, stream: &[u8], info: &mut PixelInfo, options: &DecodeOptions) -> Result<Samples, Error> {
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
            Coding::Jpeg | Coding::JpegLossless => codec::jpeg::decode(stream, info).map(|s| settle(s, info)),
            Coding::JpegLs => codec::jpegls::decode(stream, info).map(|s| settle(s, info)),
            // The stream says which coder its blocks went through, whatever the syntax says.
            Coding::Jpeg2000 | Coding::HtJ2k => {
                let high_throughput = codec::htj2k::applies(stream);
                let decode = if high_throughput { codec::htj2k::decode } else { codec::jpeg2000::decode };
                let decoded = decode(stream, info)?;
                Ok(settle(Stream { signed: decoded.signed && !options.header_sign, ..decoded }, info))
            }
            #[cfg(feature = "jpeg-xl")]
            Coding::JpegXl => codec::jpegxl::decode(stream, info).map(|s| settle(s, info)),
            _ => Err(Error::UnsupportedTransferSyntax { uid: self.uid.to_owned() }),
        }
    }
}

/// Bit patterns of a code stream to stored values, in the type that Bits Allocated and Pixel Representation call for.
fn settle(stream: Stream, info: &mut PixelInfo) -> Samples {
    let Stream { values, precision, signed, colour } = stream;
    info.planar = false;
    match colour {
        Colour::Rgb => info.photometric = Photometric::Rgb,
        Colour::Ycc => info.photometric = Photometric::YbrFull,
        Colour::AsDeclared if info.photometric == Photometric::YbrFull422 => info.photometric = Photometric::YbrFull,
        Colour::AsDeclared => {}
    }
    // What the header says of the sign holds for the bit pattern, except where the stream itself has signed values.
    info.signed |= signed;
    info.bits_stored = if signed { precision } else { precision.min(info.bits_stored.max(1)) };
    info.high_bit = info.bits_stored - 1;
    let width = info.bits_allocated.max(info.bits_stored);
    if width <= 8 {
        info.bits_allocated = 8;
        native::from_u8(values.into_bytes(), info)
    } else if width <= 16 {
        info.bits_allocated = 16;
        native::from_u16(values.into_words(), info)
    } else {
        info.bits_allocated = 32;
        native::from_u32(values.into_longs(), info)
    }
}

//! Frames, one or all.

use std::borrow::Cow;

use dicom_core::DicomValue;
use dicom_core::value::PrimitiveValue;
use dicom_dictionary_std::tags;
use rayon::prelude::*;

use super::codec::{self, Colour, Stream};
use super::{Frame, FrameLocator, Photometric, PixelInfo, SampleKind, Samples, colour, native, palette};
use crate::syntax::Coding;
use crate::{Element, Error, Instance};

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

impl DecodeOptions {
    /// As [`decode_frame`], under these options.
    pub fn decode_frame(&self, instance: &Instance, index: usize) -> Result<Frame, Error> {
        Source::new(instance)?.frame(index, self)
    }

    /// As [`decode_all`], under these options.
    pub fn decode_all(&self, instance: &Instance) -> Result<Frame, Error> {
        let source = Source::new(instance)?;
        let frames = source.info.frames;
        let total = source.frame_bytes().saturating_mul(frames as u64);
        let limit = instance.limits.image_bytes;
        if total > limit {
            return Err(Error::Limit { what: "bytes of an image", asked: total, limit });
        }
        if frames == 1 {
            return source.frame(0, self);
        }
        let decoded: Vec<Result<Frame, Error>> = (0..frames).into_par_iter().map(|at| source.frame(at, self)).collect();
        let mut all: Option<Frame> = None;
        for frame in decoded {
            let mut frame = frame?;
            match &mut all {
                None => {
                    if !frame.samples.reserve(frame.samples.len().saturating_mul(frames - 1)) {
                        return Err(Error::Limit { what: "memory", asked: total, limit });
                    }
                    all = Some(frame);
                }
                Some(all) => {
                    if !all.samples.append(&mut frame.samples) {
                        return Err(Error::Malformed {
                            tag: Some(tags::PIXEL_DATA),
                            what: "frames of different sample types",
                        });
                    }
                }
            }
        }
        all.ok_or(Error::NoPixelData)
    }
}

/// The pixels of an instance, ready to decode any frame.
struct Source<'a> {
    instance: &'a Instance,
    info: PixelInfo,
    coding: Coding,
    bytes: Bytes<'a>,
}

enum Bytes<'a> {
    Native(Cow<'a, [u8]>),
    Words(&'a [u16]),
    Frames(FrameLocator<'a>),
}

impl<'a> Source<'a> {
    fn new(instance: &'a Instance) -> Result<Self, Error> {
        let dataset = &instance.dataset;
        let names = [tags::PIXEL_DATA, tags::FLOAT_PIXEL_DATA, tags::DOUBLE_FLOAT_PIXEL_DATA];
        let element = names.into_iter().find_map(|tag| dataset.get(tag)).ok_or(Error::NoPixelData)?;
        let info = PixelInfo::of(dataset)?;
        let (frames, limits) = (info.frames as u64, &instance.limits);
        if frames > limits.frames {
            return Err(Error::Limit { what: "frames", asked: frames, limit: limits.frames });
        }
        let coding = instance.transfer_syntax()?.coding;
        let bytes = match element.value() {
            DicomValue::PixelSequence(pixels) => Bytes::Frames(FrameLocator::new(dataset, pixels, info.frames)?),
            _ => native_bytes(element, &info),
        };
        let source = Self { instance, info, coding, bytes };
        let (asked, limit) = (source.frame_bytes(), limits.frame_bytes);
        if asked > limit {
            return Err(Error::Limit { what: "bytes of a frame", asked, limit });
        }
        Ok(source)
    }

    fn frame_bytes(&self) -> u64 {
        self.info.samples() as u64 * u64::from(self.info.bits_allocated.div_ceil(8))
    }

    fn frame(&self, index: usize, options: &DecodeOptions) -> Result<Frame, Error> {
        if index >= self.info.frames {
            return Err(Error::NoSuchFrame { index, frames: self.info.frames });
        }
        let mut info = self.info;
        let mut samples = match &self.bytes {
            Bytes::Native(bytes) => self.native(bytes, index, &mut info)?,
            Bytes::Words(words) => {
                let (from, to) = (info.samples() * index, info.samples() * (index + 1));
                let words = words.get(from..to).ok_or(Error::Truncated {
                    tag: Some(tags::PIXEL_DATA),
                    offset: from as u64 * 2,
                    wanted: info.samples() as u64 * 2,
                    left: words.len().saturating_sub(from) as u64 * 2,
                })?;
                let samples = native::from_u16(words.to_vec(), &info);
                self.planes(samples, &mut info)
            }
            Bytes::Frames(locator) => {
                let stream = locator.stream(index).ok_or(Error::NoSuchFrame { index, frames: locator.len() })?;
                self.coded(&stream, &mut info, options)?
            }
        };
        info.high_bit = info.bits_stored - 1;
        if options.rgb {
            samples = colour::to_rgb(samples, &mut info)?;
        }
        if options.palette && info.photometric == Photometric::Palette {
            samples = palette::apply(&self.instance.dataset, &samples, &mut info)?;
        }
        if samples.len() != info.samples() {
            return Err(Error::Malformed {
                tag: Some(tags::PIXEL_DATA),
                what: "a frame of another size than rows and columns say",
            });
        }
        info.frames = self.info.frames;
        Ok(Frame { info, samples })
    }

    fn native(&self, bytes: &[u8], index: usize, info: &mut PixelInfo) -> Result<Samples, Error> {
        let (bytes, bit) = native::slice(bytes, info, index)?;
        let samples = native::samples(bytes, bit, info)?;
        match info.photometric {
            Photometric::YbrFull422 | Photometric::YbrPartial422 => Ok(colour::expand_422(samples)),
            Photometric::YbrPartial420 => Err(Error::UnsupportedPixels { what: "native 4:2:0" }),
            _ => Ok(self.planes(samples, info)),
        }
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
            Coding::Native | Coding::EncapsulatedUncompressed => self.native(stream, 0, info),
            Coding::DeflatedFrame => {
                let bytes = codec::deflated::decode(stream, info.native_frame_bits().div_ceil(8))?;
                self.native(&bytes, 0, info)
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
            Coding::Jpeg2000 => {
                let decoded = codec::jpeg2000::decode(stream, info)?;
                Ok(settle(Stream { signed: decoded.signed && !options.header_sign, ..decoded }, info))
            }
            Coding::HtJ2k | Coding::JpegXl | Coding::Video => {
                Err(Error::UnsupportedTransferSyntax { uid: self.instance.meta.transfer_syntax_uid.clone() })
            }
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
        native::from_u8(values.into_iter().map(|v| v as u8).collect(), info)
    } else if width <= 16 {
        info.bits_allocated = 16;
        native::from_u16(values.into_iter().map(|v| v as u16).collect(), info)
    } else {
        info.bits_allocated = 32;
        native::from_u32(values.into_iter().map(|v| v as u32).collect(), info)
    }
}

fn native_bytes<'a>(element: &'a Element, info: &PixelInfo) -> Bytes<'a> {
    let words = info.bits_allocated == 16 && info.native_frame_bits() == info.samples() as u64 * 16;
    match element.value().primitive() {
        Some(PrimitiveValue::U8(bytes)) => Bytes::Native(Cow::Borrowed(bytes)),
        Some(PrimitiveValue::U16(values)) if words => Bytes::Words(values),
        _ => Bytes::Native(Cow::Owned(crate::value::bytes(element))),
    }
}

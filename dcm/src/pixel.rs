//! Pixels: from the file's bytes to stored values, and back ([`replace`], [`transcode`]).
//!
//! A *stored* value is what the scanner put into the pixel, in Bits Stored bits, sign-extended where Pixel Representation says
//! so, without overlays in the unused bits. Colour arrives as RGB, interleaved (red, green, blue of one pixel, then the
//! next; a row after the other), palettes applied to 8 bits unless [`DecodeOptions::palette`] is off; single bits as 0
//! and 1. Real values (Hounsfield units, ...) are a step further: [`scaling`](crate::scaling).
//!
//! What a lossless stream, or a native pixel, has in the bits above Bits Stored is taken off. What a lossy codec gives beyond
//! Bits Stored is an overshoot and is kept: [`PixelInfo::bits_stored`] of a decoded frame is then the stream's precision. A
//! stream that ends early is an error in every codec; nothing is made up for what is missing.
//!
//! Two decoders are other crates' (`hayro-jpeg2000`, and `jxl-oxide` behind the feature `jpeg-xl`). Should one of
//! them panic at a damaged stream, the panic is caught and told as [`Error::Codec`](crate::Error::Codec). A program built with
//! `panic = "abort"` has no such net: there the panic ends the process. RLE, JPEG, JPEG-LS, HTJ2K and
//! deflated frames are decoded by this crate, which does not panic.
//!
//! Source: DICOM PS3.3 C.7.6.3 (image pixel), PS3.5 section 8 and annex A.
//!
//! # Examples
//! ```
//! use isocenter_dcm::{Dataset, FileMeta, Instance, pixel, tags};
//! use isocenter_dcm::dicom_core::{DataElement, PrimitiveValue, VR, value::C};
//!
//! let mut ds = Dataset::new_empty();
//! for (tag, v) in [(tags::ROWS, 1u16), (tags::COLUMNS, 2), (tags::SAMPLES_PER_PIXEL, 1), (tags::BITS_ALLOCATED, 16),
//!     (tags::BITS_STORED, 12), (tags::HIGH_BIT, 11), (tags::PIXEL_REPRESENTATION, 1)] {
//!     ds.put(DataElement::new(tag, VR::US, PrimitiveValue::from(v)));
//! }
//! ds.put(DataElement::new(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2"));
//! // 0xFFF is -1 in 12 bits; bit 15 is an overlay.
//! let words: C<u16> = vec![0x0FFF, 0x8005].into();
//! ds.put(DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(words)));
//! let instance = Instance::new(FileMeta::default(), ds);
//! let frame = instance.frame(0)?.decode(&pixel::DecodeOptions::default())?;
//! assert_eq!(frame.samples, vec![-1i16, 5].into());
//! # Ok::<_, isocenter_dcm::Error>(())
//! ```

mod codec;
mod colour;
mod decode;
mod decoded;
mod edge;
mod encode;
mod icon;
mod info;
pub(crate) mod locate;
mod lut;
pub(crate) mod native;
mod padding;
mod palette;
pub(crate) mod real;
mod settle;
pub(crate) mod source;
mod target;

pub use decode::DecodeOptions;
pub(crate) use decode::decode_words;
pub use decoded::DecodedPixels;
pub(crate) use decoded::to_f64;
pub use encode::{EncodeOptions, best_for, replace, transcode};
pub use icon::icon;
pub(crate) use info::PACKED;
pub use info::{Photometric, PixelInfo, SampleKind};
pub use locate::FrameLocator;
pub use lut::{Lut, modality_lut};
pub use padding::Padding;
pub use target::Target;

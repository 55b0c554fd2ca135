//! Pixels: from the file's bytes to stored values, and back ([`replace`], [`transcode`]).
//!
//! A *stored* value is what the scanner put into the pixel, in Bits Stored bits, sign-extended where Pixel Representation says
//! so, without overlays in the unused bits. Colour arrives as RGB, interleaved (red, green, blue of one pixel, then the
//! next; a row after the other), palettes applied to 8 bits unless [`DecodeOptions::palette`] is off; single bits as 0
//! and 1. Real values (Hounsfield units, ...) are a step further: [`scaling`](crate::scaling).
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
//! let frame = pixel::decode_frame(&Instance::new(FileMeta::default(), ds), 0)?;
//! assert_eq!(frame.samples, pixel::Samples::I16(vec![-1, 5]));
//! # Ok::<_, isocenter_dcm::Error>(())
//! ```

mod codec;
mod colour;
pub(crate) mod decode;
mod encode;
mod frame;
mod icon;
mod info;
pub(crate) mod locate;
mod lut;
pub(crate) mod native;
mod padding;
mod palette;
pub(crate) mod real;
pub(crate) mod source;
mod target;

pub(crate) use decode::decode_words;
pub use decode::{DecodeOptions, decode_all, decode_frame, decode_frame_into};
pub use encode::{EncodeOptions, best_for, replace, transcode};
pub use frame::{Frame, Samples};
pub use icon::icon;
pub use info::{Photometric, PixelInfo, SampleKind};
pub use locate::FrameLocator;
pub use lut::{Lut, modality_lut};
pub use padding::Padding;
pub use real::{real_frame, real_frame_into};
pub use target::Target;

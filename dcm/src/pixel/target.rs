//! The types that a caller's buffer may have.

use isocenter_volume::DynSamples;

use super::decoded::each;
use super::{PixelInfo, SampleKind, native};

/// A type of sample that a frame can be decoded into: the whole numbers of 8 to 64 bits, and floats.
///
/// Every sample must come through unchanged; a float holds whole numbers up to 2^24 (f32) or 2^53 (f64).
pub trait Target: Copy + Default + Send + Sync + sealed::Target + 'static {}

mod sealed {
    use std::borrow::Cow;

    use isocenter_volume::DynSamples;

    use super::PixelInfo;

    /// The bytes of one frame, as the file has them but for the byte order, which is little.
    #[derive(Debug)]
    pub enum Raw<'a> {
        /// Native samples; the first starts at this bit of the first byte.
        Native(Cow<'a, [u8]>, usize),
        /// Native samples of 16 bits.
        Words(&'a [u16]),
        /// A code stream.
        Stream(Cow<'a, [u8]>),
    }

    pub trait Target: Sized {
        /// DynSamples of any type; `false` where one of them does not fit.
        fn fill(samples: &DynSamples, out: &mut [Self]) -> bool;

        /// Native gray samples without a detour; `false`, and nothing done, where there is none.
        fn copy(_raw: &Raw<'_>, _info: &PixelInfo, _out: &mut [Self]) -> bool {
            false
        }
    }
}
pub(crate) use sealed::Raw;
pub(super) use sealed::Target as Fill;

macro_rules! target {
    ($($type:ident $(, $variant:ident, $unsigned:ident, $signed:literal)?;)*) => {$(
        impl Target for $type {}

        impl Fill for $type {
            fn fill(samples: &DynSamples, out: &mut [Self]) -> bool {
                $(
                    if let DynSamples::$variant(values) = samples {
                        out.copy_from_slice(values);
                        return true;
                    }
                )?
                // A cast that gives the same number back lost nothing; i128 tells what the equality of floats would hide.
                each!(samples, values => out.iter_mut().zip(values.iter()).all(|(place, &value)| {
                    *place = value as $type;
                    let same = *place as f64 == value as f64 && *place as i128 == value as i128;
                    same || ((value as f64).is_nan() && (*place as f64).is_nan())
                }), _other => false)
            }

            $(
                fn copy(raw: &Raw<'_>, info: &PixelInfo, out: &mut [Self]) -> bool {
                    const BITS: u16 = $unsigned::BITS as u16;
                    if info.kind != SampleKind::Integer || info.bits_allocated != BITS || info.signed != $signed {
                        return false;
                    }
                    let (down, up) = native::shifts(info, BITS);
                    let value = |pattern: $unsigned| ((pattern << up) as $type) >> (up + down);
                    match raw {
                        Raw::Words(words) if BITS == 16 => {
                            out.iter_mut().zip(*words).for_each(|(place, &word)| *place = value(word as $unsigned));
                        }
                        Raw::Native(bytes, 0) => {
                            let patterns = bytes.as_chunks::<{ BITS as usize / 8 }>().0;
                            let pattern = |bytes: &[u8; BITS as usize / 8]| $unsigned::from_le_bytes(*bytes);
                            out.iter_mut().zip(patterns).for_each(|(place, bytes)| *place = value(pattern(bytes)));
                        }
                        _ => return false,
                    }
                    true
                }
            )?
        }
    )*};
}

#[allow(clippy::unnecessary_cast, reason = "one body for all types")]
mod implementations {
    use super::*;

    target! {
        u8, U8, u8, false;
        i8, I8, u8, true;
        u16, U16, u16, false;
        i16, I16, u16, true;
        u32, U32, u32, false;
        i32, I32, u32, true;
        u64, U64, u64, false;
        i64, I64, u64, true;
        f32;
        f64;
    }
}

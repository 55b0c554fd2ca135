//! Native samples: unpack, mask, extend the sign, swap planes.
//!
//! Bytes are little endian here: big-endian files were turned when they were opened.

use isocenter_volume::DynSamples;

use super::info::PACKED;
use super::{PixelInfo, SampleKind};
use crate::Error;

/// Where a frame lies in native pixel data.
pub(crate) struct Span {
    pub(crate) bytes: std::ops::Range<u64>,
    /// The bit of the first byte at which it starts.
    pub(crate) bit: usize,
}

/// Where frame `index` lies within `length` bytes of native pixel data.
pub(crate) fn span(info: &PixelInfo, index: usize, length: u64) -> Result<Span, Error> {
    let bits = info.native_frame_bits();
    let start = bits.checked_mul(index as u64);
    let end = start.and_then(|start| start.checked_add(bits));
    if let (Some(start), Some(end)) = (start, end)
        && end.div_ceil(8) <= length
    {
        return Ok(Span { bytes: start / 8..end.div_ceil(8), bit: (start % 8) as usize });
    }
    let offset = start.unwrap_or(u64::MAX) / 8;
    let (tag, wanted) = (Some(dicom_dictionary_std::tags::PIXEL_DATA), bits.div_ceil(8));
    Err(Error::Truncated { tag, offset, wanted, left: length.saturating_sub(offset) })
}

/// The bytes of frame `index` within native pixel data, and the bit at which it starts in the first of them.
pub(super) fn slice<'a>(bytes: &'a [u8], info: &PixelInfo, index: usize) -> Result<(&'a [u8], usize), Error> {
    let span = span(info, index, bytes.len() as u64)?;
    let bytes = bytes.get(span.bytes.start as usize..span.bytes.end as usize).unwrap_or_default();
    Ok((bytes, span.bit))
}

/// The samples of one frame from its little-endian bytes; planes stay planes.
pub(super) fn samples(bytes: &[u8], first_bit: usize, info: &PixelInfo) -> Result<DynSamples, Error> {
    let word = |c: &[u8]| u16::from_le_bytes([c[0], c[1]]);
    let long = |c: &[u8]| u32::from_le_bytes([c[0], c[1], c[2], c[3]]);
    let eight = |c: &[u8]| u64::from(long(&c[4..])) << 32 | u64::from(long(c));
    Ok(match (info.kind, info.bits_allocated) {
        (SampleKind::Float, _) => bytes.chunks_exact(4).map(|c| f32::from_bits(long(c))).collect::<Vec<_>>().into(),
        (SampleKind::Double, _) => bytes.chunks_exact(8).map(|c| f64::from_bits(eight(c))).collect::<Vec<_>>().into(),
        (_, 1) => bits(bytes, first_bit, info.samples()).into(),
        (_, PACKED) => from_u16(packed(bytes, first_bit, info.samples()), info),
        (_, 8) => from_u8(bytes.to_vec(), info),
        (_, 16) => from_u16(bytes.chunks_exact(2).map(word).collect(), info),
        (_, 32) => from_u32(bytes.chunks_exact(4).map(long).collect(), info),
        (_, 64) => from_u64(bytes.chunks_exact(8).map(eight).collect(), info),
        _ => return Err(Error::UnsupportedPixels { what: "this number of bits allocated" }),
    })
}

fn bits(bytes: &[u8], first_bit: usize, count: usize) -> Vec<u8> {
    (first_bit..first_bit + count).map(|bit| bytes.get(bit / 8).map_or(0, |byte| byte >> (bit % 8) & 1)).collect()
}

/// Samples of 12 bits, the lowest first, however they lie across bytes.
fn packed(bytes: &[u8], first_bit: usize, count: usize) -> Vec<u16> {
    let byte = |at: usize| bytes.get(at).map_or(0, |&byte| u32::from(byte));
    let sample = |index: usize| {
        let bit = first_bit + index * usize::from(PACKED);
        let three = byte(bit / 8) | byte(bit / 8 + 1) << 8 | byte(bit / 8 + 2) << 16;
        (three >> (bit % 8) & 0xFFF) as u16
    };
    (0..count).map(sample).collect()
}

macro_rules! from_patterns {
    ($(#[doc = $doc:literal] $name:ident, $unsigned:ident, $signed:ident;)*) => {$(
        #[doc = $doc]
        pub(super) fn $name(mut raw: Vec<$unsigned>, info: &PixelInfo) -> DynSamples {
            let (down, up) = shifts(info, $unsigned::BITS as u16);
            if info.signed {
                let extended = raw.into_iter().map(|v| ((v << up) as $signed) >> (up + down));
                return extended.collect::<Vec<_>>().into();
            }
            if up + down > 0 {
                raw.iter_mut().for_each(|v| *v = (*v << up) >> (up + down));
            }
            raw.into()
        }
    )*};
}

from_patterns! {
    #[doc = "Values out of bit patterns of 8 bits."] from_u8, u8, i8;
    #[doc = "Values out of bit patterns of 16 bits."] from_u16, u16, i16;
    #[doc = "Values out of bit patterns of 32 bits."] from_u32, u32, i32;
    #[doc = "Values out of bit patterns of 64 bits."] from_u64, u64, i64;
}

/// How many unused bits lie below the value and above it.
pub(super) fn shifts(info: &PixelInfo, width: u16) -> (u16, u16) {
    let high = info.high_bit.min(width - 1);
    let stored = info.bits_stored.clamp(1, high + 1);
    (high + 1 - stored, width - 1 - high)
}

/// Planes of a colour each to pixels.
pub(super) fn interleave(samples: DynSamples, planes: usize) -> DynSamples {
    fn weave<T: Copy + Default>(v: Vec<T>, planes: usize) -> Vec<T> {
        let pixels = v.len() / planes;
        let mut woven = vec![T::default(); pixels * planes];
        for (plane, values) in v.chunks_exact(pixels.max(1)).enumerate() {
            let places = woven.iter_mut().skip(plane).step_by(planes);
            places.zip(values).for_each(|(place, &value)| *place = value);
        }
        woven
    }
    if planes == 1 {
        return samples;
    }
    super::decoded::each!(samples, v => weave(v.into_vec(), planes).into(), other => other)
}

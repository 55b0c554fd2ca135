//! Native samples: unpack, mask, extend the sign, swap planes.
//!
//! Bytes are little endian here: big-endian files were turned when they were opened.

use super::{PixelInfo, SampleKind, Samples};
use crate::Error;

/// The bytes of frame `index` within native pixel data, and the bit at which it starts in the first of them.
pub(super) fn slice<'a>(bytes: &'a [u8], info: &PixelInfo, index: usize) -> Result<(&'a [u8], usize), Error> {
    let bits = info.native_frame_bits();
    let start = bits.checked_mul(index as u64);
    let range = start.and_then(|s| Some((s, s.checked_add(bits)?))).and_then(|(s, e)| {
        Some((usize::try_from(s / 8).ok()?, usize::try_from(e.div_ceil(8)).ok()?, (s % 8) as usize))
    });
    let found = range.and_then(|(from, to, bit)| Some((bytes.get(from..to)?, bit)));
    found.ok_or(Error::Truncated {
        tag: Some(dicom_dictionary_std::tags::PIXEL_DATA),
        offset: start.unwrap_or(u64::MAX) / 8,
        wanted: bits.div_ceil(8),
        left: (bytes.len() as u64).saturating_sub(start.unwrap_or(u64::MAX) / 8),
    })
}

/// The samples of one frame from its little-endian bytes; planes stay planes.
pub(super) fn samples(bytes: &[u8], first_bit: usize, info: &PixelInfo) -> Result<Samples, Error> {
    let word = |c: &[u8]| u16::from_le_bytes([c[0], c[1]]);
    let long = |c: &[u8]| u32::from_le_bytes([c[0], c[1], c[2], c[3]]);
    let eight = |c: &[u8]| f64::from_le_bytes([c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]]);
    Ok(match (info.kind, info.bits_allocated) {
        (SampleKind::Float, _) => Samples::F32(bytes.chunks_exact(4).map(|c| f32::from_bits(long(c))).collect()),
        (SampleKind::Double, _) => Samples::F64(bytes.chunks_exact(8).map(eight).collect()),
        (_, 1) => Samples::U8(bits(bytes, first_bit, info.samples())),
        (_, 8) => from_u8(bytes.to_vec(), info),
        (_, 16) => from_u16(bytes.chunks_exact(2).map(word).collect(), info),
        (_, 32) => from_u32(bytes.chunks_exact(4).map(long).collect(), info),
        _ => return Err(Error::UnsupportedPixels { what: "64-bit integer samples" }),
    })
}

fn bits(bytes: &[u8], first_bit: usize, count: usize) -> Vec<u8> {
    (first_bit..first_bit + count).map(|bit| bytes.get(bit / 8).map_or(0, |byte| byte >> (bit % 8) & 1)).collect()
}

/// Values out of bit patterns of 8 bits.
pub(super) fn from_u8(mut raw: Vec<u8>, info: &PixelInfo) -> Samples {
    let (down, up) = shifts(info, 8);
    if info.signed {
        return Samples::I8(raw.into_iter().map(|v| ((v << up) as i8) >> (up + down)).collect());
    }
    if up + down > 0 {
        raw.iter_mut().for_each(|v| *v = (*v << up) >> (up + down));
    }
    Samples::U8(raw)
}

/// Values out of bit patterns of 16 bits.
pub(super) fn from_u16(mut raw: Vec<u16>, info: &PixelInfo) -> Samples {
    let (down, up) = shifts(info, 16);
    if info.signed {
        return Samples::I16(raw.into_iter().map(|v| ((v << up) as i16) >> (up + down)).collect());
    }
    if up + down > 0 {
        raw.iter_mut().for_each(|v| *v = (*v << up) >> (up + down));
    }
    Samples::U16(raw)
}

/// Values out of bit patterns of 32 bits.
pub(super) fn from_u32(mut raw: Vec<u32>, info: &PixelInfo) -> Samples {
    let (down, up) = shifts(info, 32);
    if info.signed {
        return Samples::I32(raw.into_iter().map(|v| ((v << up) as i32) >> (up + down)).collect());
    }
    if up + down > 0 {
        raw.iter_mut().for_each(|v| *v = (*v << up) >> (up + down));
    }
    Samples::U32(raw)
}

/// How many unused bits lie below the value and above it.
fn shifts(info: &PixelInfo, width: u16) -> (u16, u16) {
    let high = info.high_bit.min(width - 1);
    let stored = info.bits_stored.clamp(1, high + 1);
    (high + 1 - stored, width - 1 - high)
}

/// Planes of a colour each to pixels.
pub(super) fn interleave(samples: Samples, planes: usize) -> Samples {
    fn weave<T: Copy>(v: Vec<T>, planes: usize) -> Vec<T> {
        let pixels = v.len() / planes;
        (0..pixels).flat_map(|at| (0..planes).map(move |plane| plane * pixels + at)).map(|at| v[at]).collect()
    }
    if planes == 1 {
        return samples;
    }
    match samples {
        Samples::U8(v) => Samples::U8(weave(v, planes)),
        Samples::I8(v) => Samples::I8(weave(v, planes)),
        Samples::U16(v) => Samples::U16(weave(v, planes)),
        Samples::I16(v) => Samples::I16(weave(v, planes)),
        Samples::U32(v) => Samples::U32(weave(v, planes)),
        Samples::I32(v) => Samples::I32(weave(v, planes)),
        Samples::F32(v) => Samples::F32(weave(v, planes)),
        Samples::F64(v) => Samples::F64(weave(v, planes)),
    }
}

//! DynSamples to values and bytes.

use isocenter_volume::DynSamples;
use std::ops::Range;

use crate::Error;
use crate::pixel::PixelInfo;

/// The values at `range`, each within the bits that `info` stores; 32 unsigned bits as a pattern.
pub(super) fn values(samples: &DynSamples, range: Range<usize>, info: &PixelInfo) -> Result<Vec<i32>, Error> {
    let half = 1i64 << (info.bits_stored - 1);
    let fitting = if info.signed { -half..half } else { 0..2 * half };
    fn convert<T: Copy>(all: &[T], range: Range<usize>, fitting: &Range<i64>) -> Option<Vec<i32>>
    where
        i64: From<T>,
    {
        let some = all.get(range)?;
        some.iter()
            .all(|&x| fitting.contains(&i64::from(x)))
            .then(|| some.iter().map(|&x| i64::from(x) as i32).collect())
    }
    let values = match samples {
        DynSamples::U8(v) => convert(v, range, &fitting),
        DynSamples::I8(v) => convert(v, range, &fitting),
        DynSamples::U16(v) => convert(v, range, &fitting),
        DynSamples::I16(v) => convert(v, range, &fitting),
        DynSamples::U32(v) => convert(v, range, &fitting),
        DynSamples::I32(v) => convert(v, range, &fitting),
        DynSamples::U64(_) | DynSamples::I64(_) => {
            return Err(Error::UnsupportedPixels { what: "coding of whole numbers of 64 bits" });
        }
        _ => {
            return Err(Error::UnsupportedPixels { what: "coding of floats as integers" });
        }
    };
    values.ok_or(Error::Malformed { tag: None, what: "a sample that does not fit into bits stored" })
}

/// Native little-endian bytes: signs extended, single bits from the lowest, the last byte filled with zeros.
pub(super) fn bytes(values: &[i32], bits_allocated: u16) -> Vec<u8> {
    match bits_allocated {
        1 => values.chunks(8).map(|c| c.iter().rev().fold(0, |byte, &bit| byte << 1 | bit as u8)).collect(),
        8 => values.iter().map(|&v| v as u8).collect(),
        16 => values.iter().flat_map(|&v| (v as u16).to_le_bytes()).collect(),
        _ => values.iter().flat_map(|&v| v.to_le_bytes()).collect(),
    }
}

/// Frames of `bits` bits each, every one in whole bytes, as native data: one after the other, not aligned.
pub(super) fn join_bits(frames: &[Vec<u8>], bits: usize) -> Vec<u8> {
    let mut out = vec![0; (frames.len() * bits).div_ceil(8)];
    for (index, frame) in frames.iter().enumerate() {
        let places = index * bits..(index + 1) * bits;
        for (_, place) in places.enumerate().filter(|(bit, _)| frame[bit / 8] >> (bit % 8) & 1 == 1) {
            out[place / 8] |= 1 << (place % 8);
        }
    }
    out
}

/// Little-endian bytes of floats.
pub(super) fn float_bytes(samples: &DynSamples, range: Range<usize>) -> Result<Vec<u8>, Error> {
    let bytes = match samples {
        DynSamples::F32(v) => v.get(range).map(|v| v.iter().flat_map(|x| x.to_le_bytes()).collect()),
        DynSamples::F64(v) => v.get(range).map(|v| v.iter().flat_map(|x| x.to_le_bytes()).collect()),
        _ => return Err(Error::UnsupportedPixels { what: "coding of integers as floats" }),
    };
    bytes.ok_or(Error::Malformed { tag: None, what: "fewer samples than a frame has" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_single_bits_follow_each_other_without_a_gap() {
        let frames = [bytes(&[1, 0, 1], 1), bytes(&[0, 1, 1], 1), bytes(&[1, 1, 0], 1)];
        assert_eq!(frames, [[0b101], [0b110], [0b011]]);
        assert_eq!(join_bits(&frames, 3), [0b1111_0101, 0b0]);
    }

    #[test]
    fn signs_are_extended_to_bits_allocated() {
        assert_eq!(bytes(&[-2, 1], 16), [0xFE, 0xFF, 1, 0]);
    }
}

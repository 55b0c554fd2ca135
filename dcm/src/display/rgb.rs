//! Colour samples of any width to 8 bits.

use isocenter_volume::DynSamples;

use crate::Error;
use crate::pixel::DecodedPixels;

/// The samples scaled from Bits Stored to 8 bits, to the nearest.
pub(super) fn to_bytes(frame: DecodedPixels) -> Result<Vec<u8>, Error> {
    fn scaled<T: Copy + Into<u64>>(values: &[T], bits: u16) -> Vec<u8> {
        let top = (1u64 << bits.clamp(1, 32)) - 1;
        values.iter().map(|&value| ((value.into().min(top) * 255 + top / 2) / top) as u8).collect()
    }
    match frame.samples {
        DynSamples::U8(v) if frame.info.bits_stored >= 8 => Ok(v.into_vec()),
        DynSamples::U8(v) => Ok(scaled(&v, frame.info.bits_stored)),
        DynSamples::U16(v) => Ok(scaled(&v, frame.info.bits_stored)),
        DynSamples::U32(v) => Ok(scaled(&v, frame.info.bits_stored)),
        _ => Err(Error::UnsupportedPixels { what: "colour of signed or float samples" }),
    }
}

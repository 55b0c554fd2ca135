//! Decoded samples.

use isocenter_volume::DynSamples;

use super::PixelInfo;

/// Does the same with the samples of whatever type a frame may have; something else with any other.
macro_rules! each {
    ($samples:expr, $v:ident => $body:expr, $other:ident => $fallback:expr) => {
        match $samples {
            isocenter_volume::DynSamples::U8($v) => $body,
            isocenter_volume::DynSamples::I8($v) => $body,
            isocenter_volume::DynSamples::U16($v) => $body,
            isocenter_volume::DynSamples::I16($v) => $body,
            isocenter_volume::DynSamples::U32($v) => $body,
            isocenter_volume::DynSamples::I32($v) => $body,
            isocenter_volume::DynSamples::U64($v) => $body,
            isocenter_volume::DynSamples::I64($v) => $body,
            isocenter_volume::DynSamples::F32($v) => $body,
            isocenter_volume::DynSamples::F64($v) => $body,
            $other => $fallback,
        }
    };
}
pub(super) use each;

/// One decoded frame, or all of them one after the other.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct DecodedPixels {
    /// What the samples are now: photometric interpretation, samples per pixel and sign are those after decoding.
    pub info: PixelInfo,
    /// The samples, in the smallest type that holds Bits Allocated: row by row, the samples of a pixel together.
    pub samples: DynSamples,
    /// Rows and columns of the (first) frame that the file holds, where it is a tile at the edge of a slide and its stream ends with the
    /// slide: what lies outside the total pixel matrix is 0. `None` of any other frame.
    pub tile: Option<[u16; 2]>,
}

impl DecodedPixels {
    /// Joins samples and what they are, for [`replace`](super::replace).
    pub const fn new(info: PixelInfo, samples: DynSamples) -> Self {
        Self { info, samples, tile: None }
    }

    /// The samples as f64: exact, but for whole numbers of 64 bits beyond 2^53.
    pub fn to_f64(&self) -> Vec<f64> {
        to_f64(&self.samples)
    }

    /// The samples as little-endian bytes.
    pub fn to_le_bytes(&self) -> Vec<u8> {
        each!(&self.samples, v => v.iter().flat_map(|x| x.to_le_bytes()).collect(), _other => Vec::new())
    }
}

/// The samples as f64; none of what no frame holds.
#[allow(clippy::unnecessary_cast, reason = "one body for all types")]
pub(crate) fn to_f64(samples: &DynSamples) -> Vec<f64> {
    each!(samples, v => v.iter().map(|&x| x as f64).collect(), _other => Vec::new())
}

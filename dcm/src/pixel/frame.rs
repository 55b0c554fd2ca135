//! Decoded samples.

use super::PixelInfo;

/// The samples of one or several frames, in the smallest type that holds Bits Allocated.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum Samples {
    U8(Vec<u8>),
    I8(Vec<i8>),
    U16(Vec<u16>),
    I16(Vec<i16>),
    U32(Vec<u32>),
    I32(Vec<i32>),
    U64(Vec<u64>),
    I64(Vec<i64>),
    F32(Vec<f32>),
    F64(Vec<f64>),
}

/// Does the same with the vector of whatever type it is.
macro_rules! each {
    ($samples:expr, $v:ident => $body:expr) => {
        match $samples {
            $crate::pixel::Samples::U8($v) => $body,
            $crate::pixel::Samples::I8($v) => $body,
            $crate::pixel::Samples::U16($v) => $body,
            $crate::pixel::Samples::I16($v) => $body,
            $crate::pixel::Samples::U32($v) => $body,
            $crate::pixel::Samples::I32($v) => $body,
            $crate::pixel::Samples::U64($v) => $body,
            $crate::pixel::Samples::I64($v) => $body,
            $crate::pixel::Samples::F32($v) => $body,
            $crate::pixel::Samples::F64($v) => $body,
        }
    };
}

/// Makes samples of the same type out of the vector of whatever type it is.
macro_rules! map_samples {
    ($samples:expr, $v:ident => $body:expr) => {
        match $samples {
            $crate::pixel::Samples::U8($v) => $crate::pixel::Samples::U8($body),
            $crate::pixel::Samples::I8($v) => $crate::pixel::Samples::I8($body),
            $crate::pixel::Samples::U16($v) => $crate::pixel::Samples::U16($body),
            $crate::pixel::Samples::I16($v) => $crate::pixel::Samples::I16($body),
            $crate::pixel::Samples::U32($v) => $crate::pixel::Samples::U32($body),
            $crate::pixel::Samples::I32($v) => $crate::pixel::Samples::I32($body),
            $crate::pixel::Samples::U64($v) => $crate::pixel::Samples::U64($body),
            $crate::pixel::Samples::I64($v) => $crate::pixel::Samples::I64($body),
            $crate::pixel::Samples::F32($v) => $crate::pixel::Samples::F32($body),
            $crate::pixel::Samples::F64($v) => $crate::pixel::Samples::F64($body),
        }
    };
}
pub(super) use {each, map_samples};

impl Samples {
    /// How many samples there are.
    pub fn len(&self) -> usize {
        each!(self, v => v.len())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The samples as f64: exact, but for whole numbers of 64 bits beyond 2^53.
    #[allow(clippy::unnecessary_cast, reason = "one body for all types")]
    pub fn to_f64(&self) -> Vec<f64> {
        each!(self, v => v.iter().map(|&x| x as f64).collect())
    }

    /// The type's name, as in NumPy: `u1`, `i2`, `f4`, ...
    pub const fn type_code(&self) -> &'static str {
        match self {
            Self::U8(_) => "u1",
            Self::I8(_) => "i1",
            Self::U16(_) => "u2",
            Self::I16(_) => "i2",
            Self::U32(_) => "u4",
            Self::I32(_) => "i4",
            Self::U64(_) => "u8",
            Self::I64(_) => "i8",
            Self::F32(_) => "f4",
            Self::F64(_) => "f8",
        }
    }

    /// The samples as little-endian bytes.
    pub fn to_le_bytes(&self) -> Vec<u8> {
        each!(self, v => v.iter().flat_map(|x| x.to_le_bytes()).collect())
    }

    /// Appends samples of the same type; `false`, and nothing done, where the types differ.
    #[must_use]
    pub fn append(&mut self, other: &mut Self) -> bool {
        match (self, other) {
            (Self::U64(a), Self::U64(b)) => a.append(b),
            (Self::I64(a), Self::I64(b)) => a.append(b),
            (Self::U8(a), Self::U8(b)) => a.append(b),
            (Self::I8(a), Self::I8(b)) => a.append(b),
            (Self::U16(a), Self::U16(b)) => a.append(b),
            (Self::I16(a), Self::I16(b)) => a.append(b),
            (Self::U32(a), Self::U32(b)) => a.append(b),
            (Self::I32(a), Self::I32(b)) => a.append(b),
            (Self::F32(a), Self::F32(b)) => a.append(b),
            (Self::F64(a), Self::F64(b)) => a.append(b),
            _ => return false,
        }
        true
    }
}

/// One decoded frame, or all of them one after the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// What the samples are now: photometric interpretation, samples per pixel and sign are those after decoding.
    pub info: PixelInfo,
    /// The samples: row by row, the samples of a pixel together.
    pub samples: Samples,
}

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
    F32(Vec<f32>),
    F64(Vec<f64>),
}

/// Does the same with the vector of whatever type it is.
macro_rules! each {
    ($samples:expr, $v:ident => $body:expr) => {
        match $samples {
            Samples::U8($v) => $body,
            Samples::I8($v) => $body,
            Samples::U16($v) => $body,
            Samples::I16($v) => $body,
            Samples::U32($v) => $body,
            Samples::I32($v) => $body,
            Samples::F32($v) => $body,
            Samples::F64($v) => $body,
        }
    };
}

impl Samples {
    /// How many samples there are.
    pub fn len(&self) -> usize {
        each!(self, v => v.len())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The samples as f64, exact for all types here.
    pub fn to_f64(&self) -> Vec<f64> {
        fn convert<T: Copy>(values: &[T]) -> Vec<f64>
        where
            f64: From<T>,
        {
            values.iter().map(|&x| f64::from(x)).collect()
        }
        each!(self, v => convert(v))
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

    pub(super) fn reserve(&mut self, more: usize) -> bool {
        each!(self, v => v.try_reserve_exact(more).is_ok())
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

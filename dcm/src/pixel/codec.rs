//! Decoders of one frame's code stream.

pub(super) mod deflated;
pub(super) mod htj2k;
pub(super) mod jpeg;
pub(super) mod jpeg2000;
pub(super) mod jpegls;
#[cfg(feature = "jpeg-xl")]
pub(super) mod jpegxl;
pub(super) mod rle;

use crate::Error;

/// What a code stream holds.
pub(super) struct Stream {
    /// Bit patterns, those of signed numbers where `signed`; the samples of a pixel together.
    pub(super) values: Values,
    /// Bits of a value.
    pub(super) precision: u16,
    /// Whether the stream itself says that values are signed.
    pub(super) signed: bool,
    /// What its three components are.
    pub(super) colour: Colour,
    pub(super) loss: Loss,
}

/// Whether values may be others than those that were coded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    None,
    Some,
    /// The transforms lose nothing, but the stream may have been cut down: header and syntax know.
    Untold,
}

impl Loss {
    /// The answer, where `otherwise` says what header and syntax know.
    pub(super) fn or(self, otherwise: bool) -> bool {
        match self {
            Self::None => false,
            Self::Some => true,
            Self::Untold => otherwise,
        }
    }
}

/// Bit patterns in the type that a codec has them in. Only the bits of the stream's precision count.
pub(super) enum Values {
    Bytes(Vec<u8>),
    Words(Vec<u16>),
    Longs(Vec<i32>),
}

impl Values {
    pub(super) fn into_bytes(self) -> Vec<u8> {
        match self {
            Self::Bytes(v) => v,
            Self::Words(v) => v.into_iter().map(|x| x as u8).collect(),
            Self::Longs(v) => v.into_iter().map(|x| x as u8).collect(),
        }
    }

    pub(super) fn into_words(self) -> Vec<u16> {
        match self {
            Self::Bytes(v) => v.into_iter().map(u16::from).collect(),
            Self::Words(v) => v,
            Self::Longs(v) => v.into_iter().map(|x| x as u16).collect(),
        }
    }

    pub(super) fn into_longs(self) -> Vec<u32> {
        match self {
            Self::Bytes(v) => v.into_iter().map(u32::from).collect(),
            Self::Words(v) => v.into_iter().map(u32::from).collect(),
            Self::Longs(v) => v.into_iter().map(|x| x as u32).collect(),
        }
    }
}

#[cfg(test)]
impl Values {
    /// The patterns as numbers.
    pub(super) fn numbers(self) -> Vec<i32> {
        match self {
            Self::Longs(v) => v,
            other => other.into_longs().into_iter().map(|x| x as i32).collect(),
        }
    }
}

impl From<Vec<i32>> for Values {
    fn from(values: Vec<i32>) -> Self {
        Self::Longs(values)
    }
}

/// What the three components of a code stream are.
pub(super) enum Colour {
    /// What Photometric Interpretation says.
    AsDeclared,
    /// Red, green, blue.
    Rgb,
    /// Luma and colour differences, full range.
    Ycc,
}

/// An error of a codec.
fn damaged(codec: &'static str, what: impl Into<String>) -> Error {
    Error::Codec { codec, what: what.into() }
}

/// Runs somebody else's decoder; what it cannot cope with must not take the process down.
fn guarded<T>(codec: &'static str, decode: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(decode))
        .unwrap_or_else(|_| Err(damaged(codec, "the decoder gave up")))
}

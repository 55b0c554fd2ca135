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
    /// Bit patterns, or signed numbers where `signed`; the samples of a pixel together.
    pub(super) values: Vec<i32>,
    /// Bits of a value.
    pub(super) precision: u16,
    /// Whether the stream itself says that values are signed.
    pub(super) signed: bool,
    /// What its three components are.
    pub(super) colour: Colour,
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

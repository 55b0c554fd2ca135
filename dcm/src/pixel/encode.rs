//! Encoders: stored values to code streams, and those into an instance.
//!
//! Each encoder takes one frame as an [`Image`] and knows nothing of the file around it; [`EncodeOptions`] is the way in, and
//! keeps the header in line with what was coded.

mod attributes;
mod fragments;
mod jpeg2000;
mod jpeg_lossless;
mod jpegls;
mod options;
mod replace;
mod rle;
mod samples;

pub use options::{EncodeOptions, best_for};
pub use replace::{replace, transcode};

/// One frame to be coded.
pub(in crate::pixel) struct Image<'a> {
    pub(in crate::pixel) rows: u16,
    pub(in crate::pixel) columns: u16,
    /// DynSamples of a pixel: 1 or 3.
    pub(in crate::pixel) components: usize,
    /// Bits a sample takes where it is not compressed: 1, 8, 16 or 32.
    pub(in crate::pixel) bits_allocated: u16,
    /// Bits of a value: every value fits into them, in two's complement where `signed`.
    pub(in crate::pixel) bits_stored: u16,
    pub(in crate::pixel) signed: bool,
    /// Stored values, row by row, the samples of a pixel together.
    pub(in crate::pixel) values: &'a [i32],
}

//! The high-throughput block coder: coded bytes of one code block to signed magnitudes.
//!
//! A block is coded in *quads* of 2x2 samples by a cleanup pass, which gives all magnitudes down to one bit plane, and at most
//! two refinement passes, which give the next plane. Results are words of 32 bits: sign in bit 31, bit plane `n` in bit
//! `n + 1`; below the last plane that was coded stands a one, the middle of what the bits left open. Zero is 0.
//!
//! Source: ITU-T T.814 clause 7.

mod bits;
mod cleanup;
mod mel;
mod refine;
mod vlc;

use super::damaged;
use crate::Error;

/// More bit planes do not fit beside sign and middle.
pub(super) const MOST_PLANES: u8 = 30;

/// What a packet header says about a block, with its bytes.
pub(super) struct Coded<'a> {
    pub(super) width: usize,
    pub(super) height: usize,
    /// The bit plane that the cleanup pass ends with, from 0.
    pub(super) plane: u8,
    /// Bit planes above it.
    pub(super) missing: u8,
    pub(super) cleanup: &'a [u8],
    /// Bytes of the refinement passes.
    pub(super) refinement: &'a [u8],
    /// Passes, 1 to 3.
    pub(super) passes: u8,
    /// Whether a stripe of four rows is refined without a look at the next.
    pub(super) causal: bool,
}

/// Decodes blocks; keeps its buffers from one to the next.
#[derive(Default)]
pub(super) struct Decoder {
    /// Decoded words of quads, with one more in front of each row and three behind.
    words: Vec<u16>,
    /// Offsets of the quads' exponents.
    offsets: Vec<u8>,
    /// Magnitudes of the row above, by column of quads.
    above: Vec<u32>,
    samples: Vec<u32>,
    flags: Vec<u8>,
}

impl Decoder {
    /// Decodes a block of at most 4096 samples; gives its rows and the distance from one to the next.
    pub(super) fn decode(&mut self, block: &Coded) -> Result<(&[u32], usize), Error> {
        let stride = block.width.next_multiple_of(2);
        self.samples.clear();
        self.samples.resize(stride * block.height.next_multiple_of(2), 0);
        self.cleanup(block)?;
        if block.passes > 1 && block.plane > 0 {
            self.refine(block);
        }
        Ok((&self.samples, stride))
    }
}

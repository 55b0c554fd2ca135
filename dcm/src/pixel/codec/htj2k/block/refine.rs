//! The refinement passes, which add one bit plane.
//!
//! *SigProp* looks at the samples that are still zero beside one that is not: a bit says whether such a sample is one now. Its
//! signs follow after each group of four columns of a stripe (four rows). *MagRef* gives the next bit of the samples that the
//! cleanup pass made significant. The first reads the segment forward, the second from its end.
//!
//! Source: ITU-T T.814, 7.4 (SigProp), 7.5 (MagRef).

use super::bits::{Backward, Forward};
use super::{Coded, Decoder};

/// Significant since the cleanup pass.
const OLD: u8 = 1;
/// Significant since SigProp.
const NEW: u8 = 2;

impl Decoder {
    pub(super) fn refine(&mut self, block: &Coded) {
        // Flags have a column of zeros on either side and a row above and below.
        let (stride, wide) = (block.width.next_multiple_of(2), block.width + 2);
        self.flags.clear();
        self.flags.resize(wide * (block.height + 2), 0);
        let inner = self.flags.chunks_exact_mut(wide).skip(1);
        for (flags, samples) in inner.zip(self.samples.chunks_exact(stride)).take(block.height) {
            let flags = flags.iter_mut().skip(1);
            flags.zip(samples.iter().take(block.width)).for_each(|(flag, &v)| *flag = u8::from(v != 0) * OLD);
        }
        self.propagate(block, stride, wide);
        if block.passes > 2 {
            self.refine_magnitudes(block, stride, wide);
        }
    }

    fn propagate(&mut self, block: &Coded, stride: usize, wide: usize) {
        let mut bits = Forward::<0>::new(block.refinement);
        let value = 3u32 << (block.plane - 1);
        for top in (0..block.height).step_by(4) {
            let bottom = (top + 4).min(block.height);
            for left in (0..block.width).step_by(4) {
                // Places of the samples found in this group, and how many.
                let (mut found, mut count) = ([0usize; 16], 0);
                for x in left..(left + 4).min(block.width) {
                    for y in top..bottom {
                        let below = !(block.causal && y % 4 == 3);
                        if !self.is_candidate(y * wide + x, wide, below) {
                            continue;
                        }
                        let one = bits.peek() & 1 == 1;
                        bits.skip(1);
                        if let (true, Some(place)) = (one, found.get_mut(count)) {
                            *place = y * stride + x;
                            count += 1;
                            if let Some(flag) = self.flags.get_mut((y + 1) * wide + x + 1) {
                                *flag |= NEW;
                            }
                        }
                    }
                }
                for &place in found.iter().take(count) {
                    let sign = bits.peek() & 1;
                    bits.skip(1);
                    if let Some(sample) = self.samples.get_mut(place) {
                        *sample = sign << 31 | value;
                    }
                }
            }
        }
    }

    /// Whether a sample is zero beside one that is not; `corner` is the place of its neighbour above left.
    fn is_candidate(&self, corner: usize, wide: usize, below: bool) -> bool {
        let row = |at: usize| self.flags.get(at..at + 3).and_then(|row| row.first_chunk::<3>()).copied();
        let any = |row: Option<[u8; 3]>| row.is_some_and(|[a, b, c]| a | b | c != 0);
        let Some([left, here, right]) = row(corner + wide) else { return false };
        here == 0 && (left | right != 0 || any(row(corner)) || (below && any(row(corner + 2 * wide))))
    }

    fn refine_magnitudes(&mut self, block: &Coded, stride: usize, wide: usize) {
        let mut bits = Backward::refinement(block.refinement);
        let half = 1u32 << (block.plane - 1);
        for top in (0..block.height).step_by(4) {
            for x in 0..block.width {
                for y in top..(top + 4).min(block.height) {
                    if self.flags.get((y + 1) * wide + x + 1).is_none_or(|flag| flag & OLD == 0) {
                        continue;
                    }
                    let bit = bits.peek() & 1;
                    bits.skip(1);
                    if let Some(sample) = self.samples.get_mut(y * stride + x) {
                        // The old middle goes where the bit is 0, the new one comes.
                        *sample ^= (1 - bit) << block.plane | half;
                    }
                }
            }
        }
    }
}

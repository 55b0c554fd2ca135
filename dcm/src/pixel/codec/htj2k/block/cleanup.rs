//! The cleanup pass.
//!
//! First the significance patterns and exponent offsets of all quads are decoded (MEL and VLC bits), then the magnitudes and
//! signs of all significant samples (MagSgn bits): the number of bits of a sample is its quad's exponent bound, which is
//! predicted from the row of samples above.
//!
//! Source: ITU-T T.814, 7.1 (segments), 7.3 (decoding).

use super::bits::{Backward, Forward};
use super::mel::Mel;
use super::vlc::{FIRST_ROW, FIRST_ROW_OFFSETS, OTHER_ROWS, OTHER_ROWS_OFFSETS, Offsets};
use super::{Coded, Decoder, damaged};
use crate::Error;
use crate::pixel::codec::htj2k::NAME;

impl Decoder {
    pub(super) fn cleanup(&mut self, block: &Coded) -> Result<(), Error> {
        let bytes = block.cleanup;
        let wrong = || damaged(NAME, "the lengths in a block contradict each other");
        let &[.., before, last] = bytes else { return Err(wrong()) };
        let tail = usize::from(last) << 4 | usize::from(before & 0x0F);
        if !(2..=4079).contains(&tail) {
            return Err(wrong());
        }
        let (magnitudes, coded) = bytes.split_at_checked(bytes.len().wrapping_sub(tail)).ok_or_else(wrong)?;
        let mut mel = Mel::new(coded.get(..tail - 1).ok_or_else(wrong)?);
        let mut vlc = Backward::vlc(coded.get(..tail - 2).ok_or_else(wrong)?, before);
        self.patterns(block, &mut mel, &mut vlc);
        if self.magnitudes(block, magnitudes) { Ok(()) } else { Err(damaged(NAME, "a magnitude has too many bits")) }
    }

    /// How many words a row of quads takes.
    fn word_stride(block: &Coded) -> usize {
        block.width.div_ceil(4) * 2 + 4
    }

    fn patterns(&mut self, block: &Coded, mel: &mut Mel, vlc: &mut Backward) {
        let (rows, stride) = (block.height.div_ceil(2), Self::word_stride(block));
        self.words.clear();
        self.words.resize(rows * stride, 0);
        self.offsets.clear();
        self.offsets.resize(rows * (stride - 4), 0);
        let odd = block.width.div_ceil(2) % 2 == 1;
        let mut offsets = self.offsets.chunks_exact_mut(stride - 4);
        let (first, _) = self.words.split_at_mut(stride);
        if let Some(offsets) = offsets.next() {
            first_row(inner_mut(first), offsets, odd, mel, vlc);
        }
        for (row, offsets) in (1..rows).zip(offsets) {
            let (above, here) = self.words.split_at_mut(row * stride);
            let above = above.get((row - 1) * stride..).unwrap_or_default();
            let here = here.get_mut(..stride).unwrap_or_default();
            other_row(above, inner_mut(here), offsets, odd, mel, vlc);
        }
    }

    /// Whether all exponents are within what the header allows.
    fn magnitudes(&mut self, block: &Coded, bytes: &[u8]) -> bool {
        let stride = block.width.next_multiple_of(2);
        let word_stride = Self::word_stride(block);
        let quads = stride / 2;
        self.above.clear();
        self.above.resize(quads + 1, 0);
        let mut bits = Forward::<0xFF>::new(bytes);
        let most = u32::from(block.missing) + 2;
        let plane = u32::from(block.plane);
        let lines = self.samples.chunks_exact_mut(2 * stride);
        let words = self.words.chunks_exact(word_stride).zip(self.offsets.chunks_exact(word_stride - 4));
        for (row, (lines, (words, offsets))) in lines.zip(words).enumerate() {
            let (top, bottom) = lines.split_at_mut(stride);
            let words = words.get(1..).unwrap_or_default();
            let samples = top.chunks_exact_mut(2).zip(bottom.chunks_exact_mut(2));
            let mut left = 0;
            let mut next = self.above.first().copied().unwrap_or_default();
            for (quad, ((samples, &word), &offset)) in samples.zip(words).zip(offsets).enumerate() {
                let word = u32::from(word);
                let here = std::mem::replace(&mut next, self.above.get(quad + 1).copied().unwrap_or_default());
                if word == 0 {
                    if let Some(place) = self.above.get_mut(quad) {
                        *place = std::mem::take(&mut left);
                    }
                    continue;
                }
                // Where more than one sample is significant, the largest exponent above is the lower bound; else 1.
                let rho = word & 0xF0;
                let several = rho & rho.wrapping_sub(0x10) != 0;
                let bound = if row > 0 && several { 31 - (here | next | 2).leading_zeros() } else { 1 };
                let exponent = bound + u32::from(offset);
                if exponent > most {
                    return false;
                }
                let ([top_left, top_right], [bottom_left, bottom_right]) = samples else { continue };
                let lower_left;
                (*top_left, _) = sample(&mut bits, word, exponent, plane);
                (*bottom_left, lower_left) = sample(&mut bits, word >> 1, exponent, plane);
                (*top_right, _) = sample(&mut bits, word >> 2, exponent, plane);
                let right;
                (*bottom_right, right) = sample(&mut bits, word >> 3, exponent, plane);
                if let Some(place) = self.above.get_mut(quad) {
                    *place = std::mem::replace(&mut left, right) | lower_left;
                }
            }
            if let Some(place) = self.above.get_mut(quads) {
                *place = left;
            }
        }
        true
    }
}

/// A sample and twice its magnitude less one; `word` is its quad's, shifted so that the sample's own bits are the first of each
/// four. Without branches: whether a sample is significant cannot be foreseen.
#[inline(always)]
fn sample(bits: &mut Forward<0xFF>, word: u32, exponent: u32, plane: u32) -> (u32, u32) {
    let significant = word >> 4 & 1;
    let mask = significant.wrapping_neg();
    let coded = bits.peek();
    let count = (exponent - (word >> 12 & 1)) & mask;
    bits.skip(count);
    // Above the bits stands the exponent's bit that is known; the lowest is the sign, in its place comes the middle.
    let magnitude = (coded & ((1 << count) - 1) | (word >> 8 & 1) << count | 1) & mask;
    ((coded << 31 | (magnitude + 2) << plane) & mask, magnitude)
}

/// The words of a row without what stands in front of and behind it.
fn inner_mut(row: &mut [u16]) -> &mut [u16] {
    let end = row.len().saturating_sub(3);
    row.get_mut(1..end).unwrap_or_default()
}

/// One quad's word; in context 0 a MEL event says first whether there is any.
#[inline(always)]
fn word(table: &[u16; 1024], context: u32, mel: &mut Mel, bits: u64) -> u32 {
    if context == 0 && !mel.event() {
        return 0;
    }
    u32::from(table[(context | (bits as u32 & 0x7F)) as usize & 1023])
}

/// The offsets of a pair of quads, and how many bits they took.
#[inline(always)]
fn offset_pair(entry: Offsets, bits: u64) -> ([u8; 2], u32) {
    let [first, second] = entry.suffix;
    let bits = bits >> entry.prefix;
    let one = (bits & ((1 << first) - 1)) as u8 + entry.u[0];
    let two = (bits >> first & ((1 << second) - 1)) as u8 + entry.u[1];
    ([one, two], u32::from(entry.prefix + first + second))
}

/// Contexts are the quads to the left only.
fn first_row(words: &mut [u16], offsets: &mut [u8], odd: bool, mel: &mut Mel, vlc: &mut Backward) {
    let pairs = words.len() / 2;
    let mut context = 0;
    for (pair, (words, offsets)) in words.chunks_exact_mut(2).zip(offsets.chunks_exact_mut(2)).enumerate() {
        let bits = u64::from(vlc.peek());
        let one = word(&FIRST_ROW, context, mel, bits);
        let mut used = one & 7;
        context = (one & 0x10) << 3 | (one & 0xE0) << 2;
        let two = if odd && pair + 1 == pairs { 0 } else { word(&FIRST_ROW, context, mel, bits >> used) };
        used += two & 7;
        context = (two & 0x10) << 3 | (two & 0xE0) << 2;
        let mut mode = (one >> 3 & 1 | two >> 2 & 2) as usize;
        if mode == 3 && mel.event() {
            mode = 4;
        }
        let entry = FIRST_ROW_OFFSETS[(mode << 6 | (bits >> used) as usize & 63) % 320];
        let (pair, count) = offset_pair(entry, bits >> used);
        vlc.skip(used + count);
        words.copy_from_slice(&[one as u16, two as u16]);
        offsets.copy_from_slice(&pair);
    }
}

/// Contexts are the quads to the left and above; `above` has one word more in front and three behind.
fn other_row(above: &[u16], words: &mut [u16], offsets: &mut [u8], odd: bool, mel: &mut Mel, vlc: &mut Backward) {
    let pairs = words.len() / 2;
    let mut left = 0;
    let context = |left: u32, [nw, n, ne]: [u16; 3]| {
        let (nw, n, ne) = (u32::from(nw), u32::from(n), u32::from(ne));
        (left & 0x40) << 2 | (left & 0x80) << 1 | nw & 0x80 | (n & 0xA0) << 2 | (ne & 0x20) << 4
    };
    let above = above.windows(4).step_by(2);
    for (pair, ((words, offsets), above)) in
        words.chunks_exact_mut(2).zip(offsets.chunks_exact_mut(2)).zip(above).enumerate()
    {
        let &[a, b, c, d] = above else { continue };
        let bits = u64::from(vlc.peek());
        let one = word(&OTHER_ROWS, context(left, [a, b, c]), mel, bits);
        let mut used = one & 7;
        let last = odd && pair + 1 == pairs;
        let two = if last { 0 } else { word(&OTHER_ROWS, context(one, [b, c, d]), mel, bits >> used) };
        used += two & 7;
        left = two;
        let mode = (one >> 3 & 1 | two >> 2 & 2) as usize;
        let entry = OTHER_ROWS_OFFSETS[(mode << 6 | (bits >> used) as usize & 63) % 320];
        let (pair, count) = offset_pair(entry, bits >> used);
        vlc.skip(used + count);
        words.copy_from_slice(&[one as u16, two as u16]);
        offsets.copy_from_slice(&pair);
    }
}

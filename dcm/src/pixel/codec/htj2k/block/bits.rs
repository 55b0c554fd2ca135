//! The two readers of a block's bits: one forward, one from the end of its segment backward.
//!
//! Both hand out the lowest bit first, and both undo the stuffing that keeps marker codes out of the data. Behind the end of
//! a segment they go on with bits of one kind, since encoders cut off what the decoder can guess.
//!
//! Source: ITU-T T.814, 7.1.2 (MagSgn), 7.1.4 (VLC), 7.1.5 and 7.1.6 (SigProp, MagRef).

/// Reads forward; after a byte FF the next one brings seven bits. Behind the end come bits of `FILL`.
pub(super) struct Forward<'a, const FILL: u8> {
    bytes: &'a [u8],
    cache: u64,
    held: u32,
    after_ff: bool,
}

impl<'a, const FILL: u8> Forward<'a, FILL> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, cache: 0, held: 0, after_ff: false }
    }

    /// The next 32 bits.
    #[inline(always)]
    pub(super) fn peek(&mut self) -> u32 {
        if self.held < 32 {
            self.fill();
        }
        self.cache as u32
    }

    /// Drops `count` of the bits that [`Self::peek`] showed.
    #[inline(always)]
    pub(super) fn skip(&mut self, count: u32) {
        self.cache >>= count;
        self.held -= count;
    }

    #[inline]
    fn fill(&mut self) {
        if !self.after_ff
            && let Some((four, rest)) = self.bytes.split_first_chunk::<4>()
        {
            let word = u32::from_le_bytes(*four);
            if !has_zero_byte(!word) {
                self.push(u64::from(word), 32);
                self.bytes = rest;
                return;
            }
        }
        while self.held < 32 {
            match self.bytes.split_first() {
                Some((&byte, rest)) => {
                    self.bytes = rest;
                    if self.after_ff {
                        self.push(u64::from(byte & 0x7F), 7);
                    } else {
                        self.push(u64::from(byte), 8);
                    }
                    self.after_ff = byte == 0xFF;
                }
                None => self.push(u64::from(FILL), 8),
            }
        }
    }

    #[inline(always)]
    fn push(&mut self, bits: u64, count: u32) {
        self.cache |= bits << self.held;
        self.held += count;
    }
}

/// Reads from the end backward; after a byte above 8F, one whose low seven bits are ones brings only those. In front of the
/// start come zeros.
pub(super) struct Backward<'a> {
    bytes: &'a [u8],
    cache: u64,
    held: u32,
    after_8f: bool,
}

impl<'a> Backward<'a> {
    /// A reader of the VLC bits: the two last bytes of the cleanup segment hold a length in their 12 bits, but for the four
    /// upper bits of the first of them, with which the VLC bits start. `bytes` ends in front of these two, `first` is that one.
    pub(super) fn vlc(bytes: &'a [u8], first: u8) -> Self {
        let nibble = first >> 4;
        let (cache, held) = if nibble & 7 == 7 { (nibble & 7, 3) } else { (nibble, 4) };
        Self { bytes, cache: u64::from(cache), held, after_8f: first | 0x0F > 0x8F }
    }

    /// A reader of the MagRef bits.
    pub(super) fn refinement(bytes: &'a [u8]) -> Self {
        Self { bytes, cache: 0, held: 0, after_8f: true }
    }

    /// The next 32 bits.
    #[inline(always)]
    pub(super) fn peek(&mut self) -> u32 {
        if self.held < 32 {
            self.fill();
        }
        self.cache as u32
    }

    /// Drops `count` of the bits that [`Self::peek`] showed.
    #[inline(always)]
    pub(super) fn skip(&mut self, count: u32) {
        self.cache >>= count;
        self.held -= count;
    }

    #[inline]
    fn fill(&mut self) {
        if let Some((rest, four)) = self.bytes.split_last_chunk::<4>() {
            let word = u32::from_be_bytes(*four);
            if !has_zero_byte(word & 0x7F7F_7F7F ^ 0x7F7F_7F7F) {
                self.push(u64::from(word), 32);
                self.after_8f = four[0] > 0x8F;
                self.bytes = rest;
                return;
            }
        }
        while self.held < 32 {
            match self.bytes.split_last() {
                Some((&byte, rest)) => {
                    self.bytes = rest;
                    if self.after_8f && byte & 0x7F == 0x7F {
                        self.push(0x7F, 7);
                    } else {
                        self.push(u64::from(byte), 8);
                    }
                    self.after_8f = byte > 0x8F;
                }
                None => self.push(0, 8),
            }
        }
    }

    #[inline(always)]
    fn push(&mut self, bits: u64, count: u32) {
        self.cache |= bits << self.held;
        self.held += count;
    }
}

/// Whether one of the four bytes is zero.
#[inline(always)]
fn has_zero_byte(word: u32) -> bool {
    word.wrapping_sub(0x0101_0101) & !word & 0x8080_8080 != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forward<const FILL: u8>(bytes: &[u8], counts: &[u32]) -> Vec<u32> {
        let mut bits = Forward::<FILL>::new(bytes);
        let take = |&count: &u32| {
            let value = bits.peek() & ((1 << count) - 1);
            bits.skip(count);
            value
        };
        counts.iter().map(take).collect()
    }

    #[test]
    fn forward_drops_the_bit_after_ff() {
        assert_eq!(forward::<0>(&[0xFF, 0x7F, 0x01], &[8, 7, 8, 8]), [0xFF, 0x7F, 0x01, 0]);
        // In the middle of four bytes, and across two fills.
        let long = [1, 2, 3, 4, 5, 0xFF, 0x2A, 7, 8, 9];
        assert_eq!(forward::<0>(&long, &[8, 8, 8, 8, 8, 8, 7, 8, 8, 8]), long.map(u32::from));
    }

    #[test]
    fn forward_goes_on_with_its_fill() {
        assert_eq!(forward::<0xFF>(&[0x05], &[8, 20, 20]), [5, 0xF_FFFF, 0xF_FFFF]);
        assert_eq!(forward::<0x00>(&[0x05], &[8, 20, 20]), [5, 0, 0]);
    }

    #[test]
    fn backward_drops_the_bit_of_7f_after_a_large_byte() {
        let mut bits = Backward::refinement(&[0x11, 0x7F, 0x90, 0x22]);
        for (count, wanted) in [(8, 0x22), (8, 0x90), (7, 0x7F), (8, 0x11), (8, 0)] {
            assert_eq!(bits.peek() & ((1 << count) - 1), wanted);
            bits.skip(count);
        }
        // After a small byte, 7F is whole.
        let mut bits = Backward::refinement(&[0x7F, 0x8F]);
        assert_eq!(bits.peek() & 0xFFFF, 0x7F8F);
    }

    #[test]
    fn vlc_starts_with_a_nibble() {
        let mut bits = Backward::vlc(&[0x12], 0xA3);
        assert_eq!(bits.peek() & 0xFFF, 0x12A);
        // Three ones: the fourth bit is stuffing.
        let mut bits = Backward::vlc(&[0x12], 0x73);
        assert_eq!(bits.peek() & 0x7FF, 0x12 << 3 | 7);
    }
}

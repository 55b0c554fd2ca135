//! The bit stream: after a byte FF, the next one takes seven bits, so that no marker can arise.
//!
//! Source: ITU-T T.87 A.1 (marker emulation).

/// Bits of a scan, the highest of a code first.
pub(super) struct Bits {
    out: Vec<u8>,
    cache: u64,
    held: u32,
    after_ff: bool,
}

impl Bits {
    /// Bits that follow what `out` holds.
    pub(super) fn new(out: Vec<u8>) -> Self {
        Self { out, cache: 0, held: 0, after_ff: false }
    }

    /// Appends the `count` low bits of `value`, at most 31; those above are zero.
    #[inline]
    pub(super) fn put(&mut self, value: u32, count: u32) {
        self.cache = self.cache << count | u64::from(value);
        self.held += count;
        if self.held >= 32 {
            self.drain();
        }
    }

    /// The scan, filled with zeros to a whole byte.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.drain();
        let room = if self.after_ff { 7 } else { 8 };
        if self.held > 0 {
            self.byte((self.cache << (room - self.held)) as u8 & (0xFF >> (8 - room)));
        }
        // A scan never ends on FF: a reader would take it for the start of a marker.
        if self.after_ff {
            self.out.push(0);
        }
        self.out
    }

    /// Writes whole bytes until fewer than eight bits are left.
    fn drain(&mut self) {
        if self.held >= 32 && !self.after_ff {
            let word = (self.cache >> (self.held - 32)) as u32;
            if !has_ff(word) {
                self.out.extend(word.to_be_bytes());
                self.held -= 32;
            }
        }
        loop {
            let room = if self.after_ff { 7 } else { 8 };
            if self.held < room {
                break;
            }
            self.held -= room;
            let byte = (self.cache >> self.held) as u8 & (0xFF >> (8 - room));
            self.byte(byte);
        }
        self.cache &= (1 << self.held) - 1;
    }

    fn byte(&mut self, byte: u8) {
        self.out.push(byte);
        self.after_ff = byte == 0xFF;
    }
}

/// Whether one of four bytes is FF (of the complement, zero).
fn has_ff(word: u32) -> bool {
    let zero = !word;
    zero.wrapping_sub(0x0101_0101) & word & 0x8080_8080 != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(codes: &[(u32, u32)]) -> Vec<u8> {
        let mut bits = Bits::new(Vec::new());
        codes.iter().for_each(|&(value, count)| bits.put(value, count));
        bits.finish()
    }

    #[test]
    fn a_byte_after_ff_has_seven_bits() {
        assert_eq!(bits(&[(0xFF, 8), (0xFF, 8)]), [0xFF, 0x7F, 0x80]);
        assert_eq!(bits(&[(0x7FFF_FFFF, 31), (1, 1), (0, 7)]), [0xFF, 0x7F, 0xFF, 0x7F, 0xC0, 0x00]);
        assert_eq!(bits(&[(0x1234, 16), (0x5678, 16)]), [0x12, 0x34, 0x56, 0x78]);
    }

    #[test]
    fn a_scan_does_not_end_on_ff() {
        assert_eq!(bits(&[(0xFF, 8)]), [0xFF, 0x00]);
    }
}

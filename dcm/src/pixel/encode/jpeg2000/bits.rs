//! Bits of a packet header: after a byte of 0xFF, the next one holds seven, so that no marker appears.
//!
//! Source: ITU-T T.800 annex B.10.1.

/// Bits, the highest of a byte first.
pub(super) struct Bits {
    bytes: Vec<u8>,
    byte: u8,
    free: u32,
}

impl Bits {
    pub(super) fn new() -> Self {
        Self { bytes: Vec::new(), byte: 0, free: 8 }
    }

    /// Appends one bit, the lowest of `bit`.
    pub(super) fn put(&mut self, bit: u32) {
        self.free -= 1;
        self.byte |= ((bit & 1) as u8) << self.free;
        if self.free == 0 {
            self.push();
        }
    }

    /// Appends the lowest `count` bits of `value`.
    pub(super) fn put_many(&mut self, value: u32, count: u32) {
        (0..count).rev().for_each(|at| self.put(value >> at));
    }

    fn push(&mut self) {
        self.bytes.push(self.byte);
        self.free = if self.byte == 0xFF { 7 } else { 8 };
        self.byte = 0;
    }

    /// The bytes, the last one filled up with zeros; one of 0xFF is never the last.
    pub(super) fn finish(mut self) -> Vec<u8> {
        if self.free < 8 {
            self.push();
        }
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seven_bits_follow_0xff() {
        let mut bits = Bits::new();
        bits.put_many(0xFFFF, 16);
        assert_eq!(bits.finish(), [0xFF, 0x7F, 0x80]);
    }

    #[test]
    fn does_not_end_with_0xff() {
        let mut bits = Bits::new();
        bits.put_many(0xFF, 8);
        assert_eq!(bits.finish(), [0xFF, 0x00]);
        assert!(Bits::new().finish().is_empty());
    }
}

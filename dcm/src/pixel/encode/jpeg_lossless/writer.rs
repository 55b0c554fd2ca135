//! Bits to bytes, a zero after each FF.
//!
//! Source: ITU-T T.81 F.1.2.3.

pub(super) struct Writer {
    out: Vec<u8>,
    /// The bits that wait, the last one lowest.
    held: u64,
    count: u32,
}

impl Writer {
    /// Goes on behind `head`; `samples` tells how many bytes to expect, one each.
    pub(super) fn new(mut head: Vec<u8>, samples: usize) -> Self {
        head.reserve(samples);
        Self { out: head, held: 0, count: 0 }
    }

    /// Writes the `count` low bits of `bits`, at most 32; those above must be 0.
    #[inline]
    pub(super) fn put(&mut self, bits: u32, count: u32) {
        self.held = self.held << count | u64::from(bits);
        self.count += count;
        if self.count >= 32 {
            self.count -= 32;
            let four = ((self.held >> self.count) as u32).to_be_bytes();
            if four.contains(&0xFF) {
                four.iter().for_each(|&byte| self.byte(byte));
            } else {
                self.out.extend_from_slice(&four);
            }
        }
    }

    /// Fills the last byte with ones and writes the end marker.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let short = (8 - self.count % 8) % 8;
        self.put((1 << short) - 1, short);
        for at in (0..self.count / 8).rev() {
            self.byte((self.held >> (at * 8)) as u8);
        }
        self.out.extend([0xFF, 0xD9]);
        self.out
    }

    fn byte(&mut self, byte: u8) {
        self.out.push(byte);
        if byte == 0xFF {
            self.out.push(0);
        }
    }
}

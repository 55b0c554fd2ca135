//! The bits of a packet header: highest first; after a byte FF the next one brings seven.
//!
//! Source: ITU-T T.800, B.10.1.

use super::{NAME, damaged};
use crate::Error;

pub(super) struct HeaderBits<'a> {
    bytes: &'a [u8],
    at: usize,
    current: u8,
    left: u8,
}

impl<'a> HeaderBits<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, current: 0, left: 0 }
    }

    /// The next bit.
    pub(super) fn bit(&mut self) -> Result<u32, Error> {
        if self.left == 0 {
            let next = *self.bytes.get(self.at).ok_or_else(|| damaged(NAME, "the data ends in a packet header"))?;
            self.at += 1;
            self.left = if self.current == 0xFF { 7 } else { 8 };
            self.current = next;
        }
        self.left -= 1;
        Ok(u32::from(self.current >> self.left & 1))
    }

    /// The next `count` bits, at most 32.
    pub(super) fn take(&mut self, count: u32) -> Result<u32, Error> {
        (0..count).try_fold(0u32, |value, _| Ok(value << 1 | self.bit()?))
    }

    /// How many bytes the header took; a byte of stuffing follows a last FF.
    pub(super) fn end(&self) -> usize {
        self.at + usize::from(self.current == 0xFF)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bit_is_stuffed_after_ff() {
        let mut bits = HeaderBits::new(&[0xFF, 0x7F, 0x80]);
        assert_eq!(bits.take(16).unwrap(), 0xFFFF);
        assert_eq!(bits.end(), 3);
        assert!(bits.take(8).is_err());
        let mut bits = HeaderBits::new(&[0xFF, 0x00]);
        assert_eq!(bits.take(8).unwrap(), 0xFF);
        assert_eq!(bits.end(), 2);
    }
}

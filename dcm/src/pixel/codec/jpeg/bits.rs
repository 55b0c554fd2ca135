//! The bits of entropy-coded data: a zero byte after FF is stuffing, anything else there is a marker and ends the data.
//!
//! Source: ITU-T T.81 F.1.2.3 (stuffing), F.2.2.1 (extension of the sign), E.1.4 (restart).

use super::{NAME, damaged};
use crate::Error;

pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Bits read ahead, the next one on top.
    cache: u64,
    held: u32,
    /// Zeros of `held` that stand for data that is not there.
    padded: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, cache: 0, held: 0, padded: 0 }
    }

    /// Sees to it that at least 32 bits are held: a code word and the longest number behind it.
    #[inline]
    pub(super) fn fill(&mut self) {
        if self.held >= 32 {
            return;
        }
        match self.bytes.get(self.at..self.at + 4) {
            Some(four) if !four.contains(&0xFF) => {
                let word = u32::from_be_bytes([four[0], four[1], four[2], four[3]]);
                self.cache |= u64::from(word) << (32 - self.held);
                self.at += 4;
                self.held += 32;
            }
            _ => self.fill_slowly(),
        }
    }

    #[cold]
    fn fill_slowly(&mut self) {
        while self.held < 32 {
            let byte = match self.bytes.get(self.at) {
                Some(0xFF) if self.bytes.get(self.at + 1) == Some(&0) => {
                    self.at += 2;
                    0xFF
                }
                Some(&byte) if byte != 0xFF => {
                    self.at += 1;
                    byte
                }
                _ => {
                    self.padded += 8;
                    0
                }
            };
            self.cache |= u64::from(byte) << (56 - self.held);
            self.held += 8;
        }
    }

    /// The next 16 bits, left where they are; [`Self::fill`] comes first.
    #[inline]
    pub(super) fn peek(&self) -> u32 {
        (self.cache >> 48) as u32
    }

    /// Passes over `count` bits, at most 16 and no more than are held.
    #[inline]
    pub(super) fn skip(&mut self, count: u32) {
        self.cache <<= count;
        self.held = self.held.saturating_sub(count);
    }

    /// The next `count` bits, at most 16.
    #[inline]
    pub(super) fn take(&mut self, count: u32) -> u32 {
        self.fill();
        let value = self.peek() >> (16 - count);
        self.skip(count);
        value
    }

    /// The signed number of `size` bits, at most 16: a leading 0 stands for a negative one.
    #[inline]
    pub(super) fn signed(&mut self, size: u32) -> i32 {
        let value = self.take(size) as i32;
        // Without bits the number is 0; else those below half of the range lie below zero.
        if size > 0 && value >> (size - 1) == 0 { value - (1 << size) + 1 } else { value }
    }

    /// An error where bits were taken that the data does not have.
    #[inline]
    pub(super) fn check(&self) -> Result<(), Error> {
        if self.held < self.padded { Err(damaged(NAME, "the data ends early")) } else { Ok(()) }
    }

    /// Goes on behind the restart marker of this number, 0 to 7.
    pub(super) fn restart(&mut self, number: u8) -> Result<(), Error> {
        let at = self.end();
        if self.bytes.get(at + 1) != Some(&(0xD0 + number)) {
            return Err(damaged(NAME, "a restart marker is missing"));
        }
        *self = Self::new(self.bytes, at + 2);
        Ok(())
    }

    /// Where the next marker starts, or the data's end, once all that was wanted is read.
    ///
    /// An error where no marker follows and more is left than a byte filled up and one to an even length: the end was
    /// overwritten.
    pub(super) fn finish(&self) -> Result<usize, Error> {
        self.check()?;
        let end = self.end();
        let left = 8 * (end - self.at) as u64 + u64::from(self.held - self.padded.min(self.held));
        if end == self.bytes.len() && left >= 16 {
            return Err(damaged(NAME, "no end of image where it should be"));
        }
        Ok(end)
    }

    /// Where the next marker starts, or the data's end.
    fn end(&self) -> usize {
        // What was read ahead never passes a marker.
        let tail = self.bytes.get(self.at..).unwrap_or_default();
        let marker = tail.windows(2).position(|pair| pair[0] == 0xFF && !matches!(pair[1], 0 | 0xFF));
        self.at + marker.unwrap_or(tail.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stuffing_is_left_out_and_a_marker_ends_the_data() {
        let mut bits = Bits::new(&[0xFF, 0x00, 0x12, 0xFF, 0xFF, 0xD9], 0);
        assert_eq!((bits.take(12), bits.take(12)), (0xFF1, 0x200));
        assert!(bits.check().is_err());
        assert_eq!(bits.end(), 4);
        assert!(bits.finish().is_err());
        let mut bits = Bits::new(&[0xFF, 0x00, 0x12, 0xFF], 0);
        assert_eq!(bits.take(16), 0xFF12);
        assert!(bits.check().is_ok());
    }

    #[test]
    fn bytes_that_nobody_asked_for_need_a_marker_behind_them() {
        for (rest, whole) in [(&[][..], true), (&[0], true), (&[0, 0], false), (&[0, 0, 0, 0xFF, 0xD9], true)] {
            let stream = [&[0x5A], rest].concat();
            let mut bits = Bits::new(&stream, 0);
            bits.take(5);
            assert_eq!(bits.finish().is_ok(), whole, "{rest:?}");
        }
    }

    #[test]
    fn numbers_below_half_of_their_range_are_negative() {
        // Sizes 1, 1, 3, 3, 0: 1, -1, 7, -7 and 0.
        let mut bits = Bits::new(&[0b1011_1000, 0], 0);
        let sizes = [1, 1, 3, 3, 0];
        assert_eq!(sizes.map(|size| bits.signed(size)), [1, -1, 7, -7, 0]);
    }

    #[test]
    fn a_restart_marker_must_have_its_number() {
        let stream = [0xAA, 0xFF, 0xD3, 0x55];
        let mut bits = Bits::new(&stream, 0);
        assert!(bits.restart(2).is_err());
        bits.restart(3).unwrap();
        assert_eq!(bits.take(8), 0x55);
    }
}

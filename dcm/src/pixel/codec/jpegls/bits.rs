//! The bit stream: after a byte FF, the next one brings seven bits.

use super::{NAME, damaged};
use crate::Error;

pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    cache: u64,
    held: u32,
    after_ff: bool,
    /// Zero bits handed out behind the end of the data.
    overrun: u32,
}

/// Bits read ahead are not missed before the end, a stream that goes on without data is given up.
const MOST_OVERRUN: u32 = 256;

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, cache: 0, held: 0, after_ff: false, overrun: 0 }
    }

    fn fill(&mut self) -> Result<(), Error> {
        // Four bytes at once where none of them is FF, nor the one before.
        while !self.after_ff && self.held <= 32 {
            let Some(&four) = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk::<4>()) else { break };
            if four.contains(&0xFF) {
                break;
            }
            self.cache = self.cache << 32 | u64::from(u32::from_be_bytes(four));
            self.held += 32;
            self.at += 4;
        }
        while self.held <= 48 {
            let next = self.bytes.get(self.at).copied();
            let (byte, width) = match next {
                Some(byte) if self.after_ff && byte < 0x80 => (byte, 7),
                // A marker, or the end of the data.
                Some(_) if self.after_ff => (0, 0),
                Some(0xFF) if self.bytes.get(self.at + 1).is_some_and(|&b| b >= 0x80) => (0, 0),
                Some(byte) => (byte, 8),
                None => (0, 0),
            };
            if width == 0 {
                self.overrun += 8;
                if self.overrun > MOST_OVERRUN + 64 {
                    return Err(damaged(NAME, "the data ends early"));
                }
                self.cache <<= 8;
                self.held += 8;
                continue;
            }
            self.at += 1;
            self.after_ff = byte == 0xFF && width == 8;
            self.cache = self.cache << width | u64::from(byte);
            self.held += width;
        }
        Ok(())
    }

    /// The next `count` bits, at most 32.
    pub(super) fn take(&mut self, count: u32) -> Result<u32, Error> {
        if count == 0 {
            return Ok(0);
        }
        if self.held < count {
            self.fill()?;
        }
        self.held -= count;
        Ok((self.cache >> self.held & ((1u64 << count) - 1)) as u32)
    }

    /// How many zeros come before the next one, which is consumed; at most `most`.
    pub(super) fn zeros(&mut self, most: u32) -> Result<u32, Error> {
        let mut count = 0;
        loop {
            if self.held == 0 {
                self.fill()?;
            }
            let window = self.cache << (64 - self.held);
            let zeros = window.leading_zeros().min(self.held);
            if zeros < self.held {
                count += zeros;
                self.held -= zeros + 1;
                return if count <= most { Ok(count) } else { Err(damaged(NAME, "a code word is too long")) };
            }
            count += zeros;
            self.held = 0;
            if count > most {
                return Err(damaged(NAME, "a code word is too long"));
            }
        }
    }

    /// Where the next marker starts, or the data's end, once all samples are read.
    ///
    /// An error where bits were read that are not there; and where no marker follows and more is left than a byte filled up
    /// and one to an even length: the end was overwritten.
    pub(super) fn finish(&self) -> Result<usize, Error> {
        let Some(held) = self.held.checked_sub(self.overrun) else {
            return Err(damaged(NAME, "the data ends early"));
        };
        // What was read ahead never passes a marker.
        let from = self.at.saturating_sub(1);
        let tail = self.bytes.get(from..).unwrap_or_default();
        let marker = tail.windows(2).position(|w| w[0] == 0xFF && w[1] >= 0x80);
        let end = from + marker.unwrap_or(tail.len());
        if marker.is_none() && 8 * end.saturating_sub(self.at) as u64 + u64::from(held) >= 16 {
            return Err(damaged(NAME, "no end of image where it should be"));
        }
        Ok(end)
    }
}

//! A bzip2 stream of any number of members, to read.
//!
//! A member is `BZh` and a digit (its block size in 100 kB), blocks, and a checksum. A block is the Burrows-Wheeler transform of up
//! to 900 kB, as move-to-front numbers under two to six Huffman tables that change every 50 symbols. Nothing says how long the
//! result is, and a few bytes can stand for megabytes, so that what reads it grows with what it gets.
//!
//! Source: bzip2 1.0.8 (decompress.c, huffman.c, crctable.c); "BZIP2: Format Specification" (J. Tsai, 2016).

mod bits;
mod block;
mod huffman;

use std::{
    cell::Cell,
    io::{self, Read},
};

use self::{bits::Bits, block::Block};
use crate::Error;

/// Decodes member after member; ends at the end of the input, or at bytes that are no member.
pub(crate) struct Members<'g, R> {
    bits: Bits<R>,
    /// Most bytes of a block of this member; 0 before the first.
    most: usize,
    block: Option<Block>,
    /// Checksum over the checksums of the blocks so far.
    combined: u32,
    ended: bool,
    /// Whether bytes that are no member followed the last; zeros are padding.
    garbage: &'g Cell<bool>,
}

/// `BZh`.
const MAGIC: u32 = 0x42_5a_68;

/// The first six bytes of a block, and of what stands in place of one at the end (the digits of pi and of its root).
const BLOCK: u64 = 0x3141_5926_5359;
const END: u64 = 0x1772_4538_5090;

impl<'g, R: Read> Members<'g, R> {
    /// `garbage` becomes true at the end, where bytes follow that are no member.
    pub(crate) const fn new(inner: R, garbage: &'g Cell<bool>) -> Self {
        Self { bits: Bits::new(inner), most: 0, block: None, combined: 0, ended: false, garbage }
    }

    /// Moves to the next block; false at the end of the last member.
    fn next_block(&mut self) -> io::Result<bool> {
        if self.most == 0 {
            self.begin_member()?;
        }
        loop {
            match self.bits.long(48)? {
                BLOCK => {
                    self.block = Some(Block::read(&mut self.bits, self.most)?);
                    return Ok(true);
                }
                END => {
                    if self.bits.take(32)? != self.combined {
                        return Err(bad("a wrong checksum"));
                    }
                    self.bits.align();
                    if !self.goes_on()? {
                        return Ok(false);
                    }
                }
                _ => return Err(bad("no block where one should begin")),
            }
        }
    }

    /// Begins the member that follows, where one does.
    fn goes_on(&mut self) -> io::Result<bool> {
        if !self.bits.more()? {
            return Ok(false);
        }
        let first = self.bits.take(8)?;
        if first == MAGIC >> 16 && self.bits.take(16).is_ok_and(|rest| rest == MAGIC & 0xffff) {
            return self.begin_blocks().map(|()| true);
        }
        let mut is_zero = first == 0;
        while is_zero && self.bits.more()? {
            is_zero = self.bits.take(8)? == 0;
        }
        self.garbage.set(!is_zero);
        Ok(false)
    }

    fn begin_member(&mut self) -> io::Result<()> {
        if self.bits.take(24)? != MAGIC {
            return Err(bad("no magic bytes of a member"));
        }
        self.begin_blocks()
    }

    fn begin_blocks(&mut self) -> io::Result<()> {
        let level = self.bits.take(8)?.wrapping_sub(u32::from(b'0'));
        if !(1..=9).contains(&level) {
            return Err(bad("no size of the blocks of a member"));
        }
        self.most = 100_000 * level as usize;
        self.combined = 0;
        Ok(())
    }
}

impl<R: Read> Read for Members<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while !self.ended && !out.is_empty() {
            let got = self.block.as_mut().map_or(0, |block| block.give(out));
            if got > 0 {
                return Ok(got);
            }
            if let Some(block) = self.block.take() {
                let sum = block.checked().ok_or_else(|| bad("a block of a wrong checksum"))?;
                self.combined = self.combined.rotate_left(1) ^ sum;
            }
            self.ended = !self.next_block()?;
        }
        Ok(0)
    }
}

/// What is wrong with a stream, as an error that passes through one.
fn bad(found: &'static str) -> io::Error {
    Error::malformed("bzip2 stream", found, "intact bzip2 data with its checksums").into_io()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        Members::new(bytes, &Cell::new(false)).read_to_end(&mut out).map(|_| out)
    }

    #[test]
    fn what_follows_and_is_no_member_is_told() {
        for (behind, is_told) in
            [(&b""[..], false), (&[0; 9], false), (b"garbage", true), (b"B", true), (b"BZ", true), (&[0, 1], true)]
        {
            let garbage = Cell::new(false);
            let bytes = [HELLO, behind].concat();
            let mut out = Vec::new();
            Members::new(bytes.as_slice(), &garbage).read_to_end(&mut out).unwrap();
            assert_eq!((out.as_slice(), garbage.get()), (&b"hello hello hello"[..], is_told), "{behind:?}");
        }
        assert!(decode(&[HELLO, b"BZhx"].concat()).is_err());
    }

    const HELLO: &[u8] = &HELLO_BYTES;

    include!("bzip2/vectors.rs");

    #[test]
    fn one_member_and_several() {
        assert_eq!(decode(HELLO).unwrap(), b"hello hello hello");
        assert_eq!(decode(&[HELLO, HELLO].concat()).unwrap(), b"hello hello hellohello hello hello");
        assert_eq!(decode(&EMPTY).unwrap(), b"");
    }

    #[test]
    fn runs_and_several_blocks() {
        // 250 kB in blocks of 100 kB: a zero run of 100 000, then a counter
        let mut wanted = vec![0u8; 100_000];
        wanted.extend((0..150_000u32).map(|n| (n / 1000) as u8));
        assert_eq!(decode(&BLOCKS).unwrap(), wanted);
        assert_eq!(decode(&EVERY_BYTE).unwrap(), (0..=255).collect::<Vec<u8>>());
    }

    #[test]
    fn what_is_broken_is_told_and_nothing_panics() {
        for cut in 0..HELLO.len() {
            assert!(decode(&HELLO[..cut]).is_err(), "{cut}");
        }
        let mut wrong = 0;
        for (at, bit) in (0..EVERY_BYTE.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
            let mut broken = EVERY_BYTE.to_vec();
            broken[at] ^= 1 << bit;
            wrong += usize::from(decode(&broken).is_err());
        }
        // the padding at the end and codes that no symbol uses may say anything
        assert!(10 * wrong > 9 * 8 * EVERY_BYTE.len(), "{wrong}");
    }
}

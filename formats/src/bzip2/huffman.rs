//! Canonical Huffman codes of 1 to 20 bits.

use std::io::{self, Read};

use super::{bad, bits::Bits};

/// Longest code.
const LONGEST: usize = 20;

/// A table that decodes symbols.
pub(super) struct Table {
    /// First code of each length.
    first: [u32; LONGEST + 1],
    /// Codes of each length.
    count: [u32; LONGEST + 1],
    /// Symbols by length, then by number.
    symbols: Vec<u16>,
}

impl Table {
    /// Reads the lengths of as many codes: each differs from the one before by steps of one.
    pub(super) fn read<R: Read>(bits: &mut Bits<R>, codes: usize) -> io::Result<Self> {
        let mut length = bits.take(5)? as usize;
        let mut lengths = Vec::with_capacity(codes);
        for _ in 0..codes {
            while bits.bit()? {
                length = if bits.bit()? { length.wrapping_sub(1) } else { length.wrapping_add(1) };
                if !(1..=LONGEST).contains(&length) {
                    break;
                }
            }
            if !(1..=LONGEST).contains(&length) {
                return Err(bad("a code of an impossible length"));
            }
            lengths.push(length);
        }
        let (mut first, mut count) = ([0; LONGEST + 1], [0; LONGEST + 1]);
        lengths.iter().for_each(|l| count[*l] += 1);
        let mut code = 0u32;
        for length in 1..=LONGEST {
            code = (code + count[length - 1]) << 1;
            first[length] = code;
        }
        let of = |length| lengths.iter().enumerate().filter(move |(_, l)| **l == length).map(|(n, _)| n as u16);
        Ok(Self { first, count, symbols: (1..=LONGEST).flat_map(of).collect() })
    }

    /// The next symbol.
    pub(super) fn symbol<R: Read>(&self, bits: &mut Bits<R>) -> io::Result<u16> {
        let (mut code, mut before) = (0u32, 0u32);
        for length in 1..=LONGEST {
            code = code << 1 | bits.take(1)?;
            let at = code.wrapping_sub(self.first[length]);
            if code >= self.first[length] && at < self.count[length] {
                return self.symbols.get((before + at) as usize).copied().ok_or_else(|| bad("a code of no symbol"));
            }
            before += self.count[length];
        }
        Err(bad("a code of no symbol"))
    }
}

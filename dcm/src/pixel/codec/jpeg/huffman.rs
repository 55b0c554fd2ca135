//! A Huffman table: code words to symbols.
//!
//! Source: ITU-T T.81 annex C, F.2.2.3.

use super::bits::Bits;
use super::{NAME, damaged};
use crate::Error;

/// Bits that are looked up at once; longer code words, rare, are searched by length.
const FAST: u32 = 9;

pub(super) struct Table {
    /// By the next bits: length of the code word << 8 | symbol; 0 where the code word is longer.
    fast: Vec<u16>,
    /// By length: the first 16-bit pattern above its code words.
    ends: [u32; 17],
    /// By length: what to add to a code word to get its place among the symbols.
    shifts: [i32; 17],
    symbols: Vec<u8>,
}

impl Table {
    /// A table of `counts[n]` code words of n + 1 bits; `None` where there are more than fit, or symbols are missing.
    pub(super) fn new(counts: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let mut table = Self { fast: vec![0; 1 << FAST], ends: [0; 17], shifts: [0; 17], symbols: symbols.to_vec() };
        let (mut code, mut place) = (0u32, 0usize);
        for (length, &count) in (1u32..).zip(counts) {
            code <<= 1;
            table.shifts[length as usize] = place as i32 - code as i32;
            for &symbol in symbols.get(place..place + usize::from(count))? {
                if code >> length != 0 {
                    return None;
                }
                if length <= FAST {
                    let (from, many) = ((code << (FAST - length)) as usize, 1 << (FAST - length));
                    table.fast[from..from + many].fill((length as u16) << 8 | u16::from(symbol));
                }
                code += 1;
            }
            place += usize::from(count);
            table.ends[length as usize] = code << (16 - length);
        }
        Some(table)
    }

    /// The next symbol. The bits of a number behind it are held afterwards.
    #[inline]
    pub(super) fn symbol(&self, bits: &mut Bits<'_>) -> Result<u8, Error> {
        bits.fill();
        let next = bits.peek();
        let found = self.fast[(next >> (16 - FAST)) as usize];
        if found != 0 {
            bits.skip(u32::from(found >> 8));
            return Ok(found as u8);
        }
        for length in FAST + 1..=16 {
            if next < self.ends[length as usize] {
                bits.skip(length);
                let place = (next >> (16 - length)) as i32 + self.shifts[length as usize];
                return self.symbols.get(place as usize).copied().ok_or_else(unknown);
            }
        }
        Err(unknown())
    }
}

fn unknown() -> Error {
    damaged(NAME, "a code word that the table does not have")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_code_words_are_told_apart() {
        // 0 is 5; 10 is 7; 1100_0000_0000 is 9, and the one after it 11; ones are none. Here: 5, 7, 11, 9, ones.
        let mut counts = [0; 16];
        (counts[0], counts[1], counts[11]) = (1, 1, 2);
        let table = Table::new(&counts, &[5, 7, 9, 11]).unwrap();
        let mut bits = Bits::new(&[0b0101_1000, 0b0000_0011, 0b1000_0000, 0b0001_1111, 0xFF, 0, 0xFF, 0], 0);
        let found: Vec<u8> = (0..4).map(|_| table.symbol(&mut bits).unwrap()).collect();
        assert_eq!(found, [5, 7, 11, 9]);
        assert!(table.symbol(&mut bits).is_err());
    }

    #[test]
    fn more_code_words_than_fit_are_refused() {
        let mut counts = [0; 16];
        counts[0] = 3;
        assert!(Table::new(&counts, &[1, 2, 3]).is_none());
        counts[0] = 2;
        assert!(Table::new(&counts, &[1]).is_none());
    }
}

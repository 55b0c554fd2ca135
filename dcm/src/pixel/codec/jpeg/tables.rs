//! What marker segments set for the scans that follow: quantisation, Huffman codes, restart interval.
//!
//! Source: ITU-T T.81 B.2.4.

use super::huffman::Table;
use super::{NAME, damaged};
use crate::Error;

/// Place of the k-th coefficient of a block, rows of 8; T.81 figure A.6.
#[rustfmt::skip]
pub(super) const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
    12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
    35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
    58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

#[derive(Default)]
pub(super) struct Tables {
    /// Steps, in rows of 8.
    pub(super) steps: [Option<[u16; 64]>; 4],
    pub(super) dc: [Option<Table>; 4],
    pub(super) ac: [Option<Table>; 4],
    /// Units between restart markers; 0 for none.
    pub(super) restart: u16,
}

impl Tables {
    /// Takes a segment that sets a table; others are none of its business.
    pub(super) fn take(&mut self, marker: u8, body: &[u8]) -> Result<(), Error> {
        let taken = match marker {
            0xC4 => self.huffman(body),
            0xDB => self.quantisation(body),
            0xDD => body.first_chunk().map(|&interval| self.restart = u16::from_be_bytes(interval)),
            _ => Some(()),
        };
        taken.ok_or_else(|| damaged(NAME, "a table is malformed"))
    }

    fn quantisation(&mut self, mut body: &[u8]) -> Option<()> {
        while let Some((&kind, rest)) = body.split_first() {
            let width = match kind >> 4 {
                0 => 1,
                1 => 2,
                _ => return None,
            };
            let (raw, rest) = rest.split_at_checked(64 * width)?;
            let mut steps = [0; 64];
            for (&place, step) in ZIGZAG.iter().zip(raw.chunks_exact(width)) {
                steps[usize::from(place)] = step.iter().fold(0, |sum, &byte| sum << 8 | u16::from(byte));
            }
            *self.steps.get_mut(usize::from(kind & 15))? = Some(steps);
            body = rest;
        }
        Some(())
    }

    fn huffman(&mut self, mut body: &[u8]) -> Option<()> {
        while let Some((&kind, rest)) = body.split_first() {
            let (counts, rest) = rest.split_first_chunk::<16>()?;
            let total = counts.iter().map(|&count| usize::from(count)).sum();
            let (symbols, rest) = rest.split_at_checked(total)?;
            let tables = match kind >> 4 {
                0 => &mut self.dc,
                1 => &mut self.ac,
                _ => return None,
            };
            *tables.get_mut(usize::from(kind & 15))? = Some(Table::new(counts, symbols)?);
            body = rest;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_16_bits_are_read_in_zigzag_order() {
        let mut body = vec![0x11];
        body.extend((1u16..=64).flat_map(|step| (step * 1000).to_be_bytes()));
        let mut tables = Tables::default();
        tables.take(0xDB, &body).unwrap();
        let steps = tables.steps[1].unwrap();
        // The third coefficient stands first in the second row.
        assert_eq!((steps[1], steps[8], steps[63]), (2000, 3000, 64_000));
    }

    #[test]
    fn cut_tables_and_wrong_numbers_are_refused() {
        let steps = [&[0][..], &[1; 64]].concat();
        let codes = [&[0x10, 1][..], &[0; 15], &[3]].concat();
        for (marker, whole) in [(0xDB, steps), (0xC4, codes)] {
            for length in 1..whole.len() {
                assert!(Tables::default().take(marker, &whole[..length]).is_err(), "{marker:x} {length}");
            }
            assert!(Tables::default().take(marker, &whole).is_ok());
            let wrong = [&[whole[0] | 4], &whole[1..]].concat();
            assert!(Tables::default().take(marker, &wrong).is_err());
        }
        assert!(Tables::default().take(0xDD, &[1]).is_err());
    }
}

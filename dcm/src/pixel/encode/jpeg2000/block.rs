//! Coding of one code block, bit plane by bit plane.
//!
//! A block is at most 64 x 64 coefficients of a sub-band, walked in stripes of four rows, within a stripe column by column.
//! Each plane, from the highest that is not empty, takes up to three passes: *significance* (coefficients that are still zero
//! and have a neighbour that is not), *refinement* (those that are not zero since an earlier plane), *clean-up* (all others,
//! with a short code for four zeros at once). Every decision goes to the MQ coder in the context of its neighbours.
//!
//! Source: ITU-T T.800 annex D.1 to D.4.

use super::contexts::{Orientation, REFINE, SIGN};
use super::mq::{Encoder, RUN, UNIFORM};
use super::wavelet::Plane;

/// Rows and columns of a block.
pub(super) const SIDE: usize = 64;
const STRIPES: usize = SIDE / 4;

/// A coded block.
#[derive(Default)]
pub(super) struct Block {
    /// Bit planes from the lowest to the highest that is not empty.
    pub(super) planes: u32,
    /// All passes, in one segment.
    pub(super) bytes: Vec<u8>,
}

impl Block {
    /// How many passes there are: the highest plane has only a clean-up.
    pub(super) fn passes(&self) -> u32 {
        (3 * self.planes).saturating_sub(2)
    }
}

/// Codes the block of `band` that starts at a column and row.
pub(super) fn encode(band: &Plane, column: usize, row: usize, orientation: Orientation) -> Block {
    let mut coder = Coder::new(orientation);
    let planes = coder.load(band, column, row);
    if planes == 0 {
        return Block::default();
    }
    for plane in (0..planes).rev() {
        if plane + 1 < planes {
            coder.significance(plane);
            coder.refinement(plane);
        }
        coder.clean_up(plane);
    }
    Block { planes, bytes: coder.mq.finish() }
}

/// The four coefficients of a column in a stripe: twice the magnitude, plus 1 where negative.
type Column = [u32; 4];

struct Coder {
    columns: usize,
    rows: usize,
    zero_contexts: &'static [u8; 512],
    values: Box<[[Column; SIDE]; STRIPES]>,
    /// What has been told of a column and its neighbours, with a border all around. From the lowest bit:
    /// bits 0 to 17, six rows (the one above, the four of the column, the one below) of left, own and right coefficient: not
    /// zero; then, three bits a row: visited in this plane, refined before, negative. Shifted by three times the row, all bits
    /// of a coefficient stand where those of the first row do. Bits 30 and 31: above and below negative.
    flags: Box<[[u32; SIDE + 2]; STRIPES + 2]>,
    mq: Encoder,
}

const OWN: u32 = 1 << 4;
const VISITED: u32 = 1 << 18;
const REFINED: u32 = 1 << 19;
const NEGATIVE: u32 = 1 << 20;
const ABOVE_NEGATIVE: u32 = 1 << 30;
const BELOW_NEGATIVE: u32 = 1 << 31;
/// The coefficient and its eight neighbours.
const AROUND: u32 = 0o777;
/// Any of the 18 coefficients that a column sees.
const ANY: u32 = 0o777_777;
/// The bit of each of the four coefficients, shifted to the first one's place.
const EACH: u32 = 0o1111;

impl Coder {
    fn new(orientation: Orientation) -> Self {
        Self {
            columns: 0,
            rows: 0,
            zero_contexts: orientation.zero_contexts(),
            values: Box::new([[[0; 4]; SIDE]; STRIPES]),
            flags: Box::new([[0; SIDE + 2]; STRIPES + 2]),
            mq: Encoder::new(),
        }
    }

    /// Takes the coefficients over and counts their bit planes.
    fn load(&mut self, band: &Plane, column: usize, row: usize) -> u32 {
        self.columns = (band.columns - column).min(SIDE);
        self.rows = (band.rows - row).min(SIDE);
        let mut all = 0;
        for (y, line) in band.values.chunks_exact(band.columns).skip(row).take(self.rows).enumerate() {
            let places = &mut self.values[y / 4];
            for (place, &value) in places.iter_mut().zip(&line[column..column + self.columns]) {
                let magnitude = value.unsigned_abs();
                all |= magnitude;
                place[y % 4] = magnitude << 1 | u32::from(value < 0);
            }
        }
        u32::BITS - all.leading_zeros()
    }

    fn significance(&mut self, plane: u32) {
        for stripe in 0..self.rows.div_ceil(4) {
            let rows = (self.rows - 4 * stripe).min(4);
            for x in 0..self.columns {
                if self.flags[stripe + 1][x + 1] & ANY == 0 {
                    continue;
                }
                for row in 0..rows {
                    let around = self.flags[stripe + 1][x + 1] >> (3 * row);
                    if around & OWN != 0 || around & AROUND == 0 {
                        continue;
                    }
                    let value = self.values[stripe][x][row];
                    let bit = value >> (plane + 1) & 1;
                    self.mq.put(self.zero_contexts[(around & AROUND) as usize], bit);
                    if bit == 1 {
                        self.become_significant(stripe, x, row, value & 1);
                    }
                    self.flags[stripe + 1][x + 1] |= VISITED << (3 * row);
                }
            }
        }
    }

    fn refinement(&mut self, plane: u32) {
        for stripe in 0..self.rows.div_ceil(4) {
            let lines = self.flags[stripe + 1][1..=self.columns].iter_mut().zip(&self.values[stripe]);
            for (flags, column) in lines {
                if (*flags / OWN) & !(*flags / VISITED) & EACH == 0 {
                    continue;
                }
                for (row, value) in column.iter().enumerate() {
                    let around = *flags >> (3 * row);
                    if around & (OWN | VISITED) != OWN {
                        continue;
                    }
                    let context = match around {
                        _ if around & REFINED != 0 => REFINE + 2,
                        _ if around & (AROUND ^ OWN) != 0 => REFINE + 1,
                        _ => REFINE,
                    };
                    self.mq.put(context, value >> (plane + 1) & 1);
                    *flags |= REFINED << (3 * row);
                }
            }
        }
    }

    fn clean_up(&mut self, plane: u32) {
        for stripe in 0..self.rows.div_ceil(4) {
            let rows = (self.rows - 4 * stripe).min(4);
            for x in 0..self.columns {
                let flags = self.flags[stripe + 1][x + 1];
                let mut first = 0;
                if rows == 4 && flags & ANY == 0 {
                    // Nothing near has been seen: tell how many zeros come first.
                    let zeros = self.values[stripe][x].iter().position(|value| value >> (plane + 1) & 1 == 1);
                    self.mq.put(RUN, u32::from(zeros.is_some()));
                    let Some(zeros) = zeros else { continue };
                    self.mq.put(UNIFORM, zeros as u32 >> 1);
                    self.mq.put(UNIFORM, zeros as u32 & 1);
                    self.become_significant(stripe, x, zeros, self.values[stripe][x][zeros] & 1);
                    first = zeros + 1;
                } else if ((flags / OWN) | (flags / VISITED)) & EACH == EACH {
                    first = rows;
                }
                for row in first..rows {
                    let around = self.flags[stripe + 1][x + 1] >> (3 * row);
                    if around & (OWN | VISITED) != 0 {
                        continue;
                    }
                    let value = self.values[stripe][x][row];
                    let bit = value >> (plane + 1) & 1;
                    self.mq.put(self.zero_contexts[(around & AROUND) as usize], bit);
                    if bit == 1 {
                        self.become_significant(stripe, x, row, value & 1);
                    }
                }
                self.flags[stripe + 1][x + 1] &= !(EACH * VISITED);
            }
        }
    }

    /// Codes the sign of a coefficient whose highest bit has just been coded, and tells the neighbours.
    fn become_significant(&mut self, stripe: usize, x: usize, row: usize, negative: u32) {
        let shift = 3 * row;
        let line = &mut self.flags[stripe + 1];
        let own = line[x + 1];
        let around = own >> shift;
        let side = |flags: u32| u32::from(flags >> shift & NEGATIVE != 0);
        let above = if row == 0 { own & ABOVE_NEGATIVE } else { own & (NEGATIVE << (shift - 3)) };
        let below = if row == 3 { own & BELOW_NEGATIVE } else { own & (NEGATIVE << (shift + 3)) };
        let present = around >> 1 & 1 | (around >> 3 & 1) << 1 | (around >> 5 & 1) << 2 | (around >> 7 & 1) << 3;
        let signs = u32::from(above != 0) | side(line[x]) << 1 | side(line[x + 2]) << 2 | u32::from(below != 0) << 3;
        let (context, flip) = SIGN[(present | signs << 4) as usize];
        self.mq.put(context, negative ^ flip);

        line[x] |= (OWN << 1) << shift;
        line[x + 1] |= (OWN | (NEGATIVE * negative)) << shift;
        line[x + 2] |= (OWN >> 1) << shift;
        if row == 0 {
            let above = &mut self.flags[stripe];
            above[x] |= 1 << 17;
            above[x + 1] |= (1 << 16) | (BELOW_NEGATIVE * negative);
            above[x + 2] |= 1 << 15;
        }
        if row == 3 {
            let below = &mut self.flags[stripe + 2];
            below[x] |= 1 << 2;
            below[x + 1] |= (1 << 1) | (ABOVE_NEGATIVE * negative);
            below[x + 2] |= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_of_zeros_has_no_bytes() {
        let band = Plane { columns: 3, rows: 5, values: vec![0; 15] };
        let block = encode(&band, 0, 0, Orientation::Hh);
        assert_eq!((block.planes, block.passes(), block.bytes.len()), (0, 0, 0));
    }

    /// The two blocks of J.10.4. Their last byte is free within what is left of the interval.
    #[test]
    fn codes_the_standards_blocks() {
        let code = |values: Vec<i32>, orientation| {
            let band = Plane { columns: 1, rows: values.len(), values };
            let block = encode(&band, 0, 0, orientation);
            (block.planes, block.passes(), block.bytes.len(), block.bytes[..block.bytes.len() - 1].to_vec())
        };
        let smooth = code(vec![-26, -22, -30, -32, -19], Orientation::Ll);
        assert_eq!(smooth, (6, 16, 6, vec![0x01, 0x8F, 0x0D, 0xC8, 0x75]));
        let edges = code(vec![1, 5, 1, 0], Orientation::Lh);
        assert_eq!(edges, (3, 7, 3, vec![0x0F, 0xB1]));
    }
}

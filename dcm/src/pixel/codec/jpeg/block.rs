//! The coefficients of one block, as one scan codes them.
//!
//! Source: ITU-T T.81 F.2.2 (sequential), G.1.2 and annex G's figures (progressive: first scans and refinements).

use super::bits::Bits;
use super::huffman::Table;
use super::tables::ZIGZAG;
use super::{NAME, damaged};
use crate::Error;

/// Coefficients, in rows of 8, not yet multiplied with their steps.
pub(super) type Block = [i16; 64];

/// What a scan codes of each block, with the tables it needs. `low` bits at the end of a number are left to later scans.
#[derive(Clone, Copy)]
pub(super) enum Coder<'t> {
    /// All of it.
    Sequential { dc: &'t Table, ac: &'t Table },
    /// The mean.
    DcFirst { dc: &'t Table, low: u8 },
    /// Bit `low` of the mean.
    DcRefine { low: u8 },
    /// The coefficients of a band, first and last.
    AcFirst { ac: &'t Table, band: [usize; 2], low: u8 },
    /// Bit `low` of the coefficients of a band.
    AcRefine { ac: &'t Table, band: [usize; 2], low: u8 },
}

/// What a component carries from block to block; 0 at the start and after each restart marker.
#[derive(Clone, Copy, Default)]
pub(super) struct Carry {
    /// The mean of the last block.
    mean: i32,
    /// Blocks to come that have nothing more in the band.
    empty: u32,
}

impl Coder<'_> {
    /// Decodes one block.
    #[inline]
    pub(super) fn decode(&self, bits: &mut Bits<'_>, carry: &mut Carry, block: &mut Block) -> Result<(), Error> {
        match *self {
            Self::Sequential { dc, ac } => sequential(bits, [dc, ac], &mut carry.mean, block)?,
            Self::DcFirst { dc, low } => block[0] = narrow(mean(bits, dc, &mut carry.mean)? << low)?,
            Self::DcRefine { low } => block[0] |= (bits.take(1) as i16) << low,
            Self::AcFirst { ac, band, low } => ac_first(bits, ac, band, low, &mut carry.empty, block)?,
            Self::AcRefine { ac, band, low } => ac_refine(bits, ac, band, low, &mut carry.empty, block)?,
        }
        bits.check()
    }
}

/// The mean of a block: the difference to the one before, of the same component.
#[inline]
fn mean(bits: &mut Bits<'_>, table: &Table, last: &mut i32) -> Result<i32, Error> {
    let size = table.symbol(bits)?;
    if size > 15 {
        return Err(damaged(NAME, "a difference of more than 15 bits"));
    }
    *last += bits.signed(u32::from(size));
    narrow(*last)?;
    Ok(*last)
}

fn sequential(bits: &mut Bits<'_>, [dc, ac]: [&Table; 2], last: &mut i32, block: &mut Block) -> Result<(), Error> {
    block[0] = narrow(mean(bits, dc, last)?)?;
    let mut at = 1;
    while at < 64 {
        let symbol = ac.symbol(bits)?;
        let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
        if size == 0 {
            if run != 15 {
                break;
            }
            at += 16;
            continue;
        }
        at += run;
        *place(block, at)? = narrow(bits.signed(size))?;
        at += 1;
    }
    Ok(())
}

/// `rest` counts the blocks, this one included, that hold nothing more in the band.
fn ac_first(
    bits: &mut Bits<'_>,
    table: &Table,
    [from, to]: [usize; 2],
    low: u8,
    rest: &mut u32,
    block: &mut Block,
) -> Result<(), Error> {
    let mut at = from;
    while *rest == 0 && at <= to {
        let symbol = table.symbol(bits)?;
        let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
        match (run, size) {
            (15, 0) => at += 16,
            (_, 0) => *rest = (1 << run) + bits.take(run as u32),
            _ => {
                at += run;
                if at > to {
                    return Err(beyond());
                }
                *place(block, at)? = narrow(bits.signed(size) << low)?;
                at += 1;
            }
        }
    }
    *rest = rest.saturating_sub(1);
    Ok(())
}

/// As [`ac_first`]; every coefficient that is not 0 already is passed over with one more bit of its own.
fn ac_refine(
    bits: &mut Bits<'_>,
    table: &Table,
    [from, to]: [usize; 2],
    low: u8,
    rest: &mut u32,
    block: &mut Block,
) -> Result<(), Error> {
    let mut at = from;
    while *rest == 0 && at <= to {
        let symbol = table.symbol(bits)?;
        let (run, size) = (usize::from(symbol >> 4), symbol & 15);
        let fresh = match size {
            0 if run == 15 => 0,
            0 => {
                *rest = (1 << run) + bits.take(run as u32);
                break;
            }
            1 => (bits.take(1) as i16 * 2 - 1) << low,
            _ => return Err(damaged(NAME, "a refinement of more than one bit")),
        };
        at = pass(bits, block, at, to, run, low)?;
        if fresh != 0 {
            if at > to {
                return Err(beyond());
            }
            *place(block, at)? = fresh;
        }
        at += 1;
    }
    if *rest > 0 {
        pass(bits, block, at, to, 64, low)?;
        *rest -= 1;
    }
    Ok(())
}

/// Refines coefficients up to the zero that follows `zeros` others; returns where it stands, above `to` if there is none.
fn pass(bits: &mut Bits<'_>, block: &mut Block, from: usize, to: usize, zeros: usize, low: u8) -> Result<usize, Error> {
    let mut left = zeros;
    for at in from..=to {
        let value = place(block, at)?;
        if *value != 0 {
            // The sign of the number, which is coded by magnitude.
            if bits.take(1) == 1 && *value & (1 << low) == 0 {
                *value = value.saturating_add(value.signum() << low);
            }
        } else if left == 0 {
            return Ok(at);
        } else {
            left -= 1;
        }
    }
    Ok(to + 1)
}

#[inline]
fn place(block: &mut Block, at: usize) -> Result<&mut i16, Error> {
    let place = ZIGZAG.get(at).ok_or_else(beyond)?;
    Ok(&mut block[usize::from(*place)])
}

#[inline]
fn narrow(value: i32) -> Result<i16, Error> {
    i16::try_from(value).map_err(|_| damaged(NAME, "a coefficient out of range"))
}

fn beyond() -> Error {
    damaged(NAME, "a run beyond its block")
}

//! The lossless process: each sample coded as its difference from what its neighbours predict.
//!
//! Components of any number of scans, all selection values, point transform, restart intervals of whole rows. A frame is whole
//! or an error: no sample is made up for data that is missing. Only the end marker may be missing, where nothing stands in its place.
//!
//! Source: ITU-T T.81 annex H.

use super::bits::Bits;
use super::header::{FrameHeader, Segment};
use super::huffman::Table;
use super::scan::{malformed, pick};
use super::tables::Tables;
use super::{NAME, damaged, unsupported};
use crate::Error;
use crate::pixel::PixelInfo;

/// Decodes a frame of the rows and columns of `info`, which the caller has compared with `header`.
pub(super) fn decode(stream: &[u8], info: &PixelInfo, header: &FrameHeader) -> Result<Vec<u16>, Error> {
    let count = header.components.len();
    if count > 1 && header.components.iter().any(|c| c.sampling != [1, 1]) {
        return unsupported("sampling factors other than 1 in a lossless frame");
    }
    if !(2..=16).contains(&header.precision) {
        return Err(damaged(NAME, "a lossless frame of other than 2 to 16 bits"));
    }
    let samples = info.pixels() * count;
    // Each sample takes a bit at least.
    if samples > stream.len().saturating_mul(8) {
        return Err(damaged(NAME, "too short for the size of the image"));
    }
    let mut frame =
        Frame { header, columns: usize::from(info.columns), values: vec![0; samples], done: vec![false; count] };
    let mut tables = Tables::default();
    let (mut at, mut started) = (2, false);
    while let Some(segment) = Segment::read(stream, at) {
        at = segment.next;
        match segment.marker {
            0xD9 => break,
            0xDA => {
                at = frame.scan(segment.body, stream, at, &tables)?;
                if frame.done.iter().all(|&done| done) {
                    return Ok(frame.values);
                }
            }
            0xDC if segment.body != info.rows.to_be_bytes() => {
                return Err(damaged(NAME, "rows or columns differ from the header's"));
            }
            _ if segment.is_frame() => {
                if std::mem::replace(&mut started, true) {
                    return Err(damaged(NAME, "more than one frame header"));
                }
            }
            marker => tables.take(marker, segment.body)?,
        }
    }
    Err(damaged(NAME, "the data ends early"))
}

struct Frame<'h> {
    header: &'h FrameHeader,
    columns: usize,
    /// The samples of a pixel together.
    values: Vec<u16>,
    /// By component: whether it has had its scan.
    done: Vec<bool>,
}

/// A component's part in a scan: where it stands in a pixel, and its code.
type Part<'t> = (usize, &'t Table);

impl Frame<'_> {
    /// Decodes the scan whose header is `body` and whose data start at byte `at`; returns where the stream goes on.
    fn scan(&mut self, body: &[u8], stream: &[u8], at: usize, tables: &Tables) -> Result<usize, Error> {
        let (&count, rest) = body.split_first().ok_or_else(malformed)?;
        let (names, rest) = rest.split_at_checked(usize::from(count) * 2).ok_or_else(malformed)?;
        let &[selection, _, bits, ..] = rest else { return Err(malformed()) };
        let lost = bits & 15;
        if lost >= self.header.precision || count == 0 {
            return Err(malformed());
        }
        let mut parts: Vec<Part<'_>> = Vec::with_capacity(self.done.len());
        for name in names.chunks_exact(2) {
            let place = self.header.components.iter().position(|c| c.name == name[0]).ok_or_else(malformed)?;
            // No component is coded twice, which bounds the work.
            if std::mem::replace(&mut self.done[place], true) {
                return Err(malformed());
            }
            parts.push((place, pick(&tables.dc, name[1] >> 4)?));
        }
        let half = 1 << (self.header.precision - lost - 1);
        let interval = usize::from(tables.restart);
        if !interval.is_multiple_of(self.columns) {
            return unsupported("restart intervals that end within a row");
        }
        let rows = Rows { parts: &parts, half, interval: interval / self.columns };
        let mut bits = Bits::new(stream, at);
        let plane =
            (self.values.as_mut_slice(), self.columns * self.header.components.len(), self.header.components.len());
        // Left, above, above left.
        match selection {
            1 => rows.decode(&mut bits, plane, |a, _, _| a),
            2 => rows.decode(&mut bits, plane, |_, b, _| b),
            3 => rows.decode(&mut bits, plane, |_, _, c| c),
            4 => rows.decode(&mut bits, plane, |a, b, c| a + b - c),
            5 => rows.decode(&mut bits, plane, |a, b, c| a + ((b - c) >> 1)),
            6 => rows.decode(&mut bits, plane, |a, b, c| b + ((a - c) >> 1)),
            7 => rows.decode(&mut bits, plane, |a, b, _| (a + b) >> 1),
            _ => return Err(malformed()),
        }?;
        if lost > 0 {
            for &(place, _) in &parts {
                self.values.iter_mut().skip(place).step_by(self.done.len()).for_each(|value| *value <<= lost);
            }
        }
        bits.finish()
    }
}

/// What the rows of a scan have in common.
struct Rows<'a> {
    parts: &'a [Part<'a>],
    /// What predicts the first sample.
    half: u16,
    /// Rows between restart markers; 0 for none.
    interval: usize,
}

impl Rows<'_> {
    /// Decodes all rows of `row` values into `values`, pixels `step` apart.
    #[inline]
    fn decode(
        &self,
        bits: &mut Bits<'_>,
        (values, row, step): (&mut [u16], usize, usize),
        predict: impl Fn(i32, i32, i32) -> i32,
    ) -> Result<(), Error> {
        let mut number = 0;
        for y in 0..values.len() / row {
            let (before, rest) = values.split_at_mut(y * row);
            let here = &mut rest[..row];
            if y == 0 || self.interval > 0 && y.is_multiple_of(self.interval) {
                if y > 0 {
                    bits.restart(number)?;
                    number = (number + 1) % 8;
                }
                self.row(bits, here, step, |_| self.half, |_, left| i32::from(left))?;
            } else {
                let above = &before[(y - 1) * row..];
                let value = |at: usize| i32::from(above[at]);
                self.row(
                    bits,
                    here,
                    step,
                    |at| above[at],
                    |at, left| predict(left.into(), value(at), value(at - step)),
                )?;
            }
            bits.check()?;
        }
        Ok(())
    }

    /// Decodes a row: `first` predicts its first pixel, `next` the others from their place and the sample to the left.
    #[inline]
    fn row(
        &self,
        bits: &mut Bits<'_>,
        here: &mut [u16],
        step: usize,
        first: impl Fn(usize) -> u16,
        next: impl Fn(usize, u16) -> i32,
    ) -> Result<(), Error> {
        if let &[(place, table)] = self.parts {
            let mut left = first(place).wrapping_add(difference(bits, table)?);
            here[place] = left;
            for at in (place + step..here.len()).step_by(step) {
                left = (next(at, left) as u16).wrapping_add(difference(bits, table)?);
                here[at] = left;
            }
            return Ok(());
        }
        for pixel in (0..here.len()).step_by(step) {
            for &(place, table) in self.parts {
                let at = pixel + place;
                let predicted = if pixel == 0 { first(at) } else { next(at, here[at - step]) as u16 };
                here[at] = predicted.wrapping_add(difference(bits, table)?);
            }
        }
        Ok(())
    }
}

/// The next difference, modulo 2^16.
#[inline]
fn difference(bits: &mut Bits<'_>, table: &Table) -> Result<u16, Error> {
    match table.symbol(bits)? {
        size @ 0..=15 => Ok(bits.signed(u32::from(size)) as u16),
        16 => Ok(0x8000),
        _ => Err(damaged(NAME, "a difference of more than 16 bits")),
    }
}

#[cfg(test)]
mod tests;

//! Packets: a header that says what a layer adds to the blocks of a precinct, then their bytes.
//!
//! Source: ITU-T T.800, B.9, B.10, A.8 (SOP, EPH); T.814, B.1 to B.3 (segments of the high-throughput block coder).

use super::bits::HeaderBits;
use super::geometry::{Block, Precinct, Resolution};
use super::{NAME, damaged};
use crate::Error;

/// A block of 30 bit planes has no more than as many sets of three.
const MOST_PASSES: u32 = 90;

/// Bytes that a packet adds to a block.
pub(super) struct Segment {
    band: usize,
    block: usize,
    /// Of a cleanup pass, which starts a set of passes; else of refinement passes.
    cleanup: bool,
    length: usize,
}

/// Reads one packet from `data` at `at`; gives where the next starts.
pub(super) fn read(
    data: &[u8],
    mut at: usize,
    resolution: &mut Resolution,
    precinct: u32,
    layer: u16,
    segments: &mut Vec<Segment>,
) -> Result<usize, Error> {
    // No packet header starts with a marker: its first FF brings a zero bit.
    if data.get(at..).is_some_and(|rest| rest.starts_with(&[0xFF, 0x91])) {
        at += 6;
    }
    let mut bits = HeaderBits::new(data.get(at..).unwrap_or_default());
    segments.clear();
    if bits.bit()? == 1 {
        for (number, band) in resolution.bands.iter_mut().enumerate() {
            if let Some(precinct) = band.precincts.get_mut(precinct as usize) {
                header(precinct, number, layer, band.planes, &mut bits, segments)?;
            }
        }
    }
    at += bits.end();
    if data.get(at..).is_some_and(|rest| rest.starts_with(&[0xFF, 0x92])) {
        at += 2;
    }
    for segment in segments.iter() {
        let band = resolution.bands.get_mut(segment.band);
        let precinct = band.and_then(|band| band.precincts.get_mut(precinct as usize));
        let Some(block) = precinct.and_then(|precinct| precinct.blocks.get_mut(segment.block)) else { continue };
        let end = at.saturating_add(segment.length);
        if end > data.len() {
            return Err(damaged(NAME, "the data of a block ends early"));
        }
        if segment.cleanup {
            block.cleanup = at..end;
            block.refinement.clear();
        } else {
            block.refinement.push(at..end);
        }
        at = end;
    }
    Ok(at)
}

fn header(
    precinct: &mut Precinct,
    band: usize,
    layer: u16,
    planes: u8,
    bits: &mut HeaderBits,
    segments: &mut Vec<Segment>,
) -> Result<(), Error> {
    for (index, block) in precinct.blocks.iter_mut().enumerate() {
        let (x, y) = (index % precinct.across, index / precinct.across);
        if block.missing.is_some() {
            if bits.bit()? == 0 {
                continue;
            }
        } else {
            if precinct.inclusion.below(x, y, layer.saturating_add(1), bits)?.is_none() {
                continue;
            }
            let missing = precinct.planes.below(x, y, u16::from(planes), bits)?;
            let missing = missing.ok_or_else(|| damaged(NAME, "a block without bit planes"))?;
            block.missing = Some(missing as u8);
        }
        lengths(block, bits, |cleanup, length| segments.push(Segment { band, block: index, cleanup, length }))?;
    }
    Ok(())
}

/// Reads the passes that a packet adds to a block, and tells the lengths of their segments.
///
/// Passes come in sets of three: cleanup, SigProp, MagRef; each set goes one bit plane deeper than the last and makes it
/// needless. Sets in front of the first that has bytes are empty: they only count the planes.
fn lengths(block: &mut Block, bits: &mut HeaderBits, mut segment: impl FnMut(bool, usize)) -> Result<(), Error> {
    let mut new = passes(bits)?;
    while bits.bit()? == 1 {
        block.length_bits += 1;
        if block.length_bits > 24 {
            return Err(damaged(NAME, "a length has too many bits"));
        }
    }
    let width = u32::from(block.length_bits);
    if block.passes > MOST_PASSES {
        return Err(damaged(NAME, "a block has too many passes"));
    }
    if !block.started {
        // The first length stands for all passes up to the first cleanup pass with bytes.
        let refining = (block.passes + new - 1) % 3;
        let up_to = new.saturating_sub(refining);
        let mut length = bits.take(width + up_to.max(1).ilog2())?;
        if up_to == 0 || length == 0 {
            // All are empty; the length had as many bits as for passes of one segment.
            length = bits.take(new.ilog2() - up_to.max(1).ilog2())?;
            block.passes += new;
            return if length == 0 { Ok(()) } else { Err(damaged(NAME, "bytes in front of the cleanup pass")) };
        }
        block.passes += up_to - 1;
        start_set(block, length, &mut segment);
        new = refining;
    }
    while new > 0 {
        let refined = block.passes % 3;
        if refined == 0 {
            let length = bits.take(width)?;
            start_set(block, length, &mut segment);
            new -= 1;
            continue;
        }
        let count = new.min(3 - refined);
        let length = bits.take(width + count.ilog2())?;
        if block.passes / 3 == block.set {
            block.refined += count as u8;
            segment(false, length as usize);
        } else if length > 0 {
            return Err(damaged(NAME, "refinement of a set without a cleanup pass"));
        }
        block.passes += count;
        new -= count;
    }
    Ok(())
}

fn start_set(block: &mut Block, length: u32, segment: &mut impl FnMut(bool, usize)) {
    if length > 0 {
        block.started = true;
        (block.set, block.refined) = (block.passes / 3, 0);
        segment(true, length as usize);
    }
    block.passes += 1;
}

/// The number of coding passes, T.800 table B.4.
fn passes(bits: &mut HeaderBits) -> Result<u32, Error> {
    for (count, start) in [(1, 1), (1, 2), (2, 3), (5, 6)] {
        let value = bits.take(count)?;
        if value != (1 << count) - 1 {
            return Ok(start + value);
        }
    }
    Ok(37 + bits.take(7)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits_of(text: &str) -> Vec<u8> {
        let bits: Vec<u8> = text.bytes().filter(|b| *b != b' ').map(|b| b - b'0').collect();
        bits.chunks(8).map(|byte| byte.iter().fold(0, |all, bit| all << 1 | bit) << (8 - byte.len())).collect()
    }

    #[test]
    fn pass_counts_are_those_of_the_table() {
        for (code, wanted) in [
            ("0", 1),
            ("10", 2),
            ("1100", 3),
            ("1110", 5),
            ("1111 00000", 6),
            ("1111 11110", 36),
            ("1111 11111 0000000", 37),
        ] {
            // No byte FF in these, hence no stuffing.
            let bytes = bits_of(&format!("{code}0000"));
            if !bytes.contains(&0xFF) {
                assert_eq!(passes(&mut HeaderBits::new(&bytes)).unwrap(), wanted, "{code}");
            }
        }
    }

    /// Lengths of a packet's segments.
    fn read(block: &mut Block, text: &str) -> Result<Vec<(bool, usize)>, Error> {
        let mut segments = Vec::new();
        lengths(block, &mut HeaderBits::new(&bits_of(text)), |cleanup, length| segments.push((cleanup, length)))?;
        Ok(segments)
    }

    #[test]
    fn lengths_of_both_segments_are_read() {
        // Three passes; one more bit of length; cleanup in 4 bits, refinement (2 passes) in 5.
        let mut one = Block::new(0, 0, 4, 4);
        assert_eq!(read(&mut one, "1100 10 1001 10001").unwrap(), [(true, 9), (false, 17)]);
        assert_eq!((one.passes, one.set, one.refined), (3, 0, 2));
        // A next cleanup pass starts a new set.
        assert_eq!(read(&mut one, "0 0 1101").unwrap(), [(true, 13)]);
        assert_eq!((one.passes, one.set, one.refined), (4, 1, 0));
    }

    #[test]
    fn later_layers_refine() {
        let mut one = Block::new(0, 0, 4, 4);
        assert_eq!(read(&mut one, "0 0 101").unwrap(), [(true, 5)]);
        assert_eq!(read(&mut one, "0 0 110").unwrap(), [(false, 6)]);
        assert_eq!(read(&mut one, "0 0 011").unwrap(), [(false, 3)]);
        assert_eq!((one.passes, one.set, one.refined), (3, 0, 2));
    }

    #[test]
    fn empty_passes_lower_the_first_plane() {
        // Four passes: three empty ones, then a cleanup pass; its length has two bits more.
        let mut one = Block::new(0, 0, 4, 4);
        assert_eq!(read(&mut one, "1101 0 10001").unwrap(), [(true, 17)]);
        assert_eq!((one.passes, one.set, one.refined), (4, 1, 0));
        // Three empty passes in a layer of their own (one bit more than for the one pass up to a cleanup).
        let mut one = Block::new(0, 0, 4, 4);
        assert_eq!(read(&mut one, "1100 0 000 0").unwrap(), []);
        assert_eq!(read(&mut one, "10 0 101 110").unwrap(), [(true, 5), (false, 6)]);
        assert_eq!((one.passes, one.set, one.refined), (5, 1, 1));
        // Bytes before any cleanup pass.
        assert!(read(&mut Block::new(0, 0, 4, 4), "1100 0 000 1").is_err());
    }
}

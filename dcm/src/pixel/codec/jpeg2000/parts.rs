//! The markers of a code stream: whether all of it is there, and whether its transform loses something.
//!
//! A decoder of JPEG 2000 makes an image of any part of a stream, a blurred one or one with holes. Here a tile-part must have
//! as many bytes as it says, each tile a part, and the stream its end marker; only that one may be missing, with nothing in
//! its place, where every part says its length.
//!
//! Source: ITU-T T.800 annex A.2 (structure), A.4.2 (SOT), A.6.1 and A.6.2 (COD, COC).

use std::collections::BTreeMap;

use super::NAME;
use crate::Error;
use crate::pixel::codec::{Loss, damaged};

const START_OF_TILE: u8 = 0x90;
const START_OF_DATA: u8 = 0x93;
const END: u8 = 0xD9;

/// Goes through a code stream that has `tiles` tiles.
pub(super) fn check(codestream: &[u8], tiles: u64) -> Result<Loss, Error> {
    let mut walk = Walk { codestream, loss: Loss::Untold, parts: BTreeMap::new() };
    let mut at = walk.header(2, codestream.len())?;
    let whole = loop {
        let rest = codestream.get(at..).unwrap_or_default();
        match *rest {
            [0xFF, END, ..] => break true,
            [0xFF, START_OF_TILE, ..] => match walk.part(at)? {
                Some(next) => at = next,
                None => break true,
            },
            // Nothing, or what brings the fragment to an even length.
            [] | [_] => break walk.parts.values().all(|&(found, wanted)| found >= wanted),
            _ => return Err(damaged(NAME, "no end of image where it should be")),
        }
    };
    if !whole {
        return Err(damaged(NAME, "the data ends early"));
    }
    if (walk.parts.len() as u64) < tiles {
        return Err(damaged(NAME, "a tile is missing"));
    }
    Ok(walk.loss)
}

struct Walk<'a> {
    codestream: &'a [u8],
    loss: Loss,
    /// By tile: parts that were found, and how many it says that there are, 0 where it does not.
    parts: BTreeMap<u16, (u8, u8)>,
}

impl Walk<'_> {
    /// Passes over the segments of a header; gives where a tile-part, the data or byte `end` starts.
    fn header(&mut self, mut at: usize, end: usize) -> Result<usize, Error> {
        let cut = || damaged(NAME, "a header is cut off");
        while at < end {
            let rest = self.codestream.get(at..end).ok_or_else(cut)?;
            match *rest {
                [0xFF, START_OF_TILE | START_OF_DATA | END, ..] => return Ok(at),
                // Without a segment.
                [0xFF, 0x30..=0x3F, ..] => at += 2,
                [0xFF, marker, high, low, ..] => {
                    let length = usize::from(u16::from_be_bytes([high, low]));
                    let body = rest.get(4..2 + length).ok_or_else(cut)?;
                    // The transform: 0 for the 9/7 filter.
                    let transform = match marker {
                        0x52 => body.get(9),
                        // Components have numbers of two bytes where there are more than 256, which nobody has here.
                        0x53 => body.get(6),
                        _ => None,
                    };
                    if transform == Some(&0) {
                        self.loss = Loss::Some;
                    }
                    at += 2 + length;
                }
                [0xFF] | [] => return Err(cut()),
                _ => return Err(damaged(NAME, "no marker where one should be")),
            }
        }
        Ok(at)
    }

    /// Passes over a tile-part; gives where it ends, `None` where that is the end of the stream.
    fn part(&mut self, start: usize) -> Result<Option<usize>, Error> {
        let cut = || damaged(NAME, "the data of a tile ends early");
        let head = self.codestream.get(start + 4..start + 12).ok_or_else(cut)?;
        let &[i1, i0, p3, p2, p1, p0, _, count] = head else { return Err(cut()) };
        let part = self.parts.entry(u16::from_be_bytes([i1, i0])).or_default();
        *part = (part.0.saturating_add(1), part.1.max(count));
        let length = u32::from_be_bytes([p3, p2, p1, p0]) as usize;
        let end = if length == 0 { self.codestream.len() } else { start.saturating_add(length) };
        if end > self.codestream.len() || end < start + 12 {
            return Err(cut());
        }
        self.header(start + 12, end)?;
        if length > 0 {
            return Ok(Some(end));
        }
        // Behind the end marker there may be zeros.
        let last = self.codestream.iter().rposition(|&byte| byte != 0).unwrap_or(0);
        let marked = self.codestream.get(..=last).is_some_and(|stream| stream.ends_with(&[0xFF, END]));
        if marked { Ok(None) } else { Err(damaged(NAME, "the data ends early")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A main header, and parts of tile, length (that of the part where none is given), count and bytes.
    fn stream(transform: u8, parts: &[Part<'_>], tail: &[u8]) -> Vec<u8> {
        let mut out = vec![0xFF, 0x4F, 0xFF, 0x52, 0, 12, 0, 0, 0, 1, 0, 1, 4, 4, 0, transform];
        for &(tile, length, count, bytes) in parts {
            out.extend([0xFF, 0x90, 0, 10]);
            out.extend(tile.to_be_bytes());
            out.extend(length.unwrap_or(14 + bytes.len() as u32).to_be_bytes());
            out.extend([0, count, 0xFF, 0x93]);
            out.extend(bytes);
        }
        out.extend(tail);
        out
    }

    const ENDED: &[u8] = &[0xFF, 0xD9];

    /// Tile, stated length, number of tile-parts, data.
    type Part<'a> = (u16, Option<u32>, u8, &'a [u8]);

    fn found(stream: &[u8], tiles: u64) -> Result<bool, String> {
        check(stream, tiles).map(|loss| loss == Loss::Some).map_err(|error| error.to_string())
    }

    #[test]
    fn whole_streams_tell_their_transform() {
        for (transform, lossy) in [(0, true), (1, false)] {
            for tail in [ENDED, &[0xFF, 0xD9, 0], &[0xFF, 0xD9, 0, 0, 0], &[], &[0]] {
                let parts: [Part<'_>; 3] = [(0, None, 2, &[1, 2, 3]), (1, None, 1, &[]), (0, None, 0, &[0xFF, 0x00])];
                assert_eq!(found(&stream(transform, &parts, tail), 2), Ok(lossy), "{tail:?}");
            }
        }
    }

    #[test]
    fn every_cut_of_a_stream_is_found() {
        let lengths: [&[Part<'_>]; 3] = [
            &[(0, None, 1, &[1, 2, 3, 4])],
            &[(0, Some(0), 1, &[1, 2, 3, 4])],
            &[(0, None, 2, &[1, 2]), (1, None, 1, &[3]), (0, None, 2, &[4, 5])],
        ];
        for (parts, tiles) in lengths.into_iter().zip([1, 1, 2]) {
            let whole = stream(1, parts, ENDED);
            assert_eq!(found(&whole, tiles), Ok(false));
            // With a length the end marker may be missing.
            let least = if parts[0].1.is_some() { whole.len() } else { whole.len() - 2 };
            for length in 0..least {
                assert!(found(&whole[..length], tiles).is_err(), "{length}");
                if length > 20 {
                    let mut zeros = whole.clone();
                    zeros[length.min(whole.len() - 4)..].fill(0);
                    assert!(found(&zeros, tiles).is_err(), "{length}");
                }
            }
        }
    }

    #[test]
    fn a_tile_that_is_missing_is_found_with_an_end_marker_too() {
        let parts: [Part<'_>; 2] = [(0, None, 1, &[1]), (2, None, 1, &[2])];
        assert!(found(&stream(1, &parts, ENDED), 3).is_err());
        assert!(found(&stream(1, &parts, &[7, 7]), 2).is_err());
    }
}

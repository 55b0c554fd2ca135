//! Tiles packed with LZW, read by a decoder that stops a little early.
//!
//! The rows of a tile at the border are read one by one. When the last codes of a tile are taken in while bits of them are still to be
//! given out, weezl 0.1.12 says that it got no further, and tiff 0.11.3 takes that for the end. So the tiles are said to be some bytes
//! longer than they are: the decoder stops where a tile is full, and never sees the bytes behind it.

use super::bounds::{Words, directories};
use crate::Error;

/// Bytes more than the decoder takes in at once.
const MORE: u64 = 16;

/// How many bytes a tile has.
const TILE_BYTE_COUNTS: u64 = 325;

const COMPRESSION: u64 = 259;

/// LZW by its number.
const LZW: u64 = 5;

/// Says of all such tiles that they are longer.
pub(super) fn lengthen(bytes: &mut Vec<u8>) -> Result<(), Error> {
    let mut places = Vec::new();
    for directory in directories(bytes)? {
        let of = |tag: u64| directory.iter().find(|field| field.tag == tag);
        let words = Words::of(bytes);
        if of(COMPRESSION).and_then(|field| words.number(field.at, field.each)) == Some(LZW)
            && let Some(counts) = of(TILE_BYTE_COUNTS)
        {
            // the values are no more than the file has bytes
            places.extend((0..counts.count).map(|n| (counts.at.saturating_add(n * counts.each as u64), counts.each)));
        }
    }
    // what two directories share is changed once
    places.sort_unstable();
    places.dedup();
    let found = !places.is_empty();
    for (at, len) in places {
        Words::put(bytes, at, len, |count| count.saturating_add(MORE));
    }
    if found {
        bytes.resize(bytes.len() + MORE as usize, 0);
    }
    Ok(())
}

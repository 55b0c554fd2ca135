//! Blosc, version 1: blocks of shuffled bytes, each of one or several packed streams.
//!
//! Source: c-blosc 1.21, README_CHUNK_FORMAT.rst (header, flags, starts of blocks, streams of a block).

use super::{Packing, unpack_all};
use crate::{Error, endian::Endian, fixed::Fixed, shuffle};

/// Bytes of the header.
const HEADER: usize = 16;

/// Most bytes of a sample whose block is split into a stream for each of them.
const MOST_SPLITS: usize = 16;

/// Fewest samples of a block that is split.
const LEAST_SPLIT: usize = 128;

const BYTES_SHUFFLED: u8 = 1;
const STORED: u8 = 2;
const BITS_SHUFFLED: u8 = 4;
const NOT_SPLIT: u8 = 16;

/// Unpacks a buffer of at most so many bytes.
pub(super) fn unpack(from: &[u8], most: u64) -> Result<Vec<u8>, Error> {
    let cut = || Error::Truncated { what: "blosc buffer", wanted: HEADER as u64, found: from.len() as u64 };
    let Some(header) = from.first_chunk::<HEADER>() else { return Err(cut()) };
    let fixed = Fixed { bytes: header, endian: Endian::Little };
    let number = |at| fixed.i32(at).max(0) as usize;
    let (flags, size) = (header[2], usize::from(header[3]));
    let (len, block, packed) = (number(4), number(8), number(12));
    if header[0] != 2 {
        return Err(Error::unsupported("version of blosc", header[0]));
    }
    if len as u64 > most {
        return Err(Error::Limit { what: "bytes of a chunk", asked: len as u64, limit: most });
    }
    if packed != from.len() {
        return Err(Error::malformed("bytes of a blosc buffer", packed, "as many as the chunk has"));
    }
    if len == 0 {
        return Ok(Vec::new());
    }
    if flags & STORED != 0 {
        let bytes = from.get(HEADER..HEADER + len);
        return bytes.map(<[u8]>::to_vec).ok_or_else(cut);
    }
    if block == 0 || size == 0 {
        return Err(Error::malformed("block of blosc", block, "samples and blocks of at least one byte"));
    }
    let packing = match flags >> 5 {
        0 => None,
        1 => Some(Packing::Lz4Block),
        3 => Some(Packing::Zlib),
        4 => Some(Packing::Zstd),
        2 => return Err(Error::unsupported("packing in blosc", "snappy")),
        other => return Err(Error::unsupported("packing in blosc", other)),
    };
    let mut out = Vec::new();
    for n in 0..len.div_ceil(block) {
        let at = HEADER + 4 * n;
        if at + 4 > from.len() {
            return Err(cut());
        }
        let bytes = block.min(len - n * block);
        let mut stream = from.get(number_at(from, at)..).ok_or_else(cut)?;
        // the last block, where it is shorter, is one stream
        let is_split = flags & NOT_SPLIT == 0 && bytes == block && size <= MOST_SPLITS && block / size >= LEAST_SPLIT;
        let parts = if is_split && block.is_multiple_of(size) { size } else { 1 };
        let mut unpacked = Vec::new();
        for _ in 0..parts {
            let wanted = bytes / parts;
            let len = number_at(stream, 0);
            let part = stream.get(4..4 + len).ok_or_else(cut)?;
            if len == wanted {
                unpacked.extend_from_slice(part);
            } else {
                let packing = packing.ok_or_else(|| Error::unsupported("packing in blosc", "blosclz"))?;
                unpacked.extend(unpack_all(packing, part, wanted as u64, "block of blosc")?);
            }
            stream = &stream[4 + len..];
        }
        out.extend(if flags & BITS_SHUFFLED != 0 {
            shuffle::bits_together(&unpacked, size)
        } else if flags & BYTES_SHUFFLED != 0 {
            shuffle::bytes_together(&unpacked, size)
        } else {
            unpacked
        });
    }
    Ok(out)
}

/// A length or a place; 0 where it would lie behind the end, and where it is below.
fn number_at(bytes: &[u8], at: usize) -> usize {
    Fixed { bytes, endian: Endian::Little }.i32(at).max(0) as usize
}

//! Packing one block of a stream, on its own but for the bytes before it.

use std::io;

use flate2::{Compress, Compression, Crc, FlushCompress, Status};

/// Bytes that deflate looks back (RFC 1951, 2).
pub(super) const WINDOW: usize = 32 << 10;

/// Bytes of a block: enough that its end costs nothing, few enough that small volumes have several.
pub(super) const BLOCK: usize = 1 << 18;

/// A part of a deflate stream and what it holds.
pub(super) struct Packed {
    pub(super) bytes: Vec<u8>,
    pub(super) checksum: Sum,
}

/// Which checksum ends a stream.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// CRC-32 and length (RFC 1952).
    Gzip,
    /// Adler-32 (RFC 1950).
    Zlib,
}

/// A checksum that grows by those of the blocks.
pub(super) enum Sum {
    Crc(Crc),
    Adler { a: u32, b: u32, len: u64 },
}

/// Largest prime below 2^16 (RFC 1950, 9).
const ADLER: u64 = 65_521;

/// Most bytes whose sums fit 32 bits before they are reduced (zlib's NMAX).
const UNREDUCED: usize = 5552;

impl Sum {
    /// That of nothing.
    pub(super) fn new(kind: Kind) -> Self {
        match kind {
            Kind::Gzip => Self::Crc(Crc::new()),
            Kind::Zlib => Self::Adler { a: 1, b: 0, len: 0 },
        }
    }

    fn of(kind: Kind, bytes: &[u8]) -> Self {
        let mut sum = Self::new(kind);
        match &mut sum {
            Self::Crc(crc) => crc.update(bytes),
            Self::Adler { a, b, len } => {
                for run in bytes.chunks(UNREDUCED) {
                    for byte in run {
                        *a += u32::from(*byte);
                        *b += *a;
                    }
                    *a %= ADLER as u32;
                    *b %= ADLER as u32;
                }
                *len = bytes.len() as u64;
            }
        }
        sum
    }

    /// Takes in the checksum of what follows.
    pub(super) fn join(&mut self, next: &Self) {
        match (self, next) {
            (Self::Crc(crc), Self::Crc(next)) => crc.combine(next),
            (Self::Adler { a, b, len }, Self::Adler { a: next_a, b: next_b, len: next_len }) => {
                // the second sum began at 1 and not at a: each of its bytes counts a - 1 more
                let before = (u64::from(*a) + ADLER - 1) % ADLER;
                *b = ((u64::from(*b) + u64::from(*next_b) + before * (next_len % ADLER)) % ADLER) as u32;
                *a = ((u64::from(*next_a) + before) % ADLER) as u32;
                *len += next_len;
            }
            _ => {}
        }
    }

    /// The last bytes of a stream.
    pub(super) fn trailer(&self) -> Vec<u8> {
        match self {
            Self::Crc(crc) => [crc.sum().to_le_bytes(), crc.amount().to_le_bytes()].concat(),
            Self::Adler { a, b, .. } => ((b << 16) | a).to_be_bytes().to_vec(),
        }
    }
}

/// Packs `bytes`, which follow `window`. What is not the last block ends at a whole byte, so that the next can be put behind it.
pub(super) fn pack(window: &[u8], bytes: &[u8], level: u32, is_last: bool, kind: Kind) -> io::Result<Packed> {
    let mut deflate = Compress::new(Compression::new(level), false);
    if !window.is_empty() {
        deflate.set_dictionary(window).map_err(io::Error::other)?;
    }
    // what cannot be packed is stored, with 5 bytes for each 16 KiB or more
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 64 + 256);
    let flush = if is_last { FlushCompress::Finish } else { FlushCompress::Sync };
    loop {
        let taken = deflate.total_in() as usize;
        let status =
            deflate.compress_vec(bytes.get(taken..).unwrap_or_default(), &mut out, flush).map_err(io::Error::other)?;
        if status == Status::StreamEnd || (!is_last && out.len() < out.capacity()) {
            break;
        }
        out.reserve(BLOCK);
    }
    Ok(Packed { bytes: out, checksum: Sum::of(kind, bytes) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_join_to_that_of_the_whole() {
        let bytes: Vec<u8> = (0..300_000u32).map(|n| (n.wrapping_mul(n) >> 7) as u8).collect();
        for kind in [Kind::Gzip, Kind::Zlib] {
            let whole = Sum::of(kind, &bytes).trailer();
            for cut in [0, 1, 70_000, 65_521, 299_999, 300_000] {
                let mut joined = Sum::new(kind);
                joined.join(&Sum::of(kind, &bytes[..cut]));
                joined.join(&Sum::of(kind, &bytes[cut..]));
                assert_eq!(joined.trailer(), whole, "{kind:?} {cut}");
            }
        }
        // RFC 1950's algorithm by hand: "ab" is a = 1 + 97 + 98, b = 98 + 196
        assert_eq!(Sum::of(Kind::Zlib, b"ab").trailer(), [1, 38, 0, 196]);
    }
}

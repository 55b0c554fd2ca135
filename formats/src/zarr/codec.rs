//! What was done to the bytes of a chunk, and how it is undone.

mod blosc;
mod crc32c;
mod parse;

pub(super) use parse::{of_v2, of_v3};

use std::io::Read;

use flate2::read::{MultiGzDecoder, ZlibDecoder};
use ruzstd::decoding::StreamingDecoder;

use crate::{Error, endian::Endian, shuffle};

/// How the samples of a chunk became the bytes of its file.
#[derive(Clone, Debug)]
pub(super) struct Codecs {
    /// Which axis of the chunk each axis is that is stored, the slowest first.
    pub(super) order: Vec<usize>,
    pub(super) inner: Inner,
    /// What was then done to the bytes, first to last.
    pub(super) packings: Vec<Packing>,
}

/// How samples became bytes.
#[derive(Clone, Debug)]
pub(super) enum Inner {
    /// One behind the other.
    Bytes(Endian),
    /// In chunks of their own, with an index.
    Shards(Box<Shards>),
}

/// Chunks within a chunk.
#[derive(Clone, Debug)]
pub(super) struct Shards {
    /// Lengths of one.
    pub(super) chunk: Vec<u64>,
    pub(super) codecs: Codecs,
    pub(super) index_endian: Endian,
    pub(super) index_packings: Vec<Packing>,
    /// Whether the index lies behind the chunks, or before them.
    pub(super) is_at_end: bool,
}

/// A step from bytes to bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Zlib,
    Zstd,
    Blosc,
    /// Four bytes of checksum behind the others.
    Crc32c,
    /// A block, its length before it.
    Lz4,
    /// A block alone.
    Lz4Block,
    /// The bytes of samples of that size apart.
    Shuffle(usize),
}

/// Undoes all steps: exactly so many bytes, or an error. `limit` is for what lies between two steps.
pub(super) fn unpack(packings: &[Packing], bytes: Vec<u8>, wanted: u64, limit: u64) -> Result<Vec<u8>, Error> {
    let mut bytes = bytes;
    for (n, packing) in packings.iter().enumerate().rev() {
        bytes = step(*packing, bytes, if n == 0 { wanted } else { limit })?;
    }
    length(bytes, wanted, "chunk")
}

/// Undoes all steps, whose outcome has at most so many bytes.
pub(super) fn unpack_upto(packings: &[Packing], bytes: Vec<u8>, limit: u64) -> Result<Vec<u8>, Error> {
    packings.iter().rev().try_fold(bytes, |bytes, packing| {
        let bytes = step(*packing, bytes, limit)?;
        let asked = bytes.len() as u64;
        if asked > limit { Err(Error::Limit { what: "bytes of a chunk", asked, limit }) } else { Ok(bytes) }
    })
}

/// Undoes a step whose outcome has exactly so many bytes.
fn unpack_all(packing: Packing, bytes: &[u8], wanted: u64, what: &'static str) -> Result<Vec<u8>, Error> {
    length(step(packing, bytes.to_vec(), wanted)?, wanted, what)
}

fn length(bytes: Vec<u8>, wanted: u64, what: &'static str) -> Result<Vec<u8>, Error> {
    let found = bytes.len() as u64;
    match found.cmp(&wanted) {
        std::cmp::Ordering::Less => Err(Error::Truncated { what, wanted, found }),
        std::cmp::Ordering::Equal => Ok(bytes),
        std::cmp::Ordering::Greater => {
            Err(Error::malformed(what, format!("above {wanted} bytes"), "as many as the shape has"))
        }
    }
}

/// Undoes one step, as far as one byte more than `most`.
fn step(packing: Packing, bytes: Vec<u8>, most: u64) -> Result<Vec<u8>, Error> {
    match packing {
        Packing::Gzip => drained(MultiGzDecoder::new(bytes.as_slice()), most, "gzip"),
        Packing::Zlib => drained(ZlibDecoder::new(bytes.as_slice()), most, "zlib"),
        Packing::Zstd => {
            // a window is of use as far as there are bytes to look back at; what is written has at least 1 KiB
            let window = most.max(1 << 20);
            let decoder = StreamingDecoder::new_with_max_window_size(bytes.as_slice(), window);
            drained(decoder.map_err(|_| broken("zstd"))?, most, "zstd")
        }
        Packing::Blosc => blosc::unpack(&bytes, most),
        Packing::Crc32c => {
            let (rest, sum) = bytes.split_last_chunk::<4>().ok_or_else(|| broken("crc32c"))?;
            if crc32c::sum(rest) != u32::from_le_bytes(*sum) {
                return Err(Error::malformed("checksum of a chunk", "another", "the one of its bytes"));
            }
            Ok(rest.to_vec())
        }
        Packing::Lz4 => {
            let (len, rest) = bytes.split_first_chunk::<4>().ok_or_else(|| broken("lz4"))?;
            let len = u64::from(u32::from_le_bytes(*len));
            if len > most {
                return Err(Error::Limit { what: "bytes of a chunk", asked: len, limit: most });
            }
            block(rest, len)
        }
        Packing::Lz4Block => block(&bytes, most),
        Packing::Shuffle(size) => Ok(shuffle::bytes_together(&bytes, size)),
    }
}

fn block(bytes: &[u8], most: u64) -> Result<Vec<u8>, Error> {
    // no byte of lz4 makes more than 255
    let room = most.min((bytes.len() as u64).saturating_mul(255));
    lz4_flex::block::decompress(bytes, room as usize).map_err(|_| broken("lz4"))
}

fn drained(stream: impl Read, most: u64, name: &'static str) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    stream.take(most.saturating_add(1)).read_to_end(&mut out).map_err(|_| broken(name))?;
    Ok(out)
}

fn broken(name: &'static str) -> Error {
    Error::malformed("packed bytes of a chunk", name, "an intact stream")
}

/// Packs bytes as gzip, of one member, or leaves them where the level is 0.
pub(super) fn pack(bytes: Vec<u8>, level: u32, ctx: &isocenter_volume::Ctx<'_>) -> Result<Vec<u8>, Error> {
    use std::io::Write;
    if level == 0 {
        return Ok(bytes);
    }
    let mut out = Vec::new();
    let mut encoder = crate::gzip::Encoder::new(&mut out, level, ctx).map_err(Error::io)?;
    encoder.write_all(&bytes).map_err(Error::io)?;
    encoder.finish().map_err(Error::io)?;
    Ok(out)
}

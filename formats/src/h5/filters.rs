//! How chunks are packed.

use std::io::Read;

use flate2::bufread::ZlibDecoder;

use super::{bytes::Cursor, lzf};
use crate::{Error, shuffle};

/// Most bytes that one byte of a packed chunk makes.
pub(super) const LARGEST_RATIO: u64 = crate::gzip::LARGEST_RATIO;

/// One step of packing.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    id: u16,
    numbers: Vec<u32>,
}

pub(super) fn read(mut message: Cursor<'_>) -> Result<Vec<Filter>, Error> {
    message.what = "filters";
    let (version, count) = (message.version(1, 2)?, message.u8()?);
    message.skip(if version == 1 { 6 } else { 0 })?;
    let mut filters = Vec::new();
    for _ in 0..count {
        let id = message.u16()?;
        let name = if version == 1 || id >= 256 { message.u16()? } else { 0 };
        message.skip(2)?;
        let numbers = message.u16()?;
        message.skip(usize::from(name))?;
        message.image.look(64 + 32 * u64::from(numbers))?;
        let numbers = (0..numbers).map(|_| message.u32()).collect::<Result<Vec<_>, _>>()?;
        message.skip(if version == 1 && numbers.len() % 2 == 1 { 4 } else { 0 })?;
        filters.push(Filter { id, numbers });
    }
    filters.iter().try_for_each(Filter::check)?;
    Ok(filters)
}

impl Filter {
    fn check(&self) -> Result<(), Error> {
        let name = match self.id {
            1 | 2 | 3 | 32_000 => return Ok(()),
            4 => "szip",
            5 => "nbit",
            6 => "scale-offset",
            307 => "bzip2",
            32_001 => "blosc",
            32_004 => "lz4",
            32_008 => "bitshuffle",
            32_013 => "zfp",
            32_015 => "zstd",
            32_026 => "blosc2",
            _ => "another",
        };
        Err(Error::unsupported("a filter of HDF5", format!("{name} ({})", self.id)))
    }
}

/// Undoes the filters of a chunk of `bytes`, but for those in the mask.
pub(super) fn undo(filters: &[Filter], mask: u32, packed: &[u8], bytes: usize) -> Result<Vec<u8>, Error> {
    // the first is not copied where deflate makes bytes of its own
    let mut data: Option<Vec<u8>> = None;
    for (n, filter) in filters.iter().enumerate().rev() {
        if mask >> n.min(31) & 1 == 1 {
            continue;
        }
        let now = data.as_deref().unwrap_or(packed);
        data = Some(match filter.id {
            1 => inflate(now, bytes)?,
            2 => shuffle::bytes_together(now, filter.numbers.first().map_or(1, |n| *n as usize)),
            3 => fletcher(now)?.to_vec(),
            _ => lzf::unpack(now, bytes)?,
        });
    }
    let data = data.unwrap_or_else(|| packed.to_vec());
    if data.len() != bytes {
        return Err(Error::Truncated { what: "chunk", wanted: bytes as u64, found: data.len() as u64 });
    }
    Ok(data)
}

fn inflate(packed: &[u8], bytes: usize) -> Result<Vec<u8>, Error> {
    let mut data = Vec::new();
    // a checksum of four bytes may be among them
    let most = (bytes as u64).saturating_add(64);
    let wrong = |_| Error::malformed("chunk", "damaged", "intact zlib data");
    let mut decoder = ZlibDecoder::new(packed).take(most);
    decoder.read_to_end(&mut data).map_err(wrong)?;
    Ok(data)
}

/// The bytes before a checksum, which must be right.
fn fletcher(bytes: &[u8]) -> Result<&[u8], Error> {
    let (body, sum) = bytes.split_last_chunk::<4>().ok_or(Error::Truncated {
        what: "chunk",
        wanted: 4,
        found: bytes.len() as u64,
    })?;
    let (mut low, mut high) = (0_u64, 0_u64);
    for pair in body.chunks(2) {
        low += u64::from(pair[0]) << 8 | pair.get(1).map_or(0, |b| u64::from(*b));
        low = (low & 0xffff) + (low >> 16);
        high += low;
        high = (high & 0xffff) + (high >> 16);
    }
    let fold = |n: u64| ((n & 0xffff) + (n >> 16)) as u32;
    let found = u32::from_le_bytes(*sum);
    let right = fold(high) << 16 | fold(low);
    // early versions wrote the bytes of each half the other way round
    let early = (right & 0x00ff_00ff) << 8 | right >> 8 & 0x00ff_00ff;
    if found == right || found == early {
        return Ok(body);
    }
    Err(Error::malformed("chunk", "a wrong checksum", "intact bytes"))
}

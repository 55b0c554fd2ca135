//! What metadata say of the steps.

use serde_json::{Map, Value};

use super::{Codecs, Inner, Packing, Shards};
use crate::{Error, endian::Endian};

/// Most shards within shards: one is what there is.
const DEEPEST: usize = 2;

/// The steps of version 2: an order in memory and a compressor; `endian` is the type's.
pub(in crate::zarr) fn of_v2(
    metadata: &Map<String, Value>,
    axes: usize,
    endian: Endian,
    sample_bytes: usize,
) -> Result<Codecs, Error> {
    let order: Vec<usize> = match metadata.get("order").and_then(Value::as_str) {
        Some("C") => (0..axes).collect(),
        Some("F") => (0..axes).rev().collect(),
        other => return Err(Error::malformed("order", other.unwrap_or("missing"), "C or F")),
    };
    let mut packings = Vec::new();
    let filters = metadata.get("filters").and_then(Value::as_array);
    let compressor = metadata.get("compressor").filter(|c| !c.is_null());
    for step in filters.into_iter().flatten().chain(compressor) {
        let id = step.get("id").and_then(Value::as_str).ok_or_else(|| Error::malformed("id", "missing", "a codec"))?;
        packings.push(match id {
            "gzip" => Packing::Gzip,
            "zlib" => Packing::Zlib,
            "zstd" => Packing::Zstd,
            "blosc" => Packing::Blosc,
            "lz4" => Packing::Lz4,
            "crc32c" => Packing::Crc32c,
            "shuffle" => Packing::Shuffle(size_of_shuffle(step, sample_bytes)),
            other => return Err(Error::unsupported("codec of Zarr", other)),
        });
    }
    Ok(Codecs { order, inner: Inner::Bytes(endian), packings })
}

fn size_of_shuffle(step: &Value, sample_bytes: usize) -> usize {
    step.get("elementsize").and_then(Value::as_u64).map_or(sample_bytes, |n| usize::try_from(n).unwrap_or(usize::MAX))
}

/// The steps of version 3.
pub(in crate::zarr) fn of_v3(codecs: Option<&Value>, axes: usize, sample_bytes: usize) -> Result<Codecs, Error> {
    chain(codecs, axes, sample_bytes, 0)
}

fn chain(codecs: Option<&Value>, axes: usize, sample_bytes: usize, depth: usize) -> Result<Codecs, Error> {
    let wrong = |found| Error::malformed("codecs", found, "transpose, then bytes or shards, then what packs bytes");
    let list = codecs.and_then(Value::as_array).ok_or_else(|| wrong("no list"))?;
    let mut order: Vec<usize> = (0..axes).collect();
    let mut inner = None;
    let mut packings = Vec::new();
    for codec in list {
        // a name alone is a codec without a configuration
        let name = codec.get("name").unwrap_or(codec).as_str().ok_or_else(|| wrong("a codec without a name"))?;
        let set = |key: &str| codec.get("configuration").and_then(|c| c.get(key));
        let plain = name.strip_prefix("numcodecs.").unwrap_or(name);
        match (name, &inner) {
            ("transpose", None) => order = transposed(set("order"), &order)?,
            ("bytes" | "endian", None) => inner = Some(Inner::Bytes(endian(set("endian"), sample_bytes)?)),
            ("sharding_indexed", None) if depth < DEEPEST => {
                if order.windows(2).any(|pair| pair[0] > pair[1]) {
                    return Err(Error::unsupported("a transpose around shards", ""));
                }
                inner = Some(Inner::Shards(Box::new(shards(&set, axes, sample_bytes, depth)?)));
            }
            ("sharding_indexed", None) => return Err(Error::unsupported("shards in shards in shards", "")),
            (_, Some(_)) => packings.push(match plain {
                "gzip" => Packing::Gzip,
                "zlib" => Packing::Zlib,
                "zstd" => Packing::Zstd,
                "blosc" => Packing::Blosc,
                "crc32c" if name == plain => Packing::Crc32c,
                "lz4" => Packing::Lz4,
                "shuffle" => Packing::Shuffle(set("elementsize").map_or(sample_bytes, |_| {
                    size_of_shuffle(codec.get("configuration").unwrap_or(codec), sample_bytes)
                })),
                "transpose" | "bytes" | "endian" | "sharding_indexed" => return Err(wrong("steps in another order")),
                _ => return Err(Error::unsupported("codec of Zarr", name)),
            }),
            _ => return Err(Error::unsupported("codec of Zarr", name)),
        }
    }
    let inner = inner.ok_or_else(|| wrong("nothing that makes bytes"))?;
    Ok(Codecs { order, inner, packings })
}

/// The order after another transpose; `of` is a list of axes, or a letter as drafts had it.
fn transposed(of: Option<&Value>, before: &[usize]) -> Result<Vec<usize>, Error> {
    let listed: Option<Vec<usize>> = match of {
        Some(Value::String(letter)) if letter == "C" => Some((0..before.len()).collect()),
        Some(Value::String(letter)) if letter == "F" => Some((0..before.len()).rev().collect()),
        Some(Value::Array(axes)) => axes.iter().map(|a| usize::try_from(a.as_u64()?).ok()).collect(),
        _ => None,
    };
    let listed = listed.filter(|listed| {
        let mut sorted = listed.clone();
        sorted.sort_unstable();
        sorted.into_iter().eq(0..before.len())
    });
    let listed = listed.ok_or_else(|| Error::malformed("order", "another value", "every axis once"))?;
    Ok(listed.into_iter().map(|axis| before[axis]).collect())
}

fn endian(of: Option<&Value>, sample_bytes: usize) -> Result<Endian, Error> {
    match of.and_then(Value::as_str) {
        Some("little") => Ok(Endian::Little),
        Some("big") => Ok(Endian::Big),
        None if sample_bytes == 1 => Ok(Endian::NATIVE),
        other => Err(Error::malformed("endian", other.unwrap_or("missing"), "little or big")),
    }
}

fn shards<'v>(
    set: &dyn Fn(&str) -> Option<&'v Value>,
    axes: usize,
    sample_bytes: usize,
    depth: usize,
) -> Result<Shards, Error> {
    // the index is an array of whole numbers of 8 bytes
    let index = chain(set("index_codecs"), 0, 8, DEEPEST)?;
    let Inner::Bytes(index_endian) = index.inner else {
        return Err(Error::unsupported("an index of shards in shards", ""));
    };
    if index.packings.iter().any(|p| *p != Packing::Crc32c) {
        return Err(Error::unsupported("a packed index of shards", ""));
    }
    let is_at_end = match set("index_location").and_then(Value::as_str) {
        None | Some("end") => true,
        Some("start") => false,
        Some(other) => return Err(Error::malformed("index_location", other, "start or end")),
    };
    Ok(Shards {
        chunk: super::super::metadata::lengths(set("chunk_shape"), axes, "chunk_shape")?,
        codecs: chain(set("codecs"), axes, sample_bytes, depth + 1)?,
        index_endian,
        index_packings: index.packings,
        is_at_end,
    })
}

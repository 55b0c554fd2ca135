//! What the metadata of an array say.

use isocenter_volume::SampleType;
use serde_json::{Map, Value};

use super::{
    codec::{self, Codecs},
    data_type,
};
use crate::Error;

/// Most axes of an array.
const MOST_AXES: usize = 32;

/// An array as it is stored.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    /// Lengths of the axes, the first index first.
    pub(super) shape: Vec<u64>,
    /// Lengths of a chunk.
    pub(super) chunk: Vec<u64>,
    pub(super) sample: SampleType,
    /// The bytes of a sample that is not stored, in the order of this machine.
    pub(super) fill: Vec<u8>,
    pub(super) keys: Keys,
    pub(super) codecs: Codecs,
}

/// How chunks are named.
#[derive(Clone, Debug)]
pub(super) struct Keys {
    /// Whether a `c` stands before the numbers.
    prefix: bool,
    separator: char,
}

impl Keys {
    /// The name of a chunk, below the folder of its array.
    pub(super) fn name(&self, chunk: &[u64]) -> String {
        let mut parts: Vec<String> = self.prefix.then(|| "c".to_owned()).into_iter().collect();
        parts.extend(chunk.iter().map(u64::to_string));
        if parts.is_empty() {
            parts.push("0".to_owned());
        }
        parts.join(&self.separator.to_string())
    }
}

impl Stored {
    /// Takes the metadata of an array of version 2 or 3.
    pub(super) fn parse(metadata: &Map<String, Value>) -> Result<Self, Error> {
        match metadata.get("zarr_format").and_then(Value::as_u64) {
            Some(2) => Self::of_v2(metadata),
            Some(3) => Self::of_v3(metadata),
            Some(other) => Err(Error::unsupported("version of Zarr", other)),
            None => Err(Error::malformed("zarr_format", "missing", "2 or 3")),
        }
    }

    fn of_v2(metadata: &Map<String, Value>) -> Result<Self, Error> {
        let shape = shape(metadata)?;
        let dtype = match metadata.get("dtype") {
            Some(Value::String(dtype)) => dtype,
            Some(Value::Array(_)) => return Err(Error::unsupported("an array of records", "")),
            _ => return Err(Error::malformed("dtype", "missing, or another value", "a type of NumPy")),
        };
        let (sample, endian) = data_type::of_v2(dtype)?;
        let separator = match metadata.get("dimension_separator").and_then(Value::as_str) {
            None | Some(".") => '.',
            Some("/") => '/',
            Some(other) => return Err(Error::malformed("dimension_separator", other, ". or /")),
        };
        Ok(Self {
            chunk: lengths(metadata.get("chunks"), shape.len(), "chunks")?,
            sample,
            fill: data_type::fill(sample, metadata.get("fill_value"))?,
            keys: Keys { prefix: false, separator },
            codecs: codec::of_v2(metadata, shape.len(), endian, sample.bytes())?,
            shape,
        })
    }

    fn of_v3(metadata: &Map<String, Value>) -> Result<Self, Error> {
        let shape = shape(metadata)?;
        let named = |key: &'static str| {
            let value = metadata.get(key);
            let name = value.and_then(|v| v.get("name").unwrap_or(v).as_str());
            let name = name.ok_or_else(|| Error::malformed(key, "missing, or another value", "a name"))?;
            Ok::<_, Error>((name, value.and_then(|v| v.get("configuration"))))
        };
        let sample = data_type::of_v3(named("data_type")?.0)?;
        let (grid, set) = named("chunk_grid")?;
        if grid != "regular" {
            return Err(Error::unsupported("grid of chunks", grid));
        }
        let chunk = lengths(set.and_then(|s| s.get("chunk_shape")), shape.len(), "chunk_shape")?;
        let (keys, set) = named("chunk_key_encoding")?;
        let separator = set.and_then(|s| s.get("separator")).and_then(Value::as_str);
        let (prefix, default) = match keys {
            "default" => (true, "/"),
            "v2" => (false, "."),
            other => return Err(Error::unsupported("names of chunks", other)),
        };
        let separator = match separator.unwrap_or(default) {
            "." => '.',
            "/" => '/',
            other => return Err(Error::malformed("separator", other, ". or /")),
        };
        if metadata.get("storage_transformers").and_then(Value::as_array).is_some_and(|all| !all.is_empty()) {
            return Err(Error::unsupported("storage transformers of Zarr", ""));
        }
        understood(metadata)?;
        Ok(Self {
            sample,
            fill: data_type::fill(sample, metadata.get("fill_value"))?,
            keys: Keys { prefix, separator },
            codecs: codec::of_v3(metadata.get("codecs"), shape.len(), sample.bytes())?,
            chunk,
            shape,
        })
    }
}

/// Fields that an array of version 3 has.
const KNOWN: [&str; 11] = [
    "zarr_format",
    "node_type",
    "shape",
    "data_type",
    "chunk_grid",
    "chunk_key_encoding",
    "fill_value",
    "codecs",
    "attributes",
    "dimension_names",
    "storage_transformers",
];

/// Refuses fields that say that they must be understood, as every one does that does not say otherwise.
fn understood(metadata: &Map<String, Value>) -> Result<(), Error> {
    let free = |value: &Value| value.get("must_understand") == Some(&Value::Bool(false));
    let other = metadata.iter().find(|(key, value)| !KNOWN.contains(&key.as_str()) && !free(value));
    // its name is the file's own
    other.map_or(Ok(()), |(key, _)| Err(Error::unsupported("an extension of Zarr", format!("{} bytes", key.len()))))
}

/// Bytes of so many samples; [`u64::MAX`] where they are more.
pub(super) fn bytes_of(lengths: &[u64], sample: SampleType) -> u64 {
    lengths.iter().fold(sample.bytes() as u64, |bytes, len| bytes.saturating_mul(*len))
}

fn shape(metadata: &Map<String, Value>) -> Result<Vec<u64>, Error> {
    let axes = metadata.get("shape").and_then(Value::as_array).map_or(0, Vec::len);
    if axes > MOST_AXES {
        return Err(Error::malformed("shape", format!("{axes} axes"), "at most 32"));
    }
    lengths(metadata.get("shape"), axes, "shape")
}

/// A list of lengths, as many as there are axes.
pub(super) fn lengths(value: Option<&Value>, axes: usize, field: &'static str) -> Result<Vec<u64>, Error> {
    let length = |len: &Value| len.as_u64().filter(|n| *n > 0);
    let found: Option<Vec<u64>> = value.and_then(Value::as_array).and_then(|list| list.iter().map(length).collect());
    let found = found.filter(|list| list.len() == axes);
    found.ok_or_else(|| Error::malformed(field, "another value", "a length of at least 1 for every axis"))
}

//! What a header says of its tensors.

use std::collections::BTreeMap;

use isocenter_volume::{Affine, Frame, SampleType};
use serde_json::{Map, Value};

use crate::{Error, array::Array, endian::Endian, source::Source};

/// The texts of a header.
pub(super) const METADATA: &str = "__metadata__";

/// Where the place of a volume stands among them.
pub(super) const AFFINE: &str = "isocenter.affine";

/// Where its frame stands.
pub(super) const FRAME: &str = "isocenter.frame";

/// A header, and where the bytes behind it begin.
pub(super) struct Header {
    tensors: Map<String, Value>,
    pub(super) texts: BTreeMap<String, String>,
}

impl Header {
    pub(super) fn read(source: &mut Source<'_>, limit: u64) -> Result<Self, Error> {
        let mut len = [0; 8];
        source.fill("header", &mut len)?;
        let len = u64::from_le_bytes(len);
        if len > limit {
            return Err(Error::Limit { what: "bytes of header", asked: len, limit });
        }
        source.expect("header", len)?;
        let mut text = vec![0; len as usize];
        source.fill("header", &mut text)?;
        let wanted = "an object of tensors";
        let value = serde_json::from_slice(&text).map_err(|_| Error::malformed("header", "no JSON", wanted))?;
        let Value::Object(mut tensors) = value else { return Err(Error::malformed("header", "another value", wanted)) };
        let texts = match tensors.remove(METADATA) {
            None => BTreeMap::new(),
            Some(texts) => serde_json::from_value(texts)
                .map_err(|_| Error::malformed(METADATA, "another value", "an object of texts"))?,
        };
        Ok(Self { tensors, texts })
    }

    pub(super) fn names(&self) -> Vec<&str> {
        self.tensors.keys().map(String::as_str).collect()
    }

    /// A tensor, and where its bytes begin and end.
    pub(super) fn tensor(&self, name: &str) -> Result<(Array, [u64; 2]), Error> {
        let wrong = |field, wanted| Error::malformed(field, "missing, or another value", wanted);
        let tensor = self.tensors.get(name);
        let field = |key: &str| tensor.and_then(|t| t.get(key));
        let numbers = |key: &str| -> Option<Vec<u64>> { field(key)?.as_array()?.iter().map(Value::as_u64).collect() };
        let dtype = field("dtype").and_then(Value::as_str).ok_or_else(|| wrong("dtype", "a name"))?;
        let sample = sample_of(dtype).ok_or_else(|| Error::unsupported("sample type", dtype))?;
        let shape = numbers("shape").ok_or_else(|| wrong("shape", "a list of lengths"))?;
        if shape.contains(&0) {
            return Err(Error::malformed("shape", "an axis of 0", "axes of at least 1"));
        }
        let offsets = numbers("data_offsets").and_then(|all| <[u64; 2]>::try_from(all).ok());
        let [begin, end] = offsets.ok_or_else(|| wrong("data_offsets", "a begin and an end"))?;
        let bytes = shape.iter().try_fold(sample.bytes() as u64, |n, len| n.checked_mul(*len));
        if end.checked_sub(begin) != bytes {
            return Err(Error::malformed(
                "data_offsets",
                format!("{begin} to {end}"),
                "as many bytes as the shape has",
            ));
        }
        Ok((Array { sample, endian: Endian::Little, shape, is_fortran: false }, [begin, end]))
    }

    /// The bytes that all tensors say they have.
    pub(super) fn end(&self) -> u64 {
        let end = |tensor: &Value| tensor.get("data_offsets")?.get(1)?.as_u64();
        self.tensors.values().filter_map(end).max().unwrap_or(0)
    }

    /// The place that was kept among the texts, which it leaves.
    pub(super) fn take_place(&mut self) -> Result<Option<(Affine, Frame)>, Error> {
        let (Some(rows), Some(frame)) = (self.texts.remove(AFFINE), self.texts.remove(FRAME)) else { return Ok(None) };
        let wrong = || Error::malformed(AFFINE, "another value", "three rows of four numbers");
        let rows: [[f64; 4]; 3] = serde_json::from_str(&rows).map_err(|_| wrong())?;
        let frame = match frame.as_str() {
            "patient" => Frame::Patient(None),
            "unknown" => Frame::Unknown,
            "pixel" => Frame::Pixel,
            _ => return Err(Error::malformed(FRAME, "another word", "patient, unknown or pixel")),
        };
        let column = |n: usize| [rows[0][n], rows[1][n], rows[2][n]];
        Ok(Some((Affine::from_columns([column(0), column(1), column(2)], column(3)), frame)))
    }
}

const TYPES: [(&str, SampleType); 13] = [
    ("U8", SampleType::U8),
    ("I8", SampleType::I8),
    ("U16", SampleType::U16),
    ("I16", SampleType::I16),
    ("U32", SampleType::U32),
    ("I32", SampleType::I32),
    ("U64", SampleType::U64),
    ("I64", SampleType::I64),
    ("F16", SampleType::F16),
    ("F32", SampleType::F32),
    ("F64", SampleType::F64),
    ("C64", SampleType::Complex32),
    // a truth is a byte of 0 or 1
    ("BOOL", SampleType::U8),
];

fn sample_of(dtype: &str) -> Option<SampleType> {
    TYPES.iter().find(|(name, _)| *name == dtype).map(|(_, sample)| *sample)
}

/// The name of a type.
pub(super) fn dtype_of(sample: SampleType) -> Result<&'static str, Error> {
    let found = TYPES.iter().find(|(_, known)| *known == sample).map(|(name, _)| *name);
    found.ok_or_else(|| Error::unsupported("sample type in safetensors", sample.name()))
}

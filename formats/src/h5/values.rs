//! Numbers and texts of few elements.

use isocenter_volume::SampleType;

use super::{
    bytes::{Cursor, text},
    datatype::{DataType, Kind},
    heaps,
};
use crate::{Error, endian::Endian};

/// What an attribute, or a small data set, holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Numbers(Vec<f64>),
    Texts(Vec<String>),
    /// Elements that are neither.
    Other,
}

impl Value {
    /// The numbers.
    pub(crate) fn numbers(&self) -> Option<&[f64]> {
        match self {
            Self::Numbers(numbers) => Some(numbers),
            _ => None,
        }
    }

    /// The only text.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Texts(texts) => texts.first().filter(|_| texts.len() == 1).map(String::as_str),
            _ => None,
        }
    }

    /// All texts.
    pub(crate) fn texts(&self) -> Option<&[String]> {
        match self {
            Self::Texts(texts) => Some(texts),
            _ => None,
        }
    }
}

/// The elements that bytes hold.
pub(super) fn of(data_type: &DataType, count: u64, mut raw: Cursor<'_>) -> Result<Value, Error> {
    let bytes = usize::try_from(data_type.bytes).unwrap_or(usize::MAX);
    match data_type.kind {
        Kind::Sample(sample, endian) => {
            let mut numbers = Vec::new();
            for _ in 0..count {
                let mut element = raw.own(bytes)?;
                if endian == Endian::Big {
                    element.reverse();
                }
                match number(sample, &element) {
                    Some(number) => numbers.push(number),
                    None => return Ok(Value::Other),
                }
            }
            Ok(Value::Numbers(numbers))
        }
        Kind::Text => {
            let mut texts = Vec::new();
            for _ in 0..count {
                texts.push(text(&raw.own(bytes)?));
            }
            Ok(Value::Texts(texts))
        }
        Kind::AnyText => {
            let mut texts = Vec::new();
            for _ in 0..count {
                let len = raw.u32()? as usize;
                let (address, number) = (raw.address()?, raw.u32()?);
                let found = match address {
                    Some(address) if len > 0 => heaps::object(raw.image, address, number)?,
                    _ => Vec::new(),
                };
                texts.push(text(found.get(..len).unwrap_or(&found)));
            }
            Ok(Value::Texts(texts))
        }
        Kind::Other(_) => Ok(Value::Other),
    }
}

fn number(sample: SampleType, little: &[u8]) -> Option<f64> {
    macro_rules! of {
        ($type:ty) => {
            little.first_chunk().map(|bytes| <$type>::from_le_bytes(*bytes))
        };
    }
    match sample {
        SampleType::U8 => of!(u8).map(f64::from),
        SampleType::I8 => of!(i8).map(f64::from),
        SampleType::U16 => of!(u16).map(f64::from),
        SampleType::I16 => of!(i16).map(f64::from),
        SampleType::U32 => of!(u32).map(f64::from),
        SampleType::I32 => of!(i32).map(f64::from),
        SampleType::U64 => of!(u64).map(|n| n as f64),
        SampleType::I64 => of!(i64).map(|n| n as f64),
        SampleType::F16 => of!(u16).map(|bits| f64::from(half::f16::from_bits(bits))),
        SampleType::F32 => of!(f32).map(f64::from),
        SampleType::F64 => of!(f64),
        _ => None,
    }
}

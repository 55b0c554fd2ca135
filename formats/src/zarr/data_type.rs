//! Types of samples by the names of both versions, and the value of what is not stored.

use isocenter_volume::SampleType;
use serde_json::Value;

use crate::{Error, endian::Endian};

/// Names of version 3; those of version 2 are NumPy's, without the order of bytes.
const TYPES: [(&str, &str, SampleType); 14] = [
    ("uint8", "u1", SampleType::U8),
    ("int8", "i1", SampleType::I8),
    ("uint16", "u2", SampleType::U16),
    ("int16", "i2", SampleType::I16),
    ("uint32", "u4", SampleType::U32),
    ("int32", "i4", SampleType::I32),
    ("uint64", "u8", SampleType::U64),
    ("int64", "i8", SampleType::I64),
    ("float16", "f2", SampleType::F16),
    ("float32", "f4", SampleType::F32),
    ("float64", "f8", SampleType::F64),
    ("complex64", "c8", SampleType::Complex32),
    ("complex128", "c16", SampleType::Complex64),
    // a truth is a byte of 0 or 1
    ("bool", "b1", SampleType::U8),
];

/// A type of version 3.
pub(super) fn of_v3(name: &str) -> Result<SampleType, Error> {
    let found = TYPES.iter().find(|(v3, ..)| *v3 == name).map(|t| t.2);
    found.ok_or_else(|| Error::unsupported("sample type", name))
}

/// A type of version 2, and the order of its bytes.
pub(super) fn of_v2(name: &str) -> Result<(SampleType, Endian), Error> {
    let (order, kind) = name.split_at_checked(1).unwrap_or(("", name));
    let endian = match order {
        "<" | "|" => Endian::Little,
        ">" => Endian::Big,
        _ => return Err(Error::malformed("dtype", name, "an order of bytes and a type, such as <i2")),
    };
    let sample = TYPES.iter().find(|(_, v2, _)| *v2 == kind).map(|t| t.2);
    let sample = sample.ok_or_else(|| Error::unsupported("sample type", name))?;
    if order == "|" && sample.bytes() > 1 {
        return Err(Error::malformed("dtype", name, "an order of bytes before a type of several"));
    }
    Ok((sample, endian))
}

/// The names of a type in version 3 and, with the order of its bytes, in version 2.
pub(super) fn names_of(sample: SampleType) -> Result<(&'static str, String), Error> {
    let found = TYPES.iter().find(|t| t.2 == sample);
    let (v3, v2, _) = found.ok_or_else(|| Error::unsupported("sample type in Zarr", sample.name()))?;
    Ok((v3, format!("{}{v2}", if sample.bytes() > 1 { '<' } else { '|' })))
}

/// Bytes of one number: of a complex sample, of one part.
pub(super) const fn word(sample: SampleType) -> usize {
    match sample {
        SampleType::Complex32 => 4,
        SampleType::Complex64 => 8,
        other => other.bytes(),
    }
}

/// The value of what is not stored, as the bytes of one sample in the order of this machine.
pub(super) fn fill(sample: SampleType, value: Option<&Value>) -> Result<Vec<u8>, Error> {
    let wrong = || {
        let found = value.map(ToString::to_string).unwrap_or_default();
        Error::malformed("fill_value", found, "a number of the array's type")
    };
    let part = |part: &Value| number(sample, part).ok_or_else(wrong);
    match value {
        // nothing is said of what is not there
        None | Some(Value::Null) => Ok(vec![0; sample.bytes()]),
        Some(value) if word(sample) == sample.bytes() => part(value),
        Some(Value::Array(parts)) if parts.len() == 2 => Ok([part(&parts[0])?, part(&parts[1])?].concat()),
        Some(value) => Ok([part(value)?, vec![0; word(sample)]].concat()),
    }
}

/// One number; `None` where the value is none of the type.
fn number(sample: SampleType, value: &Value) -> Option<Vec<u8>> {
    let whole = || match value {
        Value::Bool(truth) => Some(i128::from(*truth)),
        Value::Number(n) if n.is_u64() => n.as_u64().map(i128::from),
        Value::Number(n) if n.is_i64() => n.as_i64().map(i128::from),
        // 0.0 is how some write 0
        Value::Number(n) => n.as_f64().filter(|v| v.trunc() == *v && v.abs() < 1e15).map(|v| v as i128),
        _ => None,
    };
    let float = || match value {
        Value::Number(n) => n.as_f64(),
        Value::String(text) => match text.as_str() {
            "NaN" => Some(f64::NAN),
            "Infinity" => Some(f64::INFINITY),
            "-Infinity" => Some(f64::NEG_INFINITY),
            _ => None,
        },
        _ => None,
    };
    // the bits of a number, as version 3 spells a NaN of its own
    let bits = || match value {
        Value::String(text) => u64::from_str_radix(text.strip_prefix("0x")?, 16).ok(),
        _ => None,
    };
    Some(match sample {
        SampleType::U8 => u8::try_from(whole()?).ok()?.to_ne_bytes().to_vec(),
        SampleType::I8 => i8::try_from(whole()?).ok()?.to_ne_bytes().to_vec(),
        SampleType::U16 => u16::try_from(whole()?).ok()?.to_ne_bytes().to_vec(),
        SampleType::I16 => i16::try_from(whole()?).ok()?.to_ne_bytes().to_vec(),
        SampleType::U32 => u32::try_from(whole()?).ok()?.to_ne_bytes().to_vec(),
        SampleType::I32 => i32::try_from(whole()?).ok()?.to_ne_bytes().to_vec(),
        SampleType::U64 => u64::try_from(whole()?).ok()?.to_ne_bytes().to_vec(),
        SampleType::I64 => i64::try_from(whole()?).ok()?.to_ne_bytes().to_vec(),
        SampleType::F16 => match bits() {
            Some(bits) => u16::try_from(bits).ok()?.to_ne_bytes().to_vec(),
            None => half::f16::from_f64(float()?).to_bits().to_ne_bytes().to_vec(),
        },
        SampleType::F32 | SampleType::Complex32 => match bits() {
            Some(bits) => u32::try_from(bits).ok()?.to_ne_bytes().to_vec(),
            None => (float()? as f32).to_ne_bytes().to_vec(),
        },
        SampleType::F64 | SampleType::Complex64 => match bits() {
            Some(bits) => bits.to_ne_bytes().to_vec(),
            None => float()?.to_ne_bytes().to_vec(),
        },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_of_what_is_not_stored() {
        let of = |sample, value: Value| fill(sample, Some(&value));
        assert_eq!(of(SampleType::I16, json!(-2)).unwrap(), (-2i16).to_ne_bytes());
        assert_eq!(of(SampleType::U64, json!(u64::MAX)).unwrap(), u64::MAX.to_ne_bytes());
        assert_eq!(of(SampleType::U8, json!(true)).unwrap(), [1]);
        assert_eq!(of(SampleType::F32, json!("-Infinity")).unwrap(), f32::NEG_INFINITY.to_ne_bytes());
        assert_eq!(of(SampleType::F32, json!("0x7fc00001")).unwrap(), 0x7fc0_0001u32.to_ne_bytes());
        assert_eq!(of(SampleType::F16, json!(1.0)).unwrap(), 0x3c00u16.to_ne_bytes());
        let parts = [1f32.to_ne_bytes(), f32::INFINITY.to_ne_bytes()].concat();
        assert_eq!(of(SampleType::Complex32, json!([1.0, "Infinity"])).unwrap(), parts);
        assert_eq!(fill(SampleType::I32, None).unwrap(), [0; 4]);
        for (sample, value) in [
            (SampleType::U8, json!(256)),
            (SampleType::U8, json!(0.5)),
            (SampleType::I16, json!("AAA=")),
            (SampleType::F16, json!("0x10000")),
            (SampleType::F64, json!([1.0])),
        ] {
            assert_eq!(of(sample, value.clone()).unwrap_err().reason(), "malformed", "{value}");
        }
    }

    #[test]
    fn names_go_both_ways() {
        for (v3, _, sample) in TYPES.iter().take(13) {
            let (name, v2) = names_of(*sample).unwrap();
            assert_eq!((name, of_v3(name).unwrap(), of_v2(&v2).unwrap()), (*v3, *sample, (*sample, Endian::Little)));
        }
        assert_eq!(of_v2(">f8").unwrap(), (SampleType::F64, Endian::Big));
        assert_eq!(of_v2("|f8").unwrap_err().reason(), "malformed");
        assert_eq!(of_v2("<U8").unwrap_err().reason(), "unsupported");
        assert_eq!(of_v3("bfloat16").unwrap_err().reason(), "unsupported");
    }
}

//! What a header says of its array.

use isocenter_volume::SampleType;

use super::literal::Literal;
use crate::{Error, array::Array, endian::Endian, source::Source};

/// The bytes that an array begins with.
pub(super) const MAGIC: &[u8; 6] = b"\x93NUMPY";

/// What a header says.
pub(crate) type Header = Array;

/// Most axes of an array, as NumPy has it.
const MOST_AXES: usize = 64;

/// Bytes that magic, version, length and text of a header together are a multiple of, so that the numbers can be mapped.
const ALIGNMENT: usize = 64;

/// How nibabel spells three bytes of colour.
const RGB: [&str; 3] = ["R", "G", "B"];

impl Header {
    /// Reads a header, after which `source` is about to give the samples.
    pub(crate) fn read(source: &mut Source<'_>, limit: u64) -> Result<Self, Error> {
        let mut fixed = [0; 8];
        source.fill("header", &mut fixed)?;
        let len = match fixed[6] {
            1 => {
                let mut len = [0; 2];
                source.fill("header", &mut len)?;
                u64::from(u16::from_le_bytes(len))
            }
            2 | 3 => {
                let mut len = [0; 4];
                source.fill("header", &mut len)?;
                u64::from(u32::from_le_bytes(len))
            }
            other => return Err(Error::malformed("version", other, "1, 2 or 3")),
        };
        if len > limit {
            return Err(Error::Limit { what: "bytes of header", asked: len, limit });
        }
        source.expect("header", len)?;
        let mut text = vec![0; len as usize];
        source.fill("header", &mut text)?;
        let text = String::from_utf8_lossy(&text);
        let wanted = "a dictionary of descr, fortran_order and shape";
        Self::of(&Literal::parse(&text).ok_or_else(|| Error::malformed("header", "something else", wanted))?)
    }

    fn of(header: &Literal) -> Result<Self, Error> {
        let need = |key: &'static str| header.get(key).ok_or_else(|| Error::malformed(key, "missing", "the key"));
        let (sample, endian) = samples(need("descr")?)?;
        let Literal::Truth(is_fortran) = *need("fortran_order")? else {
            return Err(Error::malformed("fortran_order", "another literal", "True or False"));
        };
        let shape = match need("shape")? {
            Literal::Items(items) if items.len() <= MOST_AXES => items.iter().map(length).collect::<Option<_>>(),
            _ => None,
        };
        let shape =
            shape.ok_or_else(|| Error::malformed("shape", "another literal", "a tuple of axes of at least 1"))?;
        Ok(Self { sample, endian, shape, is_fortran })
    }

    /// The bytes of a header: version 1, as long as its text is short enough.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        let shape: String = self.shape.iter().map(|n| format!("{n}, ")).collect();
        // one length has its comma, several have none at the end
        let shape = if self.shape.len() == 1 { shape.trim_end() } else { shape.trim_end_matches(", ") };
        let order = if self.is_fortran { "True" } else { "False" };
        let mut text = format!("{{'descr': {}, 'fortran_order': {order}, 'shape': ({shape}), }}", descr(self.sample)?);
        let before = MAGIC.len() + 4;
        // the text ends with a line's end
        let padded = (before + text.len() + 1).next_multiple_of(ALIGNMENT) - before;
        text.extend(std::iter::repeat_n(' ', padded - 1 - text.len()));
        text.push('\n');
        let len = u16::try_from(padded).map_err(|_| Error::unsupported("so many axes in NumPy", self.shape.len()))?;
        Ok([MAGIC.as_slice(), &[1, 0], &len.to_le_bytes(), text.as_bytes()].concat())
    }
}

fn length(literal: &Literal) -> Option<u64> {
    match literal {
        Literal::Whole(n) if *n > 0 => Some(*n),
        _ => None,
    }
}

/// The samples of a `descr`, and the order of their bytes.
fn samples(descr: &Literal) -> Result<(SampleType, Endian), Error> {
    let name = match descr {
        Literal::Text(name) => name,
        record if is_rgb(record) => return Ok((SampleType::Rgb, Endian::Little)),
        _ => return Err(Error::unsupported("an array of records", "")),
    };
    let (order, kind) = name.split_at_checked(1).unwrap_or(("", name));
    let endian = match order {
        "<" | "|" => Endian::Little,
        ">" => Endian::Big,
        "=" => Endian::NATIVE,
        _ => return Err(Error::malformed("descr", name, "an order of bytes and a type, such as <i2")),
    };
    let sample = match kind {
        // a truth is a byte of 0 or 1
        "b1" | "u1" => SampleType::U8,
        "i1" => SampleType::I8,
        "u2" => SampleType::U16,
        "i2" => SampleType::I16,
        "u4" => SampleType::U32,
        "i4" => SampleType::I32,
        "u8" => SampleType::U64,
        "i8" => SampleType::I64,
        "f2" => SampleType::F16,
        "f4" => SampleType::F32,
        "f8" => SampleType::F64,
        "c8" => SampleType::Complex32,
        "c16" => SampleType::Complex64,
        other => return Err(Error::unsupported("sample type", other)),
    };
    if order == "|" && sample.bytes() > 1 {
        return Err(Error::malformed("descr", name, "an order of bytes before a type of several"));
    }
    Ok((sample, endian))
}

fn is_rgb(record: &Literal) -> bool {
    let Literal::Items(fields) = record else { return false };
    let is = |(field, name): (&Literal, &str)| {
        let Literal::Items(pair) = field else { return false };
        matches!(pair.as_slice(), [Literal::Text(n), Literal::Text(t)] if n == name && matches!(t.as_str(), "|u1" | "<u1"))
    };
    fields.len() == RGB.len() && fields.iter().zip(RGB).all(is)
}

fn descr(sample: SampleType) -> Result<&'static str, Error> {
    Ok(match sample {
        SampleType::U8 => "'|u1'",
        SampleType::I8 => "'|i1'",
        SampleType::U16 => "'<u2'",
        SampleType::I16 => "'<i2'",
        SampleType::U32 => "'<u4'",
        SampleType::I32 => "'<i4'",
        SampleType::U64 => "'<u8'",
        SampleType::I64 => "'<i8'",
        SampleType::F16 => "'<f2'",
        SampleType::F32 => "'<f4'",
        SampleType::F64 => "'<f8'",
        SampleType::Complex32 => "'<c8'",
        SampleType::Complex64 => "'<c16'",
        SampleType::Rgb => "[('R', '|u1'), ('G', '|u1'), ('B', '|u1')]",
        other => return Err(Error::unsupported("sample type in NumPy", other.name())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_what_numpy_writes() {
        let header =
            Header { sample: SampleType::I16, endian: Endian::Little, shape: vec![2, 3, 4], is_fortran: false };
        let mut wanted = b"\x93NUMPY\x01\0v\0{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3, 4), }".to_vec();
        wanted.resize(127, b' ');
        wanted.push(b'\n');
        assert_eq!(header.to_bytes().unwrap(), wanted);
        let one = Header { shape: vec![7], sample: SampleType::Rgb, ..header };
        let bytes = one.to_bytes().unwrap();
        assert!(bytes.windows(4).any(|w| w == b"(7,)") && bytes.len().is_multiple_of(64));
        assert_eq!(Header::read(&mut Source::from_bytes(&bytes).unwrap(), 1 << 16).unwrap(), one);
    }
}

//! What one element is.

use isocenter_volume::SampleType;

use super::{
    bytes::{Cursor, bytes_for, text},
    header::{self, Header, kind},
};
use crate::{Error, endian::Endian};

/// What one element is, and how many bytes it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DataType {
    pub(crate) bytes: u64,
    pub(crate) kind: Kind,
}

/// Kinds of elements, as far as anybody here reads them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A number, or some that make one sample: `{r, i}`, `{r, g, b}`.
    Sample(SampleType, Endian),
    /// A text of a fixed length.
    Text,
    /// A text of any length, which lies in the heap.
    AnyText,
    /// Anything else, by name.
    Other(&'static str),
}

/// Most levels of types within types.
const DEEPEST: u32 = 4;

/// The type that the header of an object says.
pub(super) fn of(header: &Header<'_>) -> Result<DataType, Error> {
    let mut message = header.must(kind::TYPE, "data type")?;
    read(&mut message, 0)
}

/// The type that a body holds, or names.
pub(super) fn of_body(body: Cursor<'_>, is_shared: bool) -> Result<DataType, Error> {
    let mut body = if is_shared { header::shared(body, kind::TYPE)? } else { body };
    read(&mut body, 0)
}

fn read(message: &mut Cursor<'_>, depth: u32) -> Result<DataType, Error> {
    if depth > DEEPEST {
        return Err(Error::unsupported("types within types in HDF5", "many levels"));
    }
    let first = message.u8()?;
    let (class, version) = (first & 15, first >> 4);
    let bits = message.uint(3)?;
    let bytes = u64::from(message.u32()?);
    if !(1..=5).contains(&version) {
        return Err(Error::unsupported("a version of HDF5's structures", format!("data type {version}")));
    }
    if bytes == 0 {
        return Err(Error::malformed("data type", "no bytes", "one at least"));
    }
    let endian = if bits & 1 == 0 { Endian::Little } else { Endian::Big };
    let kind = match class {
        0 | 4 => {
            let (offset, precision) = (message.u16()?, message.u16()?);
            let is_whole = offset == 0 && u64::from(precision) == 8 * bytes;
            match integer(bytes, class == 0 && bits & 8 != 0).filter(|_| is_whole) {
                Some(sample) => Kind::Sample(sample, endian),
                None => Kind::Other("integers of other widths"),
            }
        }
        1 => {
            let fields = message.take(12)?;
            let sample = match (bytes, fields) {
                (2, [0, 0, 16, 0, 10, 5, 0, 10, 15, 0, 0, 0]) => Some(SampleType::F16),
                (4, [0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0]) => Some(SampleType::F32),
                (8, [0, 0, 64, 0, 52, 11, 0, 52, 255, 3, 0, 0]) => Some(SampleType::F64),
                _ => None,
            };
            // bit 6 would be the order of the VAX
            let sample = sample.filter(|_| bits & 0x40 == 0);
            sample.map_or(Kind::Other("floats of other widths"), |sample| Kind::Sample(sample, endian))
        }
        3 => Kind::Text,
        6 => compound(message, version, bits & 0xffff, bytes, depth)?,
        7 => Kind::Other("references"),
        8 => enumeration(message, version, bits & 0xffff, depth)?,
        9 if bits & 15 == 1 => Kind::AnyText,
        9 => Kind::Other("lists of any length"),
        10 => Kind::Other("arrays within elements"),
        2 => Kind::Other("dates"),
        5 => Kind::Other("opaque bytes"),
        11 if bytes == 8 || bytes == 16 => match read(message, depth + 1)?.kind {
            Kind::Sample(SampleType::F32, order) => Kind::Sample(SampleType::Complex32, order),
            Kind::Sample(SampleType::F64, order) => Kind::Sample(SampleType::Complex64, order),
            _ => Kind::Other("complex numbers of other widths"),
        },
        _ => Kind::Other("elements of a kind that nobody knows"),
    };
    Ok(DataType { bytes, kind })
}

const fn integer(bytes: u64, is_signed: bool) -> Option<SampleType> {
    Some(match (bytes, is_signed) {
        (1, false) => SampleType::U8,
        (1, true) => SampleType::I8,
        (2, false) => SampleType::U16,
        (2, true) => SampleType::I16,
        (4, false) => SampleType::U32,
        (4, true) => SampleType::I32,
        (8, false) => SampleType::U64,
        (8, true) => SampleType::I64,
        _ => return None,
    })
}

/// A name, padded in older versions.
fn name(message: &mut Cursor<'_>, version: u8) -> Result<String, Error> {
    let name = message.word()?;
    if version < 3 {
        message.skip((name.len() + 1).next_multiple_of(8) - name.len() - 1)?;
    }
    // a name that is longer than any that is known is another one
    Ok(text(name.get(..name.len().min(16)).unwrap_or_default()))
}

/// Truths are bytes of 0 or 1, whatever the sign of their type; other names of numbers are numbers.
fn enumeration(message: &mut Cursor<'_>, version: u8, members: u64, depth: u32) -> Result<Kind, Error> {
    let base = read(message, depth + 1)?;
    let mut names = Vec::new();
    for _ in 0..members.min(3) {
        names.push(name(message, version)?);
    }
    let is_truth = members == 2 && base.bytes == 1 && names == ["FALSE", "TRUE"];
    let values = message.rest.first_chunk::<2>();
    Ok(match base.kind {
        Kind::Sample(_, order) if is_truth && values == Some(&[0, 1]) => Kind::Sample(SampleType::U8, order),
        other => other,
    })
}

/// Complex numbers, as h5py and others have them, and colours.
fn compound(message: &mut Cursor<'_>, version: u8, members: u64, bytes: u64, depth: u32) -> Result<Kind, Error> {
    const OTHER: Kind = Kind::Other("records");
    if !(2..=3).contains(&members) {
        return Ok(OTHER);
    }
    let mut found = Vec::new();
    for _ in 0..members {
        let name = name(message, version)?.to_ascii_lowercase();
        let at = message.uint(if version < 3 { 4 } else { bytes_for(bytes) })?;
        if version == 1 {
            message.skip(28)?;
        }
        found.push((name, at, read(message, depth + 1)?));
    }
    let names: Vec<&str> = found.iter().map(|m| m.0.as_str()).collect();
    let Some((_, _, first)) = found.first() else { return Ok(OTHER) };
    let is_tight = found.iter().enumerate().all(|(n, (_, at, kind))| kind == first && *at == n as u64 * first.bytes);
    if !is_tight || bytes != members * first.bytes {
        return Ok(OTHER);
    }
    Ok(match (names.as_slice(), first.kind) {
        (
            ["r", "i"] | ["re", "im"] | ["real", "imag"] | ["real", "imaginary"],
            Kind::Sample(SampleType::F32, order),
        ) => Kind::Sample(SampleType::Complex32, order),
        (
            ["r", "i"] | ["re", "im"] | ["real", "imag"] | ["real", "imaginary"],
            Kind::Sample(SampleType::F64, order),
        ) => Kind::Sample(SampleType::Complex64, order),
        (["r", "g", "b"] | ["red", "green", "blue"], Kind::Sample(SampleType::U8, order)) => {
            Kind::Sample(SampleType::Rgb, order)
        }
        _ => OTHER,
    })
}

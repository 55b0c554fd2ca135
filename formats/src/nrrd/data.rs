//! The voxels of a file, in any of its encodings.

use std::io::{BufRead, Read};

use isocenter_volume::{Limits, SampleType};

use super::header::{Encoding, Header};
use crate::{
    Error, Warning,
    samples::{self, Endian, Samples},
    source::{Compression, Source, stream_error},
};

/// Reads the voxels; `lengths` are those of all axes but the one inside the sample.
pub(super) fn read(
    source: &mut Source<'_>,
    header: &Header,
    sample: SampleType,
    lengths: &[u64],
    limits: &Limits,
    warnings: &mut Vec<Warning>,
) -> Result<Samples, Error> {
    skip_lines(source, header.line_skip)?;
    if header.encoding == Encoding::Gzip {
        let mut inner = source.nested_gzip()?;
        return raw(&mut inner, header, sample, lengths, limits, warnings);
    }
    raw(source, header, sample, lengths, limits, warnings)
}

fn raw(
    source: &mut Source<'_>,
    header: &Header,
    sample: SampleType,
    lengths: &[u64],
    limits: &Limits,
    warnings: &mut Vec<Warning>,
) -> Result<Samples, Error> {
    if header.byte_skip < 0 {
        return last(source, header, sample, lengths, limits);
    }
    source.skip("bytes before the voxels", header.byte_skip.unsigned_abs())?;
    let count = limits.check(lengths, sample.bytes() as u64)?;
    let scalars = count * (sample.bytes() / header.scalar.bytes());
    let samples = match header.encoding {
        Encoding::Raw | Encoding::Gzip => {
            let count = samples::check_size(lengths, sample, limits, source)?;
            samples::read(source, sample, count, header.endian)?
        }
        Encoding::Hex => {
            source.expect("voxels", 2 * (count * sample.bytes()) as u64)?;
            let bytes = hex(source, count * sample.bytes())?;
            from_bytes(&bytes, sample, count, header.endian)?
        }
        Encoding::Text => {
            // a digit and a space each, but for the last
            source.expect("voxels", 2 * scalars as u64 - 1)?;
            let bytes = text(source, header.scalar, scalars)?;
            from_bytes(&bytes, sample, count, Endian::NATIVE)?
        }
    };
    if matches!(header.encoding, Encoding::Raw | Encoding::Gzip) {
        source.warn_of_rest(warnings)?;
    }
    Ok(samples)
}

/// Raw data that is the last part of the file (byte skip -1).
fn last(
    source: &mut Source<'_>,
    header: &Header,
    sample: SampleType,
    lengths: &[u64],
    limits: &Limits,
) -> Result<Samples, Error> {
    let count = samples::check_size(lengths, sample, limits, source)?;
    let rest = source.rest("bytes of data", limits.bytes)?;
    let wanted = count * sample.bytes();
    let start = rest.len().checked_sub(wanted).ok_or(Error::Truncated {
        what: "voxels",
        wanted: wanted as u64,
        found: rest.len() as u64,
    })?;
    from_bytes(&rest[start..], sample, count, header.endian)
}

fn from_bytes(bytes: &[u8], sample: SampleType, count: usize, endian: Endian) -> Result<Samples, Error> {
    samples::read(&mut Source::from_bytes_as(bytes, Compression::None)?, sample, count, endian)
}

fn skip_lines(source: &mut Source<'_>, lines: u64) -> Result<(), Error> {
    for done in 0..lines {
        let skipped = source.skip_until(b'\n').map_err(|e| stream_error(e, "lines to skip", lines, done))?;
        if skipped == 0 {
            return Err(Error::Truncated { what: "lines to skip", wanted: lines, found: done });
        }
    }
    Ok(())
}

/// Most bytes reserved before any was read: what a packed file can hold is only a bound.
const RESERVED: usize = 1 << 20;

/// Pairs of digits to bytes; space between is ignored.
fn hex(source: &mut Source<'_>, count: usize) -> Result<Vec<u8>, Error> {
    let mut out = Vec::with_capacity(count.min(RESERVED));
    let mut high = None;
    for byte in source.by_ref().bytes() {
        let byte = byte.map_err(|e| stream_error(e, "voxels", count as u64, out.len() as u64))?;
        if byte.is_ascii_whitespace() {
            continue;
        }
        let digit = char::from(byte).to_digit(16);
        let digit = digit.ok_or_else(|| Error::malformed("hex data", "another byte", "digits 0 to 9 and a to f"))?;
        match high.take() {
            None => high = Some(digit),
            Some(h) => out.push((16 * h + digit) as u8),
        }
        if out.len() == count {
            return Ok(out);
        }
    }
    Err(Error::Truncated { what: "voxels", wanted: count as u64, found: out.len() as u64 })
}

/// Longest spelling of a number: an f64 without an exponent.
const LONGEST: usize = 1100;

/// Numbers in decimal spelling to the bytes of this machine.
fn text(source: &mut Source<'_>, scalar: SampleType, count: usize) -> Result<Vec<u8>, Error> {
    let mut out = Vec::with_capacity((count * scalar.bytes()).min(RESERVED));
    let mut token = String::new();
    let mut found = 0;
    let mut bytes = source.by_ref().bytes();
    while found < count {
        let byte = bytes.next().transpose().map_err(|e| stream_error(e, "voxels", count as u64, found as u64))?;
        match byte {
            Some(b) if !b.is_ascii_whitespace() && b != b',' => token.push(char::from(b)),
            _ if !token.is_empty() => {
                push(&mut out, scalar, &token)?;
                found += 1;
                token.clear();
            }
            _ => {}
        }
        if byte.is_none() && found < count {
            return Err(Error::Truncated { what: "numbers", wanted: count as u64, found: found as u64 });
        }
        if token.len() > LONGEST {
            return Err(Error::malformed("text data", "a very long word", "numbers"));
        }
    }
    Ok(out)
}

fn push(out: &mut Vec<u8>, scalar: SampleType, token: &str) -> Result<(), Error> {
    macro_rules! parse {
        ($type:ty) => {
            token.parse::<$type>().map(|v| out.extend_from_slice(&v.to_ne_bytes())).ok()
        };
    }
    let done = match scalar {
        SampleType::U8 => parse!(u8),
        SampleType::I8 => parse!(i8),
        SampleType::U16 => parse!(u16),
        SampleType::I16 => parse!(i16),
        SampleType::U32 => parse!(u32),
        SampleType::I32 => parse!(i32),
        SampleType::U64 => parse!(u64),
        SampleType::I64 => parse!(i64),
        SampleType::F32 => parse!(f32),
        _ => parse!(f64),
    };
    done.ok_or_else(|| Error::malformed("text data", "another word", "numbers in the range of the type"))
}

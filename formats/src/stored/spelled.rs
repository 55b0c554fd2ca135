//! Voxels spelled in characters: hex digits, or numbers as text.

use std::io::{self, Read};

use isocenter_volume::SampleType;

use crate::{Error, source::Source};

/// Bytes spelled as pairs of digits; space between is ignored. Ends after as many as are wanted.
pub(super) struct Hex<'s, 'a> {
    source: &'s mut Source<'a>,
    left: u64,
}

impl<'s, 'a> Hex<'s, 'a> {
    pub(super) const fn new(source: &'s mut Source<'a>, bytes: u64) -> Self {
        Self { source, left: bytes }
    }

    /// The next digit; `None` at the end.
    fn digit(&mut self) -> io::Result<Option<u32>> {
        for byte in self.source.by_ref().bytes() {
            let byte = byte?;
            if byte.is_ascii_whitespace() {
                continue;
            }
            let bad = || Error::malformed("hex data", "another byte", "digits 0 to 9 and a to f").into_io();
            return char::from(byte).to_digit(16).ok_or_else(bad).map(Some);
        }
        Ok(None)
    }
}

impl Read for Hex<'_, '_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut got = 0;
        for place in out.iter_mut().take(usize::try_from(self.left).unwrap_or(usize::MAX)) {
            let (Some(high), Some(low)) = (self.digit()?, self.digit()?) else { break };
            *place = (16 * high + low) as u8;
            got += 1;
        }
        self.left -= got as u64;
        Ok(got)
    }
}

/// Longest spelling of a number: an f64 without an exponent.
const LONGEST: usize = 1100;

/// Numbers in decimal spelling, as the bytes of this machine. Ends after as many as are wanted.
pub(super) struct Text<'s, 'a> {
    source: &'s mut Source<'a>,
    scalar: SampleType,
    left: u64,
    token: String,
    /// Bytes of the last number that found no room yet.
    number: Vec<u8>,
    given: usize,
}

impl<'s, 'a> Text<'s, 'a> {
    pub(super) const fn new(source: &'s mut Source<'a>, scalar: SampleType, numbers: u64) -> Self {
        Self { source, scalar, left: numbers, token: String::new(), number: Vec::new(), given: 0 }
    }

    /// Reads the next number; false at the end.
    fn next(&mut self) -> io::Result<bool> {
        self.token.clear();
        self.number.clear();
        self.given = 0;
        for byte in self.source.by_ref().bytes() {
            let byte = byte?;
            if !byte.is_ascii_whitespace() && byte != b',' {
                self.token.push(char::from(byte));
            } else if !self.token.is_empty() {
                break;
            }
            if self.token.len() > LONGEST {
                return Err(Error::malformed("text data", "a very long word", "numbers").into_io());
            }
        }
        if self.token.is_empty() {
            return Ok(false);
        }
        push(&mut self.number, self.scalar, &self.token).map_err(Error::into_io)?;
        self.left -= 1;
        Ok(true)
    }
}

impl Read for Text<'_, '_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut got = 0;
        while got < out.len() {
            if self.given == self.number.len() && (self.left == 0 || !self.next()?) {
                break;
            }
            let n = (&self.number[self.given..]).read(&mut out[got..])?;
            self.given += n;
            got += n;
        }
        Ok(got)
    }
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

//! Headers whose fields lie at fixed places.

use crate::{Error, endian::Endian};

/// A place in 32 bits, for a header that has no more.
///
/// # Errors
/// [`Error::Unsupported`] where it would become infinite.
pub(crate) fn single(value: f64) -> Result<f32, Error> {
    let single = value as f32;
    if single.is_finite() { Ok(single) } else { Err(beyond(value)) }
}

/// As [`single`], of what must not become zero: a spacing, a slope.
///
/// # Errors
/// [`Error::Unsupported`] where it would become infinite, or zero though it is not.
pub(crate) fn single_length(value: f64) -> Result<f32, Error> {
    single(value).and_then(|single| if single == 0.0 && value != 0.0 { Err(beyond(value)) } else { Ok(single) })
}

fn beyond(value: f64) -> Error {
    Error::unsupported("a number beyond the 32 bits of the format", format!("{value:e}"))
}

/// Reads the fields of a header by their offset; what lies behind its end is zero.
#[derive(Clone, Copy)]
pub(crate) struct Fixed<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) endian: Endian,
}

impl Fixed<'_> {
    fn array<const N: usize>(&self, at: usize) -> [u8; N] {
        let found = self.bytes.get(at..).and_then(|rest| rest.first_chunk::<N>());
        let mut array = found.copied().unwrap_or([0; N]);
        if self.endian == Endian::Big {
            array.reverse();
        }
        array
    }

    pub(crate) fn u16(&self, at: usize) -> u16 {
        u16::from_le_bytes(self.array(at))
    }

    pub(crate) fn i16(&self, at: usize) -> i16 {
        i16::from_le_bytes(self.array(at))
    }

    pub(crate) fn i32(&self, at: usize) -> i32 {
        i32::from_le_bytes(self.array(at))
    }

    pub(crate) fn i64(&self, at: usize) -> i64 {
        i64::from_le_bytes(self.array(at))
    }

    pub(crate) fn f32(&self, at: usize) -> f64 {
        f64::from(f32::from_le_bytes(self.array(at)))
    }

    pub(crate) fn f64(&self, at: usize) -> f64 {
        f64::from_le_bytes(self.array(at))
    }

    /// The text of a field.
    pub(crate) fn text(&self, at: usize, len: usize) -> String {
        text_of(self.bytes.get(at..at + len).unwrap_or_default())
    }
}

/// The text before the first zero byte, without blanks at its end; what is no UTF-8 is taken as Latin-1, so that no byte of a name
/// is lost.
pub(crate) fn text_of(bytes: &[u8]) -> String {
    let text = bytes.split(|b| *b == 0).next().unwrap_or_default();
    let text = std::str::from_utf8(text).map_or_else(|_| text.iter().map(|b| char::from(*b)).collect(), str::to_owned);
    text.trim_end().to_owned()
}

/// Puts bytes into a header, as far as it goes.
pub(crate) fn put(header: &mut [u8], at: usize, bytes: &[u8]) {
    if let Some(place) = header.get_mut(at..at + bytes.len()) {
        place.copy_from_slice(bytes);
    }
}

/// Puts a text that fits `len` bytes into a header, cut between characters where it is longer.
pub(crate) fn put_text(header: &mut [u8], at: usize, len: usize, text: &str) {
    let mut end = text.len().min(len);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    put(header, at, &text.as_bytes()[..end]);
}

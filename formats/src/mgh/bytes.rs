//! Big-endian numbers, one behind the other.

/// Takes numbers from the front of bytes; `None` where they end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl<'a> Bytes<'a> {
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*first)
    }

    pub(super) fn i16(&mut self) -> Option<i16> {
        self.array().map(i16::from_be_bytes)
    }

    pub(super) fn i32(&mut self) -> Option<i32> {
        self.array().map(i32::from_be_bytes)
    }

    pub(super) fn i64(&mut self) -> Option<i64> {
        self.array().map(i64::from_be_bytes)
    }

    pub(super) fn f32(&mut self) -> Option<f64> {
        self.array().map(|b| f64::from(f32::from_be_bytes(b)))
    }

    /// So many bytes, where there are as many.
    pub(super) fn take(&mut self, len: i64) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(usize::try_from(len).ok()?)?;
        self.0 = rest;
        Some(taken)
    }
}

/// A text up to its first zero byte; what is no UTF-8 is taken as Latin-1.
pub(super) fn text_of(bytes: &[u8]) -> String {
    let text = bytes.split(|b| *b == 0).next().unwrap_or_default();
    std::str::from_utf8(text).map_or_else(|_| text.iter().map(|b| char::from(*b)).collect(), str::to_owned)
}

//! What may stand beside a value for it to count.

use std::ops::Range;

use crate::known::Kind;

/// The rule of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Border {
    /// Digits, perhaps with dots or dashes: not part of a longer number.
    Number,
    /// A short word: no letter or digit beside it.
    Word,
    /// Long enough to count anywhere.
    Free,
}

/// Bytes from which a value counts anywhere.
pub(super) const LONG: usize = 8;
/// Bytes from which a UID counts anywhere, also as the beginning of a longer one.
const LONG_UID: usize = 16;

impl Border {
    pub(super) fn of(value: &str, kind: Kind) -> Self {
        let numeric = value.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b':' | b'+'));
        match kind {
            Kind::Uid if value.len() >= LONG_UID => Self::Free,
            _ if numeric => Self::Number,
            _ if value.len() < LONG => Self::Word,
            _ => Self::Free,
        }
    }

    /// Bytes that a value needs to be looked for among samples.
    pub(super) fn least_in_samples(self) -> usize {
        if self == Self::Number { 14 } else { LONG }
    }

    /// Whether a match at `range` counts.
    pub(super) fn holds(self, bytes: &[u8], range: Range<usize>, wide: bool, big: bool) -> bool {
        let near = Near { bytes, wide, big };
        let (before, before_that) = (near.before(range.start, 1), near.before(range.start, 2));
        let (after, after_that) = (near.after(range.end, 0), near.after(range.end, 1));
        let digit = |byte: Option<u8>| byte.is_some_and(|b| b.is_ascii_digit());
        match self {
            Self::Free => true,
            Self::Word => {
                !before.is_some_and(|b| b.is_ascii_alphanumeric()) && !after.is_some_and(|b| b.is_ascii_alphanumeric())
            }
            Self::Number => {
                let goes_on = digit(after) || (after == Some(b'.') && digit(after_that));
                let began = digit(before) || (before == Some(b'.') && digit(before_that));
                !goes_on && !began
            }
        }
    }
}

/// Characters beside a match, one or two bytes each; `None` for what is not ASCII or not there.
struct Near<'a> {
    bytes: &'a [u8],
    wide: bool,
    big: bool,
}

impl Near<'_> {
    fn before(&self, start: usize, count: usize) -> Option<u8> {
        let width = if self.wide { 2 } else { 1 };
        self.at(start.checked_sub(count * width)?)
    }

    fn after(&self, end: usize, count: usize) -> Option<u8> {
        self.at(end + count * if self.wide { 2 } else { 1 })
    }

    fn at(&self, at: usize) -> Option<u8> {
        if !self.wide {
            return self.bytes.get(at).copied();
        }
        let pair = (*self.bytes.get(at)?, *self.bytes.get(at + 1)?);
        match if self.big { (pair.1, pair.0) } else { pair } {
            (low, 0) => Some(low),
            _ => None,
        }
    }
}

//! Long values among samples, found by windows of four and of eight bytes.
//!
//! A value of eight bytes holds one whole window of four wherever it lies, if every fifth place is looked at, and one of twelve a window of eight: of a
//! voxel's bytes nearly all are passed over. A window that a value has is found in a table of bits; what is found there is compared with the values themselves.
//! Letters of ASCII match in either case.
//!
//! Values of twelve bytes and more are looked for by eight: four bytes of a number in UTF-16 are two digits, as many a voxel pair is.

use std::collections::HashMap;
use std::ops::Range;

use super::borders::LONG;

/// Bytes of the short window and of the long one.
const SHORT: usize = 4;
const WIDE: usize = 8;
/// From one look to the next.
const STEP: usize = LONG - SHORT + 1;
/// Bytes from which a value has a long window at every fifth place.
const LONG_ENOUGH: usize = WIDE + STEP - 1;
/// Bits of a table for each window.
const SPARSE: usize = 64;

/// The values of eight bytes and more.
#[derive(Clone, Debug, Default)]
pub(super) struct Sieve {
    /// The first four bytes of every window: one look for both.
    any: Bits,
    short: Windows,
    wide: Windows,
    needles: Vec<(usize, Box<[u8]>)>,
}

impl Sieve {
    /// The sieve of patterns by their number. Those that are shorter than eight bytes are left out.
    pub(super) fn new<'n>(needles: impl Iterator<Item = (usize, &'n [u8])>) -> Self {
        let needles: Vec<(usize, Box<[u8]>)> =
            needles.filter(|(_, bytes)| bytes.len() >= LONG).map(|(pattern, bytes)| (pattern, bytes.into())).collect();
        let (mut short, mut wide): (Holders, Holders) = (HashMap::new(), HashMap::new());
        for (number, (_, bytes)) in needles.iter().enumerate() {
            for offset in 0..STEP {
                let rest = bytes.get(offset..).unwrap_or_default();
                let (windows, window) = match bytes.len() >= LONG_ENOUGH {
                    true => (&mut wide, wide_window(rest)),
                    false => (&mut short, short_window(rest)),
                };
                if let Some(window) = window {
                    windows.entry(window).or_default().push((number, offset));
                }
            }
        }
        let any = Bits::of(short.keys().chain(wide.keys()).map(|window| window & SHORT_MASK));
        Self { any, short: Windows::new(short), wide: Windows::new(wide), needles }
    }

    /// Where values lie whole in a range of bytes, by the number of their pattern.
    pub(super) fn find(&self, bytes: &[u8], range: Range<usize>) -> Vec<(usize, Range<usize>)> {
        let mut found = Vec::new();
        let looked = bytes.get(..range.end.min(bytes.len())).unwrap_or_default();
        let within = looked.get(range.start..).unwrap_or_default();
        if self.needles.is_empty() {
            return found;
        }
        let mut at = 0;
        while let Some(window) = within.get(at..).and_then(wide_window) {
            let start = window & SHORT_MASK;
            if self.any.has(start) {
                self.compare(&self.wide, looked, range.start, range.start + at, window, &mut found);
                self.compare(&self.short, looked, range.start, range.start + at, start, &mut found);
            }
            at += STEP;
        }
        while let Some(window) = within.get(at..).and_then(short_window) {
            self.compare(&self.short, looked, range.start, range.start + at, window, &mut found);
            at += STEP;
        }
        found
    }

    /// The values that have a window at a place, whole between `from` and the end.
    fn compare(
        &self,
        windows: &Windows,
        bytes: &[u8],
        from: usize,
        at: usize,
        window: u64,
        found: &mut Vec<(usize, Range<usize>)>,
    ) {
        if !windows.bits.has(window) {
            return;
        }
        for &(number, offset) in windows.holders.get(&window).map_or(&[][..], Vec::as_slice) {
            let whole = || {
                let (pattern, needle) = self.needles.get(number)?;
                let start = at.checked_sub(offset).filter(|&start| start >= from)?;
                let end = start + needle.len();
                bytes.get(start..end)?.eq_ignore_ascii_case(needle).then_some((*pattern, start..end))
            };
            found.extend(whole());
        }
    }
}

/// Which values have a window, and where in them.
type Holders = HashMap<u64, Vec<(usize, usize)>>;

/// The windows of values.
#[derive(Clone, Debug, Default)]
struct Windows {
    bits: Bits,
    holders: Holders,
}

impl Windows {
    fn new(holders: Holders) -> Self {
        Self { bits: Bits::of(holders.keys().copied()), holders }
    }
}

/// A set of windows that may have more than were put into it.
///
/// Source: Bloom 1970; Knuth, The Art of Computer Programming 3, section 6.4 (multiplicative hashing).
#[derive(Clone, Debug)]
struct Bits {
    bits: Vec<u64>,
    /// Leaves of a hash as many bits as the table has places for.
    shift: u32,
}

impl Default for Bits {
    fn default() -> Self {
        Self::of(std::iter::empty())
    }
}

impl Bits {
    fn of(windows: impl Iterator<Item = u64>) -> Self {
        let windows: Vec<u64> = windows.collect();
        let places = (windows.len() * SPARSE).next_power_of_two().clamp(1 << 13, 1 << 21);
        let mut set = Self { bits: vec![0; places / 64], shift: u64::BITS - places.trailing_zeros() };
        for window in windows {
            let place = set.place(window);
            if let Some(word) = set.bits.get_mut(place / 64) {
                *word |= 1 << (place % 64);
            }
        }
        set
    }

    #[inline]
    fn has(&self, window: u64) -> bool {
        let place = self.place(window);
        self.bits.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    #[inline]
    fn place(&self, window: u64) -> usize {
        (window.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> self.shift) as usize
    }
}

/// Letters of ASCII in one case. It makes other bytes the same, too, which the comparison tells apart.
const FOLD: u64 = 0x2020_2020_2020_2020;
/// A short window at the start of a long one.
const SHORT_MASK: u64 = 0xFFFF_FFFF;

/// Eight bytes, letters in one case.
#[inline]
fn wide_window(bytes: &[u8]) -> Option<u64> {
    bytes.first_chunk::<WIDE>().map(|window| u64::from_le_bytes(*window) | FOLD)
}

/// Four bytes, letters in one case.
#[inline]
fn short_window(bytes: &[u8]) -> Option<u64> {
    let window = bytes.first_chunk::<SHORT>()?;
    Some((u64::from(u32::from_le_bytes(*window)) | FOLD) & SHORT_MASK)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn finds_what_a_plain_search_finds(
            // few letters, so that there is something to find
            bytes in prop::collection::vec(prop::sample::select(b"aAbB1\0".to_vec()), 0..300),
            needles in prop::collection::vec(prop::collection::vec(prop::sample::select(b"ab1\0".to_vec()), 8..16), 0..20),
            cut in any::<prop::sample::Index>(),
        ) {
            let range = cut.index(bytes.len() + 1)..bytes.len();
            let sieve = Sieve::new(needles.iter().enumerate().map(|(n, bytes)| (n, bytes.as_slice())));
            let mut found: Vec<_> = sieve.find(&bytes, range.clone()).into_iter().map(|(n, at)| (n, at.start, at.end)).collect();
            found.sort();
            let mut plain = Vec::new();
            for (n, needle) in needles.iter().enumerate() {
                for at in range.start..=range.end.saturating_sub(needle.len()) {
                    if bytes.get(at..at + needle.len()).is_some_and(|part| part.eq_ignore_ascii_case(needle)) {
                        plain.push((n, at, at + needle.len()));
                    }
                }
            }
            prop_assert_eq!(found, plain);
        }
    }
}

//! Long values among samples, found by windows of four bytes.
//!
//! A value of eight bytes holds one whole window wherever it lies, if every fifth is looked at: of a voxel's bytes nearly all are passed over. A window
//! that a value has is found in a table of bits; what is found there is compared with the values themselves. Letters of ASCII match in either case.

use std::collections::HashMap;
use std::ops::Range;

use super::borders::LONG;

/// Bytes of a window.
const WINDOW: usize = 4;
/// From one look to the next.
const STEP: usize = LONG - WINDOW + 1;
/// Bits of the table for each window.
const SPARSE: usize = 64;

/// The values of eight bytes and more.
#[derive(Clone, Debug, Default)]
pub(super) struct Sieve {
    bits: Vec<u64>,
    /// Leaves of a hash as many bits as the table has places for.
    shift: u32,
    /// Which values have a window, and where in them.
    windows: HashMap<u32, Vec<(usize, usize)>>,
    needles: Vec<(usize, Box<[u8]>)>,
}

impl Sieve {
    /// The sieve of patterns by their number. Those that are shorter than eight bytes are left out.
    pub(super) fn new<'n>(needles: impl Iterator<Item = (usize, &'n [u8])>) -> Self {
        let needles: Vec<(usize, Box<[u8]>)> =
            needles.filter(|(_, bytes)| bytes.len() >= LONG).map(|(pattern, bytes)| (pattern, bytes.into())).collect();
        let mut windows: HashMap<u32, Vec<(usize, usize)>> = HashMap::new();
        for (number, (_, bytes)) in needles.iter().enumerate() {
            for offset in 0..STEP {
                if let Some(window) = window(bytes, offset) {
                    windows.entry(window).or_default().push((number, offset));
                }
            }
        }
        let places = (windows.len().max(1) * SPARSE).next_power_of_two().clamp(1 << 13, 1 << 21);
        let shift = u32::BITS - places.trailing_zeros();
        let mut bits = vec![0u64; places / 64];
        for place in windows.keys().flat_map(|window| places_of(*window, shift)) {
            if let Some(word) = bits.get_mut(place / 64) {
                *word |= 1 << (place % 64);
            }
        }
        Self { bits, shift, windows, needles }
    }

    /// Where values lie whole in a range of bytes, by the number of their pattern.
    pub(super) fn find(&self, bytes: &[u8], range: Range<usize>) -> Vec<(usize, Range<usize>)> {
        let mut found = Vec::new();
        let looked = bytes.get(..range.end.min(bytes.len())).unwrap_or_default();
        let within = looked.get(range.start..).unwrap_or_default();
        if self.needles.is_empty() {
            return found;
        }
        let steps = within.chunks_exact(STEP);
        let last = within.len() - steps.remainder().len();
        for (step, bytes) in steps.enumerate() {
            let window = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) | FOLD;
            if self.may_have(window) {
                self.compare(looked, range.start, range.start + step * STEP, window, &mut found);
            }
        }
        if let Some(window) = window(within, last) {
            self.compare(looked, range.start, range.start + last, window, &mut found);
        }
        found
    }

    fn may_have(&self, window: u32) -> bool {
        let is_set = |place: usize| self.bits.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1);
        places_of(window, self.shift).into_iter().all(is_set)
    }

    /// The values that have a window at a place, whole between `from` and the end.
    fn compare(&self, bytes: &[u8], from: usize, at: usize, window: u32, found: &mut Vec<(usize, Range<usize>)>) {
        for &(number, offset) in self.windows.get(&window).map_or(&[][..], Vec::as_slice) {
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

/// Letters of ASCII in one case. It makes other bytes the same, too, which the comparison tells apart.
const FOLD: u32 = 0x2020_2020;

/// Four bytes, letters in one case.
fn window(bytes: &[u8], at: usize) -> Option<u32> {
    let window = bytes.get(at..)?.first_chunk::<WINDOW>()?;
    Some(u32::from_le_bytes(*window) | FOLD)
}

/// Two places, so that hardly a look is in vain.
///
/// Source: Knuth, The Art of Computer Programming 3, section 6.4 (multiplicative hashing); Bloom 1970.
fn places_of(window: u32, shift: u32) -> [usize; 2] {
    [0x9E37_79B1, 0x85EB_CA77].map(|factor: u32| (window.wrapping_mul(factor) >> shift) as usize)
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
            needles in prop::collection::vec(prop::collection::vec(prop::sample::select(b"ab1\0".to_vec()), 8..12), 0..20),
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

//! The search among samples that pass by in blocks, none of which is held.

use super::{Hit, LeakScan};

/// Bytes beside a match that say whether it counts: two characters of two bytes.
const NEAR: usize = 4;

/// Samples that pass by, searched as if they lay side by side.
pub(crate) struct Passing<'s> {
    scan: &'s LeakScan,
    /// The last bytes that passed, as many as a value may reach into.
    held: Vec<u8>,
    /// Bytes that are still to come.
    left: u64,
}

impl<'s> Passing<'s> {
    /// Samples of `length` bytes behind what was written so far.
    pub(crate) fn new(scan: &'s LeakScan, before: &[u8], length: u64) -> Self {
        let mut passing = Self { scan, held: Vec::new(), left: length };
        passing.hold(before);
        passing
    }

    /// The first hit that ends within the next block, or does not end before it.
    pub(crate) fn next(&mut self, block: &[u8]) -> Option<Hit> {
        self.left = self.left.saturating_sub(block.len() as u64);
        // what starts before the block, or so near to its start that only the last block tells whether it counts
        let border = self.held.len();
        let reach = (self.scan.longest + 2 * NEAR).min(block.len());
        self.held.extend(block.get(..reach).unwrap_or_default());
        let is_end = |reach: usize| self.left == 0 && reach == block.len();
        let over = self
            .scan
            .counted(&self.held, 0..self.held.len(), true)
            .find(|(_, at)| at.start < border + NEAR && (at.end + NEAR <= self.held.len() || is_end(reach)));
        let within = || {
            let counts =
                |at: &std::ops::Range<usize>| at.start >= NEAR && (at.end + NEAR <= block.len() || self.left == 0);
            self.scan.counted(block, 0..block.len(), true).find(|(_, at)| counts(at))
        };
        let hit = over.or_else(within).map(|(pattern, at)| self.scan.hit(pattern, at.start));
        self.held.truncate(border);
        self.hold(block);
        hit.flatten()
    }

    fn hold(&mut self, bytes: &[u8]) {
        let most = self.scan.longest + 2 * NEAR;
        let from = bytes.len().saturating_sub(most);
        self.held.extend(bytes.get(from..).unwrap_or_default());
        let old = self.held.len().saturating_sub(most);
        self.held.drain(..old);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::known::{Kind, KnownValues};

    proptest! {
        #[test]
        fn blocks_hide_nothing(
            // no digits: what stands before a number can make it part of another
            before in prop::collection::vec(b'A'..b'D', 0..40),
            at in 0usize..200,
            cuts in prop::collection::vec(1usize..90, 0..12),
            value in prop::sample::select(vec!["Plantedname", "2001-02-03-04-05", "Ann Lee^x"]),
        ) {
            let mut known = KnownValues::new();
            known.add("Source", Kind::Name, value);
            let scan = LeakScan::new(&known).unwrap();
            let mut bytes = vec![b'-'; 200];
            bytes.splice(at..at, value.bytes());
            let mut passing = Passing::new(&scan, &before, bytes.len() as u64);
            let (mut rest, mut found) = (bytes.as_slice(), false);
            for cut in cuts {
                let (block, behind) = rest.split_at(cut.min(rest.len()));
                found |= passing.next(block).is_some();
                rest = behind;
            }
            found |= passing.next(rest).is_some();
            prop_assert!(found);
        }
    }

    #[test]
    fn a_number_that_two_blocks_share_is_no_shorter_number() {
        let mut known = KnownValues::new();
        known.add("Source", Kind::Identifier, "20010203040506");
        let scan = LeakScan::new(&known).unwrap();
        let find = |text: &[u8], cut: usize| {
            let mut passing = Passing::new(&scan, b"", text.len() as u64);
            passing.next(&text[..cut]).is_some() | passing.next(&text[cut..]).is_some()
        };
        for cut in 0..=24 {
            assert!(find(b"---- 20010203040506 ----", cut), "{cut}");
            assert!(!find(b"---- 92001020304050677 -", cut), "{cut}");
        }
    }
}

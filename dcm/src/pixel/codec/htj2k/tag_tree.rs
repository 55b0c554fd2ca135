//! Tag trees: numbers of a grid of blocks, coded with what neighbours have in common first.
//!
//! Source: ITU-T T.800, B.10.2.

use super::bits::HeaderBits;
use crate::Error;

/// A tree over a grid; each node holds the least value below it, as far as it is known.
pub(super) struct TagTree {
    /// Width of each level and where its nodes start, leaves first.
    levels: Vec<(usize, usize)>,
    nodes: Vec<Node>,
}

#[derive(Clone, Copy, Default)]
struct Node {
    least: u16,
    known: bool,
}

impl TagTree {
    pub(super) fn new(wide: usize, high: usize) -> Self {
        let (mut levels, mut total) = (Vec::new(), 0);
        let (mut w, mut h) = (wide, high);
        while w > 0 && h > 0 {
            levels.push((w, total));
            total += w * h;
            if w == 1 && h == 1 {
                break;
            }
            (w, h) = (w.div_ceil(2), h.div_ceil(2));
        }
        Self { levels, nodes: vec![Node::default(); total] }
    }

    /// The value of leaf `(x, y)` where it is below `limit`; reads as many bits as it takes to tell.
    pub(super) fn below(
        &mut self,
        x: usize,
        y: usize,
        limit: u16,
        bits: &mut HeaderBits,
    ) -> Result<Option<u16>, Error> {
        let mut least = 0;
        let mut known = false;
        for (level, &(width, start)) in self.levels.iter().enumerate().rev() {
            let Some(node) = self.nodes.get_mut(start + (y >> level) * width + (x >> level)) else { return Ok(None) };
            node.least = node.least.max(least);
            while !node.known && node.least < limit {
                if bits.bit()? == 1 {
                    node.known = true;
                } else {
                    node.least += 1;
                }
            }
            (least, known) = (node.least, node.known);
            if !known {
                return Ok(None);
            }
        }
        Ok((known && least < limit).then_some(least))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The reverse of [`TagTree::below`] for the leaves of a grid in order, each asked for with the limits given.
    fn encode(values: &[u16], wide: usize, limits: &[u16]) -> Vec<u8> {
        let high = values.len() / wide;
        let mut levels = vec![(wide, values.to_vec())];
        while levels[levels.len() - 1].1.len() > 1 {
            let (w, below) = &levels[levels.len() - 1];
            let (w, h) = (*w, below.len() / w);
            let (wide, high) = (w.div_ceil(2), h.div_ceil(2));
            let least = |at: usize| {
                let (x, y) = (at % wide * 2, at / wide * 2);
                let all = (y..(y + 2).min(h)).flat_map(|y| (x..(x + 2).min(w)).map(move |x| below[y * w + x]));
                all.min().unwrap()
            };
            levels.push((wide, (0..wide * high).map(least).collect()));
        }
        let mut state: Vec<Vec<(u16, bool)>> = levels.iter().map(|(_, v)| vec![(0, false); v.len()]).collect();
        let mut out = Vec::new();
        for &limit in limits {
            for (x, y) in (0..high).flat_map(|y| (0..wide).map(move |x| (x, y))) {
                let mut low = 0;
                for level in (0..levels.len()).rev() {
                    let at = (y >> level) * levels[level].0 + (x >> level);
                    let (mut least, mut known) = state[level][at];
                    least = least.max(low);
                    while !known && least < limit {
                        known = levels[level].1[at] == least;
                        out.push(u8::from(known));
                        least += u16::from(!known);
                    }
                    state[level][at] = (least, known);
                    low = least;
                }
            }
        }
        out
    }

    /// Bits to bytes, stuffed as packet headers are.
    fn pack(bits: &[u8]) -> Vec<u8> {
        let (mut bytes, mut rest) = (Vec::new(), bits);
        while !rest.is_empty() {
            let width = if bytes.last() == Some(&0xFF) { 7 } else { 8 };
            let (now, later) = rest.split_at(rest.len().min(width));
            bytes.push(now.iter().fold(0u8, |byte, bit| byte << 1 | bit) << (width - now.len()));
            rest = later;
        }
        bytes
    }

    proptest! {
        #[test]
        fn values_come_back(wide in 1usize..9, values in prop::collection::vec(0u16..12, 1..60)) {
            let values = &values[..values.len() / wide * wide];
            prop_assume!(!values.is_empty());
            let bytes = pack(&encode(values, wide, &[1, 2, 5, 12]));
            let mut bits = HeaderBits::new(&bytes);
            let mut tree = TagTree::new(wide, values.len() / wide);
            for limit in [1, 2, 5, 12] {
                for (at, &value) in values.iter().enumerate() {
                    let found = tree.below(at % wide, at / wide, limit, &mut bits).unwrap();
                    prop_assert_eq!(found, (value < limit).then_some(value));
                }
            }
        }
    }

    #[test]
    fn the_standards_example_is_read() {
        // T.800 figure B.12: leaf values 1, 3, 2, 3 / 2, 2, 1, 4 / ...; its first leaf is coded 01111, its second 001.
        let bytes = pack(&[0, 1, 1, 1, 1, 0, 0, 1]);
        let mut bits = HeaderBits::new(&bytes);
        let mut tree = TagTree::new(6, 3);
        assert_eq!(tree.below(0, 0, 9, &mut bits).unwrap(), Some(1));
        assert_eq!(tree.below(1, 0, 9, &mut bits).unwrap(), Some(3));
    }

    #[test]
    fn an_end_of_data_is_an_error() {
        assert!(TagTree::new(1, 1).below(0, 0, 9, &mut HeaderBits::new(&[0])).is_err());
    }
}

//! Tag trees: a grid of small numbers, told from coarse to fine.
//!
//! A node holds the smallest number of the (up to) four below it. To tell a leaf, the path from the root is walked; each node
//! tells by how much it exceeds what its parent has told, in as many 0 bits, then a 1 bit.
//!
//! Source: ITU-T T.800 annex B.10.2.

use super::bits::Bits;

/// The tree over one grid.
pub(super) struct TagTree {
    /// From the leaves to the root.
    levels: Vec<Level>,
}

struct Level {
    columns: usize,
    nodes: Vec<Node>,
}

#[derive(Clone, Copy)]
struct Node {
    value: u32,
    /// What a decoder knows: the value is at least this.
    told: u32,
    /// Whether a decoder knows the value.
    known: bool,
}

impl TagTree {
    /// The tree over `leaves`, row by row, `columns` a row.
    pub(super) fn new(columns: usize, leaves: impl IntoIterator<Item = u32>) -> Self {
        let nodes: Vec<Node> = leaves.into_iter().map(Node::new).collect();
        let mut levels = Vec::new();
        let mut level = Level { columns: columns.max(1), nodes };
        while level.nodes.len() > 1 {
            let parents = level.parents();
            levels.push(level);
            level = parents;
        }
        levels.push(level);
        Self { levels }
    }

    /// Tells whether the leaf is below `limit`, and what it is if so. Calls need not start over: what has been told is not
    /// told again.
    pub(super) fn tell(&mut self, column: usize, row: usize, limit: u32, bits: &mut Bits) {
        let mut told = 0;
        for (depth, level) in self.levels.iter_mut().enumerate().rev() {
            let at = (row >> depth) * level.columns + (column >> depth);
            let Some(node) = level.nodes.get_mut(at) else { return };
            node.told = node.told.max(told);
            while node.told < limit && !node.known {
                node.known = node.told == node.value;
                bits.put(u32::from(node.known));
                node.told += u32::from(!node.known);
            }
            told = node.told;
        }
    }
}

impl Level {
    fn parents(&self) -> Self {
        let columns = self.columns.div_ceil(2);
        let rows = self.nodes.len().div_ceil(self.columns).div_ceil(2);
        let mut nodes = vec![Node::new(u32::MAX); columns * rows];
        for (y, row) in self.nodes.chunks(self.columns).enumerate() {
            for (x, node) in row.iter().enumerate() {
                let parent = &mut nodes[(y / 2) * columns + x / 2];
                parent.value = parent.value.min(node.value);
            }
        }
        Self { columns, nodes }
    }
}

impl Node {
    fn new(value: u32) -> Self {
        Self { value, told: 0, known: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Figure B.12 and the text below it: 6 x 3 leaves.
    #[test]
    fn codes_the_standards_example() {
        let leaves = [1, 3, 2, 3, 2, 3, 2, 2, 1, 4, 3, 2, 2, 2, 2, 2, 1, 2];
        let mut tree = TagTree::new(6, leaves);
        let mut bits = Bits::new();
        for column in 0..3 {
            tree.tell(column, 0, u32::MAX, &mut bits);
        }
        // 01111, 001, 101: five bits, three bits, three bits.
        assert_eq!(bits.finish(), [0b0111_1001, 0b1010_0000]);
    }

    #[test]
    fn a_limit_hides_what_lies_above() {
        let mut tree = TagTree::new(2, [0, 1]);
        let mut bits = Bits::new();
        tree.tell(0, 0, 1, &mut bits); // root 0: "1", leaf 0: "1"
        tree.tell(1, 0, 1, &mut bits); // leaf 1: not below 1: "0"
        tree.tell(1, 0, 1, &mut bits); // told already
        assert_eq!(bits.finish(), [0b1100_0000]);
    }
}

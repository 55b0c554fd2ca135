//! Packets: the blocks of one resolution of one component, behind a header that says how to cut them.
//!
//! For each sub-band and block, row by row: whether it is there, how many of its bit planes are empty (both by tag trees),
//! how many passes it has, and how many bytes.
//!
//! Source: ITU-T T.800 annex B.9 and B.10, table B.4 (number of passes).

use super::bands::Part;
use super::bits::Bits;
use super::block::Block;
use super::tag_tree::TagTree;

/// Bits of a block's length, before any is added.
const LENGTH_BITS: u32 = 3;

/// Appends a packet. `most_planes` says how many bit planes a sub-band of that gain may have.
pub(super) fn write(parts: &[Part<'_>], most_planes: impl Fn(&Part<'_>) -> u32, out: &mut Vec<u8>) {
    let blocks = || parts.iter().flat_map(Part::blocks);
    let mut bits = Bits::new();
    if blocks().all(|block| block.planes == 0) {
        bits.put(0);
        return out.extend(bits.finish());
    }
    bits.put(1);
    for part in parts {
        write_part(part, most_planes(part), &mut bits);
    }
    out.extend(bits.finish());
    blocks().for_each(|block| out.extend(&block.bytes));
}

fn write_part(part: &Part<'_>, most_planes: u32, bits: &mut Bits) {
    let across = part.columns.len();
    // Included in layer 0, the only one, or later than that: never.
    let mut included = TagTree::new(across, part.blocks().map(|block| u32::from(block.planes == 0)));
    let mut empty = TagTree::new(across, part.blocks().map(|block| most_planes.saturating_sub(block.planes)));
    for (at, block) in part.blocks().enumerate() {
        let (column, row) = (at % across, at / across);
        included.tell(column, row, 1, bits);
        if block.planes > 0 {
            empty.tell(column, row, u32::MAX, bits);
            write_passes(block.passes(), bits);
            write_length(block, bits);
        }
    }
}

fn write_passes(passes: u32, bits: &mut Bits) {
    match passes {
        ..=1 => bits.put(0),
        2 => bits.put_many(0b10, 2),
        3..=5 => bits.put_many(0b1100 | (passes - 3), 4),
        6..=36 => bits.put_many(0b1111 << 5 | (passes - 6), 9),
        _ => bits.put_many(0b1_1111_1111 << 7 | (passes - 37), 16),
    }
}

/// The length in as many bits as the passes give, and more where that is not enough: a 1 for each, then a 0.
fn write_length(block: &Block, bits: &mut Bits) {
    let length = block.bytes.len() as u32;
    let given = LENGTH_BITS + block.passes().max(1).ilog2();
    let needed = u32::BITS - length.leading_zeros();
    let more = needed.saturating_sub(given);
    (0..more).for_each(|_| bits.put(1));
    bits.put(0);
    bits.put_many(length, given + more);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_have_the_codes_of_table_b_4() {
        let code = |passes| {
            let mut bits = Bits::new();
            write_passes(passes, &mut bits);
            bits.put(1);
            bits.finish()
        };
        assert_eq!(code(1), [0b0100_0000]);
        assert_eq!(code(2), [0b1010_0000]);
        assert_eq!(code(5), [0b1110_1000]);
        assert_eq!(code(6), [0b1111_0000, 0b0100_0000]);
        assert_eq!(code(36), [0b1111_1111, 0b0010_0000]);
        assert_eq!(code(37), [0xFF, 0b0100_0000, 0b0100_0000]);
    }

    #[test]
    fn long_blocks_ask_for_more_bits() {
        let mut bits = Bits::new();
        write_length(&Block { planes: 1, bytes: vec![0; 9] }, &mut bits);
        assert_eq!(bits.finish(), [0b1010_0100]);
    }
}

//! Which context a decision is coded in: what the eight neighbours of a coefficient say about it.
//!
//! Neighbours are given as nine bits, row by row from the top left; the middle one is the coefficient itself. A set bit is a
//! neighbour that is known not to be zero.
//!
//! Source: ITU-T T.800 annex D.3, tables D.1 (zero coding), D.2 and D.3 (sign coding), D.4 (refinement).

/// Which edges a sub-band holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Orientation {
    /// None: the smooth rest.
    Ll,
    /// High along the row.
    Hl,
    /// High along the column.
    Lh,
    /// High along both.
    Hh,
}

impl Orientation {
    /// The contexts of "is it zero" by the neighbours.
    pub(super) fn zero_contexts(self) -> &'static [u8; 512] {
        match self {
            Self::Ll | Self::Lh => &ZERO_LH,
            Self::Hl => &ZERO_HL,
            Self::Hh => &ZERO_HH,
        }
    }

    /// Bits by which the transform may widen the values, rounded: log2 of the sub-band's gain (table E.1).
    pub(super) fn gain_bits(self) -> u32 {
        match self {
            Self::Ll => 0,
            Self::Hl | Self::Lh => 1,
            Self::Hh => 2,
        }
    }
}

/// The context of a sign, and what to flip it by. The index holds whether the neighbours above, left, right and below are not
/// zero (bits 0 to 3) and negative (bits 4 to 7).
pub(super) static SIGN: [(u8, u32); 256] = signs();

/// First context of refinement: no neighbour, some neighbour, refined before.
pub(super) const REFINE: u8 = 14;

static ZERO_LH: [u8; 512] = zeros(Orientation::Lh);
static ZERO_HL: [u8; 512] = zeros(Orientation::Hl);
static ZERO_HH: [u8; 512] = zeros(Orientation::Hh);

const fn zeros(orientation: Orientation) -> [u8; 512] {
    let mut all = [0; 512];
    let mut n = 0;
    while n < all.len() {
        let across = (n >> 3 & 1) + (n >> 5 & 1);
        let along = (n >> 1 & 1) + (n >> 7 & 1);
        let diagonal = (n & 1) + (n >> 2 & 1) + (n >> 6 & 1) + (n >> 8 & 1);
        all[n] = match orientation {
            Orientation::Ll | Orientation::Lh => one_way(across, along, diagonal),
            Orientation::Hl => one_way(along, across, diagonal),
            Orientation::Hh => both_ways(across + along, diagonal),
        };
        n += 1;
    }
    all
}

const fn one_way(first: usize, second: usize, diagonal: usize) -> u8 {
    match (first, second, diagonal) {
        (2, _, _) => 8,
        (1, 1.., _) => 7,
        (1, _, 1..) => 6,
        (1, _, _) => 5,
        (_, 2, _) => 4,
        (_, 1, _) => 3,
        (_, _, 2..) => 2,
        (_, _, 1) => 1,
        _ => 0,
    }
}

const fn both_ways(straight: usize, diagonal: usize) -> u8 {
    match (diagonal, straight) {
        (3.., _) => 8,
        (2, 1..) => 7,
        (2, _) => 6,
        (1, 2..) => 5,
        (1, 1) => 4,
        (1, _) => 3,
        (_, 2..) => 2,
        (_, 1) => 1,
        _ => 0,
    }
}

const fn signs() -> [(u8, u32); 256] {
    let mut all = [(0, 0); 256];
    let mut n = 0;
    while n < all.len() {
        let across = vote(n, 1) + vote(n, 2);
        let along = vote(n, 0) + vote(n, 3);
        all[n] = match (across.signum(), along.signum()) {
            (1, 1) => (13, 0),
            (1, 0) => (12, 0),
            (1, -1) => (11, 0),
            (0, 1) => (10, 0),
            (0, 0) => (9, 0),
            (0, -1) => (10, 1),
            (-1, 1) => (11, 1),
            (-1, 0) => (12, 1),
            _ => (13, 1),
        };
        n += 1;
    }
    all
}

/// 1 of a positive neighbour, -1 of a negative one, 0 of a zero.
const fn vote(n: usize, neighbour: usize) -> i32 {
    if n >> neighbour & 1 == 0 { 0 } else { 1 - 2 * (n >> (neighbour + 4) & 1) as i32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_across_and_along_swap_their_neighbours() {
        let (left, above, corner) = (1 << 3, 1 << 1, 1);
        assert_eq!(Orientation::Lh.zero_contexts()[left], 5);
        assert_eq!(Orientation::Hl.zero_contexts()[above], 5);
        assert_eq!(Orientation::Lh.zero_contexts()[above], 3);
        assert_eq!(Orientation::Hl.zero_contexts()[left | corner], 3);
        assert_eq!(Orientation::Hh.zero_contexts()[left | corner], 4);
        assert_eq!(Orientation::Hh.zero_contexts()[0b101_000_101], 8);
    }

    #[test]
    fn opposite_signs_flip() {
        let (left, right) = (0b0010, 0b0100);
        assert_eq!(SIGN[left], (12, 0));
        assert_eq!(SIGN[left | left << 4], (12, 1));
        assert_eq!(SIGN[left | right | left << 4], (9, 0));
        // Above negative, left positive.
        assert_eq!(SIGN[0b0001_0011], (11, 0));
    }
}

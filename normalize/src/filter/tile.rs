//! An image cut into tiles of equal size, the last of each axis going on beyond the image.

use std::ops::Range;

/// Tiles, those along i first.
pub(super) struct Tiles {
    /// Voxels of the image.
    pub(super) shape: [usize; 3],
    size: [usize; 3],
    counts: [usize; 3],
}

impl Tiles {
    pub(super) fn new(shape: [usize; 3], size: [usize; 3]) -> Self {
        let counts = [0, 1, 2].map(|a| shape[a].div_ceil(size[a]).max(1));
        Self { shape, size, counts }
    }

    pub(super) fn len(&self) -> usize {
        self.counts.iter().product()
    }

    /// The voxels of a tile along each axis; some may lie beyond the image.
    pub(super) fn range(&self, tile: usize) -> [Range<usize>; 3] {
        let [nx, ny, _] = self.counts;
        let at = [tile % nx, tile / nx % ny, tile / nx / ny];
        [0, 1, 2].map(|a| at[a] * self.size[a]..(at[a] + 1) * self.size[a])
    }

    /// The first tile of a row of tiles.
    pub(super) fn row(&self, j: usize, k: usize) -> usize {
        self.counts[0] * (j + self.counts[1] * k)
    }

    /// The two tiles along an axis whose centres a voxel lies between, and the weight of the second; at the border, the same twice.
    #[inline(always)]
    pub(super) fn around(&self, axis: usize, at: usize) -> ([usize; 2], f32) {
        let size = self.size[axis];
        let from_half = at + size / 2;
        let (after, part) = (from_half / size, from_half % size);
        let last = self.counts[axis] - 1;
        ([after.saturating_sub(1).min(last), after.min(last)], part as f32 / size as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voxel_lies_between_the_centres_of_its_tiles() {
        let tiles = Tiles::new([10, 8, 1], [4, 8, 1]);
        assert_eq!((tiles.len(), tiles.range(2)), (3, [8..12, 0..8, 0..1]));
        assert_eq!(tiles.around(0, 0), ([0, 0], 0.5));
        assert_eq!(tiles.around(0, 2), ([0, 1], 0.0));
        assert_eq!(tiles.around(0, 5), ([0, 1], 0.75));
        assert_eq!(tiles.around(0, 9), ([1, 2], 0.75));
        assert_eq!(tiles.around(1, 7), ([0, 0], 0.375));
    }
}

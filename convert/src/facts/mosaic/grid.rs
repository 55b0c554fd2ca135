//! Where tiles are in a picture, and where the slices that they show lie.

/// Tiles of one size, row by row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Grid {
    /// Tiles that are slices; the others are blank.
    count: usize,
    across: usize,
    /// Columns and rows of a tile.
    tile: [u16; 2],
    /// Columns and rows of the picture.
    picture: [u16; 2],
}

impl Grid {
    /// The smallest square of places that holds so many tiles, as Siemens lays them out.
    pub(super) fn square(count: usize, picture: [u16; 2]) -> Option<Self> {
        let side = root(count);
        Self::of(count, side, side, picture)
    }

    /// As many places in a row as the square has, and no more rows than are needed, as United Imaging lays them out.
    pub(super) fn short(count: usize, picture: [u16; 2]) -> Option<Self> {
        let across = root(count);
        Self::of(count, across, count.div_ceil(across.max(1)), picture)
    }

    /// `None` where the picture does not part into so many whole tiles.
    fn of(count: usize, across: usize, down: usize, picture: [u16; 2]) -> Option<Self> {
        if !(1..=MOST_TILES).contains(&count) {
            return None;
        }
        let part = |size: u16, places: usize| {
            let places = u16::try_from(places).ok()?;
            (size >= places && size.is_multiple_of(places)).then(|| size / places)
        };
        Some(Self { count, across, tile: [part(picture[0], across)?, part(picture[1], down)?], picture })
    }

    /// The grid, if its tiles can be images of an acquired matrix (Acquisition Matrix: frequency rows and columns, then phase): as many
    /// frequency samples along rows or columns, or a multiple of them. A header without one says nothing.
    pub(super) fn acquired_as(self, matrix: &[f64]) -> Option<Self> {
        let samples = matrix.iter().take(2).copied().fold(0.0, f64::max);
        let fits = samples < 1.0 || self.tile.iter().any(|size| f64::from(*size) % samples == 0.0);
        fits.then_some(self)
    }

    pub(crate) const fn count(&self) -> usize {
        self.count
    }

    /// Columns and rows of a tile.
    pub(crate) const fn tile(&self) -> [u16; 2] {
        self.tile
    }

    /// Columns and rows of the picture.
    pub(crate) fn picture(&self) -> [usize; 2] {
        self.picture.map(usize::from)
    }

    /// The column and the row of the picture that a tile begins at.
    pub(crate) fn corner(&self, tile: usize) -> [usize; 2] {
        [tile % self.across * usize::from(self.tile[0]), tile / self.across * usize::from(self.tile[1])]
    }
}

/// The smallest number whose square is no less.
fn root(number: usize) -> usize {
    let root = number.isqrt();
    if root * root < number { root + 1 } else { root }
}

/// Slices as tiles of a picture.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mosaic {
    pub(crate) grid: Grid,
    /// The centre of the first pixel of each tile, LPS mm.
    pub(crate) positions: Box<[[f64; 3]]>,
    /// Whether nothing stated which way the slices follow, so that the maker's usual one was taken.
    pub(crate) is_assumed: bool,
}

/// More slices than any mosaic has; a header may ask for any number.
const MOST_TILES: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_follow_each_other_as_words_on_a_page() {
        let grid = Grid::square(35, [384, 384]).unwrap();
        assert_eq!((grid.tile(), grid.corner(0), grid.corner(34)), ([64, 64], [0, 0], [256, 320]));
        let short = Grid::short(20, [320, 256]).unwrap();
        assert_eq!((short.tile(), short.corner(19)), ([64, 64], [256, 192]));
    }

    #[test]
    fn a_picture_that_does_not_part_into_whole_tiles_is_none() {
        assert_eq!(Grid::square(37, [384, 384]), None);
        assert_eq!(Grid::square(0, [384, 384]), None);
        assert_eq!(Grid::square(36, [4, 4]), None);
        assert_eq!(Grid::square(usize::MAX, [384, 384]), None);
        assert_eq!(Grid::short(usize::MAX, [384, 384]), None);
    }
}

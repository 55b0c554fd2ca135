//! From a component's plane to the coded blocks of its sub-bands.
//!
//! The image starts at (0, 0), so sub-bands do as well, and so do their blocks: a grid from the top left, cut at the edges.
//! Resolution 0 is the smooth rest; each further one adds the three sub-bands that double its size. A *precinct* is what one
//! packet holds of a resolution; here it is as large as can be, so that only images above 32768 columns or rows have several.
//!
//! Source: ITU-T T.800 annexes B.5 to B.7.

use std::ops::Range;

use super::block::{self, Block, SIDE};
use super::contexts::Orientation;
use super::wavelet::{self, Plane};

/// Columns and rows of a precinct.
const PRECINCT: usize = 1 << 15;

/// What one resolution adds.
pub(super) struct Resolution {
    columns: usize,
    rows: usize,
    pub(super) bands: Vec<Band>,
}

/// A coded sub-band.
pub(super) struct Band {
    pub(super) orientation: Orientation,
    /// Row by row.
    blocks: Vec<Block>,
    /// Blocks of a row.
    across: usize,
    /// Rows of blocks.
    down: usize,
}

/// The blocks of a sub-band that belong to one packet.
pub(super) struct Part<'a> {
    pub(super) band: &'a Band,
    pub(super) columns: Range<usize>,
    pub(super) rows: Range<usize>,
}

/// How often a plane can be split: each split leaves at least one row and column, and five are enough.
pub(super) fn levels(columns: usize, rows: usize) -> u8 {
    columns.min(rows).max(1).ilog2().min(5) as u8
}

/// Transforms and codes a component; the resolutions come from the smallest on.
pub(super) fn encode(plane: Plane, levels: u8) -> Vec<Resolution> {
    let mut rest = plane;
    let mut resolutions = Vec::new();
    for _ in 0..levels {
        let (columns, rows) = (rest.columns, rest.rows);
        let [ll, hl, lh, hh] = wavelet::split(rest);
        let bands = vec![
            Band::encode(&hl, Orientation::Hl),
            Band::encode(&lh, Orientation::Lh),
            Band::encode(&hh, Orientation::Hh),
        ];
        resolutions.push(Resolution { columns, rows, bands });
        rest = ll;
    }
    let bands = vec![Band::encode(&rest, Orientation::Ll)];
    resolutions.push(Resolution { columns: rest.columns, rows: rest.rows, bands });
    resolutions.reverse();
    resolutions
}

impl Resolution {
    /// The packets, each as its part of every sub-band.
    pub(super) fn packets(&self) -> impl Iterator<Item = Vec<Part<'_>>> {
        let (across, down) = (self.columns.div_ceil(PRECINCT), self.rows.div_ceil(PRECINCT));
        (0..across * down).map(move |at| self.bands.iter().map(|band| band.part(at % across, at / across)).collect())
    }
}

impl Band {
    fn encode(plane: &Plane, orientation: Orientation) -> Self {
        let (across, down) = (plane.columns.div_ceil(SIDE), plane.rows.div_ceil(SIDE));
        let code = |at| block::encode(plane, at % across * SIDE, at / across * SIDE, orientation);
        Self { orientation, blocks: (0..across * down).map(code).collect(), across, down }
    }

    fn part(&self, column: usize, row: usize) -> Part<'_> {
        // The three sub-bands of a resolution have half its columns and rows.
        let side = if self.orientation == Orientation::Ll { PRECINCT } else { PRECINCT / 2 } / SIDE;
        let cut = |at: usize, count: usize| (at * side).min(count)..((at + 1) * side).min(count);
        Part { band: self, columns: cut(column, self.across), rows: cut(row, self.down) }
    }

    /// Bit planes of the block that has the most.
    pub(super) fn planes(&self) -> u32 {
        self.blocks.iter().map(|block| block.planes).max().unwrap_or(0)
    }
}

impl<'a> Part<'a> {
    /// The blocks, row by row.
    pub(super) fn blocks(&self) -> impl Iterator<Item = &'a Block> + Clone + use<'a> {
        let (band, columns) = (self.band, self.columns.clone());
        let rows = band.blocks.chunks(band.across.max(1)).take(self.rows.end).skip(self.rows.start);
        rows.flat_map(move |row| row.get(columns.clone()).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_images_are_split_less_often() {
        assert_eq!([levels(1, 1), levels(1, 99), levels(2, 3), levels(17, 33), levels(512, 32)], [0, 0, 1, 4, 5]);
    }

    #[test]
    fn resolutions_double() {
        let plane = Plane { columns: 130, rows: 70, values: vec![1; 130 * 70] };
        let sizes: Vec<_> = encode(plane, 2).iter().map(|r| (r.columns, r.rows, r.bands.len())).collect();
        assert_eq!(sizes, [(33, 18, 1), (65, 35, 3), (130, 70, 3)]);
    }

    #[test]
    fn only_wide_images_have_several_packets_a_resolution() {
        let plane = |columns| Plane { columns, rows: 2, values: vec![1; columns * 2] };
        assert_eq!(encode(plane(32768), 1)[1].packets().count(), 1);
        let wide = encode(plane(32769), 1);
        let parts: Vec<Vec<_>> =
            wide[1].packets().map(|parts| parts.iter().map(|part| part.columns.clone()).collect()).collect();
        assert_eq!(parts, [vec![0..256, 0..256, 0..256], vec![256..256, 256..257, 256..256]]);
    }
}

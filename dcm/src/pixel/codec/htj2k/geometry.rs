//! How a tile's component falls into resolutions, subbands, precincts and code blocks.
//!
//! Resolution 0 is the coarsest. Each next one adds three subbands: horizontal, vertical and diagonal detail. A *precinct* is
//! the part of a resolution whose blocks share a packet.
//!
//! Source: ITU-T T.800, B.5 (resolutions, subbands), B.6 (precincts), B.7 (blocks).

use std::ops::Range;

use super::style::{Steps, Style};
use super::tag_tree::TagTree;
use crate::Error;

/// A half-open rectangle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rect {
    pub(super) x0: u32,
    pub(super) y0: u32,
    pub(super) x1: u32,
    pub(super) y1: u32,
}

impl Rect {
    pub(super) fn width(&self) -> usize {
        self.x1.saturating_sub(self.x0) as usize
    }

    pub(super) fn height(&self) -> usize {
        self.y1.saturating_sub(self.y0) as usize
    }

    pub(super) fn area(&self) -> u64 {
        self.width() as u64 * self.height() as u64
    }

    fn map(&self, x: impl Fn(u32) -> u32, y: impl Fn(u32) -> u32) -> Self {
        Self { x0: x(self.x0), y0: y(self.y0), x1: x(self.x1), y1: y(self.y1) }
    }

    fn overlap(&self, other: &Self) -> Self {
        let (x0, y0) = (self.x0.max(other.x0), self.y0.max(other.y0));
        Self { x0, y0, x1: self.x1.min(other.x1).max(x0), y1: self.y1.min(other.y1).max(y0) }
    }
}

/// Divides by a power of two, rounded up; the numerator is lowered by `less` first.
fn shrink(value: u32, less: u64, by: u8) -> u32 {
    (u64::from(value).saturating_sub(less).div_ceil(1 << by)) as u32
}

/// One component of a tile.
pub(super) struct Component {
    pub(super) resolutions: Vec<Resolution>,
}

/// What one decomposition level adds.
pub(super) struct Resolution {
    pub(super) rect: Rect,
    /// Binary logarithms of a precinct's width and height.
    precinct: (u8, u8),
    /// Precincts across and down.
    pub(super) across: u32,
    down: u32,
    /// The decomposition levels between it and the full size.
    pub(super) level: u8,
    pub(super) bands: Vec<Band>,
}

/// A subband.
pub(super) struct Band {
    pub(super) rect: Rect,
    /// Bit planes.
    pub(super) planes: u8,
    /// Size of a quantization step, in units of a sample's value.
    pub(super) step: f32,
    pub(super) precincts: Vec<Precinct>,
}

/// A precinct's share of a subband.
pub(super) struct Precinct {
    /// Blocks across.
    pub(super) across: usize,
    pub(super) blocks: Vec<Block>,
    pub(super) inclusion: TagTree,
    pub(super) planes: TagTree,
}

/// A code block.
pub(super) struct Block {
    /// Its place in the subband.
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) width: u16,
    pub(super) height: u16,
    /// Bit planes above the first that is coded; `None` before its first packet.
    pub(super) missing: Option<u8>,
    pub(super) length_bits: u8,
    /// Coding passes so far.
    pub(super) passes: u32,
    /// Whether one of them had bytes.
    pub(super) started: bool,
    /// The set of passes that counts (each next one replaces the last), and how many of its passes refine.
    pub(super) set: u32,
    pub(super) refined: u8,
    /// Where its bytes lie in the tile's data.
    pub(super) cleanup: Range<usize>,
    pub(super) refinement: Vec<Range<usize>>,
}

impl Component {
    /// The resolutions and their subbands, without precincts: these are counted before they are made.
    pub(super) fn new(tile: &Rect, style: &Style, steps: &Steps, precision: u8) -> Result<Self, Error> {
        let resolutions = (0..=style.levels).map(|index| Resolution::new(tile, style, steps, precision, index));
        Ok(Self { resolutions: resolutions.collect::<Result<_, _>>()? })
    }

    pub(super) fn precincts(&self) -> u64 {
        self.resolutions.iter().map(Resolution::precincts).sum()
    }

    /// Makes the precincts.
    pub(super) fn fill(&mut self, style: &Style) {
        for (index, resolution) in self.resolutions.iter_mut().enumerate() {
            resolution.fill(style, index == 0);
        }
    }
}

impl Resolution {
    fn new(tile: &Rect, style: &Style, steps: &Steps, precision: u8, index: u8) -> Result<Self, Error> {
        let level = style.levels - index;
        let rect = tile.map(|x| shrink(x, 0, level), |y| shrink(y, 0, level));
        let precinct = style.precinct(index);
        let count = |from: u32, to: u32, size: u8| {
            if from < to { shrink(to, 0, size) - (from >> size) } else { 0 }
        };
        let empty = rect.area() == 0;
        let band = |number: usize| {
            let (right, below) = (number & 1, number >> 1);
            let (order, by) = if index == 0 { (0, level) } else { (3 * usize::from(index) - 3 + number, level + 1) };
            let half = |side: usize| if side == 1 { 1u64 << (by - 1) } else { 0 };
            let rect = tile.map(|x| shrink(x, half(right), by), |y| shrink(y, half(below), by));
            let (planes, step) = steps.of(order, index, style.reversible)?;
            // The filters' gain: 2 for each direction of detail.
            let gain = (1u64 << (usize::from(precision) + right + below)) as f32;
            Ok(Band { rect, planes, step: step * gain, precincts: Vec::new() })
        };
        let numbers = if index == 0 { 0..=0 } else { 1..=3 };
        Ok(Self {
            rect,
            precinct,
            across: if empty { 0 } else { count(rect.x0, rect.x1, precinct.0) },
            down: if empty { 0 } else { count(rect.y0, rect.y1, precinct.1) },
            level,
            bands: numbers.map(band).collect::<Result<_, Error>>()?,
        })
    }

    pub(super) fn precincts(&self) -> u64 {
        u64::from(self.across) * u64::from(self.down)
    }

    /// Where a precinct starts on the reference grid, as far as the order of packets is concerned: `(y, x)`.
    pub(super) fn place(&self, index: u32, tile: &Rect) -> (u64, u64) {
        let along = |at: u32, start: u32, size: u8, corner: u32| {
            let first = u64::from(start) >> size;
            let place = (first + u64::from(at)) << size;
            // The first one may start in front of the tile.
            if place < u64::from(start) { u64::from(corner) } else { place << self.level }
        };
        let (y, x) = (index / self.across.max(1), index % self.across.max(1));
        (along(y, self.rect.y0, self.precinct.1, tile.y0), along(x, self.rect.x0, self.precinct.0, tile.x0))
    }

    fn fill(&mut self, style: &Style, coarsest: bool) {
        let half = u8::from(!coarsest);
        let size = (self.precinct.0.saturating_sub(half), self.precinct.1.saturating_sub(half));
        let block = (style.block.0.min(size.0), style.block.1.min(size.1));
        let first = (self.rect.x0 >> self.precinct.0, self.rect.y0 >> self.precinct.1);
        for band in &mut self.bands {
            let places = (0..self.down).flat_map(|y| (0..self.across).map(move |x| (x, y)));
            let precincts = places.map(|(x, y)| {
                let start = |at: u32, first: u32, size: u8| (u64::from(first) + u64::from(at)) << size;
                let clip = |at: u64| at.min(u64::from(u32::MAX)) as u32;
                let (x0, y0) = (start(x, first.0, size.0), start(y, first.1, size.1));
                let (x1, y1) = (clip(x0 + (1 << size.0)), clip(y0 + (1 << size.1)));
                let share = Rect { x0: clip(x0), y0: clip(y0), x1, y1 }.overlap(&band.rect);
                Precinct::new(&share, &band.rect, block)
            });
            band.precincts = precincts.collect();
        }
    }
}

impl Precinct {
    fn new(share: &Rect, band: &Rect, size: (u8, u8)) -> Self {
        if share.area() == 0 {
            let none = || TagTree::new(0, 0);
            return Self { across: 0, blocks: Vec::new(), inclusion: none(), planes: none() };
        }
        let cells = share.map(|x| x >> size.0, |y| y >> size.1);
        let (columns, rows) = (shrink(share.x1, 0, size.0), shrink(share.y1, 0, size.1));
        let (across, down) = ((columns - cells.x0) as usize, (rows - cells.y0) as usize);
        let mut blocks = Vec::with_capacity(across * down);
        for (y, x) in (cells.y0..rows).flat_map(|y| (cells.x0..columns).map(move |x| (y, x))) {
            let edge = |at: u32, size: u8, most: u32| ((u64::from(at) << size).min(u64::from(most))) as u32;
            let cell = Rect {
                x0: edge(x, size.0, u32::MAX),
                y0: edge(y, size.1, u32::MAX),
                x1: edge(x + 1, size.0, share.x1),
                y1: edge(y + 1, size.1, share.y1),
            };
            let place = cell.overlap(share);
            let (width, height) = (place.width() as u16, place.height() as u16);
            blocks.push(Block::new(place.x0 - band.x0, place.y0 - band.y0, width, height));
        }
        Self { across, blocks, inclusion: TagTree::new(across, down), planes: TagTree::new(across, down) }
    }
}

impl Block {
    pub(super) fn new(x: u32, y: u32, width: u16, height: u16) -> Self {
        Self {
            x,
            y,
            width,
            height,
            missing: None,
            length_bits: 3,
            passes: 0,
            started: false,
            set: 0,
            refined: 0,
            cleanup: 0..0,
            refinement: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::style::Markers;
    use super::*;

    fn component(rect: Rect, levels: u8, block: (u8, u8), precinct: u8) -> Component {
        let mut markers = Markers::default();
        let cod = [1, 0, 0, 1, 0, levels, block.0, block.1, 0x40, 1];
        let precincts = vec![precinct; usize::from(levels) + 1];
        markers.read(0x52, &[&cod[..], &precincts].concat()).unwrap();
        markers.read(0x5C, &[&[0x20][..], &[8 << 3; 97]].concat()).unwrap();
        let none = Markers::default();
        let style = none.style(&markers, 0).unwrap();
        let mut component = Component::new(&rect, style, none.steps(&markers, 0).unwrap(), 8).unwrap();
        component.fill(style);
        component
    }

    proptest! {
        #[test]
        fn blocks_cover_each_subband_once(
            corner in (0u32..40, 0u32..40), size in (1u32..60, 1u32..60), levels in 0u8..6,
            block in (0u8..3, 0u8..3), precinct in prop::sample::select(vec![0x22u8, 0x31, 0x13, 0x45, 0xFF]),
        ) {
            let rect = Rect { x0: corner.0, y0: corner.1, x1: corner.0 + size.0, y1: corner.1 + size.1 };
            let component = component(rect, levels, block, precinct);
            let mut samples = 0;
            for band in component.resolutions.iter().flat_map(|r| &r.bands) {
                let mut seen = vec![0; band.rect.area() as usize];
                for block in band.precincts.iter().flat_map(|p| &p.blocks) {
                    for y in 0..usize::from(block.height) {
                        for x in 0..usize::from(block.width) {
                            seen[(block.y as usize + y) * band.rect.width() + block.x as usize + x] += 1;
                        }
                    }
                }
                prop_assert!(seen.iter().all(|&count| count == 1));
                samples += seen.len();
            }
            prop_assert_eq!(samples, (size.0 * size.1) as usize);
        }
    }

    #[test]
    fn a_precinct_in_front_of_the_tile_takes_its_corner() {
        let rect = Rect { x0: 10, y0: 3, x1: 40, y1: 20 };
        let component = component(rect, 1, (0, 0), 0x33);
        let fine = &component.resolutions[1];
        assert_eq!((fine.across, fine.down), (4, 3));
        assert_eq!([0, 1, 4].map(|at| fine.place(at, &rect)), [(3, 10), (3, 16), (8, 10)]);
        let coarse = &component.resolutions[0];
        assert_eq!([0, 1].map(|at| coarse.place(at, &rect)), [(3, 10), (3, 16)]);
    }
}

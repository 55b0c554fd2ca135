//! The main header and the tile-parts.
//!
//! Source: ITU-T T.800, A.4, A.5.1; T.814, A.3 (CAP).

use std::collections::BTreeMap;

use super::geometry::Rect;
use super::style::Markers;
use super::{NAME, damaged};
use crate::Error;

/// A code stream, cut into tiles.
pub(super) struct Header<'a> {
    /// The image on the reference grid.
    pub(super) image: Rect,
    pub(super) main: Markers,
    pub(super) tiles: Vec<Tile<'a>>,
}

/// One tile: where it lies, its own markers, its packets.
pub(super) struct Tile<'a> {
    pub(super) rect: Rect,
    pub(super) markers: Markers,
    pub(super) parts: Vec<&'a [u8]>,
}

/// Whether a code stream says that blocks are coded with high throughput.
pub(in super::super) fn applies(codestream: &[u8]) -> bool {
    let mut at = 2;
    while let Ok((marker, body, next)) = segment(codestream, at) {
        match marker {
            // Bit 15 from the top, counted from 1.
            0x50 if body.get(1).is_some_and(|byte| byte & 2 != 0) => return true,
            0x52 if body.get(8).is_some_and(|flags| flags & 0x40 != 0) => return true,
            0x90 | 0x93 | 0xD9 => return false,
            _ => at = next,
        }
    }
    false
}

impl<'a> Header<'a> {
    pub(super) fn read(codestream: &'a [u8]) -> Result<Self, Error> {
        let mut main = Markers::default();
        let mut grid = None;
        let mut at = 2;
        loop {
            let (marker, body, next) = segment(codestream, at)?;
            match marker {
                0x51 => grid = Some(Grid::read(body)?),
                0x90 => break,
                0x93 | 0xD9 => return Err(damaged(NAME, "no tile")),
                _ => main.read(marker, body)?,
            }
            at = next;
        }
        let grid = grid.ok_or_else(|| damaged(NAME, "no size marker"))?;
        // Tiles are kept as they come: there may be many fewer than the header says.
        let mut found = BTreeMap::new();
        while at < codestream.len() && !codestream.get(at..).unwrap_or_default().starts_with(&[0xFF, 0xD9]) {
            at = tile_part(codestream, at, &grid, &mut found)?;
        }
        if (found.len() as u64) < grid.tiles() {
            return Err(damaged(NAME, "a tile is missing"));
        }
        Ok(Self { image: grid.image, main, tiles: found.into_values().collect() })
    }
}

/// Reads one tile-part; gives where the next starts.
fn tile_part<'a>(
    codestream: &'a [u8],
    start: usize,
    grid: &Grid,
    tiles: &mut BTreeMap<u16, Tile<'a>>,
) -> Result<usize, Error> {
    let (marker, body, mut at) = segment(codestream, start)?;
    let &[i1, i0, p3, p2, p1, p0, _, _] = body else { return Err(damaged(NAME, "no tile where one should be")) };
    if marker != 0x90 {
        return Err(damaged(NAME, "no tile where one should be"));
    }
    let index = u16::from_be_bytes([i1, i0]);
    let rect = grid.tile(index).ok_or_else(|| damaged(NAME, "no such tile"))?;
    let end = match u32::from_be_bytes([p3, p2, p1, p0]) as usize {
        // Up to the end of the stream.
        0 => codestream.len() - if codestream.ends_with(&[0xFF, 0xD9]) { 2 } else { 0 },
        length => start.saturating_add(length),
    };
    let tile = tiles.entry(index).or_insert_with(|| Tile { rect, markers: Markers::default(), parts: Vec::new() });
    loop {
        let (marker, body, next) = segment(codestream, at)?;
        at = next;
        match marker {
            0x93 => break,
            0x90 | 0xD9 => return Err(damaged(NAME, "a tile without data")),
            _ => tile.markers.read(marker, body)?,
        }
    }
    let packets = codestream.get(at..end).ok_or_else(|| damaged(NAME, "the data of a tile ends early"))?;
    tile.parts.push(packets);
    Ok(end)
}

/// The marker at a place, its segment's body, and what follows.
fn segment(codestream: &[u8], at: usize) -> Result<(u8, &[u8], usize), Error> {
    let missing = || damaged(NAME, "a header is cut off");
    let rest = codestream.get(at..).ok_or_else(missing)?;
    match *rest {
        [0xFF, marker @ (0x93 | 0xD9), ..] => Ok((marker, &[], at + 2)),
        [0xFF, marker, high, low, ..] => {
            let length = usize::from(u16::from_be_bytes([high, low]));
            let body = rest.get(4..2 + length).ok_or_else(missing)?;
            Ok((marker, body, at + 2 + length))
        }
        [0xFF, ..] | [] => Err(missing()),
        _ => Err(damaged(NAME, "no marker where one should be")),
    }
}

/// The image and its tiles on the reference grid.
struct Grid {
    image: Rect,
    tile: (u32, u32),
    origin: (u32, u32),
}

impl Grid {
    fn read(body: &[u8]) -> Result<Self, Error> {
        let wrong = || damaged(NAME, "the size marker contradicts itself");
        let capabilities = u16::from_be_bytes(*body.first_chunk().ok_or_else(wrong)?);
        if capabilities & 0x8000 != 0 {
            return Err(Error::UnsupportedCodec { codec: NAME, what: "an extension of part 2" });
        }
        let words = body.get(2..34).ok_or_else(wrong)?.chunks_exact(4);
        let words: Vec<u32> = words.map(|w| u32::from_be_bytes([w[0], w[1], w[2], w[3]])).collect();
        let &[x1, y1, x0, y0, width, height, left, top] = words.as_slice() else { return Err(wrong()) };
        // The first tile holds the image's corner.
        let holds = |start: u32, size: u32, corner: u32| start <= corner && corner - start < size;
        if x0 >= x1 || y0 >= y1 || !holds(left, width, x0) || !holds(top, height, y0) {
            return Err(wrong());
        }
        Ok(Self { image: Rect { x0, y0, x1, y1 }, tile: (width, height), origin: (left, top) })
    }

    fn across(&self) -> u64 {
        u64::from((self.image.x1 - self.origin.0).div_ceil(self.tile.0))
    }

    fn tiles(&self) -> u64 {
        self.across() * u64::from((self.image.y1 - self.origin.1).div_ceil(self.tile.1))
    }

    fn tile(&self, index: u16) -> Option<Rect> {
        let index = u64::from(index);
        if index >= self.tiles() {
            return None;
        }
        let along = |at: u64, origin: u32, size: u32, from: u32, to: u32| {
            let start = u64::from(origin) + at * u64::from(size);
            let end = start + u64::from(size);
            (start.max(u64::from(from)) as u32, end.min(u64::from(to)) as u32)
        };
        let Rect { x0, y0, x1, y1 } = self.image;
        let (x0, x1) = along(index % self.across(), self.origin.0, self.tile.0, x0, x1);
        let (y0, y1) = along(index / self.across(), self.origin.1, self.tile.1, y0, y1);
        Some(Rect { x0, y0, x1, y1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_cover_an_image_off_the_origin() {
        let grid = Grid { image: Rect { x0: 3, y0: 5, x1: 20, y1: 12 }, tile: (8, 8), origin: (2, 1) };
        assert_eq!(grid.tiles(), 6);
        let tile = |at| grid.tile(at).map(|r| [r.x0, r.y0, r.x1, r.y1]);
        assert_eq!(tile(0), Some([3, 5, 10, 9]));
        assert_eq!(tile(2), Some([18, 5, 20, 9]));
        assert_eq!(tile(4), Some([10, 9, 18, 12]));
        assert_eq!(tile(6), None);
        let area: u64 = (0..6).map(|at| grid.tile(at).unwrap().area()).sum();
        assert_eq!(area, 17 * 7);
    }
}

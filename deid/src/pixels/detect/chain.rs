//! Glyphs to rows of glyphs: each is tied to the nearest on its right that is about as high and stands at about the same height.

use super::glyph::{Glyph, HEIGHTS};

/// The glyphs of each row (indices into `glyphs`), from left to right; single glyphs are rows of one.
pub(super) fn chains(glyphs: &[Glyph], columns: usize, rows: usize) -> Vec<Vec<usize>> {
    let cells = Cells::new(glyphs, columns, rows);
    let mut parents: Vec<usize> = (0..glyphs.len()).collect();
    for (index, glyph) in glyphs.iter().enumerate() {
        if let Some(next) = cells.right_of(glyphs, index, glyph) {
            let (a, b) = (root(&mut parents, index), root(&mut parents, next));
            parents[a.max(b)] = a.min(b);
        }
    }
    let mut places = vec![usize::MAX; glyphs.len()];
    let mut found: Vec<Vec<usize>> = Vec::new();
    for index in 0..glyphs.len() {
        let root = root(&mut parents, index);
        if places[root] == usize::MAX {
            places[root] = found.len();
            found.push(Vec::new());
        }
        found[places[root]].push(index);
    }
    found.iter_mut().for_each(|chain| chain.sort_by_key(|&index| (glyphs[index].part.x0, index)));
    found
}

fn root(parents: &mut [usize], mut at: usize) -> usize {
    while parents[at] != at {
        parents[at] = parents[parents[at]];
        at = parents[at];
    }
    at
}

/// Glyphs by the cell in which their left edge and middle row lie.
struct Cells {
    across: usize,
    heads: Vec<u32>,
    nexts: Vec<u32>,
}

/// Side of a cell in pixels.
const CELL: i32 = 32;
const NONE: u32 = u32::MAX;

impl Cells {
    fn new(glyphs: &[Glyph], columns: usize, rows: usize) -> Self {
        let across = columns / CELL as usize + 1;
        let down = rows / CELL as usize + 1;
        let mut cells = Self { across, heads: vec![NONE; across * down], nexts: vec![NONE; glyphs.len()] };
        for (index, glyph) in glyphs.iter().enumerate() {
            let at = cells.at(glyph.part.x0, middle(glyph) / 2);
            cells.nexts[index] = std::mem::replace(&mut cells.heads[at], index as u32);
        }
        cells
    }

    fn at(&self, x: i32, y: i32) -> usize {
        let (x, y) = ((x / CELL) as usize, (y / CELL) as usize);
        (y * self.across + x.min(self.across - 1)).min(self.heads.len() - 1)
    }

    fn right_of(&self, glyphs: &[Glyph], index: usize, glyph: &Glyph) -> Option<usize> {
        let part = &glyph.part;
        let reach = (*HEIGHTS.end()).min(part.height() * 2);
        // A left edge lies after this one's, and at most the widest gap after the right one.
        let (x0, x1) = (part.x0.max(part.x1 - reach / 2), part.x1 + reach * GAP / 10);
        let (y0, y1) = ((middle(glyph) / 2 - reach / 2).max(0), middle(glyph) / 2 + reach / 2);
        let mut best: Option<(i32, usize)> = None;
        for y in y0 / CELL..=y1 / CELL {
            for x in x0 / CELL..=x1 / CELL {
                if x as usize >= self.across || self.at(x * CELL, y * CELL) / self.across != y as usize {
                    continue;
                }
                let mut at = self.heads[self.at(x * CELL, y * CELL)];
                while let Some(other) = glyphs.get(at as usize) {
                    if at as usize != index
                        && let Some(cost) = cost(glyph, other)
                    {
                        let found = (cost, at as usize);
                        best = Some(best.map_or(found, |best| best.min(found)));
                    }
                    at = self.nexts[at as usize];
                }
            }
        }
        best.map(|(_, index)| index)
    }
}

/// Twice the middle row.
const fn middle(glyph: &Glyph) -> i32 {
    glyph.part.y0 + glyph.part.y1
}

/// The widest gap in tenths of the height: a wide space, or two narrow ones.
const GAP: i32 = 13;

/// How far `b` is from following `a`; `None` where it does not.
fn cost(a: &Glyph, b: &Glyph) -> Option<i32> {
    let (a, b) = (&a.part, &b.part);
    let (low, high) = (a.height().min(b.height()), a.height().max(b.height()));
    let gap = b.x0 - a.x1;
    // small letters are half as high as capitals with what hangs below
    let alike = low * 20 >= high * 9;
    let near = gap * 10 <= high * GAP && gap * 10 >= -3 * high && b.x0 > a.x0;
    let overlap = a.y1.min(b.y1) - a.y0.max(b.y0);
    let bottoms = (a.y1 - b.y1).abs();
    let level = overlap * 2 >= low && (bottoms * 3 <= high || (a.y0 - b.y0).abs() * 5 <= high);
    (alike && near && level).then_some(gap.max(0) * 2 + bottoms)
}

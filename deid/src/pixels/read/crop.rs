//! A line of text cut out of a frame, and as a reader wants to have it.

use super::super::detect::Found;
use super::super::{Plane, Rect};
use super::reading::Seen;

/// A line cut out of a frame, turned so that it runs along rows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in super::super) struct Line {
    pub(super) plane: Plane,
    pub(super) turn: Turn,
    /// Height of its capitals in pixels of the frame.
    pub(super) height: u32,
}

/// How a line was turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Turn {
    None,
    /// It is read from below.
    Upward,
    /// It is read from above.
    Downward,
}

/// Text that was found, and the line at which it stands, cut out; of text along columns, both ways of reading it. What holds several lines is parted into them.
pub(in super::super) fn cut(plane: &Plane, found: &Found) -> Vec<Seen> {
    let whole = Rect::new(0, 0, plane.columns() as u32, plane.rows() as u32);
    let Some(rect) = found.rect.intersect(whole) else { return vec![Seen { found: *found, lines: Vec::new() }] };
    let turns: &[Turn] = if found.vertical { &[Turn::Upward, Turn::Downward] } else { &[Turn::None] };
    let of = |found: Found, rect: Rect| {
        let line = |&turn: &Turn| Some(Line { plane: turn.cut(plane, rect)?, turn, height: found.height.max(1) });
        Seen { found, lines: turns.iter().filter_map(line).collect() }
    };
    let one = of(*found, rect);
    let bands = match one.lines.first() {
        Some(line) if !found.vertical && !is_single(rect.height(), found.height) => bands(line),
        _ => Vec::new(),
    };
    if bands.len() < 2 {
        return vec![one];
    }
    let total: usize = bands.iter().map(|band| band.ink).sum();
    let part = |(n, band): (usize, &Band)| {
        // each reaches to the middle of the room between
        let from = n.checked_sub(1).map_or(0, |above| (bands[above].rows[1] + band.rows[0]) / 2);
        let to = bands.get(n + 1).map_or(rect.height(), |below| (band.rows[1] + below.rows[0]) / 2);
        let rect = Rect { y0: rect.y0 + from, y1: rect.y0 + to, ..rect };
        let glyphs = found.glyphs as usize * band.ink / total.max(1);
        of(Found { rect, glyphs: glyphs as u32, ..*found }, rect)
    };
    bands.iter().enumerate().map(part).collect()
}

/// Whether so many rows hold one line of capitals of a height: with what hangs below, accents and margins.
pub(super) const fn is_single(rows: u32, height: u32) -> bool {
    rows <= height * 5 / 2 + 4
}

/// Rows in which something is drawn, and how much.
struct Band {
    rows: [u32; 2],
    ink: usize,
}

/// The lines among the rows of what was cut out.
fn bands(line: &Line) -> Vec<Band> {
    let dark = dark_on_light(&line.plane);
    let columns = dark.columns().max(1);
    let rows: Vec<usize> =
        dark.levels().chunks_exact(columns).map(|row| row.iter().filter(|&&level| level < 64).count()).collect();
    // an i has a stroke, and noise less
    let least = (rows.iter().max().copied().unwrap_or(0) / 20).max(1);
    let mut bands: Vec<Band> = Vec::new();
    let mut at = 0;
    for run in rows.chunk_by(|a, b| (*a >= least) == (*b >= least)) {
        let end = at + run.len() as u32;
        if run[0] >= least {
            let ink = run.iter().sum();
            // dots and accents belong to what is nearest
            match bands
                .last_mut()
                .filter(|last| end - at < line.height / 2 || last.rows[1] - last.rows[0] < line.height / 2)
            {
                Some(last) => {
                    last.rows[1] = end;
                    last.ink += ink;
                }
                None => bands.push(Band { rows: [at, end], ink }),
            }
        }
        at = end;
    }
    bands
}

impl Turn {
    fn cut(self, plane: &Plane, rect: Rect) -> Option<Plane> {
        let (along, across) = match self {
            Self::None => (rect.width(), rect.height()),
            _ => (rect.height(), rect.width()),
        };
        let mut levels = Vec::with_capacity((along * across) as usize);
        for y in 0..across {
            for x in 0..along {
                let (column, row) = match self {
                    Self::None => (rect.x0 + x, rect.y0 + y),
                    Self::Upward => (rect.x0 + y, rect.y1 - 1 - x),
                    Self::Downward => (rect.x1 - 1 - y, rect.y0 + x),
                };
                levels.push(*plane.levels().get(row as usize * plane.columns() + column as usize)?);
            }
        }
        Plane::new(along as usize, across as usize, levels)
    }

    /// Part of the rectangle of a line, all across, from and to a place along it.
    pub(super) fn part(self, rect: Rect, [from, to]: [u32; 2]) -> Rect {
        match self {
            Self::None => {
                Rect { x0: rect.x0.saturating_add(from), x1: rect.x0.saturating_add(to).min(rect.x1), ..rect }
            }
            Self::Upward => {
                Rect { y0: rect.y1.saturating_sub(to).max(rect.y0), y1: rect.y1.saturating_sub(from), ..rect }
            }
            Self::Downward => {
                Rect { y0: rect.y0.saturating_add(from), y1: rect.y0.saturating_add(to).min(rect.y1), ..rect }
            }
        }
    }
}

/// What a reader gets, and how to go back from it.
pub(super) struct Shown {
    pub(super) plane: Plane,
    up: u32,
    halvings: u32,
}

/// Height of the capitals that readers read best, in pixels.
const HEIGHT: u32 = 32;
/// How much larger a line is made at most.
const LARGEST: u32 = 6;
/// White around a line, in pixels of what is shown.
const BORDER: u32 = 12;

impl Line {
    /// Dark on light, with capitals of about [`HEIGHT`] pixels, and room around it.
    pub(super) fn shown(&self) -> Shown {
        let (mut plane, mut height, mut halvings) = (self.plane.clone(), self.height, 0);
        while height >= 2 * HEIGHT {
            plane = plane.halved();
            (height, halvings) = (height / 2, halvings + 1);
        }
        let up = HEIGHT.div_ceil(height.max(1)).min(LARGEST);
        let plane = bordered(&enlarged(&dark_on_light(&plane), up as usize), BORDER as usize);
        Shown { plane, up, halvings }
    }

    /// Whether something is drawn from and to a place along it: more than noise leaves.
    pub(super) fn has_ink(&self, [from, to]: [u32; 2]) -> bool {
        let dark = dark_on_light(&self.plane);
        let rows = dark.levels().chunks_exact(dark.columns().max(1));
        let columns =
            |row: &[u8]| row.iter().take(to as usize).skip(from as usize).filter(|&&level| level < 128).count();
        rows.map(columns).sum::<usize>() > (self.height / 4) as usize
    }
}

impl Shown {
    /// A rectangle of what is shown, in pixels of the line.
    pub(super) fn back(&self, rect: Rect) -> Rect {
        let low = |at: u32| (at.saturating_sub(BORDER) / self.up) << self.halvings;
        let high = |at: u32| at.saturating_sub(BORDER).div_ceil(self.up) << self.halvings;
        Rect::new(low(rect.x0), low(rect.y0), high(rect.x1), high(rect.y1))
    }
}

/// The ground white, the strokes black: the ground is the median, and the strokes are what is farthest from it.
fn dark_on_light(plane: &Plane) -> Plane {
    let mut counts = [0usize; 256];
    plane.levels().iter().for_each(|&level| counts[usize::from(level)] += 1);
    let total = plane.levels().len();
    let rank = |part: usize| {
        let mut seen = 0;
        let reached = |&level: &usize| {
            seen += counts[level];
            seen * 100 > total * part
        };
        (0..256).find(reached).unwrap_or(255) as i32
    };
    let (low, ground, high) = (rank(2), rank(50), rank(98));
    let bright = high - ground >= ground - low;
    let reach = if bright { high - ground } else { ground - low }.max(1);
    // text lies on one side of the ground, and noise on both
    let noise = if bright { ground - rank(15) } else { rank(85) - ground };
    let floor = (noise * 5 / 2).clamp(reach / 5, reach / 2);
    let ink = |level: u8| {
        let out = if bright { i32::from(level) - ground } else { ground - i32::from(level) };
        // nine tenths are a whole stroke
        ((out - floor) * 255 / (reach * 9 / 10 - floor).max(1)).clamp(0, 255)
    };
    mapped(plane, |level| (255 - ink(level)) as u8)
}

fn mapped(plane: &Plane, to: impl Fn(u8) -> u8) -> Plane {
    let levels = plane.levels().iter().map(|&level| to(level)).collect();
    Plane::new(plane.columns(), plane.rows(), levels).unwrap_or_else(|| plane.clone())
}

/// Larger by a whole number, with levels between those of neighbours.
fn enlarged(plane: &Plane, by: usize) -> Plane {
    let (columns, rows) = (plane.columns(), plane.rows());
    if by <= 1 || columns == 0 || rows == 0 {
        return plane.clone();
    }
    // centres of pixels lie on centres; weights in parts of 2 * by
    let places = |length: usize| {
        move |at: usize| {
            let twice = (2 * at + 1).saturating_sub(by);
            let first = (twice / (2 * by)).min(length - 1);
            (first, (first + 1).min(length - 1), (twice % (2 * by)) as u32)
        }
    };
    let (across, down, whole) = (places(columns), places(rows), 2 * by as u32);
    let mut levels = Vec::with_capacity(columns * rows * by * by);
    for y in 0..rows * by {
        let (upper, lower, below) = down(y);
        for x in 0..columns * by {
            let (left, right, beside) = across(x);
            let at = |row: usize, column: usize| u32::from(plane.levels()[row * columns + column]);
            let between = |row: usize| at(row, left) * (whole - beside) + at(row, right) * beside;
            let sum = between(upper) * (whole - below) + between(lower) * below;
            levels.push((sum / (whole * whole)) as u8);
        }
    }
    Plane::new(columns * by, rows * by, levels).unwrap_or_else(|| plane.clone())
}

fn bordered(plane: &Plane, border: usize) -> Plane {
    let (columns, rows) = (plane.columns() + 2 * border, plane.rows() + 2 * border);
    let mut levels = vec![255; columns * rows];
    for (row, from) in plane.levels().chunks_exact(plane.columns().max(1)).enumerate() {
        let start = (row + border) * columns + border;
        levels[start..start + from.len()].copy_from_slice(from);
    }
    Plane::new(columns, rows, levels).unwrap_or_else(|| plane.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::detect::Evidence;

    fn found(rect: Rect, vertical: bool) -> Found {
        Found { rect, evidence: Evidence::Line, vertical, height: 8, glyphs: 4 }
    }

    /// An L of two pixels and one, bright, in the corner of a frame of 6 by 5.
    fn frame() -> Plane {
        let mut levels = vec![10; 30];
        for at in [0, 6, 7] {
            levels[at] = 200;
        }
        Plane::new(6, 5, levels).unwrap()
    }

    #[test]
    fn lines_along_columns_are_turned_both_ways_and_back() {
        let rect = Rect::new(0, 0, 2, 5);
        let lines = &cut(&frame(), &found(rect, true))[0].lines;
        let rows = |line: &Line| line.plane.levels().chunks(5).map(<[u8]>::to_vec).collect::<Vec<_>>();
        assert_eq!(rows(&lines[0]), [[10, 10, 10, 200, 200], [10, 10, 10, 200, 10]]);
        assert_eq!(rows(&lines[1]), [[10, 200, 10, 10, 10], [200, 200, 10, 10, 10]]);
        assert_eq!(lines[0].turn.part(rect, [3, 5]), Rect::new(0, 0, 2, 2));
        assert_eq!(lines[1].turn.part(rect, [0, 2]), Rect::new(0, 0, 2, 2));
        assert_eq!(Turn::None.part(rect, [1, 9]), Rect::new(1, 0, 2, 5));
    }

    #[test]
    fn what_is_shown_is_dark_on_light_and_four_times_as_large() {
        let shown = cut(&frame(), &found(Rect::new(0, 0, 6, 5), false))[0].lines[0].shown();
        assert_eq!((shown.plane.columns(), shown.plane.rows()), (6 * 4 + 24, 5 * 4 + 24));
        let at = |x: usize, y: usize| shown.plane.levels()[y * shown.plane.columns() + x];
        assert!(at(0, 0) == 255 && at(13, 13) < 40 && at(30, 30) == 255);
        assert_eq!(shown.back(Rect::new(12, 12, 20, 16)), Rect::new(0, 0, 2, 1));
        assert_eq!(shown.back(Rect::new(0, 0, 5, 5)), Rect::new(0, 0, 0, 0));
    }

    #[test]
    fn two_lines_in_one_are_parted() {
        let mut levels = vec![10; 40 * 32];
        for (row, level) in levels.iter_mut().enumerate().map(|(at, level)| (at / 40, level)) {
            if (3..11).contains(&row) || (19..27).contains(&row) {
                *level = 200;
            }
        }
        // strokes, as the ground is most of it
        levels.iter_mut().enumerate().filter(|(at, _)| at % 4 != 0).for_each(|(_, level)| *level = 10);
        let plane = Plane::new(40, 32, levels).unwrap();
        let seen = cut(&plane, &found(Rect::new(0, 0, 40, 32), false));
        let rects: Vec<Rect> = seen.iter().map(|seen| seen.found.rect).collect();
        assert_eq!(rects, [Rect::new(0, 0, 40, 15), Rect::new(0, 15, 40, 32)]);
        assert!(seen.iter().all(|seen| seen.lines.len() == 1 && seen.found.glyphs == 2));
    }

    #[test]
    fn large_text_is_made_smaller() {
        let plane = Plane::new(400, 200, vec![9; 80_000]).unwrap();
        let line = Line { plane, turn: Turn::None, height: 150 };
        let shown = line.shown();
        assert_eq!((shown.plane.columns(), shown.plane.rows()), (124, 74));
        assert_eq!(shown.back(Rect::new(22, 22, 32, 32)), Rect::new(40, 40, 80, 80));
    }
}

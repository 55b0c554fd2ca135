//! Text that was found at several thresholds and sizes, once.

use std::cmp::Reverse;

use super::super::Rect;
use super::{Evidence, Found};

/// Each text once, with the rectangles that it was found in joined, in the order of rows and columns.
pub(super) fn merged(mut found: Vec<Found>, rows: usize) -> Vec<Found> {
    // the longest first: it swallows its parts
    found.sort_by_key(|f| (f.evidence, Reverse(f.glyphs), f.rect));
    let mut kept = Kept { all: Vec::new(), bands: vec![Vec::new(); rows / BAND + 1] };
    found.into_iter().for_each(|one| kept.add(one));
    let lines = kept.clone();
    for short in kept.all.iter_mut().filter(|one| one.evidence == Evidence::Companion) {
        // Points and colons are too small to be glyphs: what stands between a line and a short run close by goes with them.
        let run = *short;
        for index in lines.near(&run.rect) {
            let line = lines.all.get(index).filter(|line| line.evidence == Evidence::Line);
            if let Some(room) = line.and_then(|line| between(&run, line)) {
                short.rect = short.rect.union(room);
            }
        }
    }
    // The letters of a paragraph stand in columns too.
    let is_paragraph = |one: &Found| {
        let level = lines.near(&one.rect).into_iter().map(|index| &lines.all[index]).filter(|line| !line.vertical);
        let shared: u64 = level.filter_map(|line| line.rect.intersect(one.rect)).map(|both| both.area()).sum();
        one.vertical && shared * 10 > one.rect.area() * 7
    };
    kept.all.retain(|one| !is_paragraph(one));
    kept.all.sort_by_key(|f| (f.rect.y0, f.rect.x0, f.rect));
    kept.all
}

/// Rows of a band.
const BAND: usize = 64;

/// What was kept, and which of it lies in each band of rows: a page of text has too many to hold each against each.
#[derive(Clone)]
struct Kept {
    all: Vec<Found>,
    bands: Vec<Vec<usize>>,
}

impl Kept {
    fn add(&mut self, one: Found) {
        let same = self.near(&one.rect).into_iter().find(|&index| is_same(&self.all[index], &one));
        let index = match same {
            Some(index) => {
                self.all[index].rect = self.all[index].rect.union(one.rect);
                index
            }
            None => {
                self.all.push(one);
                self.all.len() - 1
            }
        };
        for band in self.bands_of(&self.all[index].rect) {
            if !self.bands[band].contains(&index) {
                self.bands[band].push(index);
            }
        }
    }

    fn bands_of(&self, rect: &Rect) -> std::ops::Range<usize> {
        let last = self.bands.len() - 1;
        let band = |row: u32| (row as usize / BAND).min(last);
        band(rect.y0)..band(rect.y1) + 1
    }

    /// Those in the bands of a rectangle, in the order in which they came.
    fn near(&self, rect: &Rect) -> Vec<usize> {
        let mut near: Vec<usize> = self.bands_of(rect).flat_map(|band| self.bands[band].iter().copied()).collect();
        near.sort_unstable();
        near.dedup();
        near
    }
}

/// Whether two are the same text, or one is a part of the other.
fn is_same(kept: &Found, one: &Found) -> bool {
    let shared = kept.rect.intersect(one.rect).map_or(0, |both| both.area());
    // two fifths of the smaller: lines of one paragraph share their margins only
    kept.vertical == one.vertical && shared * 5 > 2 * kept.rect.area().min(one.rect.area())
        || shared * 10 > 8 * one.rect.area()
}

/// The room between two runs of one row, where it is at most twice as wide as they are high.
fn between(a: &Found, b: &Found) -> Option<Rect> {
    let turned = |found: &Found| {
        let Rect { x0, y0, x1, y1 } = found.rect;
        if found.vertical { Rect::new(y0, x0, y1, x1) } else { found.rect }
    };
    let (first, second) = (turned(a), turned(b));
    let (left, right) = (first.x1.min(second.x1), first.x0.max(second.x0));
    let (top, bottom) = (first.y0.max(second.y0), first.y1.min(second.y1));
    let close = right > left && right - left <= 2 * b.height;
    let same_row = bottom.saturating_sub(top) * 10 > 7 * first.height().max(second.height());
    let room = if a.vertical { Rect::new(top, left, bottom, right) } else { Rect::new(left, top, right, bottom) };
    (a.vertical == b.vertical && close && same_row).then_some(room)
}

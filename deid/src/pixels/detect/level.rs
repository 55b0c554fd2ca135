//! The search at one size of the frame.

use super::super::{Plane, Rect};
use super::components::{Component, components};
use super::glyph::Glyph;
use super::line::{LEAST, Line, slack};
use super::tophat::top_hat;
use super::{Evidence, Found, chain};

/// Nothing wider than this stands out: strokes of glyphs 40 pixels high are narrower.
const SIDE: usize = 15;
/// How far text has to stand out. Many, as letters that are one at a lower are apart at a higher, and noise that fills the frame at the
/// one is gone at the other; each the square root of two higher, so that text which stands out from what is around it is met twice.
const THRESHOLDS: [u8; 9] = [12, 17, 24, 34, 48, 68, 96, 136, 190];
/// Clutter in hundredths up to which nothing else stands out around a line.
const QUIET: i32 = 106;

/// How much the level of one pen differs.
const SAME_PEN: i32 = 24;
/// By how many glyphs a line is extended at most, at each end.
const MORE: usize = 4;
/// Levels from here on are those of a pen at the end of the range.
const BRIGHT: u8 = 215;

/// Text in a plane that is `scale` times smaller than the frame of `size` (columns, rows).
pub(super) fn text(plane: &Plane, scale: u32, size: [u32; 2]) -> Vec<Found> {
    let (mut across, mut upright) = (Rows::default(), Rows::default());
    for inverted in [None, Some(plane.inverted())] {
        let plane = inverted.as_ref().unwrap_or(plane);
        let hat = top_hat(plane, SIDE);
        let (mut across_here, mut upright_here) = (Rows::default(), Rows::default());
        for threshold in THRESHOLDS {
            let mask = Mask { hat: &hat, plane, threshold };
            let parts = components(&hat, plane.levels(), plane.columns(), threshold);
            mask.search(parts.iter().copied(), false, &mut across_here);
            mask.search(parts.into_iter().map(Component::transposed), true, &mut upright_here);
        }
        // On bright tissue a pen at the end of the range stands out little, as does much else, but nothing else is as bright.
        let pen = |(&hat, &level): (&u8, &u8)| if level >= BRIGHT { hat } else { 0 };
        let hat: Vec<u8> = hat.iter().zip(plane.levels()).map(pen).collect();
        for threshold in [THRESHOLDS[2], THRESHOLDS[4]] {
            let mask = Mask { hat: &hat, plane, threshold };
            let parts = components(&hat, plane.levels(), plane.columns(), threshold);
            mask.search(parts.iter().copied(), false, &mut across_here);
            mask.search(parts.into_iter().map(Component::transposed), true, &mut upright_here);
        }
        // one pen may be brighter than what is around it here and darker there: its level tells
        for rows in [&mut across_here, &mut upright_here].into_iter().filter(|_| inverted.is_some()) {
            rows.lines.iter_mut().chain(&mut rows.short).for_each(|line| line.level = 255 - line.level);
        }
        across.take(across_here, false);
        upright.take(upright_here, true);
    }
    let mut found = across.found(false, scale, size);
    found.extend(upright.found(true, scale, size));
    found
}

/// Lines and the short runs beside them.
#[derive(Default)]
struct Rows {
    lines: Vec<Line>,
    short: Vec<Line>,
}

/// What is above a threshold.
struct Mask<'a> {
    hat: &'a [u8],
    plane: &'a Plane,
    threshold: u8,
}

impl Mask<'_> {
    /// Lines among components, which are transposed where `vertical`.
    fn search(&self, parts: impl Iterator<Item = Component>, vertical: bool, rows: &mut Rows) {
        let glyphs: Vec<Glyph> = parts.filter_map(Glyph::of).collect();
        let (columns, lines) = (self.plane.columns(), self.plane.rows());
        let (across, down) = if vertical { (lines, columns) } else { (columns, lines) };
        for chain in chain::chains(&glyphs, across, down) {
            let row: Vec<Glyph> = chain.into_iter().map(|index| glyphs[index]).collect();
            let mut line = Line::of(&row);
            if vertical && line.is_none() {
                // read from above, the base line is on the other side
                let other_side: Vec<Glyph> = row.iter().map(|glyph| glyph.mirrored(down as i32)).collect();
                line = Line::of(&other_side).map(|line| line.mirrored(down as i32));
            }
            let clutter = line.as_ref().map(|line| self.clutter(line, vertical));
            match line.zip(clutter).filter(|(line, clutter)| *clutter <= (90 + 5 * line.parts).min(170)) {
                Some((line, clutter)) => {
                    rows.lines.push(self.extended(Line { quiet: clutter <= QUIET, ..line }, vertical))
                }
                None => rows.short.extend(Line::measure(&row).filter(|line| line.count <= 2 * LEAST)),
            }
        }
    }

    /// A line with what its pen drew beside its ends: glyphs that touch something else and were not taken for glyphs.
    fn extended(&self, line: Line, vertical: bool) -> Line {
        let (columns, rows) = (self.plane.columns() as i32, self.plane.rows() as i32);
        let drawn = |x: i32, y: i32| {
            let (x, y) = if vertical { (y, x) } else { (x, y) };
            let inside = (0..columns).contains(&x) && (0..rows).contains(&y);
            let at = if inside { y as usize * columns as usize + x as usize } else { return false };
            self.hat[at] >= self.threshold && (i32::from(self.plane.levels()[at]) - line.level).abs() <= SAME_PEN
        };
        let column = |x: i32| (line.base - line.height..line.base).filter(|&y| drawn(x, y)).count() as i32;
        let reach = line.height * 9 / 10;
        let (mut x0, mut x1) = (line.x0, line.x1);
        for _ in 0..MORE {
            // at least an upright stroke
            let strong = |range: std::ops::Range<i32>| range.clone().map(column).sum::<i32>() >= line.height;
            if strong(x1..x1 + reach) {
                x1 = (x1..x1 + reach).rev().find(|&x| column(x) > 0).map_or(x1, |x| x + 1);
            }
            if strong(x0 - reach..x0) {
                x0 = (x0 - reach..x0).find(|&x| column(x) > 0).unwrap_or(x0);
            }
        }
        Line { x0, x1, ..line }
    }

    /// How much stands out where a line is and around it, in hundredths of its glyphs: text has room around it.
    fn clutter(&self, line: &Line, vertical: bool) -> i32 {
        let (columns, rows) = (self.plane.columns() as i32, self.plane.rows() as i32);
        let [across, down] = if vertical { [rows, columns] } else { [columns, rows] };
        let room = line.height * 2 / 5;
        let (x0, x1) = ((line.x0 - room).max(0), (line.x1 + room).min(across));
        let row = |y: i32| -> i32 {
            let (x_step, y_step) = if vertical { (columns as usize, 1) } else { (1, columns as usize) };
            let place = |x: i32| x as usize * x_step + y as usize * y_step;
            (x0..x1).filter(|&x| self.hat[place(x)] >= self.threshold).count() as i32
        };
        let within: i32 = (line.y0.max(0)..line.y1.min(down)).map(row).sum();
        // The next line of a paragraph may be closer than that: room ends where nothing is.
        let above: i32 = ((line.y0 - room).max(0)..line.y0).rev().map(row).take_while(|&count| count > 0).sum();
        let below: i32 = (line.y1..(line.y1 + room).min(down)).map(row).take_while(|&count| count > 0).sum();
        (within + above + below) * 100 / line.area.max(1)
    }
}

impl Rows {
    /// Takes over what one polarity has, but for short lines that may have come about by chance.
    fn take(&mut self, other: Self, vertical: bool) {
        let mut lines = other.lines.clone();
        lines.sort_by_key(|line| line.base);
        let met = |line: &Line| around(&lines, line.base, line.height).filter(|again| line.shares_most(again)).count();
        self.lines.extend(other.lines.iter().filter(|line| line.is_text(vertical, || met(line))));
        self.short.extend(other.short);
    }

    fn found(&self, vertical: bool, scale: u32, size: [u32; 2]) -> Vec<Found> {
        let found = |line: &Line, evidence| {
            let (ends, sides) = (line.height / 2 + 1, line.height * 3 / 10 + 2);
            let [x0, x1, y0, y1] = [line.x0 - ends, line.x1 + ends, line.y0 - sides, line.y1 + sides];
            let corners = if vertical { [y0, x0, y1, x1] } else { [x0, y0, x1, y1] };
            let [x0, y0, x1, y1] = corners.map(|at| at.max(0) as u32 * scale);
            // What is left between a box and the edge of the frame would be too narrow to show anything but a new edge.
            let near = line.height as u32 * scale / 2;
            let low = |at: u32| if at <= near { 0 } else { at };
            let high = |at: u32, end: u32| if at + near >= end { end } else { at };
            let rect = Rect::new(low(x0), low(y0), high(x1, size[0]), high(y1, size[1]));
            Found { rect, evidence, vertical, height: line.height as u32 * scale, glyphs: line.count as u32 }
        };
        let mut sorted = self.lines.clone();
        sorted.sort_by_key(|line| line.base);
        let lines = self.lines.iter().map(|line| found(line, Evidence::Line));
        let belongs =
            |short: &&Line| around(&sorted, short.base, 6 * short.height).any(|line| is_companion(short, line));
        let short = self.short.iter().filter(belongs);
        lines.chain(short.map(|short| found(short, Evidence::Companion))).collect()
    }
}

/// Those of lines in the order of their base lines that have theirs within so many rows.
fn around(lines: &[Line], base: i32, rows: i32) -> impl Iterator<Item = &Line> {
    let first = lines.partition_point(|line| line.base < base - rows);
    lines[first..].iter().take_while(move |line| line.base <= base + rows)
}

/// Whether a short run belongs to a line: the same height and pen, on the same base line, or in the same column some lines away.
fn is_companion(short: &Line, line: &Line) -> bool {
    let (slack, height) = (slack(line.height), line.height);
    let near = |one: i32, other: i32| (one - other).abs() * 6 <= line.peak;
    let pen = near(short.peak, line.peak) || near(short.level, line.level);
    if !pen || (short.height - height).abs() > slack {
        return false;
    }
    let apart = (short.x0 - line.x1).max(line.x0 - short.x1);
    // One glyph alone has little to tell it from a blot: it stands close by.
    let reach = if short.count == 1 { 3 * height } else { 60 * height };
    let same_row = (short.base - line.base).abs() <= slack && apart <= reach;
    let aligned = (short.x0 - line.x0).abs().min((short.x1 - line.x1).abs()) <= slack;
    let between = (short.y0 - line.y1).max(line.y0 - short.y1);
    same_row || (short.count > 1 && aligned && between <= 3 * height)
}

//! Whether a row of glyphs is a line of text.
//!
//! What consoles draw has a base line, one or two heights, one pen and room around it. Noise and tissue rarely have all four.

use super::glyph::Glyph;

/// A row of glyphs with what was measured on it, along rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) x0: i32,
    pub(super) y0: i32,
    pub(super) x1: i32,
    pub(super) y1: i32,
    /// Row under the capitals.
    pub(super) base: i32,
    /// Height of the capitals.
    pub(super) height: i32,
    /// The peak of most glyphs.
    pub(super) peak: i32,
    /// The brightest level of most glyphs.
    pub(super) level: i32,
    /// Components.
    pub(super) parts: i32,
    /// Glyphs: more than components where some touch.
    pub(super) count: i32,
    /// Width of most strokes, and by how much it mostly differs, in parts of a pixel ([`STROKE`]).
    pub(super) stroke: i32,
    pub(super) uneven: i32,
    /// Whether nothing else stands out around it.
    pub(super) quiet: bool,
    /// Pixels of the glyphs.
    pub(super) area: i32,
}

/// So many glyphs are in a row by chance hardly ever.
const SURE: i32 = 7;
/// Fewer glyphs are no line of their own.
pub(super) const LEAST: i32 = 4;

impl Line {
    /// What a row looks like, whatever it is; `None` of no glyph.
    pub(super) fn measure(row: &[Glyph]) -> Option<Self> {
        let first = row.first()?.part;
        let mut heights: Vec<i32> = row.iter().map(|glyph| glyph.part.height()).collect();
        heights.sort_unstable();
        let height = heights[heights.len() - 1 - heights.len() / 4];
        let strokes = || row.iter().map(stroke_of);
        let stroke = median(strokes());
        let start = Self {
            x0: first.x0,
            y0: first.y0,
            x1: first.x1,
            y1: first.y1,
            base: median(row.iter().map(|glyph| glyph.part.y1)),
            height,
            peak: median(row.iter().map(|glyph| i32::from(glyph.part.peak))),
            level: median(row.iter().map(|glyph| i32::from(glyph.part.level))),
            parts: row.len() as i32,
            count: 0,
            stroke,
            uneven: median(strokes().map(|one| (one - stroke).abs())),
            quiet: false,
            area: 0,
        };
        Some(row.iter().fold(start, |line, glyph| Self {
            x0: line.x0.min(glyph.part.x0),
            y0: line.y0.min(glyph.part.y0),
            x1: line.x1.max(glyph.part.x1),
            y1: line.y1.max(glyph.part.y1),
            count: line.count + glyph.count,
            area: line.area + glyph.part.area,
            ..line
        }))
    }

    /// The line of text that a row is, or a part of it; `None` where there is none.
    pub(super) fn of(row: &[Glyph]) -> Option<Self> {
        Self::whole(row).or_else(|| {
            // Text that runs into something bright has glyphs on one side, and on the other what is none.
            let parts = [row.len() * 3 / 4, row.len() / 2, row.len() / 3];
            let long = parts.into_iter().filter(|&length| length >= SURE as usize - 1);
            long.flat_map(|length| row.windows(length).step_by(length / 4)).find_map(|part| {
                Self::whole(part)
                    .filter(|line| line.parts == part.len() as i32 && line.stroke * 10 <= line.height * STROKE * 3)
            })
        })
    }

    /// The line of text that a whole row is. What stands out of line within it is left out.
    fn whole(row: &[Glyph]) -> Option<Self> {
        let rough = Self::measure(row)?;
        if rough.count < LEAST {
            return None;
        }
        let small = small_top(row, &rough);
        let kept: Vec<Glyph> = row.iter().copied().filter(|glyph| rough.aligned(glyph, small)).collect();
        let line = Self::measure(&kept)?;
        let enough = line.count >= LEAST && line.count * 4 >= rough.count * 3;
        // Four or five by chance are not rare in noise: there all have to be aligned.
        let strict = rough.count > 5 || kept.len() == row.len();
        (enough && strict && !is_scale(&kept) && is_spaced(&kept, line.height)).then_some(Self {
            x0: rough.x0,
            x1: rough.x1,
            ..line
        })
    }

    /// Whether it is text rather than a row by chance, which is short: then its strokes have to be thin and alike, or nothing else near it, and
    /// it has to be `met` at several thresholds. Along columns rows by chance are as common, and short text is not.
    pub(super) fn is_text(&self, vertical: bool, met: impl Fn() -> usize) -> bool {
        let least = LEAST + if vertical { 1 } else { 0 };
        if self.parts >= SURE || (self.quiet && self.count >= SURE) {
            return true;
        }
        let pen = self.stroke * 10 <= self.height * STROKE * 3 && self.uneven * 4 <= self.stroke;
        self.count >= least && met() >= if self.quiet { 3 } else { 2 } && (self.quiet || (pen && !vertical))
    }

    /// The same line upside down within so many rows.
    pub(super) const fn mirrored(self, rows: i32) -> Self {
        Self { y0: rows - self.y1, y1: rows - self.y0, base: rows - self.base + self.height, ..self }
    }

    /// Whether two share more than half of the longer.
    pub(super) fn shares_most(&self, other: &Self) -> bool {
        let across = self.x1.min(other.x1) - self.x0.max(other.x0);
        let down = self.y1.min(other.y1) - self.y0.max(other.y0);
        across * 2 > (self.x1 - self.x0).max(other.x1 - other.x0)
            && down * 2 > (self.y1 - self.y0).max(other.y1 - other.y0)
    }

    /// Whether a glyph stands on the base line, reaches one of the two heights and is drawn with the same pen.
    fn aligned(&self, glyph: &Glyph, small: Option<i32>) -> bool {
        let slack = slack(self.height);
        let below = glyph.part.y1 - self.base;
        let bottom = below.abs() <= slack || (below > 0 && below * 20 <= self.height * 7);
        let top = |row: i32| (glyph.part.y0 - row).abs() <= slack;
        // on a slope the same pen stands out more or less, and on tissue from more or less
        let near = |one: u8, most: i32| (i32::from(one) - most).abs() * 4 <= self.peak.max(32);
        let pen = near(glyph.part.peak, self.peak) || near(glyph.part.level, self.level);
        bottom && pen && (top(self.base - self.height) || small.is_some_and(top))
    }
}

/// Parts of a pixel in which strokes are measured.
const STROKE: i32 = 64;

/// The mean run along rows or columns, whichever is shorter.
fn stroke_of(glyph: &Glyph) -> i32 {
    let part = &glyph.part;
    STROKE * part.area / part.across.max(part.down).max(1)
}

/// How far off a line a glyph may be.
pub(super) fn slack(height: i32) -> i32 {
    (height / 8).max(1)
}

/// The top of the small letters of a row.
fn small_top(row: &[Glyph], line: &Line) -> Option<i32> {
    let cap = line.base - line.height;
    let between = cap + slack(line.height) + 1..=cap + line.height / 2;
    let tops: Vec<i32> = row.iter().map(|glyph| glyph.part.y0).filter(|top| between.contains(top)).collect();
    (!tops.is_empty()).then(|| median(tops.into_iter()))
}

/// Ticks of a scale: alike and far apart, or bars all of them.
fn is_scale(row: &[Glyph]) -> bool {
    let (Some(first), Some(last)) = (row.first(), row.last()) else { return true };
    let bars = row.iter().filter(|glyph| glyph.bar).count();
    if bars * 4 > row.len() * 3 {
        return true;
    }
    let part = &first.part;
    let alike = |glyph: &Glyph| {
        let other = &glyph.part;
        (other.width() - part.width()).abs() <= 1
            && (other.height() - part.height()).abs() <= 1
            && (other.area - part.area).abs() * 10 <= part.area
    };
    let inner: i32 = row.iter().map(|glyph| glyph.part.width()).sum();
    let gaps = last.part.x1 - first.part.x0 - inner;
    row.iter().all(alike) && gaps * 10 > 6 * part.height() * (row.len() as i32 - 1)
}

/// Whether enough gaps are those between letters; colons and points are not seen, and letter spacing may be wide.
fn is_spaced(row: &[Glyph], height: i32) -> bool {
    let gaps = row.windows(2).map(|pair| pair[1].part.x0 - pair[0].part.x1);
    row.len() < 2 || lower_third(gaps) * 10 <= height * 6
}

fn median(values: impl Iterator<Item = i32>) -> i32 {
    ranked(values, |count| count / 2)
}

fn lower_third(values: impl Iterator<Item = i32>) -> i32 {
    ranked(values, |count| count / 3)
}

fn ranked(values: impl Iterator<Item = i32>, rank: impl Fn(usize) -> usize) -> i32 {
    let mut values: Vec<i32> = values.collect();
    values.sort_unstable();
    values.get(rank(values.len())).copied().unwrap_or(0)
}

//! Which components may be glyphs, and how many each is.

use super::components::Component;

/// A component that may be a glyph, or several that touch, of text that runs along rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Glyph {
    pub(super) part: Component,
    /// How many glyphs it seems to be.
    pub(super) count: i32,
    /// Whether it is a plain upright bar: `I`, `l`, and the ticks of a ruler.
    pub(super) bar: bool,
}

/// Heights that are looked for, in pixels of the level.
pub(super) const HEIGHTS: std::ops::RangeInclusive<i32> = 5..=40;

impl Glyph {
    /// Takes a component for a glyph, by its size and how it fills its bounds.
    pub(super) fn of(part: Component) -> Option<Self> {
        let (w, h) = (part.width(), part.height());
        if !HEIGHTS.contains(&h) {
            return None;
        }
        let bounds = w * h;
        let bar = w * 5 <= h * 2;
        // A stroke is thin along rows or along columns, by the mean of its runs: at most 0.4 of the height and a pixel.
        let thickness = (part.area / part.across.max(1)).min(part.area / part.down.max(1));
        let thin = thickness * 5 <= h * 2 + 5;
        // 0.15: a slash in a wide box. 0.85: a block is no glyph, unless it is a bar.
        let drawn = part.area * 20 >= bounds * 3 && (bar || part.area * 20 <= bounds * 17);
        if !thin || !drawn {
            return None;
        }
        if w * 10 <= h * 17 {
            return Some(Self { part, count: 1, bar: bar && part.area * 5 >= bounds * 4 });
        }
        // Glyphs that touch: about two strokes in each 0.7 of the height, of which some are joined.
        let word = w <= 30 * h && part.across * 10 >= w * 9 && part.area * 4 <= bounds * 3;
        word.then_some(Self { part, count: ((w * 10 + h * 3) / (h * 7)).max(2), bar: false })
    }

    /// Upside down within so many rows.
    pub(super) const fn mirrored(self, rows: i32) -> Self {
        Self { part: Component { y0: rows - self.part.y1, y1: rows - self.part.y0, ..self.part }, ..self }
    }
}

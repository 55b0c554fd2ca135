//! Rectangles of pixels.

use serde::{Deserialize, Serialize};

/// A rectangle of whole pixels, half open: columns `x0..x1`, rows `y0..y1`, counted from the upper left corner of a frame.
///
/// ```
/// use isocenter_deid::pixels::Rect;
/// let name = Rect::new(4, 10, 84, 22);
/// assert_eq!((name.width(), name.height(), name.area()), (80, 12, 960));
/// assert_eq!(name.intersect(Rect::new(80, 0, 200, 100)), Some(Rect::new(80, 10, 84, 22)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Rect {
    /// First column.
    pub x0: u32,
    /// First row.
    pub y0: u32,
    /// The column after the last.
    pub x1: u32,
    /// The row after the last.
    pub y1: u32,
}

impl Rect {
    /// The rectangle between two corners; what has no pixel is empty.
    pub const fn new(x0: u32, y0: u32, x1: u32, y1: u32) -> Self {
        Self { x0, y0, x1, y1 }
    }

    /// Columns.
    pub const fn width(&self) -> u32 {
        self.x1.saturating_sub(self.x0)
    }

    /// Rows.
    pub const fn height(&self) -> u32 {
        self.y1.saturating_sub(self.y0)
    }

    /// Pixels.
    pub const fn area(&self) -> u64 {
        self.width() as u64 * self.height() as u64
    }

    /// Whether it has no pixel.
    pub const fn is_empty(&self) -> bool {
        self.area() == 0
    }

    /// What lies in both; `None` where nothing does.
    pub fn intersect(&self, other: Self) -> Option<Self> {
        let both = Self {
            x0: self.x0.max(other.x0),
            y0: self.y0.max(other.y0),
            x1: self.x1.min(other.x1),
            y1: self.y1.min(other.y1),
        };
        (!both.is_empty()).then_some(both)
    }

    /// The smallest rectangle that holds both.
    #[must_use]
    pub fn union(&self, other: Self) -> Self {
        Self {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    /// Larger by so many columns and rows on each side, within a frame of `size` (columns, rows).
    #[must_use]
    pub fn grown(&self, columns: u32, rows: u32, size: [u32; 2]) -> Self {
        Self {
            x0: self.x0.saturating_sub(columns),
            y0: self.y0.saturating_sub(rows),
            x1: self.x1.saturating_add(columns).min(size[0]),
            y1: self.y1.saturating_add(rows).min(size[1]),
        }
    }

    /// Whether a pixel lies in it.
    pub const fn contains(&self, x: u32, y: u32) -> bool {
        self.x0 <= x && x < self.x1 && self.y0 <= y && y < self.y1
    }
}

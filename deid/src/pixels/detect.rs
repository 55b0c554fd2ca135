//! Text in one frame, by how it is drawn: thin strokes, side by side, on one line.
//!
//! Nothing is read: a measurement looks as a name does, and is found as one. What is looked for are connected components of what stands out from a small
//! neighbourhood (a top hat), bright on dark and dark on bright, at several thresholds, 5 to 40 pixels high; larger frames are searched at half
//! and quarter size too. They are chained into lines along rows and along columns by height, base line, pen and gaps; at least four glyphs make
//! a line. Shorter runs count where they share the row or the column of a line that was found.
//!
//! The time is linear in the pixels, and so is memory: some bytes for each.
//!
//! # Examples
//! ```
//! use isocenter_deid::pixels::{Plane, detect};
//! let empty = Plane::new(64, 64, vec![12; 64 * 64]).ok_or("size")?;
//! assert!(detect::text(&empty).is_empty());
//! # Ok::<_, &str>(())
//! ```

mod chain;
mod components;
mod glyph;
mod level;
mod line;
mod merge;
mod tophat;

use serde::{Deserialize, Serialize};

use super::{Plane, Rect};

/// Text that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Found {
    /// Where, with a margin of some pixels for soft edges, accents and what hangs below.
    pub rect: Rect,
    /// What it was found by.
    pub evidence: Evidence,
    /// Whether it runs along columns.
    pub vertical: bool,
    /// Height of the capitals in pixels of the frame.
    pub height: u32,
    /// Glyphs, about.
    pub glyphs: u32,
}

/// What text was found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Evidence {
    /// At least four glyphs on a line.
    Line,
    /// Fewer, in the row or the column of a line.
    Companion,
}

/// Finds text. The result is in the order of rows and columns, and the same on every machine.
pub fn text(plane: &Plane) -> Vec<Found> {
    let size = [plane.columns() as u32, plane.rows() as u32];
    let mut found = level::text(plane, 1, size);
    let (mut small, mut scale) = (None::<Plane>, 1);
    // Text grows with the frames it is drawn on: 5 to 40 pixels of a screen are 20 to 160 of a radiograph.
    while size[0].max(size[1]) / scale > SCREEN {
        let next = small.as_ref().unwrap_or(plane).halved();
        scale *= 2;
        found.extend(level::text(&next, scale, size));
        small = Some(next);
    }
    merge::merged(found, plane.rows())
}

/// Frames with a side longer than this are searched at half their size too.
const SCREEN: u32 = 1100;

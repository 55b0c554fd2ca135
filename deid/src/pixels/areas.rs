//! Rectangles of an image: those of every frame, and those of single ones.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Rect;

/// Rectangles of an image: those of every frame, and those of single ones.
///
/// ```
/// use isocenter_deid::pixels::{Areas, Rect};
/// let mut areas = Areas::new();
/// areas.add_everywhere(Rect::new(0, 0, 640, 40));
/// areas.add(2, Rect::new(5, 100, 80, 112));
/// assert_eq!((areas.of(0).len(), areas.of(2).len()), (1, 2));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Areas {
    everywhere: Vec<Rect>,
    frames: BTreeMap<usize, Vec<Rect>>,
}

impl Areas {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a rectangle to every frame; an empty one is left out.
    pub fn add_everywhere(&mut self, rect: Rect) {
        if !rect.is_empty() && !self.everywhere.contains(&rect) {
            self.everywhere.push(rect);
        }
    }

    /// Adds a rectangle to one frame, counted from 0; an empty one is left out.
    pub fn add(&mut self, frame: usize, rect: Rect) {
        if !rect.is_empty() && !self.of(frame).contains(&rect) {
            self.frames.entry(frame).or_default().push(rect);
        }
    }

    /// Those of a frame.
    pub fn of(&self, frame: usize) -> Vec<Rect> {
        self.everywhere.iter().chain(self.frames.get(&frame).into_iter().flatten()).copied().collect()
    }

    /// Whether a frame has any.
    pub fn touches(&self, frame: usize) -> bool {
        !self.everywhere.is_empty() || self.frames.contains_key(&frame)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.everywhere.is_empty() && self.frames.is_empty()
    }
}

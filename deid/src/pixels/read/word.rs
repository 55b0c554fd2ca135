//! A word as it was read.

use std::fmt;

use super::super::Rect;

/// A word as it was read. Its text is not shown by `Debug`: it may be a patient's.
#[derive(Clone, PartialEq)]
pub struct Word {
    text: String,
    rect: Rect,
    confidence: f32,
}

impl Word {
    /// A word, where it stands in the line that was read (pixels of that), and how sure the reader is of it, from 0 to 1.
    pub fn new(text: impl Into<String>, rect: Rect, confidence: f32) -> Self {
        Self { text: text.into(), rect, confidence }
    }

    /// What it says.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where it stands.
    pub const fn rect(&self) -> Rect {
        self.rect
    }

    /// How sure the reader is, from 0 to 1.
    pub const fn confidence(&self) -> f32 {
        self.confidence
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Word")
            .field("letters", &self.text.chars().count())
            .field("rect", &self.rect)
            .field("confidence", &self.confidence)
            .finish_non_exhaustive()
    }
}

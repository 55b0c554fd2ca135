//! Clean Pixel Data: text that is burned into images, found.
//!
//! Source: DICOM PS3.15 E.3.1 (Clean Pixel Data Option).

pub mod detect;
mod plane;
mod rect;

pub use plane::Plane;
pub use rect::Rect;

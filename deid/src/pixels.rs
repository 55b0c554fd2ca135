//! Clean Pixel Data: text that is burned into images, found and blanked.
//!
//! Source: DICOM PS3.15 E.3.1 (Clean Pixel Data Option).

pub mod areas;
pub mod blank;
pub mod detect;
pub mod error;
mod plane;
mod rect;

pub use areas::Areas;
pub use error::Error;
pub use plane::Plane;
pub use rect::Rect;

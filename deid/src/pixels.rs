//! Clean Pixel Data: text that is burned into images, found, weighed and blanked.
//!
//! Start with [`Cleaning`]. Its parts stand alone: [`detect`] finds text in one frame, [`zones`] say what may stay, [`Rules`] name rectangles
//! by device, [`read`] tells harmless labels from names where there is something that reads, [`blank`] sets rectangles to one value without touching other pixels.
//!
//! Source: DICOM PS3.15 E.3.1 (Clean Pixel Data Option).

pub mod areas;
pub mod blank;
pub mod clean;
pub mod detect;
pub mod error;
mod plane;
pub mod read;
mod rect;
pub mod rules;
pub mod zones;

pub use areas::Areas;
pub use clean::{Cleaned, Cleaning, Search, Verdict};
pub use error::Error;
pub use plane::Plane;
pub use read::Reader;
pub use rect::Rect;
pub use rules::Rules;
pub(crate) use rules::signature::Signature;

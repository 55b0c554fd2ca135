//! Burned-in text: found, weighed and blanked, on pictures made here.

#![allow(clippy::unwrap_used, reason = "a test's helpers may panic")]

mod blank;
mod clean;
mod detect;
mod font;
mod image;
mod read;
mod rules;
mod scene;
#[cfg(all(feature = "ocr", unix))]
mod tesseract;
mod zones;

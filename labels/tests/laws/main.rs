//! Laws that hold for any label map.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)] // helpers of tests

mod contour;
mod matching;
mod overlap;
mod remap;
mod strategy;

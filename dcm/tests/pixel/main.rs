//! Pixels: each way in which stored values went wrong elsewhere.
#![allow(clippy::unwrap_used)]

mod cut;
mod edge;
mod encapsulated;
mod geometry;
mod htj2k;
mod htj2k_streams;
#[cfg(feature = "jpeg-xl")]
mod jpegxl;
#[cfg(feature = "jpeg-xl")]
mod jpegxl_streams;
#[path = "../make/mod.rs"]
mod make;
mod native;
mod overshoot;
mod packed;
mod replace;
mod round_trip;

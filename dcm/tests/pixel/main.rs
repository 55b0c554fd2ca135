//! Pixels: each way in which stored values went wrong elsewhere.
#![allow(clippy::unwrap_used)]

mod encapsulated;
mod geometry;
#[path = "../make/mod.rs"]
mod make;
mod native;

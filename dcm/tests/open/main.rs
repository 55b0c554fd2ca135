//! Opening: what is repaired, what is refused, what is never trusted.
#![allow(clippy::unwrap_used)]

mod lengths;
#[path = "../make/mod.rs"]
mod make;
mod meta;
mod scan;
mod text;
mod vr;
mod write;

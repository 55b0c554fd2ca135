//! Opening: what is repaired, what is refused, what is never trusted.
#![allow(clippy::unwrap_used)]

mod chance;
mod lazy;
mod lengths;
#[path = "../make/mod.rs"]
mod make;
mod meta;
mod repair;
mod scan;
mod second_meta;
mod select;
mod text;
mod tolerance;
mod vr;
mod write;

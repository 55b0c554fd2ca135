//! NRRD: headers made by hand, and round trips.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

#[path = "../support/mod.rs"]
mod support;

mod cases;
mod detached;
mod round_trip;

//! NIfTI: files made byte by byte, and round trips.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

#[path = "../support/mod.rs"]
mod support;

mod cases;
mod forms;
mod labels;
mod pair;
mod round_trip;

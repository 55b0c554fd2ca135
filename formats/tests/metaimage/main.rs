//! MetaImage: headers as SimpleITK writes them and others made by hand, data apart, and round trips.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

#[path = "../support/mod.rs"]
mod support;

mod cases;
mod detached;
mod places;
mod round_trip;

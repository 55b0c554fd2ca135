//! MGH: headers as nibabel writes them, footers and tags made by hand, and round trips.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

#[path = "../support/mod.rs"]
mod support;

mod cases;
mod round_trip;

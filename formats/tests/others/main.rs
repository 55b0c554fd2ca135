//! The smaller formats: files as their owners' tools write them, round trips, and what each refuses.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

#[path = "../support/mod.rs"]
mod support;

mod analyze;
mod common;
mod ecat;
mod fits;
mod gipl;
mod npy;
mod par;
mod vtk;

//! The demo's cohort: what is written is what the truth says.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod determinism;
mod faults;
mod fixture;
mod geometry;
mod labels;
mod planted;
mod uptake;

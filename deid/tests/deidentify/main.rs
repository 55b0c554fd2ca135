//! The profile on generated data sets.

#![allow(clippy::unwrap_used, reason = "a test's helpers may panic")]

mod assigned;
mod build;
#[cfg(feature = "crosswalk")]
mod crosswalk;
mod door;
#[cfg(feature = "encrypted-attributes")]
mod encrypted;
mod lazy;
mod leaks;
mod markers;
mod options;
mod private;
mod properties;
mod records;
mod rules;
mod uids;

//! Volumes to DICOM and back through our own reader.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may panic")]

mod refused;
mod required;
mod round_trip;
mod series;
mod support;
mod uids;

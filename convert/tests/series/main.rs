//! Series made by code, with a truth that can be checked by hand.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests may panic, and say what they skip"
)]

#[cfg(feature = "bids")]
mod bids;
mod diffusion;
mod duplicates;
mod enhanced;
mod four_d;
mod geometry;
mod joined;
mod lost_slope;
mod memory;
mod mosaic;
mod output;
mod pet;
mod philips;
mod refused;
mod samples;
mod several;
mod sidecar;
#[cfg(feature = "serde")]
mod stored;
mod support;
mod threads;
mod timing;
mod twice;

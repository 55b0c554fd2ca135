//! HDF5 and MINC 2: what other programs wrote, what is written here, and what is broken.
#![cfg(feature = "hdf5")]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

#[path = "../others/common.rs"]
#[allow(dead_code)]
mod common;
mod files;
mod layouts;
mod minc;
mod round_trip;
#[path = "../support/mod.rs"]
mod support;

use files::packed;
use isocenter_formats::{Error, File, ReadOptions, read_bytes};

fn read(base64: &str) -> Result<File, Error> {
    read_bytes(&packed(base64), &ReadOptions::default())
}

/// What the volumes in `files` hold.
fn values(len: i64) -> Vec<i16> {
    (0..len).map(|n| (n * n % 977 - 300) as i16).collect()
}

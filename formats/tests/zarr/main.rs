//! Stores of Zarr and the images of OME-NGFF in them.
#![cfg(feature = "zarr")]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

#[path = "../others/common.rs"]
#[allow(dead_code)]
mod common;
#[path = "../support/mod.rs"]
mod support;

mod arrays;
mod broken;
mod images;
mod store;
mod written;

//! Pictures: PNG, JPEG, TIFF, and stacks of slices.
#![cfg(feature = "pictures")]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

#[path = "../others/common.rs"]
#[allow(dead_code)]
mod common;
#[path = "../support/mod.rs"]
mod support;

mod jpeg;
mod png;
mod stack;
mod tiff;

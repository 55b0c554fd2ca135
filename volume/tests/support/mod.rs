//! What the corpus test and the corpus example share: a minimal NIfTI-1 reader and writer, and the runner of the manifest.
//!
//! This crate knows no file; the real reader and writer stand in `isocenter-formats`.
#![allow(dead_code, missing_docs, unreachable_pub, clippy::unwrap_used, clippy::large_enum_variant)]

pub mod manifest;
pub mod nifti;

pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

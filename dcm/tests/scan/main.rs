//! Scans of folders, DICOMDIRs and archives, and the index of what they found.
#![allow(clippy::unwrap_used)]

mod archive;
mod directory;
mod index;
#[cfg(feature = "zip")]
#[path = "../make/mod.rs"]
mod make;
mod support;

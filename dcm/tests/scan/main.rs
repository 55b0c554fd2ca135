//! Scans of folders, DICOMDIRs and archives.
#![allow(clippy::unwrap_used)]

mod archive;
mod directory;
#[cfg(feature = "zip")]
#[path = "../make/mod.rs"]
mod make;
#[cfg(unix)]
mod special;
mod support;

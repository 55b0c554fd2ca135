//! Scans of folders, DICOMDIRs and archives, and the index of what they found.
#![allow(clippy::unwrap_used)]

#[cfg(feature = "zip")]
mod archive;
mod directory;
mod index;
mod support;

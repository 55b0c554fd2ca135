//! Scripts of other programs on generated data sets.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test's helpers may panic")]

mod broken;
#[allow(dead_code, reason = "shared with the tests of profiles")]
#[path = "../deidentify/build.rs"]
mod build;
mod compat;
mod ctp;
mod functions;
mod google;
mod kept;
mod microsoft;
mod orthanc;
mod properties;
mod recipe;
mod rsna;
mod run;

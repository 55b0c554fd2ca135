//! Faces removed from images of a phantom, by its truth.

#![allow(clippy::unwrap_used, reason = "a test's helpers may panic")]

mod deidentifier;
mod instance;
mod properties;
mod refusals;
mod scene;
mod shown;
mod volume;

//! The DICOM JSON model: what stands for what, what is refused, and that a data set comes back as it was.
#![cfg(feature = "json")]
#![allow(clippy::unwrap_used)]

mod refused;
mod round_trip;
mod values;

//! Sidecars of generated headers.

mod json;
mod made;
mod makers;
mod modalities;
mod privacy;

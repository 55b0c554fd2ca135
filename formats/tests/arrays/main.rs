//! Arrays in containers: NumPy's archives, safetensors, documents of JNIfTI.
#![cfg(all(feature = "npz", feature = "json"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

#[path = "../others/common.rs"]
#[allow(dead_code)]
mod common;
#[path = "../support/mod.rs"]
mod support;

mod jnifti;
mod npz;
mod safetensors;

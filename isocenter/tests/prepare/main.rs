//! The main job on real scans and on the synthetic cohort.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod apart;
mod bad_input;
mod corpus_convert;
mod demo;
mod e2e_ct;
mod gate;
mod layouts;
mod odd_voxels;
mod same_bytes;
mod support;
mod volume_files;

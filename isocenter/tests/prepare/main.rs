//! The main job on real scans and on the synthetic cohort.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod apart;
mod archives;
mod bad_input;
mod body_parts;
mod corpus_convert;
mod demo;
mod e2e_ct;
mod empty_labels;
mod formats;
mod gate;
mod interrupted;
mod layouts;
mod links;
mod odd_voxels;
mod private_files;
mod ranges;
mod same_bytes;
mod support;
mod volume_files;

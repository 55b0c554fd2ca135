//! The main job on real scans and on the synthetic cohort.

mod bad_input;
mod corpus_convert;
mod demo;
mod e2e_ct;
mod same_bytes;
mod support;

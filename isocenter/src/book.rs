//! The Rust examples of the book run as tests, in the repository, where the book lies beside the crates.

#[doc = include_str!("../../docs/src/dcm.md")]
struct Dcm;
#[doc = include_str!("../../docs/src/phantom.md")]
struct Phantom;
#[doc = include_str!("../../docs/src/volume.md")]
struct Volume;

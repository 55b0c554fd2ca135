//! Benchmarks of the isocenter crates, beside named public peers.
//!
//! `benches/` holds criterion benches; `peers/` holds Python programs that run a peer and us turn by turn in one process tree, on the
//! same samples, and print the ratio. A module of this crate holds the cases that both use.

pub mod dcm;
pub mod normalize;
pub mod volume;

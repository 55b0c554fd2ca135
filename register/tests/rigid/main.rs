//! Registration of analytic heads whose pose is known.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod affine;
mod cancel;
mod group;
mod head;
mod judged;
mod metrics;
mod non_finite;
mod planes;
mod records;
mod recovers;
mod refuses;
mod same_answer;
mod several;
mod sides;
mod trim;
mod verdict;

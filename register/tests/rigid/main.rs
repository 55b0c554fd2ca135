//! Registration of analytic heads whose pose is known.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod head;
mod recovers;
mod refuses;
mod same_answer;
mod verdict;

//! Motion of analytic heads whose poses are known.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

#[path = "../rigid/head.rs"]
#[allow(dead_code, reason = "shared with the tests of single registrations")]
mod head;
mod recovers;
mod refuses;
mod reports;
mod series;

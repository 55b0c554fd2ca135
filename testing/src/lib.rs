//! What the tests of several crates share. Never published, never a dependency of what ships.
//!
//! | Module | What it holds |
//! |---|---|
//! | [`corpus`] | real scans and reference outputs beside the checkout |
//! | [`mutate`] | seeded changes to a file |
#![forbid(unsafe_code)]

pub mod corpus;
pub mod mutate;

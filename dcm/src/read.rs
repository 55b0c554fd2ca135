//! From bytes to a data set, by a length walk that never trusts a declared length.

mod bounds;
mod chance;
pub(crate) mod dataset;
pub(crate) mod dictionary;
pub(crate) mod element;
pub(crate) mod fragments;
pub(crate) mod meta;
mod repair;
pub(crate) mod sniff;
pub(crate) mod walk;

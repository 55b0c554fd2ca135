//! Data sets: what stands in them, and how they become files.

pub mod capture;
mod common;
mod enhanced;
mod glyphs;
mod header;
pub mod instance;
pub mod person;
pub mod pet;
mod single;
pub mod uid;
pub mod vendor;

pub(crate) use common::Context;
pub(crate) use enhanced::enhanced;
pub(crate) use header::Header;
pub(crate) use single::single;

//! The container HDF5: groups, data sets and their attributes, of all versions up to 1.14, read from bytes in memory and written.
//!
//! Nothing here knows what a volume is. Whatever the bytes say, no more of them are taken than the file has, and what leads in a
//! circle ends: every byte that is looked at is counted ([`bytes::Image`]).
//!
//! Source: "HDF5 File Format Specification Version 3.0".

mod arrays;
pub(crate) mod attributes;
mod btree1;
mod btree2;
pub(crate) mod build;
mod bytes;
mod checksum;
mod chunks;
pub(crate) mod dataset;
pub(crate) mod datatype;
mod extensible;
mod filters;
mod fractal;
mod header;
mod heaps;
mod layout;
mod links;
mod lzf;
mod space;
mod superblock;
pub(crate) mod tree;
mod values;

//! TIFF: pages, what ImageJ and tifffile say of them, and how they are written.

mod axes;
mod bounds;
mod description;
mod lzw;
mod pages;
mod reader;
mod writer;

pub(super) use reader::open;
pub(super) use writer::write;

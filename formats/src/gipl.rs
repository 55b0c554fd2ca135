//! GIPL, the Guy's Image Processing Lab format (`.gipl`, `.gipl.gz`): a header of 256 bytes, big endian, and the voxels.
//!
//! The header holds four lengths, four spacings and an origin, and no directions that tools agree on: the frame is
//! [`isocenter_volume::Frame::Unknown`], the axes run along x, y and z, as ITK reads them. So a volume is written only where its axes
//! run along those of the world, upwards: another would lie elsewhere. The fourth axis is numbered (`dim4`), for its unit is not stated.
//!
//! Calibration (`pixval_cal`, `pixval_offset`) is passed over, as by ITK, with a warning where it says something. There is no other
//! scaling: a volume that has one is refused ([`crate::Error::Scaling`]). The first line is the text `description`.
//!
//! Source: the header as ITK's `GiplImageIO` documents it; its files the tests repeat.

mod header;
mod reader;
mod writer;

use crate::{Error, File, Format, Opened, ReadOptions, WriteOptions, source::Source, target::Target};

/// The format.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gipl;

impl Format for Gipl {
    fn name(&self) -> &'static str {
        "GIPL"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["gipl.gz", "gipl"]
    }

    fn sniff(&self, head: &[u8]) -> bool {
        header::is_gipl(head)
    }

    fn open<'a>(&self, source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
        reader::open(source, options)
    }

    fn write(&self, file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
        writer::write(file, target, options)
    }
}

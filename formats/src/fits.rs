//! FITS, the image of astronomers and of some detectors, read only.
//!
//! Read is the image of the primary header: the first axis is i, then j and k; what follows are slow axes, numbered. Integers of 8 to 64
//! bits and floats are as stored; `BSCALE` and `BZERO` are the scaling, but for the offsets by which the standard spells the missing sign
//! (`BZERO` 32768 of 16 bits is u16, 2^31 u32, 2^63 u64, -128 of 8 bits i8), which are put into the samples.
//!
//! The place is that of a straight-line WCS: where each axis of the grid has a `CUNIT` of length (mm, cm, m, um), `CDELT` is the spacing and
//! `CRPIX`, `CRVAL` the origin, in the file's own world, so that the frame is unknown. With angles on the sky, rotations (`PC`, `CD`,
//! `CROTA`) or no unit nothing is placed, and a warning says so ([`crate::Warning::NoPlace`]). `BLANK` is said ([`crate::Warning::Blank`])
//! and left as it is. Images of extensions, and what `fpack` packs, are not read.
//!
//! Source: FITS Standard 4.0, sections 3.3, 4.2, 4.4, 5.2, 8.

mod header;
mod reader;

use crate::{Error, File, Format, Opened, ReadOptions, WriteOptions, source::Source, target::Target};

/// The format, read only.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fits;

impl Format for Fits {
    fn name(&self) -> &'static str {
        "FITS"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &[]
    }

    fn sniff(&self, head: &[u8]) -> bool {
        head.starts_with(b"SIMPLE  =")
    }

    fn open<'a>(&self, source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
        reader::open(source, options)
    }

    fn write(&self, _: &File, _: &mut Target<'_>, _: &WriteOptions<'_>) -> Result<(), Error> {
        Err(Error::unsupported("writing FITS", "it is read only"))
    }
}

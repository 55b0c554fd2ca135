//! MINC 2: `.mnc`, as the MINC tools, CIVET and MNI's templates have it, in the container of [`crate::hdf5`].
//!
//! The axes of the image (`dimorder`) are the volume's in the order of the file, the last fastest: of the three named `xspace`, `yspace` and
//! `zspace` the last is i. `start`, `step` and `direction_cosines` place them in RAS+ millimetres: the first voxel is at the sum of every
//! start along its cosines. `time` and `vector_dimension` are slow axes; three bytes along the latter are a colour. Axes that are not
//! evenly spaced are refused.
//!
//! Integers have a scaling for each slice, or for all: from `valid_range` (or the range of the type) to `image-min` and `image-max`. A
//! slice whose two are equal has that one value; it is kept as the smallest slope there is. Floats are the real values.
//!
//! MINC 1, which is netCDF, is refused by name: `mincconvert -2` makes MINC 2 of it.
//!
//! Source: "MINC 2.0 File Format Reference"; `libminc`'s `minc2_api.c`.

mod axes;
mod reader;
mod scaling;

pub(crate) use reader::{is_minc, open};

use crate::{Error, File, Format, Opened, ReadOptions, WriteOptions, source::Source, target::Target};

/// The format; MINC 2 is found by [`crate::hdf5::Hdf5`], whose container it has.
#[derive(Clone, Copy, Debug, Default)]
pub struct Minc;

impl Format for Minc {
    fn name(&self) -> &'static str {
        "MINC"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["mnc"]
    }

    fn sniff(&self, head: &[u8]) -> bool {
        head.starts_with(b"CDF\x01") || head.starts_with(b"CDF\x02") || head.starts_with(b"CDF\x05")
    }

    fn open<'a>(&self, _: Source<'a>, _: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
        Err(Error::unsupported("MINC 1 and other netCDF, of which mincconvert -2 makes MINC 2", "CDF"))
    }

    fn write(&self, _: &File, _: &mut Target<'_>, _: &WriteOptions<'_>) -> Result<(), Error> {
        Err(Error::unsupported("writing MINC", "write another format"))
    }
}

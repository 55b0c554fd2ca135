//! NumPy arrays: `.npy`, as `numpy.save` writes them.
//!
//! An array is indexed `[..., z, y, x]`: its last axis is i, the one before it j, the third from the end k, and what comes before are
//! slow axes, numbered (`dim4` is the one next to k). That is the shape that SimpleITK and DICOM's planes have in NumPy; an array that
//! nibabel gave, `[x, y, z]`, comes out with i and k exchanged. `fortran_order` says how the numbers lie, not what the axes are, so it
//! changes nothing but the way they are read. One and two axes are a line and a picture.
//!
//! The format has no place: spacing is 1 mm, the frame [`isocenter_volume::Frame::Unknown`], and a warning says so
//! ([`crate::Warning::NoPlace`]). It has no scaling: a volume that has one is refused ([`crate::Error::Scaling`]).
//!
//! Samples are `b1` (as u8), integers of 1 to 8 bytes, floats of 2 to 8, complex of 8 and 16, either byte order, and the three bytes
//! of colour that nibabel gives (`R`, `G`, `B`). Other records, strings, dates and objects are refused; nothing is ever unpickled.
//!
//! Source: "The .npy file format" (`numpy.lib.format`), versions 1 to 3.

pub(crate) mod header;
mod literal;
mod reader;
mod writer;

use isocenter_files::Signature;

use crate::{Error, File, Format, Opened, ReadOptions, WriteOptions, source::Source, target::Target};

/// The format.
#[derive(Clone, Copy, Debug, Default)]
pub struct Npy;

impl Format for Npy {
    fn name(&self) -> &'static str {
        "NumPy"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["npy"]
    }

    fn sniff(&self, head: &[u8]) -> bool {
        Signature::of(head) == Some(Signature::Npy)
    }

    fn open<'a>(&self, source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
        reader::open(source, options)
    }

    fn write(&self, file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
        writer::write(file, target, options)
    }
}

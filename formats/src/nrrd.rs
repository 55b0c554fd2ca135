//! NRRD: `.nrrd`, and `.nhdr` with its data in a file beside it.
//!
//! The header is text; `space directions` and `space origin` are the affine. A space of the patient (left-posterior-superior,
//! right-anterior-superior, left-anterior-superior) becomes LPS+ millimetres; without one, or with one that is not tied to the
//! patient (`scanner-xyz`, `3D-right-handed`), the frame is [`isocenter_volume::Frame::Unknown`] and the affine is kept.
//!
//! A space of four directions (`left-posterior-superior-time`) has its time taken out: that axis is a slow one, with its seconds.
//!
//! Axes without a direction (`list`, `vector`, `time`, ...) become slow axes wherever they stand in the file: the voxels are moved so
//! that the spatial axes are fastest. An axis of three 8-bit `RGB-color` values, or of two `complex` ones, becomes the sample.
//!
//! Numbers of the header are f64 and are written in their shortest exact spelling, so the affine round-trips exactly. NRRD has no
//! scaling: a volume that has one is refused ([`crate::Error::Scaling`]).
//!
//! Source: "Definition of NRRD File Format" (teem.sourceforge.net/nrrd/format.html), versions 1 to 5.

mod axes;
mod fields;
mod header;
mod kinds;
mod place;
mod reader;
mod time;
mod values;
mod writer;

use isocenter_files::Signature;

use crate::{Error, File, Format, Opened, ReadOptions, WriteOptions, source::Source, target::Target};

/// The format.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nrrd;

impl Format for Nrrd {
    fn name(&self) -> &'static str {
        "NRRD"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["nrrd"]
    }

    fn pair(&self) -> Option<(&'static str, &'static str)> {
        Some(("nhdr", "raw"))
    }

    fn sniff(&self, head: &[u8]) -> bool {
        Signature::of(head) == Some(Signature::Nrrd)
    }

    fn open<'a>(&self, source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
        reader::open(source, options)
    }

    fn data_files(&self, source: &mut Source<'_>, options: &ReadOptions<'_>) -> Result<Vec<String>, Error> {
        reader::data_files(source, options)
    }

    fn write(&self, file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
        writer::write(file, target, options)
    }
}

//! VTK's legacy files (`.vtk`) of structured points: an image on a grid.
//!
//! The header is text in fixed order: version, a title, `ASCII` or `BINARY`, `DATASET STRUCTURED_POINTS`, `DIMENSIONS`, `ORIGIN` and
//! `SPACING`; then `POINT_DATA` and the values, big endian or spelled. The first attribute is the image: `SCALARS` of any number of
//! components, `COLOR_SCALARS` of bytes, `VECTORS`, or the first array of a `FIELD`. Several components become a slow axis of channels,
//! three of `COLOR_SCALARS` the sample.
//!
//! The axes run along x, y and z of a world that the format does not tie to a patient: the frame is
//! [`isocenter_volume::Frame::Unknown`]. So a volume is written only where its axes run along those of the world, upwards: another would
//! lie elsewhere (ITK drops its directions). The world's numbers are written as they are, LPS+ millimetres for a patient, as ITK does.
//!
//! `long` has 4 or 8 bytes, by the machine that wrote it: the length of the file tells, or the file is refused. Meshes, structured
//! grids, values of cells and the XML formats (`.vti`) are refused or not known. There is no scaling: a volume that has one is refused
//! ([`crate::Error::Scaling`]).
//!
//! Source: "VTK File Formats", simple legacy formats (vtk.org); ITK's `VTKImageIO`, whose files the tests repeat.

mod header;
mod kind;
mod reader;
mod writer;

use crate::{Error, File, Format, Opened, ReadOptions, WriteOptions, source::Source, target::Target};

/// The format.
#[derive(Clone, Copy, Debug, Default)]
pub struct Vtk;

impl Format for Vtk {
    fn name(&self) -> &'static str {
        "VTK"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["vtk"]
    }

    fn sniff(&self, head: &[u8]) -> bool {
        head.get(..header::MAGIC.len()).is_some_and(|start| start.eq_ignore_ascii_case(header::MAGIC))
    }

    fn open<'a>(&self, source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
        reader::open(source, options)
    }

    fn write(&self, file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
        writer::write(file, target, options)
    }
}

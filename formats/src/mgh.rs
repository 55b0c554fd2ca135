//! FreeSurfer MGH: `.mgh`, and gzipped `.mgz` or `.mgh.gz`.
//!
//! A header of 284 bytes, voxels, a footer of scan parameters, tags; all big endian. The file's world is RAS+ (`xyz` direction cosines,
//! spacing, and the place of the voxel at half the dimensions); it passes [`isocenter_volume::Affine::from_ras`] at this door and is
//! LPS+ millimetres inside. Where `goodRASFlag` is not set nobody says which way is left: the frame is
//! [`isocenter_volume::Frame::Unknown`], with the spacing alone. FreeSurfer takes such a volume for coronal slices of 1 mm; that is an
//! assumption, which a warning names.
//!
//! Frames become a slow axis without a unit, for the file does not say what they are: TR is kept as a fact of the acquisition
//! ([`isocenter_volume::meta::Mr`], seconds and degrees; the file has milliseconds and radians), and so are TE, TI and the flip angle. They
//! stand behind the voxels, which [`Format::read_head`] passes over to find them.
//!
//! Of the tags, an embedded colour table becomes the label table, and texts are kept: `cmdline.N` (the commands that made the file, which
//! may name a patient), `xfm` (a file name, too), `pedir`. A warning counts the others.
//!
//! Geometry and parameters are f32: what is written comes back rounded to about 7 digits. There is no place for a scaling
//! ([`crate::Error::Scaling`]), for a second slow axis, for samples but u8, i16, u16 (which nibabel does not read), i32 and f32, nor for
//! an affine of an unknown frame beyond its spacing. Half floats are written as f32.
//!
//! Source: FreeSurfer wiki, "FsTutorial/MghFormat" and "LabelsClutsAnnotationFiles"; nibabel 5, whose files and readings the tests repeat.

mod bytes;
mod colours;
mod footer;
mod header;
mod reader;
mod tags;
mod writer;

use isocenter_files::Signature;

use crate::{Error, File, FileHead, Format, Opened, ReadOptions, WriteOptions, source::Source, target::Target};

/// The format.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mgh;

impl Format for Mgh {
    fn name(&self) -> &'static str {
        "MGH"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["mgz", "mgh", "mgh.gz"]
    }

    fn sniff(&self, head: &[u8]) -> bool {
        Signature::of(head) == Some(Signature::Mgh)
    }

    fn open<'a>(&self, source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
        reader::open(source, options)
    }

    fn read_head<'a>(&self, source: Source<'a>, options: &ReadOptions<'a>) -> Result<FileHead, Error> {
        reader::read_head(source, options)
    }

    fn write(&self, file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
        writer::write(file, target, options)
    }
}

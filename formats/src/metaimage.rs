//! MetaImage: `.mha`, and `.mhd` with its data in files beside it. The format of ITK, SimpleITK, elastix and many a challenge.
//!
//! The header is text, `Key = value`, and ends with `ElementDataFile`. The world is LPS+ millimetres, as ITK has it: `Offset` (also
//! `Position`, `Origin`) is the place of the first voxel, and each row of `TransformMatrix` (also `Rotation`, `Orientation`) the
//! direction of one axis, which `ElementSpacing` makes a step.
//!
//! Without a matrix nobody says which way is left: the frame is [`isocenter_volume::Frame::Unknown`], where ITK takes the patient's
//! axes. So it is where the header says `AnatomicalOrientation = ???` beside a matrix (VTK, and this crate for an unknown frame), and
//! for one or two axes, whose world is not the patient's. `AnatomicalOrientation` is read for nothing else; where it contradicts the
//! matrix, a warning says so. `CenterOfRotation` belongs to scenes, not to images, and is passed over as by ITK.
//!
//! Several channels become a slow axis, or the sample where they are three bytes; axes from the fourth are numbered (`dim4`), for
//! their unit is not stated. Lengths in other `DistanceUnits` become millimetres (ITK leaves them as they are). `MET_LONG` has 4 bytes, as
//! MetaIO defines it; a file of 8 is refused rather than read as twice as many voxels.
//!
//! `ElementToIntensityFunctionSlope` and `Offset` are read as the scaling. Since most tools pass over them, none is written: a volume that
//! has one is refused ([`crate::Error::Scaling`]). Keys without a meaning for the volume are texts.
//!
//! Source: the MetaIO documentation (Kitware, "MetaIO/Documentation"); ITK's `MetaImageIO`, whose files and readings the tests repeat.

mod element;
mod fields;
mod header;
mod place;
mod reader;
mod writer;

use isocenter_files::Signature;

use crate::{Error, File, Format, Opened, ReadOptions, WriteOptions, source::Source, target::Target};

/// The format.
#[derive(Clone, Copy, Debug, Default)]
pub struct MetaImage;

impl Format for MetaImage {
    fn name(&self) -> &'static str {
        "MetaImage"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["mha"]
    }

    fn pair(&self) -> Option<(&'static str, &'static str)> {
        Some(("mhd", "raw"))
    }

    fn sniff(&self, head: &[u8]) -> bool {
        Signature::of(head) == Some(Signature::MetaImage)
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

//! Philips PAR/REC, read: a text of the scan (`.PAR`) and the stored values in the `.REC` beside it. Versions 4, 4.1 and 4.2.
//!
//! A table of the text has a row for each image; images go to their places by slice, echo, cardiac phase, diffusion weighting, label,
//! dynamic and type, whatever order the file has them in. Where these make a full grid they are the slow axes, in this order; where they
//! do not (diffusion of version 4, which does not say its directions), there is one axis `volume` in the order of the table. A
//! volume that an interrupted scan left without some of its slices is left out, and a warning says so.
//!
//! The place is the stack's centre (`Off Centre midslice`) and its rotation (`Angulation midslice`), about the patient's axes AP, FH and
//! RL; the images' own centres say which way the slices run. Where the stack contradicts its images by more than half a pixel, or has
//! lost its numbers, theirs are taken, and a warning says so. Slices that do not follow one another evenly, and stacks in several
//! directions (scouts), are refused. Voxel (n - 1) / 2 of each axis is the
//! centre, as nibabel has it. The frame is the patient's.
//!
//! Values are those that the console displays: rescale slope and intercept, kept apart, for each image its own where they differ.
//! Philips' floating-point values are these divided by rescale slope times scale slope, and are not computed. Gradient directions are
//! turned to the world's axes. Lines of the general information are texts by their name, and name the patient.
//!
//! Source: the description of the table that every file contains; nibabel's `parrec`, whose reading of real files the tests repeat.

mod header;
mod place;
mod reader;
mod row;
mod steps;

use crate::{Error, File, Format, Opened, ReadOptions, WriteOptions, source::Source, target::Target};

/// The format.
#[derive(Clone, Copy, Debug, Default)]
pub struct Par;

impl Format for Par {
    fn name(&self) -> &'static str {
        "PAR/REC"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &[]
    }

    fn sniff(&self, head: &[u8]) -> bool {
        head.starts_with(header::MAGIC)
    }

    fn open<'a>(&self, source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
        reader::open(source, options)
    }

    fn data_files(&self, source: &mut Source<'_>, _options: &ReadOptions<'_>) -> Result<Vec<String>, Error> {
        Ok(vec![reader::data_name(source)?])
    }

    fn write(&self, _: &File, _: &mut Target<'_>, _: &WriteOptions<'_>) -> Result<(), Error> {
        Err(Error::unsupported("writing PAR/REC", ""))
    }
}

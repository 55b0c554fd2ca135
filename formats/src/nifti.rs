//! NIfTI-1 and NIfTI-2: `.nii`, gzip or not, and the `.hdr` + `.img` pair.
//!
//! The file's world is RAS+; it passes [`isocenter_volume::Affine::from_ras`] at this door and is LPS+ millimetres inside. The
//! sform places the volume where its code is above 0, else the qform, else nobody says which way is left: the frame is
//! [`isocenter_volume::Frame::Unknown`] and the affine holds `pixdim` alone. Lengths in metres or microns become millimetres.
//!
//! Stored values and `scl_slope`, `scl_inter` are kept apart (0 or not finite is no scaling), so that integers of any size keep
//! every bit. Axis 4 is time where the header gives its unit as a time; further axes are numbered.
//!
//! NIfTI-1 stores the affine and the scaling in f32: what is written comes back rounded to about 7 digits. NIfTI-2 stores f64.
//! Neither has a place for a Frame of Reference UID, for the names of slow axes, for the values of steps unless they are evenly
//! spaced times, or for an affine of an unknown frame beyond its spacing. Half floats are written as f32.
//!
//! Source: the NIfTI-1 standard, `nifti1.h` (NIMH, 2007); NIfTI-2, `nifti2.h` (2011); the data model of nibabel 5.

mod data_type;
mod extension;
mod header;
#[cfg(feature = "json")]
pub mod jnifti;
mod placement;
mod quaternion;
mod reader;
mod slabs;
mod slow;
mod writer;

#[cfg(feature = "nifti")]
mod parts;

use crate::{Error, File, Format, Opened, ReadOptions, WriteOptions, analyze, source::Source, target::Target};

#[cfg(feature = "nifti")]
pub(crate) use parts::read as read_parts;
pub use slabs::SlabWriter;

/// The format.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nifti;

impl Format for Nifti {
    fn name(&self) -> &'static str {
        "NIfTI"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["nii.gz", "nii"]
    }

    fn pair(&self) -> Option<(&'static str, &'static str)> {
        Some(("hdr", "img"))
    }

    fn sniff(&self, head: &[u8]) -> bool {
        header::Version::sniff(head).is_some()
    }

    fn open<'a>(&self, source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
        reader::open(source, options)
    }

    fn data_files(&self, source: &mut Source<'_>, _options: &ReadOptions<'_>) -> Result<Vec<String>, Error> {
        reader::data_files(source)
    }

    fn write(&self, file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
        if options.analyze && target.is_pair() {
            return analyze::write(file, target, options);
        }
        writer::write(file, target, options)
    }
}

//! Analyze 7.5: a `.hdr` of 348 bytes and the voxels in the `.img` beside it, plain or gzip. The format that NIfTI grew from.
//!
//! Nobody knows which way an Analyze volume lies: the standard's `orient` is rarely set and more rarely meant, and tools took the first
//! axis for the patient's left or right as they pleased. The frame is [`isocenter_volume::Frame::Unknown`], with `pixdim` along the axes;
//! `orient` is a text. SPM's origin (`originator`) and its `.mat` are not read.
//!
//! SPM keeps a slope in `funused1` and, since SPM2, an intercept in `funused2`; others keep something else there: where the first is
//! neither 0 nor 1 they are taken as such, and a warning says so ([`crate::Warning::SpmScale`]). SPM's codes of signed bytes and unsigned integers are read. Colours lie in planes or
//! in voxels, by the tool that wrote them, and are refused; so are single bits.
//!
//! It is written where [`crate::WriteOptions::with_analyze`] asks for it, in the types of the standard. It has no scaling: a volume that
//! has one is refused ([`crate::Error::Scaling`]).
//!
//! Source: "ANALYZE 7.5 File Format" (Mayo Clinic, `dbh.h`); SPM's `spm_type`.

mod header;
mod reader;
mod writer;

use isocenter_files::Signature;

pub(crate) use writer::write;

use crate::{Error, File, Format, Opened, ReadOptions, WriteOptions, pair, source::Source, target::Target};

/// The format.
#[derive(Clone, Copy, Debug, Default)]
pub struct Analyze;

impl Format for Analyze {
    fn name(&self) -> &'static str {
        "Analyze"
    }

    /// None: `.hdr` with `.img` is NIfTI where it is written, unless an option says otherwise.
    fn extensions(&self) -> &'static [&'static str] {
        &[]
    }

    fn sniff(&self, head: &[u8]) -> bool {
        Signature::of(head) == Some(Signature::Analyze)
    }

    fn open<'a>(&self, source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
        reader::open(source, options)
    }

    fn data_files(&self, source: &mut Source<'_>, _options: &ReadOptions<'_>) -> Result<Vec<String>, Error> {
        Ok(pair::data_names(source)?.to_vec())
    }

    fn write(&self, file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
        write(file, target, options)
    }
}

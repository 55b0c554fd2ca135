//! ECAT 7 (`.v`), read: volumes of CTI and Siemens PET scanners, 16-bit, their frames and gates.
//!
//! A file is blocks of 512 bytes, big endian: a main header, a directory of matrices (which may go on in further blocks), and for each
//! matrix a header and its voxels. Matrices are sorted by frame and gate, whatever their order; the slow axes are time (frame starts, s)
//! and cardiac phase. Of several beds and of sinograms nothing is read.
//!
//! The scanner's axes are not the patient's, whose position is stated in words or not at all: the frame is
//! [`isocenter_volume::Frame::Unknown`], the centre of the volume lies at the reconstruction's offset. Real values are the stored ones
//! times the matrix's scale and the file's calibration, each frame its own; the unit is the text of the header where it is `Bq/ml`. Other
//! texts of the main header, which name the patient, come by the names of its fields.
//!
//! Source: "ECAT 7 file format" as the Turku PET Centre documents it (libtpcimgio, `ecat7.h`); nibabel's `ecat`, whose reading of a real
//! file was compared.

mod directory;
mod header;
mod reader;

use crate::{Error, File, Format, Opened, ReadOptions, WriteOptions, source::Source, target::Target};

/// The format.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ecat;

impl Format for Ecat {
    fn name(&self) -> &'static str {
        "ECAT 7"
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

    fn write(&self, _: &File, _: &mut Target<'_>, _: &WriteOptions<'_>) -> Result<(), Error> {
        Err(Error::unsupported("writing ECAT 7", ""))
    }
}

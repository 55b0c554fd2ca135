//! Archives of NumPy's arrays: `.npz`, as `numpy.savez` and `numpy.savez_compressed` write them.
//!
//! The only array is the volume, its axes as in [`crate::npy`]. Of several, [`crate::ReadOptions::with_name`] chooses; without it they
//! are refused, and named.
//!
//! An array `affine` of 4 x 4 floats beside it is its place, as nibabel has it: RAS+ millimetres, of an array indexed `[x, y, z, ...]`,
//! so there the first index is i. A volume in a patient's frame is written so, as `data` and `affine`, which
//! `nibabel.Nifti1Image(f["data"], f["affine"])` takes; any other as `data` alone, indexed `[..., z, y, x]`.
//!
//! A member is stored or deflated. Nothing is ever unpickled.
//!
//! Source: `numpy.lib.npyio` (`savez`); PKWARE APPNOTE 6.3.

mod reader;
mod writer;

use crate::{Error, File, Format, Opened, ReadOptions, WriteOptions, source::Source, target::Target};

/// The format.
#[derive(Clone, Copy, Debug, Default)]
pub struct Npz;

/// What the place of a volume is called.
const AFFINE: &str = "affine";

/// What a volume is called.
const DATA: &str = "data";

impl Format for Npz {
    fn name(&self) -> &'static str {
        "NumPy archive"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["npz"]
    }

    fn sniff(&self, head: &[u8]) -> bool {
        // the first member is an array; any other archive is left alone
        let len = head.get(26..28).map_or(0, |b| usize::from(u16::from_le_bytes([b[0], b[1]])));
        head.starts_with(b"PK\x03\x04") && head.get(30..30 + len).is_some_and(|name| name.ends_with(b".npy"))
    }

    fn open<'a>(&self, source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
        reader::open(source, options)
    }

    fn write(&self, file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
        writer::write(file, target, options)
    }
}

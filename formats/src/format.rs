//! One trait that every format implements, and the list of them.

use crate::{Error, File, ReadOptions, WriteOptions, nifti::Nifti, nrrd::Nrrd, source::Source, target::Target};

/// A kind of file that holds a volume.
pub trait Format: Sync {
    /// Its name.
    fn name(&self) -> &'static str;

    /// Extensions of a single file, without a dot, the usual one first.
    fn extensions(&self) -> &'static [&'static str];

    /// Extensions of a header file and of the data file beside it, where the format has such pairs.
    fn pair(&self) -> Option<(&'static str, &'static str)> {
        None
    }

    /// Whether a file that begins with `head` (decompressed, up to [`HEAD_BYTES`]) is of this format.
    fn sniff(&self, head: &[u8]) -> bool;

    /// Reads a file from its first byte.
    ///
    /// # Errors
    /// Any [`Error`] but those of writing.
    fn read(&self, source: &mut Source<'_>, options: &ReadOptions) -> Result<File, Error>;

    /// Writes a file.
    ///
    /// # Errors
    /// [`Error::Unsupported`], [`Error::PerPlaneScaling`], [`Error::Scaling`] for what the format cannot hold, [`Error::Io`].
    fn write(&self, file: &File, target: &mut Target<'_>, options: &WriteOptions) -> Result<(), Error>;
}

/// Bytes that [`Format::sniff`] sees: a whole NIfTI header of either version.
pub const HEAD_BYTES: usize = 540;

/// All formats.
pub fn registry() -> &'static [&'static dyn Format] {
    &[&Nifti, &Nrrd]
}

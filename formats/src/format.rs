//! One trait that every format implements.

use std::fmt;

use crate::{Error, File, FileHead, Opened, ReadOptions, WriteOptions, source::Source, target::Target};

/// A kind of file that holds a volume.
pub trait Format: fmt::Debug + Sync {
    /// Its name.
    fn name(&self) -> &'static str;

    /// Extensions of a single file, without a dot, the usual one first.
    fn extensions(&self) -> &'static [&'static str];

    /// Extensions of a header file and of the data file beside it, where the format has such pairs.
    fn pair(&self) -> Option<(&'static str, &'static str)> {
        None
    }

    /// Whether it is written as several files, through [`Target::Several`].
    fn is_several(&self) -> bool {
        false
    }

    /// Whether those files lie in a folder of the file's own name.
    fn is_folder(&self) -> bool {
        false
    }

    /// Names of the files that tell what a folder is which is one volume with all that is in it, the most telling first; none where a
    /// volume is no folder.
    fn folder_files(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether it is one of pictures, which have no place in a patient: a screenshot, a photograph, a page.
    fn is_picture(&self) -> bool {
        false
    }

    /// Whether a file that begins with `head` (decompressed, up to [`crate::source::HEAD_BYTES`]) is of this format.
    fn sniff(&self, head: &[u8]) -> bool;

    /// Opens a file at its first byte: reads what it says of its volume, and none of its voxels.
    ///
    /// # Errors
    /// Any [`Error`] but those of writing.
    fn open<'a>(&self, source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error>;

    /// Reads all that a file says of its volume, also what it says behind the voxels, which are passed over.
    ///
    /// # Errors
    /// As [`Format::open`].
    fn read_head<'a>(&self, source: Source<'a>, options: &ReadOptions<'a>) -> Result<FileHead, Error> {
        Ok(self.open(source, options)?.into_head())
    }

    /// The files that hold the voxels of a header that begins `source`, by the names that it says or that go with its own; none
    /// where it holds them itself.
    ///
    /// # Errors
    /// As [`Format::open`], as far as the names.
    fn data_files(&self, _source: &mut Source<'_>, _options: &ReadOptions<'_>) -> Result<Vec<String>, Error> {
        Ok(Vec::new())
    }

    /// Writes a file.
    ///
    /// # Errors
    /// [`Error::Unsupported`], [`Error::PerPlaneScaling`], [`Error::Scaling`] for what the format cannot hold, [`Error::Io`].
    fn write(&self, file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error>;
}

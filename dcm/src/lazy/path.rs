//! Opening by path, or from any source.

use std::fs::File;
use std::path::Path;

use super::{Lazy, io};
use crate::open::FIRST_BLOCK;
use crate::source::{ReadAt, Reader};
use crate::{Error, Instance, OpenOptions};

impl OpenOptions {
    /// Opens a file.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::NotDicom`], [`Error::Truncated`], [`Error::Malformed`], [`Error::Limit`],
    /// [`Error::UnsupportedTransferSyntax`] where the data set itself cannot be read, [`Error::NotConforming`] under
    /// [`Tolerance::Strict`], [`Error::Io`].
    pub fn open(&self, path: impl AsRef<Path>) -> Result<Instance, Error> {
        let path = path.as_ref();
        let io = |source| Error::Io { path: Some(path.to_owned()), action: "read", source };
        let file = File::open(path).map_err(io)?;
        self.read_at(&file).map_err(|error| match error {
            Error::Io { source, action, .. } => Error::Io { path: Some(path.to_owned()), action, source },
            other => other,
        })
    }

    /// Opens what a source holds; of a file that is read in part, no more of it is read than that needs.
    ///
    /// # Errors
    /// As [`OpenOptions::open`].
    pub fn read_at(&self, source: &(impl ReadAt + ?Sized)) -> Result<Instance, Error> {
        let total = source.size().map_err(io)?;
        if self.header_only || self.until.is_some() || total <= FIRST_BLOCK as u64 {
            return self.read_from(&mut Reader::new(source).map_err(io)?, Vec::new(), total);
        }
        // Pixel data goes from the source to its place, without a second copy of the whole file in memory.
        Lazy::new(source, self).and_then(Lazy::load)
    }

    /// Opens a file and leaves its pixel data where it is; see [`Lazy`].
    ///
    /// # Errors
    /// As [`OpenOptions::open`].
    pub fn open_lazy(&self, path: impl AsRef<Path>) -> Result<Lazy<File>, Error> {
        let path = path.as_ref();
        let io = |source| Error::Io { path: Some(path.to_owned()), action: "read", source };
        Lazy::new(File::open(path).map_err(io)?, self)
    }
}

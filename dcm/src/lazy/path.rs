//! Opening by path, or from any source.

use std::fs::File;
use std::path::Path;

use isocenter_files::open_regular;
use isocenter_volume::Ctx;

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
    /// [`Tolerance::Strict`](crate::Tolerance::Strict), [`Error::Io`].
    pub fn open(&self, path: impl AsRef<Path>) -> Result<Instance, Error> {
        self.open_with(path, &Ctx::default())
    }

    /// As [`OpenOptions::open`]; the stage `read` counts bytes of pixel data.
    ///
    /// # Errors
    /// As [`OpenOptions::open`], and [`Error::Cancelled`].
    pub fn open_with(&self, path: impl AsRef<Path>, ctx: &Ctx<'_>) -> Result<Instance, Error> {
        let path = path.as_ref();
        let io = |source| Error::Io { path: Some(path.to_owned()), action: "read", source };
        let file = open_regular(path).map_err(io)?;
        self.read_at(&file, ctx).map_err(|error| match error {
            Error::Io { source, action, .. } => Error::Io { path: Some(path.to_owned()), action, source },
            other => other,
        })
    }

    /// Opens what a source holds, with stages as [`OpenOptions::open_with`]; of what is read in part, no more is read than that
    /// needs.
    ///
    /// # Errors
    /// As [`OpenOptions::open_with`].
    pub fn read_at(&self, source: &(impl ReadAt + ?Sized), ctx: &Ctx<'_>) -> Result<Instance, Error> {
        ctx.check()?;
        let total = source.size().map_err(io)?;
        if self.header_only || self.until.is_some() || total <= FIRST_BLOCK as u64 {
            return self.read_from(&mut Reader::new(source).map_err(io)?, Vec::new(), total);
        }
        // Pixel data goes from the source to its place, without a second copy of the whole file in memory.
        Lazy::new(source, self)?.load_with(ctx)
    }

    /// Opens a file and leaves its pixel data where it is; see [`Lazy`].
    ///
    /// # Errors
    /// As [`OpenOptions::open`].
    pub fn open_lazy(&self, path: impl AsRef<Path>) -> Result<Lazy<File>, Error> {
        let path = path.as_ref();
        let io = |source| Error::Io { path: Some(path.to_owned()), action: "read", source };
        Lazy::new(open_regular(path).map_err(io)?, self)
    }
}

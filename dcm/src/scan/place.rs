//! Where a file lies: in the file system, or in an archive as `archive.zip!/member`.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::{Error, Instance, Limits, OpenOptions};

/// Opens what a scan found at `path`: a file, or (feature `zip`) a member of an archive.
///
/// # Errors
/// As [`OpenOptions::open`]; within an archive [`Error::UnsupportedCodec`] where the member is encrypted or packed by something
/// other than deflate, [`Error::Limit`] where it inflates beyond the limits, [`Error::Malformed`] where it is damaged.
pub fn open(path: &Path, options: &OpenOptions) -> Result<Instance, Error> {
    #[cfg(feature = "zip")]
    if let Some(member) = super::archive::Member::of(path) {
        return member
            .read(&options.limits, &mut |mut reader, total| options.read_from(&mut reader, Vec::new(), total));
    }
    options.open(path)
}

/// What is done with the bytes of a file, of which there are so many.
pub(super) type Within<'a, T> = dyn FnMut(&mut dyn Read, u64) -> Result<T, Error> + 'a;

/// Reads what a scan found at `path`.
pub(crate) fn read_from<T>(path: &Path, limits: &Limits, within: &mut Within<'_, T>) -> Result<T, Error> {
    #[cfg(feature = "zip")]
    if let Some(member) = super::archive::Member::of(path) {
        return member.read(limits, within);
    }
    let io = |source| Error::Io { path: Some(path.to_owned()), action: "read", source };
    let mut file = File::open(path).map_err(io)?;
    let total = file.metadata().map_err(io)?.len();
    if total > limits.file_bytes {
        return Err(Error::Limit { what: "bytes of a file", asked: total, limit: limits.file_bytes });
    }
    within(&mut file, total)
}

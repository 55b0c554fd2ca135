//! Where a file lies: in the file system, in an archive as `archive.zip!/member`, or in a source.

use std::io::Read;
use std::path::Path;

use isocenter_files::open_regular;
use isocenter_volume::Ctx;

#[cfg(feature = "zip")]
use super::archive::Member;
use super::scanned::{Origin, Scanned};
use crate::source::{ReadAt, Reader};
use crate::{Error, Instance, OpenOptions, ReadLimits};

/// Opens what a scan found at `path`: a file, or (feature `zip`) a member of an archive.
///
/// # Errors
/// As [`OpenOptions::open`]; within an archive [`Error::UnsupportedCodec`] where the member is encrypted or packed by something
/// other than deflate, [`Error::Limit`] where it inflates beyond the limits, [`Error::Malformed`] where it is damaged.
pub fn open(path: impl AsRef<Path>, options: &OpenOptions) -> Result<Instance, Error> {
    let path = path.as_ref();
    #[cfg(feature = "zip")]
    if let Some(member) = Member::of(path, &options.limits) {
        return open_member(&member?, options);
    }
    options.open(path)
}

impl Scanned {
    /// Opens it anew, wherever it lies, as `options` say: whole, say, where the scan holds the header.
    ///
    /// # Errors
    /// As [`OpenOptions::open`], and as [`open`] within an archive.
    pub fn open(&self, options: &OpenOptions) -> Result<Instance, Error> {
        match &self.origin {
            Origin::Path => open(&self.path, options),
            Origin::Source(source) => options.read_at(&source.bytes, &Ctx::default()).map_err(|error| match error {
                Error::Io { action, source, .. } => Error::Io { path: Some(self.path.clone()), action, source },
                other => other,
            }),
            #[cfg(feature = "zip")]
            Origin::Member(member) => open_member(member, options),
        }
    }

    /// Its bytes, read anew: to compare them, or to copy it as it is.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Limit`]; as [`open`] within an archive.
    pub fn read_bytes(&self, limits: &ReadLimits) -> Result<Vec<u8>, Error> {
        let mut all = |reader: &mut dyn Read, _: u64| {
            let mut bytes = Vec::new();
            let path = Some(self.path.clone());
            reader.read_to_end(&mut bytes).map_err(|source| Error::Io { path, action: "read", source })?;
            Ok(bytes)
        };
        self.read(limits, &mut all)
    }

    /// Lets its bytes be read one after the other, from the first; `within` is told how many there are. What holds them is read through and
    /// not held: a member of an archive is inflated as it is read.
    ///
    /// # Errors
    /// As [`Scanned::read_bytes`], and those of `within`.
    pub fn read<T>(
        &self,
        limits: &ReadLimits,
        within: &mut (dyn FnMut(&mut dyn Read, u64) -> Result<T, Error> + '_),
    ) -> Result<T, Error> {
        match &self.origin {
            Origin::Path => read_from(&self.path, limits, within),
            Origin::Source(given) => {
                let io = |source| Error::Io { path: Some(self.path.clone()), action: "read", source };
                let total = given.bytes.size().map_err(io)?;
                check(total, limits)?;
                within(&mut Reader::new(&given.bytes).map_err(io)?, total)
            }
            #[cfg(feature = "zip")]
            Origin::Member(member) => member.read(limits, within),
        }
    }
}

#[cfg(feature = "zip")]
fn open_member(member: &Member, options: &OpenOptions) -> Result<Instance, Error> {
    member.read(&options.limits, &mut |mut reader, total| options.read_from(&mut reader, Vec::new(), total))
}

/// Reads what a scan found at `path`.
fn read_from<T>(
    path: &Path,
    limits: &ReadLimits,
    within: &mut (dyn FnMut(&mut dyn Read, u64) -> Result<T, Error> + '_),
) -> Result<T, Error> {
    #[cfg(feature = "zip")]
    if let Some(member) = Member::of(path, limits) {
        return member?.read(limits, within);
    }
    let io = |source| Error::Io { path: Some(path.to_owned()), action: "read", source };
    let mut file = open_regular(path).map_err(io)?;
    let total = file.metadata().map_err(io)?.len();
    check(total, limits)?;
    within(&mut file, total)
}

fn check(total: u64, limits: &ReadLimits) -> Result<(), Error> {
    let (asked, limit) = (total, limits.file_bytes);
    if asked > limit { Err(Error::Limit { what: "bytes of a file", asked, limit }) } else { Ok(()) }
}

//! Where a scanned file lies, to open it anew when what the scan found in it is gone; and a second look at files of an earlier scan.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use isocenter_files::open_regular;
use isocenter_volume::Ctx;
use rayon::prelude::*;

#[cfg(feature = "zip")]
use super::archive::{Archives, Member};
use super::classify;
use super::options::ScanOptions;
use super::scanned::{Origin, Scanned};
#[cfg(feature = "zip")]
use crate::source::Bytes;
use crate::source::ReadAt;
use crate::{Error, Instance, Lazy, OpenOptions, ReadLimits};

/// Where one scanned file lies: at its path, in an archive, in a source. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Place {
    path: PathBuf,
    origin: Origin,
}

impl Scanned {
    /// Where it lies: all that is needed to open it anew.
    pub fn place(&self) -> Place {
        Place { path: self.path.clone(), origin: self.origin.clone() }
    }
}

/// Looks at files of an earlier scan, and at no others, by the paths that it gave them; an archive is opened once for its members.
///
/// What is made of each is in the order of the paths. One at which nothing is any more is told as [`Kind::Failed`](super::Kind::Failed).
///
/// # Errors
/// [`Error::Cancelled`].
pub fn scan_again<P: AsRef<Path> + Sync, T: Send>(
    paths: &[P],
    options: &ScanOptions,
    ctx: &Ctx<'_>,
    keep: &(dyn Fn(Scanned) -> T + Sync),
) -> Result<Vec<T>, Error> {
    ctx.install(|| {
        let stage = ctx.stage("headers", paths.len() as u64);
        #[cfg(feature = "zip")]
        let archives = Archives::of(paths.iter().map(AsRef::as_ref), &options.limits);
        let one = |path: &P| {
            stage.check()?;
            let path = path.as_ref();
            #[cfg(feature = "zip")]
            let found = archives.look(path, options).unwrap_or_else(|| classify::look(path, options));
            #[cfg(not(feature = "zip"))]
            let found = classify::look(path, options);
            let kept = keep(found);
            stage.advance(1)?;
            Ok(kept)
        };
        paths.par_iter().map(one).collect()
    })
}

impl Place {
    /// The place that a scan gave a path to.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), origin: Origin::Path }
    }

    /// The path as the scan has it.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file of the file system that its bytes are in: itself, or the archive that it is a member of. `None` where they are a source's.
    pub fn file(&self) -> Option<&Path> {
        match &self.origin {
            Origin::Path => Some(&self.path),
            Origin::Source(_) => None,
            #[cfg(feature = "zip")]
            Origin::Member(member) => member.file(),
        }
    }

    /// Its bytes, to be read at any offset; those of a member of an archive are inflated into memory.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Limit`]; as [`open`](super::open) within an archive.
    pub fn bytes(&self, limits: &ReadLimits) -> Result<Arc<dyn ReadAt>, Error> {
        let io = |source| Error::Io { path: Some(self.path.clone()), action: "read", source };
        let bytes: Arc<dyn ReadAt> = match &self.origin {
            Origin::Path => match self.member(limits)? {
                Some(bytes) => bytes,
                None => Arc::new(open_regular(&self.path).map_err(io)?),
            },
            Origin::Source(source) => Arc::clone(&source.bytes),
            #[cfg(feature = "zip")]
            Origin::Member(member) => inflated(member, limits)?,
        };
        let (asked, limit) = (bytes.size().map_err(io)?, limits.file_bytes);
        if asked > limit { Err(Error::Limit { what: "bytes of a file", asked, limit }) } else { Ok(bytes) }
    }

    #[cfg(feature = "zip")]
    fn member(&self, limits: &ReadLimits) -> Result<Option<Arc<dyn ReadAt>>, Error> {
        Member::of(&self.path, limits).map(|member| inflated(&member?, limits)).transpose()
    }

    #[cfg(not(feature = "zip"))]
    fn member(&self, _: &ReadLimits) -> Result<Option<Arc<dyn ReadAt>>, Error> {
        Ok(None)
    }

    /// The place of a file below the folder of this one, in the same archive where this one is a member; `None` where that has none of
    /// the name, and for what is a source.
    pub fn beside(&self, name: &str) -> Option<Self> {
        let path = self.path.with_file_name(name);
        let origin = match &self.origin {
            Origin::Path => Origin::Path,
            Origin::Source(_) => return None,
            #[cfg(feature = "zip")]
            Origin::Member(member) => Origin::Member(member.sibling(&path)?),
        };
        Some(Self { path, origin })
    }

    /// Its header: what stands before the pixel data. What is behind it is not looked at.
    ///
    /// # Errors
    /// As [`OpenOptions::open`] and [`Place::bytes`].
    pub fn open_header(&self, options: &OpenOptions) -> Result<Instance, Error> {
        let bytes = self.bytes(&options.limits)?;
        options.clone().header_only(true).read_at(&bytes, &Ctx::default()).map_err(|error| self.named(error))
    }

    fn named(&self, error: Error) -> Error {
        match error {
            Error::Io { path: None, action, source } => Error::Io { path: Some(self.path.clone()), action, source },
            other => other,
        }
    }

    /// Opens it and leaves its pixel data where it is.
    ///
    /// # Errors
    /// As [`OpenOptions::open`] and [`Place::bytes`].
    pub fn open_lazy(&self, options: &OpenOptions) -> Result<Lazy<Arc<dyn ReadAt>>, Error> {
        Lazy::new(self.bytes(&options.limits)?, options).map_err(|error| self.named(error))
    }
}

#[cfg(feature = "zip")]
fn inflated(member: &Member, limits: &ReadLimits) -> Result<Arc<dyn ReadAt>, Error> {
    use std::io::Read;
    member.read(limits, &mut |reader: &mut dyn Read, total| {
        let mut bytes = Vec::new();
        let length = usize::try_from(total).unwrap_or(usize::MAX);
        bytes.try_reserve_exact(length).map_err(|_| Error::Limit { what: "memory", asked: total, limit: 0 })?;
        reader.read_to_end(&mut bytes).map_err(|source| Error::Io { path: None, action: "read", source })?;
        Ok::<Arc<dyn ReadAt>, Error>(Arc::new(Bytes(bytes)))
    })
}

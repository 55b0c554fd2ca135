//! Zip archives: their members as files of a scan.
//!
//! An archive is untrusted: the number of its members, what each says to inflate to, and all of them together are held against
//! [`ReadLimits`] before memory is reserved; a member inflates no further than it says. Names that lead out of the archive are
//! refused, so that a path made of one stays below the archive's.
//!
//! Source: PKWARE APPNOTE 6.3.10, sections 4.3.14 to 4.3.16 (end of the central directory).

mod shared;

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::fs;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use isocenter_volume::Stage;
use rayon::prelude::*;
use zip::ZipArchive;
use zip::read::{ArchiveOffset, Config};
use zip::result::ZipError;

use self::shared::Shared;
use super::classify;
use super::kind::FileKind;
use super::options::ScanOptions;
use super::scanned::{Kind, NamedSource, Origin, Scanned};
use super::work::{Found, Work};
use crate::{Error, ReadLimits};

/// An archive whose directory was read. It holds no file open: there may be more archives than a system opens files.
pub(super) struct Archive {
    path: PathBuf,
    zip: ZipArchive<Shared>,
    is_source: bool,
}

impl fmt::Debug for Archive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Archive").field("path", &self.path).field("members", &self.zip.len()).finish()
    }
}

/// A member of an archive.
#[derive(Clone, Debug)]
pub(super) struct Member {
    archive: Arc<Archive>,
    index: usize,
}

impl Member {
    /// The member that a path names; `None` for the path of a file.
    pub(super) fn of(path: &Path, limits: &ReadLimits) -> Option<Result<Self, Error>> {
        if fs::symlink_metadata(path).is_ok() {
            return None;
        }
        let (archive, name) = parted(path)?;
        Some(Archive::open(&archive, None, limits).and_then(|archive| {
            let missing =
                || Error::Io { path: Some(path.to_owned()), action: "find", source: ErrorKind::NotFound.into() };
            Arc::new(archive).member(name).ok_or_else(missing)
        }))
    }

    /// The archive.
    pub(super) fn archive(&self) -> &Path {
        &self.archive.path
    }

    /// The archive, where it is a file.
    pub(super) fn file(&self) -> Option<&Path> {
        Some(self.archive()).filter(|_| !self.archive.is_source)
    }

    /// The member of a path, where it is one of the same archive.
    pub(super) fn sibling(&self, path: &Path) -> Option<Self> {
        let name = path.strip_prefix(below(&self.archive.path)).ok()?.to_str()?;
        // names in an archive have slashes, whatever the system has
        self.archive.member(&name.replace(std::path::MAIN_SEPARATOR, "/"))
    }

    /// Reads the member, and whether it is as long and has the checksum that the archive says, where it was read to its end.
    pub(super) fn read<T>(
        &self,
        limits: &ReadLimits,
        within: &mut (dyn FnMut(&mut dyn Read, u64) -> Result<T, Error> + '_),
    ) -> Result<T, Error> {
        let damaged = |_| Error::Malformed { tag: None, what: "a damaged member of an archive" };
        let mut zip = self.archive.zip.clone();
        let size = check(&zip, self.index, limits)?;
        let mut reader = zip.by_index(self.index).map_err(|error| refusal(&error))?;
        let mut counted = reader.by_ref().take(size);
        let made = within(&mut counted, size).map_err(|error| of_member(error, || self.path()))?;
        if counted.limit() == 0 && reader.read(&mut [0]).map_err(damaged)? > 0 {
            return Err(Error::Malformed { tag: None, what: "a member of an archive that is longer than it says" });
        }
        Ok(made)
    }

    fn path(&self) -> PathBuf {
        let entry = self.archive.zip.by_index_data(self.index).ok();
        let name = entry.and_then(|entry| Some(entry.name().ok()?.into_owned())).unwrap_or_default();
        below(&self.archive.path).join(name)
    }
}

/// The archives that some paths lead into, each opened once.
pub(super) struct Archives(BTreeMap<PathBuf, Arc<Archive>>);

impl Archives {
    /// Opens the archives of members; one that cannot be opened is told by each of its members.
    pub(super) fn of<'p>(paths: impl Iterator<Item = &'p Path>, limits: &ReadLimits) -> Self {
        let mut tried: BTreeMap<PathBuf, Option<Arc<Archive>>> = BTreeMap::new();
        for path in paths.filter(|path| is_within(path) && fs::symlink_metadata(path).is_err()) {
            if let Some((archive, _)) = parted(path) {
                tried.entry(archive).or_insert_with_key(|path| Archive::open(path, None, limits).ok().map(Arc::new));
            }
        }
        Self(tried.into_iter().filter_map(|(path, archive)| Some((path, archive?))).collect())
    }

    /// Looks at the member at a path; `None` where the path leads into none of the archives.
    pub(super) fn look(&self, path: &Path, options: &ScanOptions) -> Option<Scanned> {
        let limits = &options.limits;
        if !is_within(path) || fs::symlink_metadata(path).is_ok() {
            return None;
        }
        let (at, name) = parted(path)?;
        let opened = self.0.get(&at).map(Arc::clone);
        let opened = opened.map_or_else(|| Archive::open(&at, None, limits).map(Arc::new), Ok);
        let found = opened.and_then(|archive| {
            let missing =
                || Error::Io { path: Some(path.to_owned()), action: "find", source: ErrorKind::NotFound.into() };
            archive.member(name).ok_or_else(missing)
        });
        Some(match found {
            Ok(found) => {
                let Member { archive, index } = &found;
                let mut scanned = member(&mut archive.zip.clone(), *index, &archive.path, Ok(()), options);
                scanned.origin = Origin::Member(found);
                scanned
            }
            Err(error) => Scanned::new(path.to_owned(), 0, Kind::Failed(error)),
        })
    }
}

/// Whether a path may lead into an archive, as far as its text tells.
fn is_within(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().contains(&b'!')
}

/// The archive that a path leads into, and the name of the member.
fn parted(path: &Path) -> Option<(PathBuf, &str)> {
    path.ancestors().skip(1).find_map(|above| {
        let archive = PathBuf::from(above.to_str()?.strip_suffix('!')?);
        let name = path.strip_prefix(above).ok()?.to_str()?;
        archive.is_file().then_some((archive, name))
    })
}

/// An archive that was met, and its members.
pub(super) fn scan<T: Send>(
    mut scanned: Scanned,
    work: &Work<'_, T>,
    stage: &Stage<'_>,
) -> Result<Vec<Found<T>>, Error> {
    let limits = &work.options.limits;
    scanned.is_archive = true;
    let source = match &scanned.origin {
        Origin::Source(source) => Some(source.clone()),
        _ => None,
    };
    let opened = Archive::open(&scanned.path, source.as_ref(), limits).and_then(|archive| {
        match below(&archive.path).symlink_metadata() {
            Ok(_) if source.is_none() => {
                Err(Error::Malformed { tag: None, what: "a file that has the name of the archive's members" })
            }
            _ => Ok(Arc::new(archive)),
        }
    });
    let archive = match opened {
        Ok(archive) => archive,
        Err(error) => {
            scanned.kind = Kind::Failed(error);
            return Ok(vec![work.finish(scanned, stage)?]);
        }
    };
    let zip = &archive.zip;
    let names: HashSet<_> = zip.file_names().flatten().collect();
    if zip.has_duplicate_names() || names.len() < zip.file_names().flatten().count() {
        // One of each name is read; the others cannot be told apart by a path.
        scanned.kind = Kind::Failed(Error::Malformed { tag: None, what: "an archive with two members of one name" });
    }
    drop(names);
    let mut members = Vec::new();
    let mut sum = 0u64;
    for index in 0..zip.len() {
        let Ok(entry) = zip.by_index_data(index) else { continue };
        if !entry.is_dir() {
            sum = sum.saturating_add(entry.size());
            members.push((index, sum));
        }
    }
    let below_ctx = stage.ctx();
    let below_stage = below_ctx.stage("members", members.len() as u64);
    let members = members.into_par_iter().map_init(
        || zip.clone(),
        |zip, (index, sum)| {
            below_stage.check()?;
            let (what, limit) = ("bytes of an archive", limits.archive_bytes);
            let fits = if sum > limit { Err(Error::Limit { what, asked: sum, limit }) } else { Ok(()) };
            let mut member = member(zip, index, &archive.path, fits, work.options);
            member.origin = Origin::Member(Member { archive: Arc::clone(&archive), index });
            work.finish(member, &below_stage)
        },
    );
    let members = members.collect::<Result<Vec<_>, Error>>()?;
    let mut found = vec![work.finish(scanned, stage)?];
    found.extend(members);
    Ok(found)
}

fn member(
    zip: &mut ZipArchive<Shared>,
    index: usize,
    archive: &Path,
    fits: Result<(), Error>,
    options: &ScanOptions,
) -> Scanned {
    let limits = &options.limits;
    let entry = zip.by_index_data(index).ok();
    let (declared, special) =
        entry.as_ref().map_or((0, None), |entry| (entry.size(), entry.unix_mode().and_then(special)));
    let name = entry.and_then(|entry| Some(entry.name().ok()?.into_owned())).filter(|name| stays_below(name));
    let Some(name) = name else {
        let what = "a member whose name is no path below its archive";
        let path = below(archive).join(format!("member {index}"));
        return Scanned::new(path, declared, Kind::Failed(Error::Malformed { tag: None, what }));
    };
    let path = below(archive).join(name);
    let kind = fits.and_then(|()| check(zip, index, limits)).and_then(|size| {
        if let Some(kind) = special {
            return Ok(Kind::NotDicom(kind));
        }
        let mut reader = zip.by_index(index).map_err(|error| refusal(&error))?;
        classify::content(&mut reader, size, &path, options)
    });
    let kind = match kind {
        Ok(Kind::Failed(error)) | Err(error) => Kind::Failed(of_member(error, || path.clone())),
        Ok(kind) => kind,
    };
    Scanned::new(path, declared, kind)
}

/// What went wrong with a member: one that does not inflate is damaged, whatever the system's name for that.
fn of_member(error: Error, path: impl FnOnce() -> PathBuf) -> Error {
    match error {
        Error::Io { source, .. }
            if matches!(source.kind(), ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::UnexpectedEof) =>
        {
            Error::Malformed { tag: None, what: "a damaged member of an archive" }
        }
        Error::Io { action, source, .. } => Error::Io { path: Some(path()), action, source },
        other => other,
    }
}

/// What a member is that is no file, by the mode that the archive has of it.
fn special(mode: u32) -> Option<FileKind> {
    match mode & 0o170_000 {
        0o120_000 => Some(FileKind::Link),
        0o010_000 => Some(FileKind::Pipe),
        0o140_000 => Some(FileKind::Socket),
        0o020_000 | 0o060_000 => Some(FileKind::Device),
        _ => None,
    }
}

/// What the paths of an archive's members start with.
fn below(archive: &Path) -> PathBuf {
    let mut path = archive.as_os_str().to_owned();
    path.push("!");
    path.into()
}

/// Whether a name is a path below the archive on any system.
fn stays_below(name: &str) -> bool {
    let part_is_name = |part: &str| !matches!(part, "" | "." | "..") && part.as_bytes().get(1) != Some(&b':');
    !name.contains('\0') && name.split(['/', '\\']).all(part_is_name)
}

/// The inflated size of a member that may be read.
fn check(zip: &ZipArchive<Shared>, index: usize, limits: &ReadLimits) -> Result<u64, Error> {
    let entry = zip.by_index_data(index).map_err(|error| refusal(&error))?;
    if entry.encrypted() {
        return Err(Error::UnsupportedCodec { codec: "zip", what: "an encrypted member" });
    }
    let (size, packed) = (entry.size(), entry.compressed_size());
    if size > limits.file_bytes {
        return Err(Error::Limit { what: "bytes of a file", asked: size, limit: limits.file_bytes });
    }
    let limit = packed.saturating_mul(limits.ratio);
    if size > limit {
        return Err(Error::Limit { what: "bytes of a member for what it is packed into", asked: size, limit });
    }
    Ok(size)
}

impl Archive {
    /// Opens the archive at a path, or of a source.
    fn open(path: &Path, source: Option<&NamedSource>, limits: &ReadLimits) -> Result<Self, Error> {
        let io = |source| Error::Io { path: Some(path.to_owned()), action: "read", source };
        let mut file = match source {
            Some(source) => Shared::of_source(Arc::clone(&source.bytes)),
            None => Shared::of_file(path),
        }
        .map_err(io)?;
        let members = declared_members(&mut file).map_err(io)?;
        if members > limits.members {
            return Err(Error::Limit { what: "members of an archive", asked: members, limit: limits.members });
        }
        // Offsets count from the start of the file: an archive behind something else is not looked for.
        let config = Config { archive_offset: ArchiveOffset::Known(0) };
        let zip = ZipArchive::with_config(config, file).map_err(|error| match error {
            ZipError::Io(source) => io(source),
            error => refusal(&error),
        })?;
        // a copy has no file open yet
        Ok(Self { path: path.to_owned(), zip: zip.clone(), is_source: source.is_some() })
    }

    fn member(self: &Arc<Self>, name: &str) -> Option<Member> {
        self.zip.index_for_name(name).map(|index| Member { archive: Arc::clone(self), index })
    }
}

/// The most members that an end record of an archive declares, so that none makes the reader of it reserve memory.
fn declared_members(file: &mut Shared) -> std::io::Result<u64> {
    /// An end record, its comment, and the locator of the 64-bit one before it.
    const TAIL: u64 = 22 + 65_535 + 20;
    let total = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(total.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    file.by_ref().take(TAIL).read_to_end(&mut tail)?;
    let mut most = 0;
    for at in memchr_all(&tail, b"PK\x05\x06") {
        let count = tail.get(at + 10..at + 12).map_or(0, |b| u64::from(u16::from_le_bytes([b[0], b[1]])));
        most = most.max(count);
    }
    for at in memchr_all(&tail, b"PK\x06\x07") {
        let Some(offset) = tail.get(at + 8..at + 16).and_then(|b| b.try_into().ok()).map(u64::from_le_bytes) else {
            continue;
        };
        if offset < total {
            file.seek(SeekFrom::Start(offset))?;
            let mut record = Vec::new();
            file.by_ref().take(40).read_to_end(&mut record)?;
            let count = record.get(32..40).and_then(|b| b.try_into().ok()).map(u64::from_le_bytes);
            most = most.max(count.filter(|_| record.starts_with(b"PK\x06\x06")).unwrap_or(0));
        }
    }
    file.seek(SeekFrom::Start(0))?;
    Ok(most)
}

fn memchr_all<'a>(bytes: &'a [u8], wanted: &'a [u8; 4]) -> impl Iterator<Item = usize> + 'a {
    bytes.windows(4).enumerate().filter(move |(_, window)| window == wanted).map(|(at, _)| at)
}

fn refusal(error: &ZipError) -> Error {
    match error {
        ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_) => {
            Error::UnsupportedCodec { codec: "zip", what: "how it is packed" }
        }
        _ => Error::Malformed { tag: None, what: "a damaged archive" },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_out_are_refused() {
        for name in ["", "/a", "../a", "a/../b", "a//b", "a/", "..\\a", "C:\\a", "a/C:b", "a\0", "./a"] {
            assert!(!stays_below(name), "{name:?}");
        }
        for name in ["a", "a/b.dcm", "a\\b", "...", "é/x y"] {
            assert!(stays_below(name), "{name:?}");
        }
    }
}

//! Volume files read from wherever they lie: a folder, an archive.

use std::{
    io::{self, Read, Seek, SeekFrom},
    sync::Arc,
};

use isocenter_convert::Reason;
use isocenter_dcm::{
    ReadAt, ReadLimits,
    scan::{Place, Scanned},
};
use isocenter_formats::{Companions, Error, File, FileHead, ReadOptions, Source, Stream, Warning, source::Compression};
use isocenter_volume::Ctx;

use crate::prepare::Refusal;

/// Why a volume file cannot be used.
#[derive(Debug)]
pub(crate) enum Unread {
    /// It cannot be had from where it lies.
    Place(isocenter_dcm::Error),
    /// It is not as its format wants it.
    File(Error),
    /// Its format has no place for where its voxels lie, or the file does not say it.
    NoPlace,
}

impl From<Error> for Unread {
    fn from(error: Error) -> Self {
        Self::File(error)
    }
}

impl From<Unread> for Refusal {
    fn from(why: Unread) -> Self {
        match why {
            Unread::Place(error) => {
                let reason = Reason::from(&error);
                Self::new(reason.code(), error.to_string())
            }
            Unread::File(error) => error.into(),
            Unread::NoPlace => {
                Self::new(NO_PLACE, "an array that does not say where it lies, nor how large a voxel is")
            }
        }
    }
}

/// Of a file that holds an array and nothing of its place.
const NO_PLACE: &str = "no-place";

/// What a file says of its volume, read without a voxel.
pub(crate) fn head(scanned: &Scanned, ctx: &Ctx<'_>) -> Result<FileHead, Unread> {
    let options = ReadOptions::default().ctx(*ctx);
    let head = with_source(scanned, &mut |source| isocenter_formats::read_head_from(source, &options))?;
    if head.warnings.contains(&Warning::NoPlace) { Err(Unread::NoPlace) } else { Ok(head) }
}

/// All that a file holds.
pub(crate) fn read(scanned: &Scanned, ctx: &Ctx<'_>) -> Result<File, Unread> {
    let options = ReadOptions::default().ctx(*ctx);
    let read = with_source(scanned, &mut |source| {
        let opened = isocenter_formats::open_from(source, &options)?;
        if opened.head().warnings.contains(&Warning::NoPlace) { Ok(None) } else { opened.read().map(Some) }
    })?;
    read.ok_or(Unread::NoPlace)
}

/// Hands a file to a reader, with those beside it. A member of an archive is inflated as it is read, and is not held; those beside it are.
pub(super) fn with_source<T>(
    scanned: &Scanned,
    read: &mut dyn FnMut(Source<'_>) -> Result<T, Error>,
) -> Result<T, Unread> {
    if scanned.archive().is_none() {
        return Ok(read(Source::open(&scanned.path)?)?);
    }
    let name = scanned.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let beside = Beside(scanned.place());
    let done = scanned.read(&ReadLimits::default(), &mut |reader, total| {
        let source = Source::new(Stream::bounded(reader, total), Compression::Detect);
        // what the format refuses is no fault of the archive
        Ok(source.and_then(|source| read(source.beside(name.as_str(), &beside))))
    });
    done.map_err(Unread::Place)?.map_err(Unread::File)
}

/// The members of an archive beside one.
#[derive(Debug)]
struct Beside(Place);

impl Companions for Beside {
    fn open(&self, name: &str) -> io::Result<Stream<'_>> {
        let place = self.0.beside(name).ok_or(io::ErrorKind::NotFound)?;
        let bytes = place.bytes(&ReadLimits::default()).map_err(|error| match error {
            isocenter_dcm::Error::Io { source, .. } => source,
            other => io::Error::other(other),
        })?;
        let end = bytes.size()?;
        Stream::from_seekable(Held { bytes, at: 0, end })
    }
}

/// Bytes that are held, read one after the other.
struct Held {
    bytes: Arc<dyn ReadAt>,
    at: u64,
    end: u64,
}

impl Read for Held {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = self.end.saturating_sub(self.at);
        let count = out.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let part = out.get_mut(..count).unwrap_or_default();
        self.bytes.read_exact_at(part, self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Held {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.end.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = place.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

//! One file or source, read by several threads.

use std::fs::File;
use std::io::{Read, Result, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use isocenter_files::open_regular;

use crate::source::ReadAt;

/// Bytes that are read ahead: the directory of an archive is read in small pieces.
const AHEAD: usize = 16 << 10;

/// A reader with a position of its own in a file or source that others read too.
pub(super) struct Shared {
    bytes: Bytes,
    length: u64,
    at: u64,
    ahead: Vec<u8>,
    ahead_at: u64,
}

enum Bytes {
    /// A file, which each copy opens for itself when it is first asked.
    File(Arc<Path>, Option<File>),
    Source(Arc<dyn ReadAt>),
}

impl Shared {
    pub(super) fn of_source(source: Arc<dyn ReadAt>) -> Result<Self> {
        let length = source.size()?;
        Ok(Self { bytes: Bytes::Source(source), length, at: 0, ahead: Vec::new(), ahead_at: 0 })
    }

    pub(super) fn of_file(path: &Path) -> Result<Self> {
        let file = open_regular(path)?;
        let length = file.metadata()?.len();
        Ok(Self { bytes: Bytes::File(path.into(), Some(file)), length, at: 0, ahead: Vec::new(), ahead_at: 0 })
    }

    fn fill(&mut self, at: u64, buffer: &mut [u8]) -> Result<usize> {
        let left = usize::try_from(self.length.saturating_sub(at)).unwrap_or(usize::MAX);
        let count = buffer.len().min(left);
        let part = &mut buffer[..count];
        match &mut self.bytes {
            Bytes::Source(source) => source.read_exact_at(part, at)?,
            Bytes::File(_, Some(file)) => file.read_exact_at(part, at)?,
            Bytes::File(path, unopened) => unopened.insert(open_regular(path)?).read_exact_at(part, at)?,
        }
        Ok(count)
    }
}

impl Clone for Shared {
    fn clone(&self) -> Self {
        let bytes = match &self.bytes {
            Bytes::File(path, _) => Bytes::File(Arc::clone(path), None),
            Bytes::Source(source) => Bytes::Source(Arc::clone(source)),
        };
        Self { bytes, ahead: Vec::new(), ..*self }
    }
}

impl Read for Shared {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let skip = self.at.checked_sub(self.ahead_at).and_then(|skip| usize::try_from(skip).ok());
        let mut ready = skip.and_then(|skip| self.ahead.get(skip..)).unwrap_or_default();
        if ready.is_empty() {
            if buffer.len() >= AHEAD {
                let count = self.fill(self.at, buffer)?;
                self.at += count as u64;
                return Ok(count);
            }
            let mut ahead = std::mem::take(&mut self.ahead);
            ahead.resize(AHEAD, 0);
            let count = self.fill(self.at, &mut ahead)?;
            ahead.truncate(count);
            (self.ahead, self.ahead_at) = (ahead, self.at);
            ready = &self.ahead;
        }
        let count = ready.len().min(buffer.len());
        buffer[..count].copy_from_slice(&ready[..count]);
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Shared {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let place = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = place.ok_or(std::io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

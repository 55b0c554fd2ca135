//! Bytes as they lie somewhere: in a file, in memory, behind any reader.

use std::{
    fmt,
    fs::File,
    io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom},
    path::Path,
};

use isocenter_files::Signature;

/// Bytes as they lie somewhere, compressed or not, and how many there are where that is known.
///
/// The length bounds what a header may announce. Without one a reader grows with what it gets instead.
pub struct Stream<'a> {
    pub(super) reader: Box<dyn BufRead + 'a>,
    pub(super) len: Option<u64>,
}

/// Bytes that tell a gzip stream.
const LEAST: usize = 2;

/// Bytes asked of a file or reader at once.
const BUFFER: usize = 1 << 17;

impl<'a> Stream<'a> {
    /// Bytes in memory.
    pub fn from_bytes(bytes: &'a [u8]) -> Self {
        Self { reader: Box::new(bytes), len: Some(bytes.len() as u64) }
    }

    /// Whatever a reader gives until its end.
    pub fn from_reader(reader: impl Read + 'a) -> Self {
        Self { reader: Box::new(BufReader::with_capacity(BUFFER, reader)), len: None }
    }

    /// What a reader gives from where it stands to its end, whose distance is measured first.
    ///
    /// # Errors
    /// Those of seeking.
    pub fn from_seekable(mut reader: impl Read + Seek + 'a) -> io::Result<Self> {
        let here = reader.stream_position()?;
        let end = reader.seek(SeekFrom::End(0))?;
        reader.seek(SeekFrom::Start(here))?;
        Ok(Self { len: Some(end.saturating_sub(here)), ..Self::from_reader(reader) })
    }

    /// Opens a file; one that is no regular file (a pipe) has no length.
    ///
    /// # Errors
    /// Those of the system; a folder is one.
    pub fn open(path: &Path) -> io::Result<Self> {
        Self::of(File::open(path)?)
    }

    /// Opens a regular file; a pipe, which may wait for ever, is not opened.
    pub(super) fn open_regular(path: &Path) -> io::Result<Self> {
        Self::of(isocenter_files::open_regular(path)?)
    }

    fn of(file: File) -> io::Result<Self> {
        let meta = file.metadata()?;
        if meta.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        Ok(Self { len: meta.is_file().then_some(meta.len()), ..Self::from_reader(file) })
    }

    /// Whether the bytes begin like a gzip stream; none is consumed.
    pub(super) fn is_gzip(&mut self) -> io::Result<bool> {
        let is = |head: &[u8]| Signature::of(head) == Some(Signature::Gzip);
        let head = self.reader.fill_buf()?;
        if head.len() >= LEAST {
            return Ok(is(head));
        }
        // a pipe may give its first byte alone
        let mut head = Vec::new();
        self.reader.by_ref().take(LEAST as u64).read_to_end(&mut head)?;
        let found = is(&head);
        let rest = std::mem::replace(&mut self.reader, Box::new(io::empty()));
        self.reader = Box::new(Cursor::new(head).chain(rest));
        Ok(found)
    }
}

impl fmt::Debug for Stream<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("len", &self.len).finish_non_exhaustive()
    }
}

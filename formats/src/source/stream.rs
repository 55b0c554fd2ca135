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
    pub(super) reader: Box<dyn Bytes + 'a>,
    pub(super) len: Option<u64>,
}

/// Bytes in order, which may be passed over.
pub(crate) trait Bytes: BufRead {
    /// Passes over bytes without reading them; false, and nothing done, where that cannot be.
    fn pass(&mut self, bytes: u64) -> io::Result<bool>;
}

/// What can only be read.
pub(crate) struct Forward<R>(pub(crate) R);

/// What seeks.
struct Seeking<R>(BufReader<R>);

macro_rules! inner {
    ($name:ident, $inner:ty, $($bound:tt)+) => {
        impl<R: $($bound)+> Read for $name<R> {
            fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
                self.0.read(out)
            }
        }

        impl<R: $($bound)+> BufRead for $name<R> {
            fn fill_buf(&mut self) -> io::Result<&[u8]> {
                self.0.fill_buf()
            }

            fn consume(&mut self, amount: usize) {
                self.0.consume(amount);
            }
        }
    };
}
inner!(Forward, R, BufRead);
inner!(Seeking, BufReader<R>, Read + Seek);

impl<R: BufRead> Bytes for Forward<R> {
    fn pass(&mut self, _: u64) -> io::Result<bool> {
        Ok(false)
    }
}

impl<R: Read + Seek> Bytes for Seeking<R> {
    fn pass(&mut self, bytes: u64) -> io::Result<bool> {
        let Ok(bytes) = i64::try_from(bytes) else { return Ok(false) };
        self.0.seek_relative(bytes).map(|()| true)
    }
}

impl Bytes for &[u8] {
    fn pass(&mut self, bytes: u64) -> io::Result<bool> {
        let rest = usize::try_from(bytes).ok().and_then(|n| self.get(n..));
        *self = rest.unwrap_or_default();
        Ok(true)
    }
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
        Self { reader: Box::new(Forward(BufReader::with_capacity(BUFFER, reader))), len: None }
    }

    /// Whatever a reader gives until its end, which is not more than so many bytes.
    ///
    /// ```
    /// use isocenter_formats::{ReadOptions, Source, Stream, read_from, source::Compression};
    /// let file = b"NRRD0005\ntype: uchar\ndimension: 3\nsizes: 2 1 1\nencoding: raw\n\n\x07\x09";
    /// let source = Source::new(Stream::bounded(&file[..], file.len() as u64), Compression::Detect)?;
    /// assert_eq!(read_from(source, &ReadOptions::default())?.volume.shape(), [2, 1, 1]);
    /// # Ok::<_, isocenter_formats::Error>(())
    /// ```
    pub fn bounded(reader: impl Read + 'a, len: u64) -> Self {
        Self { len: Some(len), ..Self::from_reader(reader) }
    }

    /// What a reader gives from where it stands to its end, whose distance is measured first.
    ///
    /// # Errors
    /// Those of seeking.
    pub fn from_seekable(mut reader: impl Read + Seek + 'a) -> io::Result<Self> {
        let here = reader.stream_position()?;
        let end = reader.seek(SeekFrom::End(0))?;
        reader.seek(SeekFrom::Start(here))?;
        let reader = Box::new(Seeking(BufReader::with_capacity(BUFFER, reader)));
        Ok(Self { reader, len: Some(end.saturating_sub(here)) })
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
        if !meta.is_file() {
            return Ok(Self::from_reader(file));
        }
        let reader = Box::new(Seeking(BufReader::with_capacity(BUFFER, file)));
        Ok(Self { reader, len: Some(meta.len()) })
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
        let rest = std::mem::replace(&mut self.reader, Box::new(Forward(io::empty())));
        self.reader = Box::new(Forward(Cursor::new(head).chain(rest)));
        Ok(found)
    }
}

impl fmt::Debug for Stream<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("len", &self.len).finish_non_exhaustive()
    }
}

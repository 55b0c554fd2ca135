//! The bytes of a file, decompressed, with a bound on how many there can be.

use std::{
    fs,
    io::{self, BufRead, BufReader, Cursor, Read},
    path::{Component, Path, PathBuf},
};

use crate::{Error, Warning, format::HEAD_BYTES, gzip};

/// The bytes of a file, decompressed where they were gzip, from the first.
///
/// It knows how many bytes there can be at most (exactly, or by deflate's largest ratio), so that a header that announces more is
/// refused before memory is reserved.
pub struct Source<'a> {
    inner: Inner<'a>,
    head: Cursor<Vec<u8>>,
    used: u64,
    bound: u64,
    path: Option<PathBuf>,
}

enum Inner<'a> {
    Plain(Box<dyn BufRead + 'a>),
    Gzip(Box<BufReader<gzip::Members<Box<dyn BufRead + 'a>>>>),
}

/// Whether the bytes are a gzip stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// They are where they begin like one.
    Detect,
    /// They are.
    Gzip,
    /// They are not, whatever they begin with.
    None,
}

/// Where counting what nobody wants stops.
const MOST_TRAILING: u64 = 16 << 20;

impl<'a> Source<'a> {
    /// Opens a file; a gzip stream is recognized by its first bytes.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Malformed`] for a broken gzip stream.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::open_as(path, Compression::Detect)
    }

    fn open_as(path: &Path, compression: Compression) -> Result<Self, Error> {
        let at = |e| Error::io(e).at(path);
        let file = fs::File::open(path).map_err(at)?;
        let meta = file.metadata().map_err(at)?;
        if meta.is_dir() {
            return Err(at(io::Error::from(io::ErrorKind::IsADirectory)));
        }
        let reader = Box::new(BufReader::with_capacity(1 << 17, file));
        Self::new(reader, meta.len(), Some(path.to_owned()), compression).map_err(|e| e.at(path))
    }

    /// Takes the bytes of a file.
    ///
    /// # Errors
    /// [`Error::Malformed`] for a broken gzip stream.
    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, Error> {
        Self::from_bytes_as(bytes, Compression::Detect)
    }

    pub(crate) fn from_bytes_as(bytes: &'a [u8], compression: Compression) -> Result<Self, Error> {
        Self::new(Box::new(bytes), bytes.len() as u64, None, compression)
    }

    /// What is left, decompressed.
    pub(crate) fn nested_gzip(&mut self) -> Result<Source<'_>, Error> {
        let bytes = self.most_left();
        Source::new(Box::new(self), bytes, None, Compression::Gzip)
    }

    fn new(
        mut reader: Box<dyn BufRead + 'a>,
        len: u64,
        path: Option<PathBuf>,
        compression: Compression,
    ) -> Result<Self, Error> {
        let is_gzip = match compression {
            Compression::Detect => reader.fill_buf().map_err(Error::io)?.starts_with(&gzip::MAGIC),
            Compression::Gzip => true,
            Compression::None => false,
        };
        let (inner, bound) = if is_gzip {
            let members = gzip::Members::new(reader);
            (Inner::Gzip(Box::new(BufReader::with_capacity(1 << 16, members))), gzip::most_bytes(len))
        } else {
            (Inner::Plain(reader), len)
        };
        let mut source = Self { inner, head: Cursor::new(Vec::new()), used: 0, bound, path };
        source.fill_head()?;
        Ok(source)
    }

    fn fill_head(&mut self) -> Result<(), Error> {
        let mut head = Vec::with_capacity(HEAD_BYTES);
        let read = match &mut self.inner {
            Inner::Plain(r) => r.take(HEAD_BYTES as u64).read_to_end(&mut head),
            Inner::Gzip(r) => r.take(HEAD_BYTES as u64).read_to_end(&mut head),
        };
        read.map_err(|e| stream_error(e, "first bytes", HEAD_BYTES as u64, 0))?;
        self.head = Cursor::new(head);
        Ok(())
    }

    /// The first bytes, up to [`HEAD_BYTES`]; not consumed.
    pub fn head(&self) -> &[u8] {
        self.head.get_ref()
    }

    /// The most bytes that can still come.
    pub const fn most_left(&self) -> u64 {
        self.bound.saturating_sub(self.used)
    }

    /// Refuses a part that cannot be there, before memory is reserved for it.
    ///
    /// # Errors
    /// [`Error::Truncated`].
    pub fn expect(&self, what: &'static str, bytes: u64) -> Result<(), Error> {
        let found = self.most_left();
        if bytes > found { Err(Error::Truncated { what, wanted: bytes, found }) } else { Ok(()) }
    }

    /// Fills a buffer.
    ///
    /// # Errors
    /// [`Error::Truncated`], naming `what`; [`Error::Malformed`] for a broken gzip stream; [`Error::Io`].
    pub fn fill(&mut self, what: &'static str, out: &mut [u8]) -> Result<(), Error> {
        let mut filled = 0;
        while filled < out.len() {
            match self.read(&mut out[filled..]) {
                Ok(0) => return Err(Error::Truncated { what, wanted: out.len() as u64, found: filled as u64 }),
                Ok(n) => filled += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(stream_error(e, what, out.len() as u64, filled as u64)),
            }
        }
        Ok(())
    }

    /// Passes over bytes.
    ///
    /// # Errors
    /// As [`Source::fill`].
    pub fn skip(&mut self, what: &'static str, bytes: u64) -> Result<(), Error> {
        self.expect(what, bytes)?;
        let skipped =
            io::copy(&mut (&mut *self).take(bytes), &mut io::sink()).map_err(|e| stream_error(e, what, bytes, 0))?;
        if skipped < bytes { Err(Error::Truncated { what, wanted: bytes, found: skipped }) } else { Ok(()) }
    }

    /// Counts what is left, up to 16 MiB, which also checks the checksum of a gzip stream that ends there.
    ///
    /// # Errors
    /// [`Error::Malformed`] for a wrong checksum, [`Error::Io`].
    pub fn count_rest(&mut self) -> Result<u64, Error> {
        io::copy(&mut (&mut *self).take(MOST_TRAILING), &mut io::sink())
            .map_err(|e| stream_error(e, "gzip trailer", 8, 0))
    }

    /// All that is left, where it is not more than `limit` bytes.
    ///
    /// # Errors
    /// [`Error::Limit`], [`Error::Malformed`] for a broken gzip stream, [`Error::Io`].
    pub fn rest(&mut self, what: &'static str, limit: u64) -> Result<Vec<u8>, Error> {
        let mut rest = Vec::new();
        let read = (&mut *self).take(limit.saturating_add(1)).read_to_end(&mut rest);
        read.map_err(|e| stream_error(e, what, 0, 0))?;
        if rest.len() as u64 > limit { Err(Error::Limit { what, asked: rest.len() as u64, limit }) } else { Ok(rest) }
    }

    /// Reads to the end and warns of what nobody wants.
    pub(crate) fn warn_of_rest(&mut self, warnings: &mut Vec<Warning>) -> Result<(), Error> {
        let count = self.count_rest()?;
        if count > 0 {
            warnings.push(Warning::TrailingBytes { count });
        }
        if self.has_garbage() {
            warnings.push(Warning::TrailingGarbage);
        }
        Ok(())
    }

    /// Whether a gzip stream was followed by bytes that are no gzip member; known once all was read.
    pub fn has_garbage(&self) -> bool {
        match &self.inner {
            Inner::Plain(_) => false,
            Inner::Gzip(r) => r.get_ref().has_garbage(),
        }
    }

    /// The file, where it has a path.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Opens another file that a header names, in the folder of this one or below it.
    ///
    /// # Errors
    /// [`Error::Unsupported`] where this source has no path, or the name leads out of the folder; [`Error::Io`].
    pub fn open_beside(&self, name: &str, compression: Compression) -> Result<Source<'static>, Error> {
        let here = self.path().ok_or_else(|| Error::unsupported("detached data of a header without a path", ""))?;
        let name = Path::new(name);
        // a header from a stranger must not choose which file of the system is read
        if !name.components().all(|c| matches!(c, Component::Normal(_) | Component::CurDir)) {
            return Err(Error::unsupported("a data file outside the header's folder", "refused"));
        }
        Source::open_as(&here.with_file_name("").join(name), compression)
    }
}

impl Read for Source<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut got = self.head.read(out)?;
        if got == 0 {
            got = match &mut self.inner {
                Inner::Plain(r) => r.read(out)?,
                Inner::Gzip(r) => r.read(out)?,
            };
        }
        self.used += got as u64;
        Ok(got)
    }
}

impl BufRead for Source<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.head.position() < self.head.get_ref().len() as u64 {
            return self.head.fill_buf();
        }
        match &mut self.inner {
            Inner::Plain(r) => r.fill_buf(),
            Inner::Gzip(r) => r.fill_buf(),
        }
    }

    fn consume(&mut self, amount: usize) {
        self.used += amount as u64;
        if self.head.position() < self.head.get_ref().len() as u64 {
            return self.head.consume(amount);
        }
        match &mut self.inner {
            Inner::Plain(r) => r.consume(amount),
            Inner::Gzip(r) => r.consume(amount),
        }
    }
}

/// Tells a stream that ends or is broken from a system that fails.
pub(crate) fn stream_error(error: io::Error, what: &'static str, wanted: u64, found: u64) -> Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Error::Truncated { what, wanted, found },
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
            Error::malformed("gzip stream", error, "intact deflate data with its checksum")
        }
        _ => Error::io(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_cannot_lead_out_of_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.nhdr");
        fs::write(&path, b"x").unwrap();
        let source = Source::open(&path).unwrap();
        for name in ["/etc/hostname", "../a.raw", "b/../../a.raw"] {
            assert!(matches!(source.open_beside(name, Compression::Detect), Err(Error::Unsupported { .. })), "{name}");
        }
        assert!(source.open_beside("./a.nhdr", Compression::Detect).is_ok());
    }
}

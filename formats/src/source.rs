//! The bytes of a file, decompressed, with a bound on how many there can be.

mod companions;
mod stream;

pub(crate) use companions::inside;
pub use companions::{Companions, Folder};
pub use stream::Stream;

use stream::{Bytes, Forward};

use std::{
    fmt,
    io::{self, BufRead, BufReader, Cursor, Read},
    path::Path,
};

use isocenter_volume::{Cancelled, Ctx};

use crate::{Error, Warning, gzip};

/// The bytes of a file, decompressed where they were gzip, from the first.
///
/// It knows how many bytes there can be at most (exactly, or by deflate's largest ratio), so that a header that announces more is
/// refused before memory is reserved. It asks the observer of its context whether to go on.
pub struct Source<'a> {
    inner: Inner<'a>,
    head: Cursor<Vec<u8>>,
    used: u64,
    bound: Option<u64>,
    name: Option<String>,
    beside: Option<Box<dyn Companions + 'a>>,
    ctx: Ctx<'a>,
    unasked: usize,
}

enum Inner<'a> {
    Plain(Box<dyn Bytes + 'a>),
    Gzip(Box<BufReader<gzip::Members<Box<dyn Bytes + 'a>>>>),
}

/// Whether the bytes are a gzip stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Compression {
    /// They are where they begin like one.
    Detect,
    /// They are.
    Gzip,
    /// They are not, whatever they begin with.
    None,
}

/// Bytes that [`crate::Format::sniff`] sees: a whole NIfTI header of either version.
pub const HEAD_BYTES: usize = 540;

/// Where counting what nobody wants stops.
pub(crate) const MOST_TRAILING: u64 = 16 << 20;

/// Bytes read one by one between two looks at the observer.
const UNASKED: usize = 4096;

impl<'a> Source<'a> {
    /// Opens a file; a gzip stream is recognized by its first bytes. The files beside it are found in its folder.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Malformed`] for a broken gzip stream.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let stream = Stream::open(path).map_err(|e| Error::io(e).at(path))?;
        let mut source = Self::new(stream, Compression::Detect).map_err(|e| e.at(path))?;
        source.name = path.file_name().map(|n| n.to_string_lossy().into_owned());
        source.beside = Some(Box::new(Folder::new(path.with_file_name(""))));
        Ok(source)
    }

    /// Takes the bytes of a file.
    ///
    /// # Errors
    /// [`Error::Malformed`] for a broken gzip stream.
    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, Error> {
        Self::new(Stream::from_bytes(bytes), Compression::Detect)
    }

    /// Takes what a reader gives until its end, a socket or a pipe.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Malformed`] for a broken gzip stream.
    pub fn from_reader(reader: impl Read + 'a) -> Result<Self, Error> {
        Self::new(Stream::from_reader(reader), Compression::Detect)
    }

    /// Takes the bytes of a stream.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Malformed`] for a broken gzip stream.
    pub fn new(mut stream: Stream<'a>, compression: Compression) -> Result<Self, Error> {
        let is_gzip = match compression {
            Compression::Detect => stream.is_gzip().map_err(Error::io)?,
            Compression::Gzip => true,
            Compression::None => false,
        };
        let (inner, bound) = if is_gzip {
            let members = gzip::Members::new(stream.reader);
            let inner = Inner::Gzip(Box::new(BufReader::with_capacity(1 << 16, members)));
            (inner, stream.len.map(gzip::most_bytes))
        } else {
            (Inner::Plain(stream.reader), stream.len)
        };
        let head = Cursor::new(Vec::new());
        let mut source =
            Self { inner, head, used: 0, bound, name: None, beside: None, ctx: Ctx::default(), unasked: 0 };
        source.fill_head()?;
        Ok(source)
    }

    /// Sets the name of the file, from which the name of a `.img` is made, and who gives the files beside it.
    #[must_use]
    pub fn beside(mut self, name: impl Into<String>, companions: &'a dyn Companions) -> Self {
        self.name = Some(name.into());
        self.beside = Some(Box::new(companions));
        self
    }

    /// Sets the context whose observer is asked whether to go on.
    #[must_use]
    pub const fn ctx(mut self, ctx: Ctx<'a>) -> Self {
        self.ctx = ctx;
        self
    }

    /// What is left, seen through another reader that makes at most `times` bytes of one; `None` where there is no such bound.
    pub(crate) fn nested<'s, R: BufRead + 's>(
        &'s mut self,
        compression: Compression,
        times: Option<u64>,
        through: impl FnOnce(&'s mut Self) -> R,
    ) -> Result<Source<'s>, Error> {
        let len = times.filter(|_| self.is_bounded()).map(|times| self.most_left().saturating_mul(times));
        let ctx = self.ctx;
        let stream = Stream { reader: Box::new(Forward(through(self))), len };
        Ok(Source::new(stream, compression)?.ctx(ctx))
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

    /// The bytes that were taken so far.
    pub(crate) const fn used(&self) -> u64 {
        self.used
    }

    /// The most bytes that can still come; [`u64::MAX`] where nobody knows.
    pub fn most_left(&self) -> u64 {
        self.bound.map_or(u64::MAX, |bound| bound.saturating_sub(self.used))
    }

    /// Whether [`Source::most_left`] is known, so that memory for what was announced may be reserved at once.
    pub const fn is_bounded(&self) -> bool {
        self.bound.is_some()
    }

    /// The bytes that will still come, where that is known exactly.
    pub(crate) fn exactly_left(&self) -> Option<u64> {
        matches!(self.inner, Inner::Plain(_)).then(|| self.bound.map(|b| b.saturating_sub(self.used))).flatten()
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

    /// Reads what there is, up to the length of the buffer; 0 at the end.
    pub(crate) fn fill_some(&mut self, what: &'static str, out: &mut [u8]) -> Result<usize, Error> {
        loop {
            match self.read(out) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                other => return other.map_err(|e| stream_error(e, what, out.len() as u64, 0)),
            }
        }
    }

    /// Passes over bytes.
    ///
    /// # Errors
    /// As [`Source::fill`].
    pub fn skip(&mut self, what: &'static str, bytes: u64) -> Result<(), Error> {
        self.expect(what, bytes)?;
        let held = (self.head.get_ref().len() as u64).saturating_sub(self.head.position());
        if bytes > held
            && self.is_bounded()
            && let Inner::Plain(reader) = &mut self.inner
            && reader.pass(bytes - held).map_err(Error::io)?
        {
            self.head.set_position(self.head.get_ref().len() as u64);
            self.used += bytes;
            return Ok(());
        }
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

    /// The name of the file, without a folder, where it has one.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Opens another file that a header names, in the folder of this one or below it.
    ///
    /// # Errors
    /// [`Error::Unsupported`] where nobody gives the files beside this one, or the name leads out of the folder; [`Error::Io`].
    pub fn open_beside(&self, name: &str, compression: Compression) -> Result<Source<'_>, Error> {
        let beside = self
            .beside
            .as_ref()
            .ok_or_else(|| Error::unsupported("detached data of a header without companions", ""))?;
        let name =
            inside(name).ok_or_else(|| Error::unsupported("a data file outside the header's folder", "refused"))?;
        let stream = beside.open(&name).map_err(Error::io)?;
        Ok(Source::new(stream, compression)?.ctx(self.ctx))
    }

    /// Asks the observer, at most once in [`UNASKED`] bytes where they are read one by one.
    fn ask(&mut self, bytes: usize) -> io::Result<()> {
        self.unasked = self.unasked.saturating_add(bytes);
        if self.unasked >= UNASKED {
            self.unasked = 0;
            self.ctx.check().map_err(io::Error::other)?;
        }
        Ok(())
    }
}

impl Read for Source<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.ask(out.len())?;
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
        self.ask(UNASKED)?;
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

impl fmt::Debug for Source<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gzip = matches!(self.inner, Inner::Gzip(_));
        f.debug_struct("Source").field("used", &self.used).field("bound", &self.bound).field("gzip", &gzip).finish()
    }
}

/// Tells a stream that ends or is broken from a system that fails.
pub(crate) fn stream_error(error: io::Error, what: &'static str, wanted: u64, found: u64) -> Error {
    match error.kind() {
        // what passed through a stream as an error of the system
        _ if error.get_ref().is_some_and(|e| e.is::<Error>() || e.is::<Cancelled>()) => Error::io(error),
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
        std::fs::write(&path, b"x").unwrap();
        let source = Source::open(&path).unwrap();
        for name in ["/etc/hostname", "../a.raw", "b/../../a.raw"] {
            assert!(matches!(source.open_beside(name, Compression::Detect), Err(Error::Unsupported { .. })), "{name}");
        }
        assert!(source.open_beside("./a.nhdr", Compression::Detect).is_ok());
    }
}

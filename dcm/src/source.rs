//! Where bytes come from: anything that can be read at an offset, from several threads at once.
//!
//! A file is such a source, bytes in memory in [`Bytes`] (a memory map that the caller made, the body of a request), and what else
//! implements [`ReadAt`]: an object in a store that is read by ranges. Nothing in this crate needs a file system but what takes a
//! path.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::sync::Arc;

/// Bytes that can be read at any offset, without a position of their own.
pub trait ReadAt: Send + Sync {
    /// How many bytes there are.
    fn size(&self) -> io::Result<u64>;

    /// Fills `out` with the bytes from `offset` on; an error where there are not as many.
    fn read_exact_at(&self, out: &mut [u8], offset: u64) -> io::Result<()>;
}

impl ReadAt for File {
    fn size(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    #[cfg(unix)]
    fn read_exact_at(&self, out: &mut [u8], offset: u64) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(self, out, offset)
    }

    #[cfg(windows)]
    fn read_exact_at(&self, mut out: &mut [u8], mut offset: u64) -> io::Result<()> {
        while !out.is_empty() {
            match std::os::windows::fs::FileExt::seek_read(self, out, offset) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(count) => {
                    out = out.get_mut(count..).unwrap_or_default();
                    offset += count as u64;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Where the system knows no reading at an offset: one reader at a time goes there and reads.
    #[cfg(not(any(unix, windows)))]
    fn read_exact_at(&self, out: &mut [u8], offset: u64) -> io::Result<()> {
        use std::io::{Seek, SeekFrom};
        static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
        let _one = ONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut file = self;
        file.seek(SeekFrom::Start(offset))?;
        file.read_exact(out)
    }
}

impl<R: ReadAt + ?Sized> ReadAt for Arc<R> {
    fn size(&self) -> io::Result<u64> {
        (**self).size()
    }

    fn read_exact_at(&self, out: &mut [u8], offset: u64) -> io::Result<()> {
        (**self).read_exact_at(out, offset)
    }
}

impl<R: ReadAt + ?Sized> ReadAt for &R {
    fn size(&self) -> io::Result<u64> {
        (**self).size()
    }

    fn read_exact_at(&self, out: &mut [u8], offset: u64) -> io::Result<()> {
        (**self).read_exact_at(out, offset)
    }
}

/// Bytes in memory: a `Vec<u8>`, an `Arc<[u8]>`, a memory map.
#[derive(Clone, Debug)]
pub struct Bytes<T>(pub T);

impl<T: AsRef<[u8]> + Send + Sync> ReadAt for Bytes<T> {
    fn size(&self) -> io::Result<u64> {
        Ok(self.0.as_ref().len() as u64)
    }

    fn read_exact_at(&self, out: &mut [u8], offset: u64) -> io::Result<()> {
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        let found = from.checked_add(out.len()).and_then(|to| self.0.as_ref().get(from..to));
        out.copy_from_slice(found.ok_or(ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

/// The bytes of a source one after the other.
pub(crate) struct Reader<'a, R: ?Sized> {
    source: &'a R,
    at: u64,
    end: u64,
}

impl<'a, R: ReadAt + ?Sized> Reader<'a, R> {
    /// From the first byte on.
    pub(crate) fn new(source: &'a R) -> io::Result<Self> {
        Ok(Self { source, at: 0, end: source.size()? })
    }
}

impl<R: ReadAt + ?Sized> Read for Reader<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = self.end.saturating_sub(self.at);
        let count = out.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let part = out.get_mut(..count).unwrap_or_default();
        self.source.read_exact_at(part, self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

//! Reading at an offset, from several threads at once.

use std::fs::File;
use std::io::{self, ErrorKind, Read};

/// Bytes that can be read at any offset, without a position of their own.
pub trait ReadAt: Sync {
    /// How many bytes there are.
    fn size(&self) -> io::Result<u64>;

    /// Fills `out` with the bytes from `offset` on; an error where there are not as many.
    fn read_exact_at(&self, out: &mut [u8], offset: u64) -> io::Result<()>;
}

#[cfg(any(unix, windows))]
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
}

/// Bytes in memory, such as a memory map that the caller made.
#[derive(Clone, Debug)]
pub struct Bytes<T>(pub T);

impl<T: AsRef<[u8]> + Sync> ReadAt for Bytes<T> {
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

/// The bytes one after the other.
pub(super) struct Reader<'a, R> {
    pub(super) source: &'a R,
    pub(super) at: u64,
}

impl<R: ReadAt> Read for Reader<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = self.source.size()?.saturating_sub(self.at);
        let count = out.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let part = out.get_mut(..count).unwrap_or_default();
        self.source.read_exact_at(part, self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

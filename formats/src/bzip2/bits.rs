//! Bits of a stream, the highest of a byte first.

use std::io::{self, Read};

/// Reads bits.
pub(super) struct Bits<R> {
    inner: R,
    chunk: Vec<u8>,
    at: usize,
    held: u64,
    count: u32,
}

/// Bytes asked of the stream at once.
const CHUNK: u64 = 1 << 14;

impl<R: Read> Bits<R> {
    pub(super) const fn new(inner: R) -> Self {
        Self { inner, chunk: Vec::new(), at: 0, held: 0, count: 0 }
    }

    /// Up to 32 bits.
    pub(super) fn take(&mut self, count: u32) -> io::Result<u32> {
        while self.count < count {
            let byte = self.byte()?.ok_or(io::ErrorKind::UnexpectedEof)?;
            self.held = self.held << 8 | u64::from(byte);
            self.count += 8;
        }
        self.count -= count;
        Ok((self.held >> self.count & ((1 << count) - 1)) as u32)
    }

    /// Up to 64 bits.
    pub(super) fn long(&mut self, count: u32) -> io::Result<u64> {
        let high = u64::from(self.take(count.saturating_sub(32))?);
        Ok(high << 32 | u64::from(self.take(count.min(32))?))
    }

    pub(super) fn bit(&mut self) -> io::Result<bool> {
        Ok(self.take(1)? == 1)
    }

    /// Passes over what is left of a byte.
    pub(super) fn align(&mut self) {
        self.count -= self.count % 8;
    }

    /// Whether bytes are left, between bytes.
    pub(super) fn more(&mut self) -> io::Result<bool> {
        if self.count == 0
            && let Some(byte) = self.byte()?
        {
            (self.held, self.count) = (u64::from(byte), 8);
        }
        Ok(self.count > 0)
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        if self.at == self.chunk.len() {
            self.chunk.clear();
            self.at = 0;
            self.inner.by_ref().take(CHUNK).read_to_end(&mut self.chunk)?;
        }
        let byte = self.chunk.get(self.at).copied();
        self.at += usize::from(byte.is_some());
        Ok(byte)
    }
}

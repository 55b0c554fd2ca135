//! Writing in pieces, so that somebody is told how far it is and may stop it.

use std::io::{self, Write};

use isocenter_volume::Stage;

/// Most bytes between two looks at the observer: about 30 ms of the slowest level of gzip.
pub(crate) const PIECE: usize = 1 << 18;

/// Hands on what is written, a piece at a time, and counts it as done. A wish to stop passes through the stream as an error, from
/// which [`crate::Error::io`] makes [`crate::Error::Cancelled`].
pub(crate) struct Paced<'s, 'c, W> {
    inner: W,
    stage: &'s Stage<'c>,
}

impl<'s, 'c, W: Write> Paced<'s, 'c, W> {
    pub(crate) const fn new(inner: W, stage: &'s Stage<'c>) -> Self {
        Self { inner, stage }
    }
}

impl<W: Write> Write for Paced<'_, '_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stage.check().map_err(io::Error::other)?;
        let taken = self.inner.write(&bytes[..bytes.len().min(PIECE)])?;
        self.stage.advance(taken as u64).map_err(io::Error::other)?;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

//! Writing one gzip member, or one zlib stream, whose bytes do not depend on how the data comes.

use std::io::{self, Write};

use flate2::{Compress, Compression, Crc, FlushCompress, Status};

use crate::pace::PIECE;

/// Bytes of packed data that are handed on at once.
const BUFFER: usize = 32 << 10;

/// A gzip member whose header names no file, no time and no system (RFC 1952, 2.3.1), or a zlib stream (RFC 1950).
///
/// Deflate may choose other matches where its input or its output ends, so that the packed bytes would depend on the sizes of the
/// writes. Here the output ends only where the buffer is full, and the input of large writes at multiples of [`PIECE`] of the
/// stream, where deflate's window of 64 KiB is filled anew in any case: the bytes are those of one write of everything.
pub(crate) struct Encoder<W: Write> {
    inner: W,
    deflate: Compress,
    /// Of a gzip member; that of a zlib stream is deflate's own affair.
    checksum: Option<Crc>,
    buffer: Vec<u8>,
}

impl<W: Write> Encoder<W> {
    /// Begins a member; levels above 9 are 9.
    pub(crate) fn new(mut inner: W, level: u32) -> io::Result<Self> {
        let level = level.min(9);
        let speed = match level {
            9 => 2,
            0 | 1 => 4,
            _ => 0,
        };
        inner.write_all(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, speed, 255])?;
        let deflate = Compress::new(Compression::new(level), false);
        Ok(Self { inner, deflate, checksum: Some(Crc::new()), buffer: Vec::with_capacity(BUFFER) })
    }

    /// Begins a zlib stream; levels above 9 are 9.
    pub(crate) fn zlib(inner: W, level: u32) -> Self {
        let deflate = Compress::new(Compression::new(level.min(9)), true);
        Self { inner, deflate, checksum: None, buffer: Vec::with_capacity(BUFFER) }
    }

    /// Ends the member with its checksum and length, the stream with its checksum.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        let mut status = Status::Ok;
        while status != Status::StreamEnd {
            self.hand_on()?;
            let before = self.deflate.total_out();
            status =
                self.deflate.compress_vec(&[], &mut self.buffer, FlushCompress::Finish).map_err(io::Error::other)?;
            if status != Status::StreamEnd && self.deflate.total_out() == before {
                return Err(io::Error::other("deflate does not end"));
            }
        }
        self.hand_on()?;
        let Some(checksum) = self.checksum else { return Ok(()) };
        self.inner.write_all(&checksum.sum().to_le_bytes())?;
        self.inner.write_all(&checksum.amount().to_le_bytes())
    }

    fn hand_on(&mut self) -> io::Result<()> {
        self.inner.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
}

impl<W: Write> Write for Encoder<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let before = self.deflate.total_in();
        let piece = PIECE - (before % PIECE as u64) as usize;
        let piece = &bytes[..bytes.len().min(piece)];
        loop {
            if self.buffer.len() == self.buffer.capacity() {
                self.hand_on()?;
            }
            self.deflate.compress_vec(piece, &mut self.buffer, FlushCompress::None).map_err(io::Error::other)?;
            let taken = (self.deflate.total_in() - before) as usize;
            // where nothing was taken and there is no room, what was still inside took it
            if taken > 0 || self.buffer.len() < self.buffer.capacity() {
                self.checksum.iter_mut().for_each(|c| c.update(&piece[..taken]));
                return Ok(taken);
            }
        }
    }

    /// Hands on what is packed so far; what deflate still holds stays, so that flushing changes no byte.
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use flate2::GzBuilder;

    use super::*;

    /// A header and voxels: smooth with noise, then runs, so that deflate has choices.
    fn parts() -> [Vec<u8>; 2] {
        let mut seed = 1u64;
        let mut noise = move || {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            (seed % 40) as i16
        };
        let smooth = (0..400_000).flat_map(|i| ((i / 512 % 300) as i16 + noise()).to_le_bytes());
        [
            (0..352u32).map(|i| (i % 7) as u8).collect(),
            smooth.chain((0..700_000).map(|i| (i / 777 % 5) as u8)).collect(),
        ]
    }

    #[test]
    fn pieces_pack_to_the_bytes_of_one_write() {
        let parts = parts();
        for level in 0..=9 {
            let mut whole = GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::new(level));
            let mut out = Vec::new();
            let mut pieces = Encoder::new(&mut out, level).unwrap();
            for part in &parts {
                whole.write_all(part).unwrap();
                pieces.write_all(part).unwrap();
            }
            pieces.finish().unwrap();
            assert!(out == whole.finish().unwrap(), "level {level}");
        }
    }
}

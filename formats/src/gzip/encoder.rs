//! Writing one gzip member, or one zlib stream, in blocks that are packed side by side.

use std::io::{self, Write};

use isocenter_volume::Ctx;
use rayon::prelude::*;

use super::block::{BLOCK, Kind, Packed, Sum, WINDOW, pack};

/// Blocks in memory for each thread: the second keeps it busy while the others end.
const BLOCKS_A_THREAD: usize = 2;

/// A gzip member whose header names no file, no time and no system (RFC 1952, 2.3.1), or a zlib stream (RFC 1950).
///
/// What comes is cut at multiples of [`BLOCK`]. Each block is packed on its own, on the threads of the context or of the caller, with
/// the last [`WINDOW`] bytes before it as its dictionary, and ends at a whole byte: put behind one another they are one deflate
/// stream, little longer than if it were packed in one piece. The bytes depend on the data and the level alone, not on how the data
/// comes, nor on the number of threads.
pub(crate) struct Encoder<'c, W: Write> {
    inner: W,
    kind: Kind,
    level: u32,
    ctx: Ctx<'c>,
    checksum: Sum,
    /// The window, which is packed already, and the blocks that are not.
    buffer: Vec<u8>,
    /// Bytes of the window in the buffer.
    window: usize,
    /// Bytes of blocks that are packed at once.
    batch: usize,
}

impl<'c, W: Write> Encoder<'c, W> {
    /// Begins a gzip member; levels above 9 are 9.
    pub(crate) fn new(inner: W, level: u32, ctx: &Ctx<'c>) -> io::Result<Self> {
        let speed = match level.min(9) {
            9 => 2,
            0 | 1 => 4,
            _ => 0,
        };
        Self::begin(inner, Kind::Gzip, level, ctx, &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, speed, 255])
    }

    /// Begins a zlib stream; levels above 9 are 9.
    pub(crate) fn zlib(inner: W, level: u32, ctx: &Ctx<'c>) -> io::Result<Self> {
        // deflate with a window of 32 KiB; the speed, and what makes the two bytes a multiple of 31
        let speed = match level.min(9) {
            0 | 1 => 0x01,
            2..=5 => 0x5e,
            6 => 0x9c,
            _ => 0xda,
        };
        Self::begin(inner, Kind::Zlib, level, ctx, &[0x78, speed])
    }

    fn begin(mut inner: W, kind: Kind, level: u32, ctx: &Ctx<'c>, header: &[u8]) -> io::Result<Self> {
        inner.write_all(header)?;
        let (checksum, buffer) = (Sum::new(kind), Vec::new());
        Ok(Self { inner, kind, level: level.min(9), ctx: *ctx, checksum, buffer, window: 0, batch: BLOCK })
    }

    /// Packs what is left and ends the stream with its checksum.
    pub(crate) fn finish(self) -> io::Result<()> {
        self.into_inner().map(drop)
    }

    /// The same, and gives back what was written to.
    pub(crate) fn into_inner(mut self) -> io::Result<W> {
        self.pack(true)?;
        self.inner.write_all(&self.checksum.trailer())?;
        Ok(self.inner)
    }

    /// Packs all blocks of the buffer.
    fn pack(&mut self, is_end: bool) -> io::Result<()> {
        let (buffer, window, level, kind) = (&self.buffer, self.window, self.level, self.kind);
        let bytes = buffer.len() - window;
        let count = bytes.div_ceil(BLOCK).max(usize::from(is_end));
        let one = |n: usize| {
            let (from, to) = (window + n * BLOCK, buffer.len().min(window + (n + 1) * BLOCK));
            pack(&buffer[from.saturating_sub(WINDOW)..from], &buffer[from..to], level, is_end && n + 1 == count, kind)
        };
        let packed: Vec<Packed> = match count {
            0 => return Ok(()),
            // no thread is asked, or made, for a small file
            1 => vec![one(0)?],
            _ => self.ctx.install(|| (0..count).into_par_iter().map(one).collect::<io::Result<_>>())?,
        };
        for block in packed {
            self.checksum.join(&block.checksum);
            self.inner.write_all(&block.bytes)?;
        }
        let kept = buffer.len().min(WINDOW);
        self.buffer.drain(..self.buffer.len() - kept);
        self.window = kept;
        Ok(())
    }
}

impl<W: Write> Write for Encoder<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        // not before there is more: the last block of the stream must be known when it is packed
        if self.buffer.len() - self.window == self.batch {
            if self.batch == BLOCK {
                // only now: a small file asks for no threads
                self.batch = self.ctx.install(rayon::current_num_threads).max(1) * BLOCKS_A_THREAD * BLOCK;
            } else {
                self.pack(false)?;
            }
        }
        let room = self.batch - (self.buffer.len() - self.window);
        let taken = &bytes[..bytes.len().min(room)];
        if self.buffer.len() + taken.len() > self.buffer.capacity() {
            // never by doubling past a batch
            let most = WINDOW + self.batch;
            let wanted = (2 * (self.buffer.len() + taken.len())).min(most);
            self.buffer.reserve_exact(wanted - self.buffer.len());
        }
        self.buffer.extend_from_slice(taken);
        Ok(taken.len())
    }

    /// Hands on what is packed so far; what waits in the buffer stays, so that flushing changes no byte.
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::{Compression, read::GzDecoder, read::ZlibDecoder, write::GzEncoder};

    use super::*;

    /// A header and voxels: smooth with noise, then runs, so that deflate has choices.
    fn data() -> Vec<u8> {
        let mut seed = 1u64;
        let mut noise = move || {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            (seed % 40) as i16
        };
        let header = (0..352u32).map(|i| (i % 7) as u8);
        let smooth = (0..700_000).flat_map(|i| ((i / 512 % 300) as i16 + noise()).to_le_bytes());
        header.chain(smooth).chain((0..900_000).map(|i| (i / 777 % 5) as u8)).collect()
    }

    fn packed(data: &[u8], piece: usize, level: u32, threads: usize) -> Vec<u8> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let mut out = Vec::new();
        let mut encoder = Encoder::new(&mut out, level, &Ctx::default().with_pool(&pool)).unwrap();
        data.chunks(piece).for_each(|p| encoder.write_all(p).unwrap());
        encoder.finish().unwrap();
        out
    }

    #[test]
    fn neither_pieces_nor_threads_change_a_byte() {
        let data = data();
        for level in [0, 1, 6, 9] {
            let wanted = packed(&data, data.len(), level, 1);
            for (piece, threads) in [(1000, 1), (data.len(), 2), (70_001, 3), (BLOCK, 8)] {
                assert!(packed(&data, piece, level, threads) == wanted, "level {level}, {piece}, {threads}");
            }
        }
    }

    #[test]
    fn one_member_holds_all_and_is_hardly_longer_than_in_one_piece() {
        let data = data();
        for len in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 4 * BLOCK, data.len()] {
            let bytes = packed(&data[..len], len.max(1), 6, 2);
            let mut back = Vec::new();
            let mut decoder = GzDecoder::new(bytes.as_slice());
            decoder.read_to_end(&mut back).unwrap();
            assert!(back == data[..len] && decoder.into_inner().is_empty(), "{len}");
            let mut whole = GzEncoder::new(Vec::new(), Compression::new(6));
            whole.write_all(&data[..len]).unwrap();
            let whole = whole.finish().unwrap();
            assert!(bytes.len() <= whole.len() + whole.len() / 200 + 16, "{len}: {} {}", bytes.len(), whole.len());
        }
    }

    #[test]
    fn a_zlib_stream_has_its_own_checksum() {
        let data = data();
        for level in [0, 1, 3, 6, 9] {
            let mut bytes = Vec::new();
            let mut encoder = Encoder::zlib(&mut bytes, level, &Ctx::default()).unwrap();
            encoder.write_all(&data).unwrap();
            encoder.finish().unwrap();
            assert_eq!(u16::from_be_bytes([bytes[0], bytes[1]]) % 31, 0);
            let mut back = Vec::new();
            ZlibDecoder::new(bytes.as_slice()).read_to_end(&mut back).unwrap();
            assert!(back == data, "level {level}");
        }
    }
}

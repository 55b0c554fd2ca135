//! The directory: which matrices a file has, and where.

use crate::{Error, endian::Endian, fixed::Fixed};

/// Bytes of a block.
pub(super) const BLOCK: usize = 512;

/// Number of the directory's first block; the main header is block 1.
const FIRST: usize = 2;

/// Entries of a block.
const ENTRIES: usize = 31;

/// A matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Matrix {
    pub(super) gate: u32,
    pub(super) frame: u32,
    pub(super) bed: u32,
    /// Bytes of the file before the header of the matrix.
    pub(super) at: usize,
}

/// The matrices of a file, by gate and frame.
pub(super) fn matrices(file: &[u8]) -> Result<Vec<Matrix>, Error> {
    let mut matrices = Vec::new();
    let mut block = FIRST;
    // no block is read twice: a ring that misses the first would never end
    for _ in 0..=file.len() / BLOCK {
        let start = (block - 1).saturating_mul(BLOCK);
        let found = file.get(start..).and_then(|rest| rest.get(..BLOCK));
        let wanted = start.saturating_add(BLOCK) as u64;
        let bytes = found.ok_or(Error::Truncated { what: "directory", wanted, found: file.len() as u64 })?;
        let words = Fixed { bytes, endian: Endian::Big };
        let used = usize::try_from(words.i32(12)).ok().filter(|n| *n <= ENTRIES);
        let used = used.ok_or_else(|| Error::malformed("directory", words.i32(12), "0 to 31 entries"))?;
        matrices.extend((1..=used).filter_map(|n| matrix(&words, 16 * n)));
        let next = usize::try_from(words.i32(4)).ok().filter(|n| *n > 0);
        block = next.ok_or_else(|| Error::malformed("directory", words.i32(4), "the number of a block"))?;
        if block == FIRST {
            matrices.sort_unstable();
            return Ok(matrices);
        }
    }
    Err(Error::malformed("directory", "a ring of blocks", "a list that ends at its first block"))
}

/// The matrix of an entry, where it is there.
fn matrix(words: &Fixed<'_>, at: usize) -> Option<Matrix> {
    let id = words.i32(at) as u32;
    let start = usize::try_from(words.i32(at + 4)).ok().filter(|n| *n > FIRST)?;
    // -1: deleted
    (words.i32(at + 12) >= 0).then_some(Matrix {
        frame: id & 0x1ff,
        gate: (id >> 24) & 0x3f,
        bed: (id >> 12) & 0xf,
        at: (start - 1).saturating_mul(BLOCK),
    })
}

//! Which chunks there are, and where.

use super::{
    arrays, btree1, btree2,
    bytes::{Cursor, Image},
    extensible,
    layout::{Chunked, Index},
    space::Space,
};
use crate::Error;

/// A chunk as it is stored.
#[derive(Clone, Debug)]
pub(super) struct Chunk {
    /// Its place in the grid of chunks.
    pub(super) at: Vec<u64>,
    pub(super) address: u64,
    /// Bytes in the file; `None` for those of a chunk that is not packed.
    pub(super) bytes: Option<u64>,
    /// Filters that were left out.
    pub(super) mask: u32,
}

/// Lengths of a grid of chunks.
pub(super) fn grid(shape: &[u64], chunk: &[u64]) -> Vec<u64> {
    shape.iter().zip(chunk).map(|(n, chunk)| n.div_ceil(*chunk)).collect()
}

/// Hands out all chunks that are stored.
pub(super) fn each(
    image: &Image,
    space: &Space,
    chunked: &Chunked,
    chunk_bytes: u64,
    hand: &mut dyn FnMut(Chunk) -> Result<(), Error>,
) -> Result<(), Error> {
    let rank = space.shape.len();
    let is_packed = !chunked.filters.is_empty();
    // arrays count over the grid to which the data set may grow
    let largest: Vec<u64> = space.most.iter().zip(&space.shape).map(|(most, now)| most.unwrap_or(*now)).collect();
    let largest = grid(&largest, &chunked.chunk);
    let all = largest.iter().fold(1, |n: u64, len| n.saturating_mul(*len));
    let mut linear = |order: &[usize], n: u64, address, bytes, mask| {
        let mut at = vec![0; rank];
        let mut rest = n;
        for (place, axis) in order.iter().enumerate().rev() {
            if place == 0 {
                at[*axis] = rest;
            } else {
                at[*axis] = rest % largest[*axis].max(1);
                rest /= largest[*axis].max(1);
            }
        }
        hand(Chunk { at, address, bytes, mask })
    };
    let order: Vec<usize> = (0..rank).collect();
    match chunked.index {
        Index::None => Ok(()),
        Index::Single(address, bytes, mask) => linear(&order, 0, address, bytes, mask),
        Index::Implicit(address) => (0..all).try_for_each(|n| {
            image.look(1)?;
            let at = n.checked_mul(chunk_bytes).and_then(|n| n.checked_add(address)).unwrap_or(u64::MAX);
            linear(&order, n, at, None, 0)
        }),
        Index::Fixed(address) => arrays::fixed(image, address, is_packed, &mut |n, address, bytes, mask| {
            linear(&order, n, address, bytes, mask)
        }),
        Index::Extensible(address) => {
            // the axis without an end comes first
            let endless = space.most.iter().position(Option::is_none).unwrap_or(0);
            let order: Vec<usize> =
                std::iter::once(endless).chain(order.into_iter().filter(|n| *n != endless)).collect();
            extensible::walk(image, address, is_packed, &mut |n, address, bytes, mask| {
                linear(&order, n, address, bytes, mask)
            })
        }
        Index::Tree1(address) => btree1::walk(image, address, 1, 8 + 8 * (rank + 1), &mut |mut key, address| {
            let (bytes, mask) = (u64::from(key.u32()?), key.u32()?);
            let mut at = Vec::new();
            for chunk in &chunked.chunk {
                at.push(key.uint(8)? / chunk);
            }
            hand(Chunk { at, address, bytes: Some(bytes), mask })
        }),
        Index::Tree2(address) => btree2::walk(image, address, &[10, 11], &mut |kind, mut record| {
            let address = record.pointer()?;
            let (bytes, mask) = if kind == 10 { (None, 0) } else { sized(&mut record, rank)? };
            let at = (0..rank).map(|_| record.uint(8)).collect::<Result<_, _>>()?;
            hand(Chunk { at, address, bytes, mask })
        }),
    }
}

/// Bytes and mask of a record, whose number of bytes fills what the place leaves.
fn sized(record: &mut Cursor<'_>, rank: usize) -> Result<(Option<u64>, u32), Error> {
    let width = record.rest.len().saturating_sub(4 + 8 * rank);
    Ok((Some(record.uint(width)?), record.u32()?))
}

//! Heaps of links and attributes, where there are many.

use super::{
    bytes::{Cursor, Image, bytes_for},
    checksum,
};
use crate::Error;

/// A heap whose blocks double in size.
pub(super) struct Heap<'a> {
    image: &'a Image,
    /// Bytes of an offset within it, and of a length, as they stand in an identifier.
    offset: usize,
    length: usize,
    width: u64,
    smallest: u64,
    largest: u64,
    root: u64,
    /// Rows of the root; 0 where it is a block of data itself.
    rows: u64,
}

impl<'a> Heap<'a> {
    pub(super) fn read(image: &'a Image, address: u64) -> Result<Self, Error> {
        let mut heap = image.at("heap", address)?;
        let whole = heap.rest;
        heap.signature("FRHP")?;
        heap.version(0, 0)?;
        heap.skip(2)?;
        if heap.u16()? > 0 {
            return Err(Error::unsupported("packed heaps of HDF5", "a filter"));
        }
        heap.skip(1)?;
        let most = u64::from(heap.u32()?);
        heap.skip(10 * image.length + 2 * image.offset)?;
        let width = u64::from(heap.u16()?);
        let (smallest, largest) = (heap.length()?, heap.length()?);
        let bits = heap.u16()?;
        heap.skip(2)?;
        let root = heap.pointer()?;
        let rows = u64::from(heap.u16()?);
        let end = whole.len() - heap.rest.len() + 4;
        checksum::checked(whole.get(..end).unwrap_or_default(), "heap")?;
        let sound =
            smallest.is_power_of_two() && largest.is_power_of_two() && smallest <= largest && width.is_power_of_two();
        if !sound || bits > 64 || rows > 64 || smallest > 1 << 32 || largest > 1 << 32 {
            return Err(Error::malformed("heap", "blocks of another size", "powers of two"));
        }
        let length = bytes_for(largest).min(bytes_for(most));
        Ok(Self { image, offset: usize::from(bits).div_ceil(8), length, width, smallest, largest, root, rows })
    }

    /// The object of an identifier.
    pub(super) fn object(&self, identifier: &[u8]) -> Result<Cursor<'a>, Error> {
        let mut identifier = Cursor::new(self.image, identifier, "heap");
        let kind = identifier.u8()? >> 4 & 3;
        if kind != 0 {
            return Err(Error::unsupported("objects of a heap that lie apart", kind));
        }
        let (offset, len) = (identifier.uint(self.offset)?, identifier.uint(self.length)?);
        let (block, within) = self.block(self.root, self.rows, offset, 0)?;
        let at = block.saturating_add(within);
        let bytes = usize::try_from(len).unwrap_or(usize::MAX);
        let object = self.image.at("heap", at)?.take(bytes)?;
        Ok(Cursor::new(self.image, object, "heap"))
    }

    /// The block of data that holds an offset, and where it does so.
    fn block(&self, address: u64, rows: u64, mut offset: u64, depth: u32) -> Result<(u64, u64), Error> {
        let wrong = || Error::malformed("heap", "an object outside it", "one inside");
        if rows == 0 {
            return Ok((address, offset));
        }
        if depth > 8 {
            return Err(wrong());
        }
        let direct = u64::from(self.largest.ilog2() - self.smallest.ilog2() + 2);
        let mut index = 0;
        for row in 0..rows {
            let block = self.smallest.checked_shl(row.saturating_sub(1) as u32).ok_or_else(wrong)?;
            let all = block.checked_mul(self.width).ok_or_else(wrong)?;
            if offset >= all {
                offset -= all;
                index += self.width;
                continue;
            }
            index += offset / block;
            let mut node = self.image.at("heap", address)?;
            node.signature("FHIB")?;
            node.skip(1 + self.image.offset + self.offset)?;
            let skipped =
                usize::try_from(index).ok().and_then(|n| n.checked_mul(self.image.offset)).ok_or_else(wrong)?;
            node.rest = node.rest.get(skipped..).ok_or_else(wrong)?;
            let child = node.pointer()?;
            let rows = if row < direct {
                0
            } else {
                let first = (self.smallest.saturating_mul(self.width)).ilog2();
                u64::from((block.ilog2() + 1).checked_sub(first).filter(|n| *n > 0).ok_or_else(wrong)?)
            };
            return self.block(child, rows, offset % block, depth + 1);
        }
        Err(wrong())
    }
}

//! Chunks listed in an array that grows along one axis.

use super::{
    arrays::{Elements, Hand, paged},
    bytes::{Cursor, Image},
    checksum,
};
use crate::Error;

/// What the blocks of an array have in common.
struct Array<'a> {
    image: &'a Image,
    elements: Elements,
    /// Bytes of the place of a block.
    offset: usize,
    /// Most elements of a page.
    page: u64,
}

pub(super) fn walk(image: &Image, address: u64, is_packed: bool, hand: &mut Hand<'_>) -> Result<(), Error> {
    let mut header = checksum::take(&mut image.at("chunks", address)?, 16 + 6 * image.length + image.offset)?;
    header.signature("EAHD")?;
    header.version(0, 0)?;
    header.skip(1)?;
    let [bytes, bits, first, least, pointers, page] =
        [header.u8()?, header.u8()?, header.u8()?, header.u8()?, header.u8()?, header.u8()?];
    header.skip(4 * image.length)?;
    let most = header.length()?;
    header.skip(image.length)?;
    let Some(index) = header.address()? else { return Ok(()) };
    let sound = least.is_power_of_two() && pointers.is_power_of_two() && pointers > 1 && bits <= 64;
    let blocks = u32::from(bits).checked_sub(least.max(1).ilog2()).filter(|_| sound && page < 64);
    let blocks = blocks.ok_or_else(|| Error::malformed("chunks", "an array of another shape", "powers of two"))? + 1;
    let elements = Elements { bytes: usize::from(bytes), is_packed };
    let array = Array { image, elements, offset: usize::from(bits).div_ceil(8), page: 1 << page };
    let mut block = image.at("chunks", index)?;
    block.signature("EAIB")?;
    block.skip(2 + image.offset)?;
    array.elements.hand(&mut block, 0, most.min(u64::from(first)), hand)?;
    block.skip(usize::from(bytes) * usize::from(first).saturating_sub(most as usize))?;
    let mut at = u64::from(first);
    // blocks of data that the index names itself, then those that blocks of pointers name
    let direct = 2 * u32::from(pointers).ilog2();
    for level in 0..blocks.min(127) {
        let count = 1_u64 << (level / 2);
        let size = u64::from(least).checked_shl(level.div_ceil(2)).unwrap_or(u64::MAX);
        if at >= most {
            break;
        }
        if level < direct {
            for _ in 0..count {
                let data = block.address()?;
                at = array.data(data, None, at, size, hand)?;
            }
        } else if let Some(above) = block.address()? {
            let mut above = image.at("chunks", above)?;
            above.signature("EASB")?;
            above.skip(2 + image.offset + array.offset)?;
            let pages = if size > array.page {
                usize::try_from((size / array.page).div_ceil(8)).unwrap_or(usize::MAX)
            } else {
                0
            };
            let used = above.take(pages.saturating_mul(count as usize))?;
            for n in 0..count as usize {
                let data = above.address()?;
                at = array.data(data, used.get(n * pages..(n + 1) * pages), at, size, hand)?;
            }
        } else {
            at = at.saturating_add(count.saturating_mul(size));
        }
    }
    Ok(())
}

impl Array<'_> {
    /// Hands out the elements of a block of data; the number behind its last.
    fn data(
        &self,
        address: Option<u64>,
        used: Option<&[u8]>,
        at: u64,
        size: u64,
        hand: &mut Hand<'_>,
    ) -> Result<u64, Error> {
        if let Some(address) = address {
            let mut block: Cursor<'_> = self.image.at("chunks", address)?;
            block.signature("EADB")?;
            block.skip(2 + self.image.offset + self.offset)?;
            if size <= self.page {
                self.elements.hand(&mut block, at, size, hand)?;
            } else {
                block.skip(4)?;
                paged(&mut block, used.unwrap_or_default(), &self.elements, [at, size], self.page, hand)?;
            }
        }
        Ok(at.saturating_add(size))
    }
}

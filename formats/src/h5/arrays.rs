//! Chunks listed in an array of a fixed length.

use super::{
    bytes::{Cursor, Image},
    checksum,
};
use crate::Error;

/// Takes the number of a chunk, where it is, its bytes where it is packed, and what was left out.
pub(super) type Hand<'h> = dyn FnMut(u64, u64, Option<u64>, u32) -> Result<(), Error> + 'h;

/// Elements of an array.
pub(super) struct Elements {
    pub(super) bytes: usize,
    pub(super) is_packed: bool,
}

impl Elements {
    /// Hands out some elements, numbered from `first`.
    pub(super) fn hand(&self, from: &mut Cursor<'_>, first: u64, count: u64, hand: &mut Hand<'_>) -> Result<(), Error> {
        for n in first..first.saturating_add(count) {
            let mut element = Cursor { rest: from.take(self.bytes)?, ..*from };
            let Some(address) = element.address()? else { continue };
            if self.is_packed {
                let width = element.rest.len().saturating_sub(4);
                hand(n, address, Some(element.uint(width)?), element.u32()?)?;
            } else {
                hand(n, address, None, 0)?;
            }
        }
        Ok(())
    }
}

pub(super) fn fixed(image: &Image, address: u64, is_packed: bool, hand: &mut Hand<'_>) -> Result<(), Error> {
    let mut header = checksum::take(&mut image.at("chunks", address)?, 12 + image.length + image.offset)?;
    header.signature("FAHD")?;
    header.version(0, 0)?;
    header.skip(1)?;
    let elements = Elements { bytes: usize::from(header.u8()?), is_packed };
    let (page, count) = (1_u64.checked_shl(u32::from(header.u8()?)).unwrap_or(u64::MAX), header.length()?);
    let Some(block) = header.address()? else { return Ok(()) };
    let mut block = image.at("chunks", block)?;
    block.signature("FADB")?;
    block.skip(2 + image.offset)?;
    if count <= page {
        return elements.hand(&mut block, 0, count, hand);
    }
    let pages = count.div_ceil(page);
    let used = block.take(usize::try_from(pages.div_ceil(8)).unwrap_or(usize::MAX))?;
    block.skip(4)?;
    paged(&mut block, used, &elements, [0, count], page, hand)
}

/// Hands out elements that lie in pages, of which only those in use were written.
pub(super) fn paged(
    block: &mut Cursor<'_>,
    used: &[u8],
    elements: &Elements,
    [first, count]: [u64; 2],
    page: u64,
    hand: &mut Hand<'_>,
) -> Result<(), Error> {
    for n in 0..count.div_ceil(page) {
        let here = page.min(count - n * page);
        // the bit of the first is the highest of a byte
        if used.get((n / 8) as usize).is_some_and(|byte| byte & 0x80 >> (n % 8) != 0) {
            elements.hand(block, first + n * page, here, hand)?;
            block.skip(4)?;
        } else {
            let bytes = here.saturating_mul(elements.bytes as u64).saturating_add(4);
            block.skip(usize::try_from(bytes).unwrap_or(usize::MAX))?;
        }
    }
    Ok(())
}

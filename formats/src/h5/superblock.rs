//! Where a file begins, and where its root group is.

use super::{
    bytes::{Cursor, Image},
    checksum,
};
use crate::Error;

/// The bytes that a file begins with.
pub(crate) const SIGNATURE: &[u8; 8] = b"\x89HDF\r\n\x1a\n";

/// Where in the first bytes a superblock begins: at the front, or behind a block of the user's (MATLAB's is 512 bytes).
pub(crate) fn place(head: &[u8]) -> Option<usize> {
    let is_there = |at: &usize| head.get(*at..).is_some_and(|rest| rest.starts_with(SIGNATURE));
    std::iter::once(0).chain((0..20).map(|n| 512 << n)).take_while(|at| *at < head.len()).find(is_there)
}

/// The file, and the address of the header of its root group.
pub(super) fn read(bytes: Vec<u8>) -> Result<(Image, u64), Error> {
    let at = place(&bytes).ok_or_else(|| Error::malformed("superblock", "another signature", "HDF5's"))?;
    let mut image = Image::new(bytes);
    let mut cursor = image.at("superblock", at as u64)?;
    cursor.skip(SIGNATURE.len())?;
    let version = cursor.version(0, 3)?;
    if version < 2 {
        cursor.skip(4)?;
    }
    let (offset, length) = (width(&mut cursor)?, width(&mut cursor)?);
    let cursor = cursor.rest;
    let (base, root) = {
        let mut narrow = Image::new(Vec::new());
        (narrow.offset, narrow.length) = (offset, length);
        let mut cursor = Cursor::new(&narrow, cursor, "superblock");
        if version < 2 {
            // a reserved byte, ranks of the trees, flags; version 1 has one more rank
            cursor.skip(9 + if version == 1 { 4 } else { 0 })?;
            let base = cursor.pointer()?;
            // free space, end of file, driver; then the entry of the root: the name, the address
            cursor.skip(4 * offset)?;
            (base, cursor.pointer()?)
        } else {
            cursor.skip(1)?;
            let base = cursor.pointer()?;
            cursor.skip(2 * offset)?;
            (base, cursor.pointer()?)
        }
    };
    if version >= 2 {
        checksum::checked(image.part("superblock", at as u64, 16 + 4 * offset as u64)?, "superblock")?;
    }
    image.start = usize::try_from(base).ok().filter(|n| *n < image.len() as usize).unwrap_or(usize::MAX);
    (image.offset, image.length) = (offset, length);
    Ok((image, root))
}

fn width(cursor: &mut Cursor<'_>) -> Result<usize, Error> {
    match cursor.u8()? {
        n @ (2 | 4 | 8) => Ok(usize::from(n)),
        other => Err(Error::unsupported("a width of addresses in HDF5", other)),
    }
}

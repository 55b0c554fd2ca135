//! Names of old groups, and texts of any length.

use super::bytes::{Cursor, Image, text};
use crate::Error;

/// The names of an old group.
pub(super) fn names<'a>(image: &'a Image, address: u64) -> Result<Cursor<'a>, Error> {
    let mut heap = image.at("local heap", address)?;
    heap.signature("HEAP")?;
    heap.version(0, 0)?;
    heap.skip(3)?;
    let bytes = heap.length()?;
    heap.length()?;
    let at = heap.pointer()?;
    Ok(Cursor::new(image, image.part("local heap", at, bytes)?, "local heap"))
}

/// One name of them.
pub(super) fn name(names: &Cursor<'_>, at: u64) -> Result<String, Error> {
    let found = names.rest.len() as u64;
    let rest = usize::try_from(at).ok().and_then(|at| names.rest.get(at..));
    let rest = rest.ok_or(Error::Truncated { what: "local heap", wanted: at, found })?;
    let mut name = Cursor::new(names.image, rest, "local heap");
    let len = rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len());
    name.own(len).map(|bytes| text(&bytes))
}

/// An object of the heap that all share: where it is said, its collection and its number.
pub(super) fn object(image: &Image, address: u64, number: u32) -> Result<Vec<u8>, Error> {
    let mut heap = image.at("global heap", address)?;
    heap.signature("GCOL")?;
    heap.version(1, 1)?;
    heap.skip(3)?;
    let bytes = heap.length()?.saturating_sub(8 + image.length as u64);
    let mut heap =
        Cursor::new(image, image.part("global heap", address + 8 + image.length as u64, bytes)?, "global heap");
    while heap.rest.len() >= 8 + image.length {
        let found = heap.u16()?;
        heap.skip(6)?;
        let bytes = usize::try_from(heap.length()?).unwrap_or(usize::MAX);
        if found == 0 {
            break;
        }
        if u32::from(found) == number {
            return heap.own(bytes);
        }
        let padded = bytes.checked_next_multiple_of(8).unwrap_or(usize::MAX);
        let wanted = padded as u64;
        heap.rest = heap.rest.get(padded..).ok_or(Error::Truncated {
            what: "global heap",
            wanted,
            found: heap.rest.len() as u64,
        })?;
    }
    Err(Error::malformed("global heap", format!("no object {number}"), "the one that is named"))
}

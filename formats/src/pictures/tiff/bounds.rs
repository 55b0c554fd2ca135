//! What the directories of a TIFF announce, held against the length of the file before anybody reserves memory for it.

use crate::{Error, endian::Endian};

/// Numbers of a file at their places.
struct Words<'b> {
    bytes: &'b [u8],
    endian: Endian,
}

impl Words<'_> {
    fn number(&self, at: u64, len: usize) -> Option<u64> {
        let at = usize::try_from(at).ok()?;
        let bytes = self.bytes.get(at..at.checked_add(len)?)?;
        let fold = |all: u64, byte: &u8| all << 8 | u64::from(*byte);
        Some(match self.endian {
            Endian::Big => bytes.iter().fold(0, fold),
            Endian::Little => bytes.iter().rev().fold(0, fold),
        })
    }
}

/// Refuses a file one of whose tags says that it has more values than the file has bytes.
pub(super) fn check(bytes: &[u8]) -> Result<(), Error> {
    let endian = if bytes.starts_with(b"MM") { Endian::Big } else { Endian::Little };
    let words = Words { bytes, endian };
    let cut = || Error::Truncated { what: "directories", wanted: bytes.len() as u64 + 1, found: bytes.len() as u64 };
    let need = |number: Option<u64>| number.ok_or_else(cut);
    // of a big file the numbers are twice as long
    let is_big = need(words.number(2, 2))? == 43;
    let (word, count_len, entry) = if is_big { (8, 8, 20) } else { (4, 2, 12) };
    let mut at = need(words.number(if is_big { 8 } else { 4 }, word))?;
    // of directories that share no byte, as none do, all together are no longer than the file: so none is seen twice
    let mut left = bytes.len() as u64;
    while at != 0 {
        let entries = need(words.number(at, count_len))?;
        let first = at.saturating_add(count_len as u64);
        let end = entries.checked_mul(entry).and_then(|len| first.checked_add(len)).ok_or_else(cut)?;
        let next = need(words.number(end, word))?;
        left = left
            .checked_sub(end - at)
            .ok_or_else(|| Error::malformed("directories", "longer than the file, or a circle", "an end"))?;
        let mut place = first;
        while place < end {
            let kind = need(words.number(place + 2, 2))?;
            let count = need(words.number(place + 4, word))?;
            let each = match kind {
                3 | 8 => 2,
                4 | 9 | 11 | 13 => 4,
                5 | 10 | 12 | 16..=18 => 8,
                _ => 1,
            };
            if count.saturating_mul(each) > bytes.len() as u64 {
                return Err(Error::malformed("count of a tag", count, "values that the file can hold"));
            }
            place += entry;
        }
        at = next;
    }
    Ok(())
}

//! What the directories of a TIFF announce, held against the length of the file before anybody reserves memory for it.

use crate::{Error, endian::Endian};

/// Numbers of a file at their places.
pub(super) struct Words<'b> {
    bytes: &'b [u8],
    endian: Endian,
}

impl<'b> Words<'b> {
    pub(super) fn of(bytes: &'b [u8]) -> Self {
        Self { bytes, endian: if bytes.starts_with(b"MM") { Endian::Big } else { Endian::Little } }
    }

    pub(super) fn number(&self, at: u64, len: usize) -> Option<u64> {
        let at = usize::try_from(at).ok()?;
        let bytes = self.bytes.get(at..at.checked_add(len)?)?;
        let fold = |all: u64, byte: &u8| all << 8 | u64::from(*byte);
        Some(match self.endian {
            Endian::Big => bytes.iter().fold(0, fold),
            Endian::Little => bytes.iter().rev().fold(0, fold),
        })
    }

    /// Changes a number; one that would be longer than its bytes becomes the largest that they hold.
    pub(super) fn put(bytes: &mut [u8], at: u64, len: usize, change: impl FnOnce(u64) -> u64) {
        let words = Words::of(bytes);
        let (Some(old), is_big) = (words.number(at, len), words.endian == Endian::Big) else { return };
        let most = u64::MAX >> (64 - 8 * len.clamp(1, 8));
        let mut new = change(old).min(most).to_le_bytes();
        let new = &mut new[..len.min(8)];
        if is_big {
            new.reverse();
        }
        if let Some(place) = bytes.get_mut(at as usize..at as usize + new.len()) {
            place.copy_from_slice(new);
        }
    }
}

/// A field of a directory: how many values of how many bytes, and where.
pub(super) struct Field {
    pub(super) tag: u64,
    pub(super) count: u64,
    pub(super) each: usize,
    pub(super) at: u64,
}

/// The fields of all directories.
///
/// # Errors
/// Where a file ends within one, or one of its tags says that it has more values than the file has bytes.
pub(super) fn directories(bytes: &[u8]) -> Result<Vec<Vec<Field>>, Error> {
    let mut all = Vec::new();
    walk(bytes, &mut |field, is_first| {
        if is_first {
            all.push(Vec::new());
        }
        if let Some(fields) = all.last_mut() {
            fields.push(field);
        }
    })?;
    Ok(all)
}

/// Refuses a file one of whose tags says that it has more values than the file has bytes.
pub(super) fn check(bytes: &[u8]) -> Result<(), Error> {
    walk(bytes, &mut |_, _| {})
}

/// Hands out the fields, and whether each is the first of its directory.
fn walk(bytes: &[u8], hand: &mut dyn FnMut(Field, bool)) -> Result<(), Error> {
    let words = Words::of(bytes);
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
            let field = word as u64 + 4;
            let value = place + field;
            let is_inline = count * each <= word as u64;
            let at = if is_inline { value } else { need(words.number(value, word))? };
            let tag = need(words.number(place, 2))?;
            hand(Field { tag, count, each: each as usize, at }, place == first);
            place += entry;
        }
        at = next;
    }
    Ok(())
}

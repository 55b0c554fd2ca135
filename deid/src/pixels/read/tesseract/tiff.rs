//! Gray pages as one TIFF in memory: little-endian, uncompressed, a directory for each page.
//!
//! Source: TIFF 6.0, sections 2 and 4 (grayscale images).

use super::super::super::Plane;
use super::super::Error;

/// Entries of a page's directory: tag, type (3: 16 bits, 4: 32 bits), value.
fn entries(page: &Plane, pixels_at: u32) -> [(u16, u16, u32); 9] {
    let (columns, rows) = (page.columns() as u32, page.rows() as u32);
    [
        (256, 4, columns),
        (257, 4, rows),
        (258, 3, 8), // bits of a sample
        (259, 3, 1), // not compressed
        (262, 3, 1), // 0 is black
        (273, 4, pixels_at),
        (277, 3, 1),    // samples of a pixel
        (278, 4, rows), // rows of the one strip
        (279, 4, page.levels().len() as u32),
    ]
}

/// Bytes of a directory: how many entries, the entries, where the next directory is.
const DIRECTORY: usize = 2 + 9 * 12 + 4;
/// Where the first directory begins: after the header.
const FIRST: usize = 8;

/// The pages, in their order.
///
/// # Errors
/// [`Error::Limit`] for more than a TIFF can hold.
pub(super) fn pages(pages: &[Plane]) -> Result<Vec<u8>, Error> {
    // pixels are padded to an even length: a directory begins on a word
    let size = |page: &Plane| DIRECTORY + page.levels().len().next_multiple_of(2);
    let total = FIRST + pages.iter().map(size).sum::<usize>();
    if u32::try_from(total).is_err() {
        return Err(Error::Limit { what: "bytes of lines", limit: u32::MAX as usize });
    }
    let mut out = Vec::with_capacity(total);
    out.extend(b"II*\0");
    out.extend((FIRST as u32).to_le_bytes());
    for (number, page) in pages.iter().enumerate() {
        let pixels_at = out.len() + DIRECTORY;
        let entries = entries(page, pixels_at as u32);
        out.extend((entries.len() as u16).to_le_bytes());
        for (tag, kind, value) in entries {
            out.extend(tag.to_le_bytes());
            out.extend(kind.to_le_bytes());
            out.extend(1u32.to_le_bytes());
            out.extend(value.to_le_bytes());
        }
        let is_last = number + 1 == pages.len();
        let next = pixels_at + page.levels().len().next_multiple_of(2);
        out.extend(if is_last { 0 } else { next as u32 }.to_le_bytes());
        out.extend(page.levels());
        if page.levels().len() % 2 == 1 {
            out.push(0);
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_page_is_where_its_directory_says() {
        let planes = [Plane::new(3, 1, vec![1, 2, 3]).unwrap(), Plane::new(2, 2, vec![4, 5, 6, 7]).unwrap()];
        let bytes = pages(&planes).unwrap();
        let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        let (mut at, mut found) = (word(4), Vec::new());
        while at != 0 {
            assert_eq!(bytes[at..at + 2], [9, 0]);
            let value = |entry: usize| word(at + 2 + entry * 12 + 8);
            found.push((value(0), value(1), bytes[value(5)..value(5) + value(8)].to_vec()));
            at = word(at + DIRECTORY - 4);
        }
        assert_eq!(found, [(3, 1, vec![1, 2, 3]), (2, 2, vec![4, 5, 6, 7])]);
    }
}

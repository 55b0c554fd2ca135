//! Code streams as encapsulated pixel data: a fragment for each frame, and a table of where they start.
//!
//! Source: DICOM PS3.5 annex A.4 (fragments, basic offset table); PS3.3 C.7.6.3.1.8 (extended offset table).

use crate::Error;

/// Where frames start, from the first byte of the first fragment's item.
#[derive(Debug, PartialEq)]
pub(super) enum Table {
    /// Offsets of 32 bits, within Pixel Data.
    Basic(Vec<u32>),
    /// Offsets and lengths in elements of their own.
    Extended { offsets: Vec<u64>, lengths: Vec<u64> },
}

impl Table {
    /// The table of streams of these lengths; basic while offsets stay up to `most`.
    pub(super) fn new(lengths: &[u64], most: u64) -> Self {
        let starts = lengths.iter().scan(0u64, |next, length| {
            let start = *next;
            *next += 8 + length.next_multiple_of(2);
            Some(start)
        });
        let offsets: Vec<u64> = starts.collect();
        if offsets.last().is_some_and(|&last| last > most) {
            return Self::Extended { offsets, lengths: lengths.to_vec() };
        }
        Self::Basic(offsets.into_iter().map(|offset| offset as u32).collect())
    }
}

/// Pads streams to even lengths; [`Error::UnsupportedPixels`] for one that no fragment can hold.
pub(super) fn pad(streams: &mut [Vec<u8>]) -> Result<(), Error> {
    for stream in streams {
        if stream.len() >= u32::MAX as usize {
            return Err(Error::UnsupportedPixels { what: "a code stream over 4 GiB" });
        }
        if stream.len() % 2 == 1 {
            stream.push(0);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_item_headers_and_padding() {
        assert_eq!(Table::new(&[3, 4, 1], u64::from(u32::MAX)), Table::Basic(vec![0, 12, 24]));
    }

    #[test]
    fn offsets_that_do_not_fit_are_told_in_64_bits() {
        let wanted = Table::Extended { offsets: vec![0, 12], lengths: vec![3, 4] };
        assert_eq!(Table::new(&[3, 4], 11), wanted);
    }
}

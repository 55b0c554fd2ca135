//! Which fragments make up a frame.
//!
//! The extended offset table decides where there is one, then the basic one, then the number of fragments, then the markers
//! that start a code stream.
//!
//! Source: DICOM PS3.5 annex A.4, PS3.3 C.7.6.3.1.8 (extended offset table).

use std::borrow::Cow;
use std::ops::Range;

use dicom_core::value::{PixelFragmentSequence, PrimitiveValue};
use dicom_dictionary_std::tags;

use crate::{Dataset, Error};

/// The fragments of each frame of encapsulated pixel data.
#[derive(Clone, Debug)]
pub struct FrameLocator<'a> {
    fragments: &'a [Vec<u8>],
    frames: Vec<Range<usize>>,
    lengths: Vec<u64>,
}

impl<'a> FrameLocator<'a> {
    /// Finds `frames` frames in the pixel data of a data set.
    ///
    /// # Errors
    /// [`Error::Malformed`] where the fragments cannot be told apart into that many frames.
    pub fn new(dataset: &Dataset, pixels: &'a PixelFragmentSequence<Vec<u8>>, frames: usize) -> Result<Self, Error> {
        let fragments = pixels.fragments();
        let extended = longs(dataset, tags::EXTENDED_OFFSET_TABLE);
        let basic: Vec<u64> = pixels.offset_table().iter().map(|&offset| u64::from(offset)).collect();
        let by_table = |table: &[u64]| (table.len() == frames).then(|| by_offsets(fragments, table)).flatten();
        let found = if frames == 1 {
            Some(ranges(&[0], fragments.len()))
        } else if let Some(ranges) = by_table(&extended).or_else(|| by_table(&basic)) {
            Some(ranges)
        } else if fragments.len() == frames {
            Some((0..frames).map(|at| at..at + 1).collect())
        } else {
            by_markers(fragments, frames)
        };
        let lengths = longs(dataset, tags::EXTENDED_OFFSET_TABLE_LENGTHS);
        let lengths = if lengths.len() == frames { lengths } else { Vec::new() };
        let what = "fragments that do not make up the number of frames";
        let frames = found.ok_or(Error::Malformed { tag: Some(tags::PIXEL_DATA), what })?;
        Ok(Self { fragments, frames, lengths })
    }

    /// How many frames there are.
    pub fn len(&self) -> usize {
        self.frames.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    /// The code stream of a frame, its fragments joined; `None` where there is no such frame.
    pub fn stream(&self, frame: usize) -> Option<Cow<'a, [u8]>> {
        let parts = self.fragments.get(self.frames.get(frame)?.clone())?;
        let stream = match parts {
            [one] => Cow::Borrowed(one.as_slice()),
            several => Cow::Owned(several.concat()),
        };
        match (self.lengths.get(frame), stream) {
            (Some(&length), Cow::Borrowed(bytes)) if length < bytes.len() as u64 => {
                bytes.get(..length as usize).map(Cow::Borrowed)
            }
            (_, stream) => Some(stream),
        }
    }
}

/// Frames that start at `table`: offsets of item tags from that of the first fragment.
fn by_offsets(fragments: &[Vec<u8>], table: &[u64]) -> Option<Vec<Range<usize>>> {
    let mut starts = Vec::with_capacity(table.len());
    let (mut at, mut next) = (0u64, 0usize);
    for (index, fragment) in fragments.iter().enumerate() {
        if table.get(next) == Some(&at) {
            starts.push(index);
            next += 1;
        }
        at += 8 + fragment.len() as u64;
    }
    (starts.len() == table.len() && starts.first() == Some(&0)).then(|| ranges(&starts, fragments.len()))
}

/// Frames that start with a marker of JPEG, JPEG 2000 or JPEG XL.
fn by_markers(fragments: &[Vec<u8>], frames: usize) -> Option<Vec<Range<usize>>> {
    let starts: Vec<usize> =
        fragments.iter().enumerate().filter(|(_, bytes)| starts_stream(bytes)).map(|(index, _)| index).collect();
    (starts.len() == frames && starts.first() == Some(&0)).then(|| ranges(&starts, fragments.len()))
}

fn starts_stream(bytes: &[u8]) -> bool {
    [&b"\xFF\xD8\xFF"[..], b"\xFF\x4F\xFF\x51", b"\xFF\x0A", b"\0\0\0\x0CjP  ", b"\0\0\0\x0CJXL "]
        .iter()
        .any(|magic| bytes.starts_with(magic))
}

fn ranges(starts: &[usize], end: usize) -> Vec<Range<usize>> {
    let ends = starts.iter().skip(1).copied().chain([end]);
    starts.iter().copied().zip(ends).map(|(from, to)| from..to).collect()
}

fn longs(dataset: &Dataset, tag: dicom_core::Tag) -> Vec<u64> {
    match dataset.get(tag).and_then(|element| element.value().primitive()) {
        Some(PrimitiveValue::U64(values)) => values.to_vec(),
        Some(PrimitiveValue::U8(raw)) => {
            raw.chunks_exact(8).map(|c| c.iter().rev().fold(0, |sum, &byte| sum << 8 | u64::from(byte))).collect()
        }
        _ => Vec::new(),
    }
}

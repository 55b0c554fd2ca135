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
    map: FrameMap,
}

impl<'a> FrameLocator<'a> {
    /// Finds `frames` frames in the pixel data of a data set.
    ///
    /// # Errors
    /// [`Error::Malformed`] where the fragments cannot be told apart into that many frames.
    pub fn new(dataset: &Dataset, pixels: &'a PixelFragmentSequence<Vec<u8>>, frames: usize) -> Result<Self, Error> {
        let fragments = pixels.fragments();
        let basic: Vec<u64> = pixels.offset_table().iter().map(|&offset| u64::from(offset)).collect();
        let lengths: Vec<u64> = fragments.iter().map(|fragment| fragment.len() as u64).collect();
        let starts = |index: usize| Ok(fragments.get(index).is_some_and(|bytes| starts_stream(bytes)));
        Ok(Self { fragments, map: FrameMap::new(dataset, &basic, &lengths, starts, frames)? })
    }

    /// How many frames there are.
    pub fn len(&self) -> usize {
        self.map.frames.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.map.frames.is_empty()
    }

    /// The code stream of a frame, its fragments joined; `None` where there is no such frame.
    pub fn stream(&self, frame: usize) -> Option<Cow<'a, [u8]>> {
        let parts = self.fragments.get(self.map.frames.get(frame)?.clone())?;
        let mut stream = match parts {
            [one] => Cow::Borrowed(one.as_slice()),
            several => Cow::Owned(several.concat()),
        };
        if let Some(&length) = self.map.lengths.get(frame).filter(|&&length| length < stream.len() as u64) {
            match &mut stream {
                Cow::Borrowed(bytes) => *bytes = &bytes[..length as usize],
                Cow::Owned(bytes) => bytes.truncate(length as usize),
            }
        }
        Some(stream)
    }
}

/// Which fragments make up which frame, wherever their bytes are.
#[derive(Clone, Debug)]
pub(crate) struct FrameMap {
    /// The fragments of each frame, by number.
    pub(crate) frames: Vec<Range<usize>>,
    /// The length of each frame's stream, where the extended table has them.
    pub(crate) lengths: Vec<u64>,
}

impl FrameMap {
    /// `fragments` has the length of each; `starts` looks whether a code stream starts with one.
    pub(crate) fn new(
        dataset: &Dataset,
        basic: &[u64],
        fragments: &[u64],
        starts: impl Fn(usize) -> Result<bool, Error>,
        frames: usize,
    ) -> Result<Self, Error> {
        let extended = longs(dataset, tags::EXTENDED_OFFSET_TABLE);
        let by_table = |table: &[u64]| (table.len() == frames).then(|| by_offsets(fragments, table)).flatten();
        let found = if frames == 1 {
            Some(ranges(&[0], fragments.len()))
        } else if let Some(ranges) = by_table(&extended).or_else(|| by_table(basic)) {
            Some(ranges)
        } else if fragments.len() == frames {
            Some((0..frames).map(|at| at..at + 1).collect())
        } else {
            by_markers(fragments.len(), starts, frames)?
        };
        let lengths = longs(dataset, tags::EXTENDED_OFFSET_TABLE_LENGTHS);
        let lengths = if lengths.len() == frames { lengths } else { Vec::new() };
        let what = "fragments that do not make up the number of frames";
        let frames = found.ok_or(Error::Malformed { tag: Some(tags::PIXEL_DATA), what })?;
        Ok(Self { frames, lengths })
    }
}

/// Frames that start at `table`: offsets of item tags from that of the first fragment.
fn by_offsets(fragments: &[u64], table: &[u64]) -> Option<Vec<Range<usize>>> {
    let mut starts = Vec::with_capacity(table.len());
    let (mut at, mut next) = (0u64, 0usize);
    for (index, fragment) in fragments.iter().enumerate() {
        if table.get(next) == Some(&at) {
            starts.push(index);
            next += 1;
        }
        at = at.saturating_add(8).saturating_add(*fragment);
    }
    (starts.len() == table.len() && starts.first() == Some(&0)).then(|| ranges(&starts, fragments.len()))
}

/// Frames that start with a marker of JPEG, JPEG 2000 or JPEG XL.
fn by_markers(
    fragments: usize,
    starts: impl Fn(usize) -> Result<bool, Error>,
    frames: usize,
) -> Result<Option<Vec<Range<usize>>>, Error> {
    if fragments < frames {
        return Ok(None);
    }
    let mut found = Vec::new();
    for index in 0..fragments {
        if starts(index)? {
            found.push(index);
        }
    }
    Ok((found.len() == frames && found.first() == Some(&0)).then(|| ranges(&found, fragments)))
}

/// How many bytes [`starts_stream`] looks at.
pub(crate) const MAGIC_BYTES: usize = 8;

/// Whether bytes start a code stream of JPEG, JPEG 2000 or JPEG XL.
pub(crate) fn starts_stream(bytes: &[u8]) -> bool {
    [&b"\xFF\xD8\xFF"[..], b"\xFF\x4F\xFF\x51", b"\xFF\x0A", b"\0\0\0\x0CjP  ", b"\0\0\0\x0CJXL "]
        .iter()
        .any(|magic| bytes.starts_with(magic))
}

fn ranges(starts: &[usize], end: usize) -> Vec<Range<usize>> {
    let ends = starts.iter().skip(1).copied().chain([end]);
    starts.iter().copied().zip(ends).map(|(from, to)| from..to).collect()
}

/// The numbers of an extended offset table, or of its lengths.
pub(crate) fn longs(dataset: &Dataset, tag: dicom_core::Tag) -> Vec<u64> {
    match dataset.get(tag).and_then(|element| element.value().primitive()) {
        Some(PrimitiveValue::U64(values)) => values.to_vec(),
        Some(PrimitiveValue::U8(raw)) => {
            raw.chunks_exact(8).map(|c| c.iter().rev().fold(0, |sum, &byte| sum << 8 | u64::from(byte))).collect()
        }
        _ => Vec::new(),
    }
}

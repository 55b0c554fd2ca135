//! Where the fragments of encapsulated pixel data are.

use std::borrow::Cow;

use super::{io, read};
use crate::pixel::PixelInfo;
use crate::pixel::locate::{FrameMap, MAGIC_BYTES, starts_stream};
use crate::pixel::source::{Raw, RawFrames};
use crate::read::walk::{ITEM, SEQUENCE_END, tag_of, u32_of};
use crate::source::ReadAt;
use crate::{Dataset, Error, Instance, OpenOptions, PixelElement, Warning};

/// The places of the offset table and of each fragment.
#[derive(Debug)]
pub(super) struct Fragments {
    pub(super) basic: Vec<u64>,
    /// Offset in the file and length of each fragment's bytes.
    pub(super) parts: Vec<(u64, u64)>,
    /// Where the pixel data ends: behind its delimiter.
    pub(super) end: u64,
    /// Where the last fragment ends.
    pub(super) last: u64,
}

impl Fragments {
    /// Walks over the items without reading what is in them.
    pub(super) fn find(
        source: &impl ReadAt,
        header: &mut Instance,
        element: PixelElement,
        options: &OpenOptions,
        total: u64,
    ) -> Result<Self, Error> {
        let tag = element.tag;
        let big = header.layout.big;
        let mut found = Self { basic: Vec::new(), parts: Vec::new(), end: element.offset, last: element.offset };
        let mut first = true;
        let mut count = 0u64;
        loop {
            let left = total.saturating_sub(found.end);
            if left == 0 && !first {
                header.warnings.push(Warning::MissingDelimiter { tag });
                return Ok(found);
            }
            if left < 8 {
                return found.cut_off(header, options, (8, left), tag);
            }
            let mut head = [0; 8];
            source.read_exact_at(&mut head, found.end).map_err(io)?;
            let (item, length) = (tag_of(&head, big), u64::from(u32_of(&head[4..8], big)));
            let at = found.end + 8;
            match item {
                SEQUENCE_END => {
                    found.end = at;
                    return Ok(found);
                }
                ITEM => {}
                _ => return Err(Error::Malformed { tag: Some(tag), what: "a fragment without an item tag" }),
            }
            count += 1;
            if count > options.limits.elements {
                return Err(Error::Limit { what: "elements", asked: count, limit: options.limits.elements });
            }
            let left = total - at;
            let kept = length.min(left);
            if first {
                let table = read(source, at, kept)?;
                found.basic = table.chunks_exact(4).map(|entry| u64::from(u32_of(entry, big))).collect();
            } else {
                found.parts.push((at, kept));
            }
            first = false;
            (found.end, found.last) = (at + kept, at + kept);
            if kept < length {
                return found.cut_off(header, options, (length, left), tag);
            }
        }
    }

    fn cut_off(
        mut self,
        header: &mut Instance,
        options: &OpenOptions,
        (wanted, left): (u64, u64),
        tag: dicom_core::Tag,
    ) -> Result<Self, Error> {
        if options.tolerance != crate::Tolerance::Salvage {
            return Err(Error::Truncated { tag: Some(tag), offset: self.end, wanted, left });
        }
        header.warnings.push(Warning::Truncated { tag, wanted, left });
        self.end = u64::MAX;
        Ok(self)
    }

    /// The frames that the fragments make up.
    pub(super) fn frames<'a, R: ReadAt>(
        &'a self,
        source: &'a R,
        dataset: &Dataset,
        frames: usize,
    ) -> Result<FragmentFrames<'a, R>, Error> {
        if self.parts.is_empty() {
            return Err(Error::NoPixelData);
        }
        let lengths: Vec<u64> = self.parts.iter().map(|&(_, length)| length).collect();
        let starts = |index: usize| {
            let &(at, length) = self.parts.get(index).unwrap_or(&(0, 0));
            Ok(starts_stream(&read(source, at, length.min(MAGIC_BYTES as u64))?))
        };
        let map = FrameMap::new(dataset, &self.basic, &lengths, starts, frames)?;
        Ok(FragmentFrames { source, fragments: self, map })
    }
}

/// Frames in the fragments of a file.
pub(super) struct FragmentFrames<'a, R> {
    source: &'a R,
    fragments: &'a Fragments,
    map: FrameMap,
}

impl<R: ReadAt> RawFrames for FragmentFrames<'_, R> {
    fn raw(&self, _: &PixelInfo, index: usize) -> Result<Raw<'_>, Error> {
        let missing = Error::NoSuchFrame { index, frames: self.map.frames.len() };
        let parts = self.map.frames.get(index).and_then(|range| self.fragments.parts.get(range.clone()));
        let mut stream = Vec::new();
        for &(at, length) in parts.ok_or(missing)? {
            let mut part = read(self.source, at, length)?;
            if stream.is_empty() { stream = part } else { stream.append(&mut part) }
        }
        if let Some(&length) = self.map.lengths.get(index) {
            stream.truncate(usize::try_from(length).unwrap_or(usize::MAX));
        }
        Ok(Raw::Stream(Cow::Owned(stream)))
    }
}

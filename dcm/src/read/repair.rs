//! What stands in a data set and should not: delimiters that close twice, items that no sequence holds, elements without a VR.
//!
//! Each is passed over, or read as what it can only be, with a warning; where two readings are possible it is an error. None of it
//! is in the standard.

use dicom_core::{Tag, VR};

use super::dataset::{Context, ITEM_END};
use super::sniff::Layout;
use super::walk::{ITEM, SEQUENCE_END, Stop, Walk, tag_of, u32_of};
use crate::{Error, Warning};

/// Where a tag of group FFFE was met.
pub(super) struct Place {
    /// The last element before it.
    pub(super) last: Option<Tag>,
    /// Where what is around it ends.
    pub(super) end: u64,
    /// Whether what is around it is an item that ends with a delimiter.
    pub(super) open: bool,
}

impl Walk<'_> {
    /// A tag of group FFFE, whose header was just taken, where an element should stand.
    pub(super) fn misplaced(&mut self, tag: Tag, length: u32, context: &Context, place: &Place) -> Result<(), Stop> {
        let start = self.at.saturating_sub(8);
        let refused = Error::Malformed { tag: place.last, what: "a delimiter out of place" };
        self.count()?;
        let closed = self.closed.filter(|&(at, _)| at == start).map(|(_, tag)| tag);
        // In an item that ends with a delimiter, a second one may be that of what is around it.
        match tag {
            ITEM if !place.open => self.orphan(length, context, place),
            SEQUENCE_END | ITEM_END if length == 0 && closed.is_some() => {
                let sure =
                    !place.open || (context.depth == 1 && self.peek(context.layout, place.end)? == Some(ITEM_END));
                if !sure {
                    return Err(refused.into());
                }
                self.stray(closed.or(place.last));
                Ok(())
            }
            // the last of an item whose length is given
            ITEM_END if length == 0 && context.depth > 0 && !place.open && self.at as u64 == place.end => {
                self.stray(place.last);
                Ok(())
            }
            _ => Err(refused.into()),
        }
    }

    /// Notes a delimiter that is passed over.
    pub(super) fn stray(&mut self, tag: Option<Tag>) {
        let tag = tag.unwrap_or(Tag(0, 0));
        self.repairs += 1;
        self.closed = Some((self.at, tag));
        self.tell_once(Warning::StrayDelimiter { tag });
    }

    /// Passes over an item that no sequence holds.
    fn orphan(&mut self, length: u32, context: &Context, place: &Place) -> Result<(), Stop> {
        if context.depth + 1 > self.limits.depth {
            let (asked, limit) = (context.depth as u64 + 1, self.limits.depth as u64);
            return Err(Error::Limit { what: "depth of sequences", asked, limit }.into());
        }
        let tag = place.last.unwrap_or(Tag(0, 0));
        let inner = Context { depth: context.depth + 1, ..context.clone() };
        if length == u32::MAX {
            self.dataset(inner, place.end, Some(tag))?;
        } else {
            let length = self.fit(tag, VR::SQ, length, place.end)?;
            let end = self.at as u64 + u64::from(length);
            self.dataset(inner, end, None)?;
        }
        self.closed = Some((self.at, tag));
        self.repairs += 1;
        self.tell_once(Warning::OrphanItem { tag });
        Ok(())
    }

    /// Adds a warning unless it is the last already: thousands of one kind must not take memory.
    pub(super) fn tell_once(&mut self, warning: Warning) {
        if self.warnings.last() != Some(&warning) {
            self.warnings.push(warning);
        }
    }

    /// The next tag, not taken; `None` at byte `end`.
    pub(super) fn peek(&self, layout: Layout, end: u64) -> Result<Option<Tag>, Stop> {
        if self.at as u64 + 8 > end {
            return Ok(None);
        }
        let head = self.bytes.get(self.at..self.at + 8).ok_or(Stop::More(self.at + 8))?;
        Ok(Some(tag_of(head, layout.big)))
    }

    /// Where the value of an element lies, within explicit ones, that says no VR: the form of its length is the one that leads to
    /// another element, or to `end`. Its first 8 bytes are taken; more are where the length stands behind them.
    pub(super) fn length_without_vr(&mut self, tag: Tag, head: &[u8], layout: Layout, end: u64) -> Result<u32, Stop> {
        let long = u32_of(&head[4..8], layout.big);
        let half = [head[6], head[7]];
        let short = u32::from(if layout.big { u16::from_be_bytes(half) } else { u16::from_le_bytes(half) });
        let blank = head[4..6] == *b"  ";
        // a length of four bytes, as of implicit VR: what else they could be is no length of a value
        if !blank && (half == [0, 0] || layout.big || long == u32::MAX) {
            return Ok(long);
        }
        let mut forms = vec![(0, short)];
        if half == [0, 0] && self.at as u64 + 4 <= end {
            let behind = self.bytes.get(self.at..self.at + 4).ok_or(Stop::More(self.at + 4))?;
            forms.push((4, u32_of(behind, layout.big)));
        }
        forms.insert(if blank { forms.len() } else { 0 }, (0, long));
        for (skip, length) in forms {
            let to = self.at as u64 + skip + u64::from(length);
            if to <= end && self.is_element(tag, to, layout, end)? {
                self.at += skip as usize;
                return Ok(length);
            }
        }
        Ok(if blank { short } else { long })
    }

    /// Whether an element that may follow `tag` stands at byte `at`, or it is the `end`.
    fn is_element(&self, tag: Tag, at: u64, layout: Layout, end: u64) -> Result<bool, Stop> {
        if at == end {
            return Ok(true);
        }
        if at + 8 > end {
            return Ok(false);
        }
        let Ok(from) = usize::try_from(at) else { return Ok(false) };
        let head = self.bytes.get(from..from + 8).ok_or(Stop::More(from + 8))?;
        let next = tag_of(head, layout.big);
        let vr = [head[4], head[5]];
        let told = match next.element() {
            0 => vr == *b"UL",
            _ => VR::from_binary(vr).is_some() || vr == *b"  ",
        };
        Ok(next.group() == 0xFFFE || (next > tag && told))
    }
}

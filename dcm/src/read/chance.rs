//! Whether `DICM` at byte 128 belongs to a value: a data set that starts at byte 0 holds it by chance.

use dicom_core::{Tag, VR};

use super::element::has_long_length;
use super::sniff::{self, Layout};
use super::walk::{tag_of, u32_of};

/// Where `DICM` stands behind a preamble.
pub(super) const MARK: std::ops::Range<usize> = 128..132;

/// Whether elements follow each other from byte 0 on, up to one whose value holds the mark.
///
/// A preamble that somebody wrote into starts with no element, or its elements end before the mark; and behind a mark that is one
/// stands the length of the meta group.
pub(super) fn marked_by_chance(bytes: &[u8], total: u64) -> bool {
    if bytes.get(MARK.end..MARK.end + 8) == Some(b"\x02\0\0\0UL\x04\0") {
        return false;
    }
    let (mut at, mut last, mut layout) = (0, None, None);
    while at <= MARK.start {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(head) = rest.get(..12) else { return false };
        // The first elements may be a meta group, which is written otherwise than what follows.
        if layout.is_none() || last.is_some_and(|last: Tag| last.group() == 0x0002) {
            layout = sniff::layout(rest, total.saturating_sub(at as u64));
        }
        let Some(Layout { explicit, big }) = layout else { return false };
        let tag = tag_of(head, big);
        if last.is_some_and(|last| tag <= last) {
            return false;
        }
        let number = |from: usize| u32_of(&head[from..from + 4], big);
        let (start, length) = match VR::from_binary([head[4], head[5]]) {
            // what is in items is looked at like what is around them
            _ if tag.group() == 0xFFFE => (8, u32::MAX),
            _ if !explicit => (8, number(4)),
            Some(vr) if has_long_length(vr) => (12, number(8)),
            Some(_) if big => (8, u32::from(u16::from_be_bytes([head[6], head[7]]))),
            Some(_) => (8, u32::from(u16::from_le_bytes([head[6], head[7]]))),
            None => return false,
        };
        if length == u32::MAX {
            (at, last) = (at + start, None);
            continue;
        }
        let (from, to) = (at + start, (at + start).saturating_add(length as usize));
        if to as u64 > total {
            return false;
        }
        if from <= MARK.start && to >= MARK.end {
            return true;
        }
        (at, last) = (to, Some(tag));
    }
    false
}

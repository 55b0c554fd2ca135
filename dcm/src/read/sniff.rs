//! How a data set is written, told from its first element.

use dicom_core::{Tag, VR};

use super::dictionary;

/// How elements are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) explicit: bool,
    pub(crate) big: bool,
}

/// How the data set that starts `bytes` is written; `None` where it does not look like one.
///
/// A first element is believed where its tag is in the dictionary, in a group that data sets start with, and either has a VR
/// or a length that fits into the `total` bytes there are.
pub(crate) fn layout(bytes: &[u8], total: u64) -> Option<Layout> {
    let head: [u8; 8] = bytes.get(..8)?.try_into().ok()?;
    for big in [false, true] {
        let half = |at: usize| {
            let pair = [head[at], head[at + 1]];
            if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
        };
        let tag = Tag(half(0), half(2));
        if !matches!(tag.group(), 0x0002 | 0x0004 | 0x0008 | 0x0010 | 0x0018 | 0x0020 | 0x0028)
            || !dictionary::knows(tag)
        {
            continue;
        }
        // two blanks are a VR that was left out: no first value is as long as they would be for a length
        if VR::from_binary([head[4], head[5]]).is_some() || head[4..6] == *b"  " {
            return Some(Layout { explicit: true, big });
        }
        let tail = [head[4], head[5], head[6], head[7]];
        let length = if big { u32::from_be_bytes(tail) } else { u32::from_le_bytes(tail) };
        if u64::from(length) + 8 <= total || length == u32::MAX {
            return Some(Layout { explicit: false, big });
        }
    }
    None
}

/// Whether the first element says a VR.
pub(crate) fn has_vr(bytes: &[u8]) -> bool {
    matches!(bytes, [_, _, _, _, first, second, ..] if VR::from_binary([*first, *second]).is_some() || [*first, *second] == *b"  ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_four_layouts() {
        let found = |bytes: &[u8]| layout(bytes, 100).map(|l| (l.explicit, l.big));
        assert_eq!(found(b"\x08\0\x05\0CS\x0a\0"), Some((true, false)));
        assert_eq!(found(b"\0\x08\0\x05CS\0\x0a"), Some((true, true)));
        assert_eq!(found(b"\x08\0\x05\0\x0a\0\0\0"), Some((false, false)));
        assert_eq!(found(b"\0\x08\0\x05\0\0\0\x0a"), Some((false, true)));
        assert_eq!(found(b"hello world"), None);
        assert_eq!(found(b"\x08\0\x05\0\x0a\0\0\x70"), None, "length beyond the file");
    }
}

//! The boxes around a code stream, and the size at its start.
//!
//! Source: ISO/IEC 18181-2 section 9 (boxes), 18181-1 annex D.2 (SizeHeader).

use std::borrow::Cow;

/// What a container holds, or a code stream by itself.
pub(super) struct Parts<'a> {
    /// The code stream, its parts joined.
    pub(super) codestream: Cow<'a, [u8]>,
    /// The content of the box that says how to rebuild a JPEG.
    pub(super) jbrd: Option<&'a [u8]>,
}

const CODESTREAM: &[u8] = b"\xFF\x0A";
const SIGNATURE: &[u8] = b"\0\0\0\x0CJXL \r\n\x87\n";

impl<'a> Parts<'a> {
    pub(super) fn read(stream: &'a [u8]) -> Option<Self> {
        if stream.starts_with(CODESTREAM) {
            return Some(Self { codestream: Cow::Borrowed(stream), jbrd: None });
        }
        if !stream.starts_with(SIGNATURE) {
            return None;
        }
        let mut parts = Self { codestream: Cow::Borrowed(&[]), jbrd: None };
        let mut rest = stream;
        // A fragment is padded to an even length: up to one byte behind the last box is no box.
        while rest.len() >= 8 {
            let (name, content, whole) = next(rest)?;
            match name {
                b"jxlc" => parts.append(content),
                // Four bytes count the parts.
                b"jxlp" => parts.append(content.get(4..)?),
                b"jbrd" => parts.jbrd = Some(content),
                _ => {}
            }
            rest = rest.get(whole..)?;
        }
        Some(parts)
    }

    fn append(&mut self, part: &'a [u8]) {
        if self.codestream.is_empty() {
            self.codestream = Cow::Borrowed(part);
        } else {
            self.codestream.to_mut().extend(part);
        }
    }
}

/// The bytes in front of a code stream of `length` bytes in a container, which holds a box `jbrd` with this content too.
pub(super) fn head(jbrd: &[u8], length: usize) -> Option<Vec<u8>> {
    let size = |content: usize| u32::try_from(content + 8).ok().map(u32::to_be_bytes);
    let mut head = [SIGNATURE, b"\0\0\0\x14ftypjxl \0\0\0\0jxl "].concat();
    head.extend(size(jbrd.len())?);
    head.extend(b"jbrd");
    head.extend(jbrd);
    head.extend(size(length)?);
    head.extend(b"jxlc");
    Some(head)
}

/// Name, content and length of the first box.
fn next(stream: &[u8]) -> Option<(&[u8], &[u8], usize)> {
    let length = u32::from_be_bytes(stream.get(..4)?.try_into().ok()?);
    let name = stream.get(4..8)?;
    let (head, whole) = match length {
        0 => (8, stream.len()),
        1 => (16, usize::try_from(u64::from_be_bytes(stream.get(8..16)?.try_into().ok()?)).ok()?),
        length => (8, length as usize),
    };
    Some((name, stream.get(head..whole)?, whole))
}

/// Rows and columns, read ahead of any decoder.
pub(super) fn size(codestream: &[u8]) -> Option<(u32, u32)> {
    let mut bits = Bits::new(codestream.strip_prefix(CODESTREAM)?);
    let eighths = bits.take(1)? == 1;
    let along = |bits: &mut Bits<'_>| {
        if eighths {
            return Some(u64::from(8 * (bits.take(5)? + 1)));
        }
        let width = [9, 13, 18, 30][bits.take(2)? as usize];
        Some(u64::from(bits.take(width)?) + 1)
    };
    let rows = along(&mut bits)?;
    let columns = match bits.take(3)? {
        0 => along(&mut bits)?,
        1 => rows,
        2 => rows * 12 / 10,
        3 => rows * 4 / 3,
        4 => rows * 3 / 2,
        5 => rows * 16 / 9,
        6 => rows * 5 / 4,
        _ => rows * 2,
    };
    Some((u32::try_from(rows).ok()?, u32::try_from(columns).ok()?))
}

/// Bits from the lowest of each byte.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) fn take(&mut self, count: usize) -> Option<u32> {
        let mut value = 0;
        for bit in 0..count {
            value |= u32::from(self.bytes.get(self.at / 8)? >> (self.at % 8) & 1) << bit;
            self.at += 1;
        }
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_in_each_of_their_forms() {
        // Not in eighths, 9 bits of 4, no ratio, 9 bits of 6: 5 rows, 7 columns.
        let bits = 4u64 << 3 | 6 << 17;
        assert_eq!(size(&[CODESTREAM, &bits.to_le_bytes()].concat()), Some((5, 7)));
        // In eighths: 64 rows, ratio 7.
        let bits = 1u64 | 7 << 1 | 7 << 6;
        assert_eq!(size(&[CODESTREAM, &bits.to_le_bytes()].concat()), Some((64, 128)));
        assert_eq!(size(CODESTREAM), None);
    }

    #[test]
    fn parts_are_joined_and_what_is_cut_off_is_none() {
        let boxed = |name: &[u8], content: &[u8]| [&(8 + content.len() as u32).to_be_bytes(), name, content].concat();
        let file =
            [SIGNATURE.to_vec(), boxed(b"jxlp", &[0, 0, 0, 0, 1, 2]), boxed(b"brob", &[9]), boxed(b"jbrd", &[7])];
        let last = [&[0, 0, 0, 0][..], b"jxlp", &[0x80, 0, 0, 1, 3]].concat();
        let bytes = [file.concat(), last].concat();
        let parts = Parts::read(&bytes).unwrap();
        assert_eq!((&*parts.codestream, parts.jbrd), (&[1, 2, 3][..], Some(&[7][..])));
        let made = [head(&[8, 9], 3).unwrap(), vec![1, 2, 3]].concat();
        let parts = Parts::read(&made).unwrap();
        assert_eq!((&*parts.codestream, parts.jbrd), (&[1, 2, 3][..], Some(&[8, 9][..])));
        for length in 0..bytes.len() {
            let _ = Parts::read(&bytes[..length]);
        }
        assert!(Parts::read(&bytes[..SIGNATURE.len() + 9]).is_none());
    }
}

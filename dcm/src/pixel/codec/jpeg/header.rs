//! Marker segments, and what they say before the first scan.
//!
//! Source: ITU-T T.81 B.1.1 (markers), B.2.2 (frame header); the Adobe marker: Adobe TN 5116, section 18.

use super::Colour;

/// A marker and what belongs to it.
pub(super) struct Segment<'a> {
    /// The second byte of the marker.
    pub(super) marker: u8,
    pub(super) body: &'a [u8],
    /// Where the stream goes on.
    pub(super) next: usize,
}

impl<'a> Segment<'a> {
    /// The first segment from byte `at` on; bytes that belong to none, fill bytes and stray restart markers are passed over.
    pub(super) fn read(stream: &'a [u8], mut at: usize) -> Option<Self> {
        loop {
            at += stream.get(at..)?.iter().position(|&byte| byte == 0xFF)?;
            let marker = *stream.get(at + 1)?;
            match marker {
                0xFF => at += 1,
                0x00 | 0x01 | 0xD0..=0xD8 => at += 2,
                0xD9 => return Some(Self { marker, body: &[], next: at + 2 }),
                _ => break,
            }
        }
        let length = usize::from(u16::from_be_bytes([*stream.get(at + 2)?, *stream.get(at + 3)?]));
        let body = stream.get(at + 4..at + 2 + length)?;
        Some(Self { marker: stream[at + 1], body, next: at + 2 + length })
    }

    /// Whether this is a frame header, of whatever process.
    pub(super) const fn is_frame(&self) -> bool {
        matches!(self.marker, 0xC0..=0xCF) && !matches!(self.marker, 0xC4 | 0xC8 | 0xCC)
    }
}

/// A frame header.
pub(super) struct FrameHeader {
    /// n of SOFn.
    pub(super) process: u8,
    pub(super) precision: u8,
    /// 0 where a marker behind the first scan tells them.
    pub(super) rows: u16,
    pub(super) columns: u16,
    pub(super) components: Vec<ComponentHeader>,
}

#[derive(Clone, Copy)]
pub(super) struct ComponentHeader {
    pub(super) name: u8,
    /// DynSamples across and down for every one of the least sampled component.
    pub(super) sampling: [u8; 2],
    /// Which quantisation table.
    pub(super) table: u8,
}

impl FrameHeader {
    pub(super) fn parse(segment: &Segment<'_>) -> Option<Self> {
        let &[precision, r1, r0, c1, c0, count, ref rest @ ..] = segment.body else { return None };
        let components: Vec<ComponentHeader> = rest
            .chunks_exact(3)
            .take(usize::from(count))
            .map(|c| ComponentHeader { name: c[0], sampling: [c[1] >> 4, c[1] & 15], table: c[2] })
            .collect();
        (components.len() == usize::from(count)).then_some(Self {
            process: segment.marker - 0xC0,
            precision,
            rows: u16::from_be_bytes([r1, r0]),
            columns: u16::from_be_bytes([c1, c0]),
            components,
        })
    }
}

/// What the stream says before its first scan.
pub(super) struct Header {
    pub(super) frame: FrameHeader,
    jfif: bool,
    adobe: Option<u8>,
}

impl Header {
    /// Reads markers up to the frame header.
    pub(super) fn read(stream: &[u8]) -> Option<Self> {
        if !stream.starts_with(&[0xFF, 0xD8]) {
            return None;
        }
        let (mut at, mut jfif, mut adobe) = (2, false, None);
        loop {
            let segment = Segment::read(stream, at)?;
            match segment.marker {
                0xD9 | 0xDA => return None,
                0xE0 => jfif |= segment.body.starts_with(b"JFIF"),
                0xEE if segment.body.starts_with(b"Adobe") => adobe = segment.body.get(11).copied(),
                _ if segment.is_frame() => return Some(Self { frame: FrameHeader::parse(&segment)?, jfif, adobe }),
                _ => {}
            }
            at = segment.next;
        }
    }

    pub(super) fn colour(&self) -> Colour {
        let components = &self.frame.components;
        match (self.frame.process, components.len(), self.adobe) {
            (3, ..) => Colour::AsDeclared,
            (_, 3, Some(0)) => Colour::Rgb,
            (_, 3, Some(1)) => Colour::Ycc,
            (_, 3, _) if self.jfif => Colour::Ycc,
            (_, 3, _) if components.iter().map(|c| c.name).eq(*b"RGB") => Colour::Rgb,
            _ => Colour::AsDeclared,
        }
    }
}

//! Markers of the stream.
//!
//! Source: ITU-T T.87 annex C.2.

use super::{NAME, damaged};
use crate::Error;

/// The frame header.
pub(super) struct FrameHeader {
    pub(super) precision: u8,
    pub(super) rows: u16,
    pub(super) columns: u16,
    /// The components' names, in order.
    pub(super) components: Vec<u8>,
}

/// A scan header, with the coding parameters that hold for it.
pub(super) struct ScanHeader {
    /// Indices of the scan's components in the frame.
    pub(super) components: Vec<usize>,
    pub(super) near: i32,
    pub(super) interleave: u8,
    /// MAXVAL, T1, T2, T3, RESET; 0 stands for the default.
    pub(super) preset: [i32; 5],
}

/// Reads marker after marker.
pub(super) struct Markers<'a> {
    stream: &'a [u8],
    at: usize,
    preset: [i32; 5],
}

impl<'a> Markers<'a> {
    pub(super) fn new(stream: &'a [u8]) -> Result<Self, Error> {
        if !stream.starts_with(&[0xFF, 0xD8]) {
            return Err(damaged(NAME, "no start of image"));
        }
        Ok(Self { stream, at: 2, preset: [0; 5] })
    }

    /// What was not read yet.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.stream.get(self.at..).unwrap_or_default()
    }

    pub(super) fn skip(&mut self, count: usize) {
        self.at += count;
    }

    /// Reads up to and with the frame header.
    pub(super) fn frame(&mut self) -> Result<FrameHeader, Error> {
        let body = self.up_to(0xF7)?;
        let &[precision, r1, r0, c1, c0, count, ..] = body else {
            return Err(damaged(NAME, "the frame header is cut off"));
        };
        let table = body.get(6..).unwrap_or_default().chunks_exact(3);
        if table.clone().any(|c| c[1] != 0x11) {
            return Err(Error::UnsupportedCodec { codec: NAME, what: "subsampled components" });
        }
        let components: Vec<u8> = table.map(|c| c[0]).take(usize::from(count)).collect();
        if components.len() != usize::from(count) || !(2..=16).contains(&precision) {
            return Err(damaged(NAME, "the frame header contradicts itself"));
        }
        let (rows, columns) = (u16::from_be_bytes([r1, r0]), u16::from_be_bytes([c1, c0]));
        Ok(FrameHeader { precision, rows, columns, components })
    }

    /// Reads up to and with the next scan header.
    pub(super) fn scan(&mut self, frame: &FrameHeader) -> Result<ScanHeader, Error> {
        let body = self.up_to(0xDA)?;
        let bad = || damaged(NAME, "the scan header contradicts itself");
        let count = usize::from(*body.first().ok_or_else(bad)?);
        let table = body.get(1..1 + 2 * count).ok_or_else(bad)?;
        let &[near, interleave, transform] = body.get(1 + 2 * count..4 + 2 * count).ok_or_else(bad)? else {
            return Err(bad());
        };
        if table.chunks_exact(2).any(|c| c[1] != 0) {
            return Err(Error::UnsupportedCodec { codec: NAME, what: "a mapping table" });
        }
        if transform != 0 {
            return Err(Error::UnsupportedCodec { codec: NAME, what: "a point transform" });
        }
        let places = table.chunks_exact(2).map(|c| frame.components.iter().position(|&name| name == c[0]));
        let components: Vec<usize> = places.collect::<Option<_>>().ok_or_else(bad)?;
        if components.is_empty() || interleave > 2 || (interleave == 0 && components.len() > 1) {
            return Err(bad());
        }
        Ok(ScanHeader { components, near: i32::from(near), interleave, preset: self.preset })
    }

    /// The body of the next `wanted` marker; parameters on the way are kept.
    fn up_to(&mut self, wanted: u8) -> Result<&'a [u8], Error> {
        loop {
            let missing = || damaged(NAME, "a header is cut off");
            let byte = |at: usize| self.stream.get(at).copied().ok_or_else(missing);
            if byte(self.at)? != 0xFF {
                return Err(damaged(NAME, "no marker where one should be"));
            }
            let marker = byte(self.at + 1)?;
            if marker == 0xFF {
                self.at += 1;
                continue;
            }
            if marker == 0xD9 {
                return Err(damaged(NAME, "the image ends before its components"));
            }
            let length = usize::from(u16::from_be_bytes([byte(self.at + 2)?, byte(self.at + 3)?]));
            let body = self.stream.get(self.at + 4..self.at + 2 + length).ok_or_else(missing)?;
            self.at += 2 + length;
            match marker {
                _ if marker == wanted => return Ok(body),
                0xF8 => self.preset(body)?,
                0xDD if body.iter().any(|&b| b != 0) => {
                    return Err(Error::UnsupportedCodec { codec: NAME, what: "restart intervals" });
                }
                0xE8 if body.starts_with(b"mrfx") && body.get(4).is_some_and(|&b| b != 0) => {
                    return Err(Error::UnsupportedCodec { codec: NAME, what: "a colour transform" });
                }
                0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCF => {
                    return Err(Error::UnsupportedCodec { codec: NAME, what: "a JPEG stream under a JPEG-LS syntax" });
                }
                _ => {}
            }
        }
    }

    fn preset(&mut self, body: &[u8]) -> Result<(), Error> {
        match body.split_first() {
            Some((1, rest)) if rest.len() >= 10 => {
                for (place, pair) in self.preset.iter_mut().zip(rest.chunks_exact(2)) {
                    *place = i32::from(u16::from_be_bytes([pair[0], pair[1]]));
                }
                Ok(())
            }
            Some((1, _)) => Err(damaged(NAME, "the parameters are cut off")),
            Some((2 | 3, _)) => Err(Error::UnsupportedCodec { codec: NAME, what: "a mapping table" }),
            _ => Err(Error::UnsupportedCodec { codec: NAME, what: "an extended parameter" }),
        }
    }
}

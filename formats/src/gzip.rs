//! A gzip stream of any number of members to read, of one to write.

mod block;
mod encoder;

pub(crate) use encoder::Encoder;

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

/// The first two bytes of a gzip member (RFC 1952, 2.3.1).
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// No deflate stream grows by more than this factor (zlib's manual: 1032:1).
pub(crate) const LARGEST_RATIO: u64 = 1032;

/// The most bytes that a gzip stream of that length can hold.
pub(crate) const fn most_bytes(compressed: u64) -> u64 {
    compressed.saturating_mul(LARGEST_RATIO)
}

/// Decodes member after member; ends at the end of the input, or at bytes that are no member.
pub(crate) struct Members<R: BufRead> {
    state: State<R>,
    garbage: bool,
}

enum State<R: BufRead> {
    Within(Box<GzDecoder<R>>),
    Ended,
}

impl<R: BufRead> Members<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self { state: State::Within(Box::new(GzDecoder::new(inner))), garbage: false }
    }

    /// Whether the stream was followed by bytes that are no member; known once the end was reached.
    pub(crate) const fn has_garbage(&self) -> bool {
        self.garbage
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let State::Within(decoder) = &mut self.state else { return Ok(0) };
            let got = decoder.read(out)?;
            if got > 0 || out.is_empty() {
                return Ok(got);
            }
            let State::Within(decoder) = std::mem::replace(&mut self.state, State::Ended) else { return Ok(0) };
            let mut inner = decoder.into_inner();
            let next = inner.fill_buf()?;
            // a member that is cut within its first bytes is one that is cut
            if !next.is_empty() && next.iter().zip(&MAGIC).all(|(byte, magic)| byte == magic) {
                self.state = State::Within(Box::new(GzDecoder::new(inner)));
            } else {
                // zero padding is what tape and some archives add: not worth a word
                self.garbage = next.iter().any(|b| *b != 0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn member(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn joins_members_and_stops_at_garbage() {
        let mut bytes = [member(b"ab"), member(b""), member(b"cd")].concat();
        bytes.extend_from_slice(b"tail");
        let mut members = Members::new(bytes.as_slice());
        let mut out = String::new();
        members.read_to_string(&mut out).unwrap();
        assert_eq!(out, "abcd");
        assert!(members.has_garbage());
    }

    #[test]
    fn garbage_may_begin_like_a_member() {
        let bytes = [&member(b"ab")[..], b"\x1fgarbage"].concat();
        let mut members = Members::new(bytes.as_slice());
        let mut out = String::new();
        members.read_to_string(&mut out).unwrap();
        assert_eq!((out.as_str(), members.has_garbage()), ("ab", true));
        assert!(Members::new(&bytes[..bytes.len() - 7]).read_to_string(&mut out).is_err(), "a cut member");
    }

    #[test]
    fn reports_a_wrong_checksum() {
        let mut bytes = member(b"abcdef");
        let crc = bytes.len() - 8;
        bytes[crc] ^= 1;
        assert!(Members::new(bytes.as_slice()).read_to_end(&mut Vec::new()).is_err());
    }

    #[test]
    fn the_ratio_holds_for_zeros() {
        let size = 8 << 20;
        assert!(most_bytes(member(&vec![0; size]).len() as u64) >= size as u64);
    }
}

//! BER as far as certificates, keys and envelopes need it: a reader of any bytes, a writer of DER.
//!
//! Lengths may be indefinite and octet strings in pieces, as programs write that stream. Nothing is copied but pieces, and no declared length is believed before it
//! is held against the bytes that are there.
//!
//! Source: ITU-T X.690 (2021), sections 8.1 and 8.7.

use std::borrow::Cow;

pub(super) const INTEGER: u8 = 0x02;
pub(super) const OCTETS: u8 = 0x04;
pub(super) const NULL: u8 = 0x05;
pub(super) const OID: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;
/// Context tag 0, primitive; those that follow are one more each.
pub(super) const CONTEXT: u8 = 0x80;
/// The bit of a tag that holds others.
pub(super) const CONSTRUCTED: u8 = 0x20;

/// Levels of indefinite lengths and of pieces: an envelope has seven.
const DEPTH: usize = 16;

/// What is wrong with the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bad(pub(super) &'static str);

/// One value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tlv<'a> {
    pub(super) tag: u8,
    pub(super) content: &'a [u8],
    /// All of it, with tag and length.
    pub(super) raw: &'a [u8],
}

impl<'a> Tlv<'a> {
    /// What stands in it.
    pub(super) fn inner(&self) -> Reader<'a> {
        Reader::new(self.content)
    }

    /// The bytes of an octet string, whole or in pieces; also where a context tag took the place of its own.
    pub(super) fn octets(&self) -> Result<Cow<'a, [u8]>, Bad> {
        if self.tag & CONSTRUCTED == 0 {
            return Ok(Cow::Borrowed(self.content));
        }
        let mut whole = Vec::new();
        pieces(self.content, &mut whole, DEPTH)?;
        Ok(Cow::Owned(whole))
    }
}

fn pieces(content: &[u8], whole: &mut Vec<u8>, depth: usize) -> Result<(), Bad> {
    let mut reader = Reader::new(content);
    while !reader.is_done() {
        let piece = reader.next()?;
        match piece.tag {
            OCTETS => whole.extend(piece.content),
            tag if tag == OCTETS | CONSTRUCTED => {
                pieces(piece.content, whole, depth.checked_sub(1).ok_or(Bad("it is nested too deep"))?)?;
            }
            _ => return Err(Bad("an octet string has a piece that is none")),
        }
    }
    Ok(())
}

/// Reads one value after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) const fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn next(&mut self) -> Result<Tlv<'a>, Bad> {
        let head = Head::of(self.rest)?;
        let size = size(self.rest, DEPTH)?;
        let (raw, rest) = self.rest.split_at_checked(size).ok_or(ENDS)?;
        let end = if head.length.is_none() { size.saturating_sub(2) } else { size };
        let content = raw.get(head.bytes..end).ok_or(ENDS)?;
        self.rest = rest;
        Ok(Tlv { tag: head.tag, content, raw })
    }

    /// The next one, which has to have that tag.
    pub(super) fn expect(&mut self, tag: u8) -> Result<Tlv<'a>, Bad> {
        let next = self.next()?;
        if next.tag == tag { Ok(next) } else { Err(Bad("it holds another kind of value than it should")) }
    }

    /// The next one, if it has that tag.
    pub(super) fn optional(&mut self, tag: u8) -> Result<Option<Tlv<'a>>, Bad> {
        if self.rest.first() == Some(&tag) { self.next().map(Some) } else { Ok(None) }
    }

    /// The next one, if it has that tag as one value or as one that holds others.
    pub(super) fn optional_string(&mut self, tag: u8) -> Result<Option<Tlv<'a>>, Bad> {
        match self.optional(tag)? {
            None => self.optional(tag | CONSTRUCTED),
            found => Ok(found),
        }
    }
}

const ENDS: Bad = Bad("it ends before what it says it holds");

struct Head {
    tag: u8,
    /// Of tag and length.
    bytes: usize,
    /// `None`: up to an end mark.
    length: Option<usize>,
}

impl Head {
    fn of(bytes: &[u8]) -> Result<Self, Bad> {
        let [tag, first, rest @ ..] = bytes else { return Err(ENDS) };
        let (tag, first) = (*tag, *first);
        if tag & 0x1F == 0x1F {
            return Err(Bad("it has a tag above 30"));
        }
        match first {
            0..0x80 => Ok(Self { tag, bytes: 2, length: Some(usize::from(first)) }),
            0x80 if tag & CONSTRUCTED != 0 => Ok(Self { tag, bytes: 2, length: None }),
            0x81..=0x88 => {
                let count = usize::from(first & 0x7F);
                let digits = rest.get(..count).ok_or(ENDS)?;
                let length = digits.iter().fold(0u64, |length, &digit| length << 8 | u64::from(digit));
                Ok(Self { tag, bytes: 2 + count, length: Some(usize::try_from(length).map_err(|_| ENDS)?) })
            }
            _ => Err(Bad("it has a length that is none")),
        }
    }
}

/// Bytes of the first value, its end mark too.
fn size(bytes: &[u8], depth: usize) -> Result<usize, Bad> {
    let head = Head::of(bytes)?;
    if let Some(length) = head.length {
        return head.bytes.checked_add(length).filter(|size| *size <= bytes.len()).ok_or(ENDS);
    }
    let depth = depth.checked_sub(1).ok_or(Bad("it is nested too deep"))?;
    let mut at = head.bytes;
    loop {
        let rest = bytes.get(at..).ok_or(ENDS)?;
        if rest.starts_with(&[0, 0]) {
            return Ok(at + 2);
        }
        at += size(rest, depth)?;
    }
}

/// One value in DER, of what stands in it.
pub(super) fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut bytes = vec![tag];
    match u8::try_from(length) {
        Ok(short @ 0..0x80) => bytes.push(short),
        _ => {
            let digits = length.to_be_bytes();
            let digits = &digits[digits.iter().position(|&digit| digit != 0).unwrap_or(0)..];
            bytes.push(0x80 | digits.len() as u8);
            bytes.extend(digits);
        }
    }
    parts.iter().for_each(|part| bytes.extend(*part));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for length in [0, 1, 127, 128, 255, 256, 70_000] {
            let bytes = der(OCTETS, &[&vec![7; length]]);
            let mut reader = Reader::new(&bytes);
            assert_eq!(reader.next().unwrap().content.len(), length);
            assert!(reader.is_done());
        }
    }

    #[test]
    fn reads_indefinite_lengths_and_pieces() {
        let bytes = [0x30, 0x80, 0x24, 0x80, 4, 1, 8, 0x24, 3, 4, 1, 9, 0, 0, 2, 1, 5, 0, 0];
        let mut inner = Reader::new(&bytes).next().unwrap().inner();
        assert_eq!(*inner.next().unwrap().octets().unwrap(), [8, 9]);
        assert_eq!(inner.expect(INTEGER).unwrap().content, [5]);
        assert!(inner.is_done());
    }

    #[test]
    fn refuses_lengths_beyond_the_end_and_bottomless_nesting() {
        for bytes in [&[0x04, 5, 1][..], &[0x30, 0x80], &[0x30], &[], &[0x04, 0x80], &[0x3F, 0], &[0x04, 0x88]] {
            assert!(Reader::new(bytes).next().is_err(), "{bytes:?}");
        }
        assert_eq!(Reader::new(&[0x04, 0x88, 255, 255, 255, 255, 255, 255, 255, 255]).next().unwrap_err(), ENDS);
        assert!(Reader::new(&[0x24, 0x80].repeat(100_000)).next().is_err());
        let mut nested = vec![4, 0];
        (0..40).for_each(|_| nested = der(OCTETS | CONSTRUCTED, &[&nested]));
        assert!(Reader::new(&nested).next().unwrap().octets().is_err());
    }
}

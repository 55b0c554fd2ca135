//! The bytes of a file, and how numbers are taken from them.

use std::cell::Cell;

use crate::Error;

/// Looks at a byte that each byte of a file is worth: structures that lead in a circle would go on for ever.
const LOOKS: u64 = 64;

/// Looks that any file may have.
const LEAST: u64 = 1 << 20;

/// What a byte costs that is copied.
const COPIED: u64 = 8;

/// The whole file in memory, and how wide its addresses and lengths are.
#[derive(Debug)]
pub(crate) struct Image {
    bytes: Vec<u8>,
    /// Where address 0 is.
    pub(super) start: usize,
    /// Bytes of an address.
    pub(super) offset: usize,
    /// Bytes of a length.
    pub(super) length: usize,
    looked: Cell<u64>,
}

impl Image {
    pub(super) const fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, start: 0, offset: 8, length: 8, looked: Cell::new(0) }
    }

    /// Bytes of the file.
    pub(crate) const fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// Counts what is looked at.
    pub(super) fn look(&self, bytes: u64) -> Result<(), Error> {
        let looked = self.looked.get().saturating_add(bytes);
        self.looked.set(looked);
        if looked > self.len().saturating_mul(LOOKS).saturating_add(LEAST) {
            return Err(Error::malformed(
                "structure",
                "a circle, or the same part many times",
                "parts that are read once",
            ));
        }
        Ok(())
    }

    /// The bytes from an address on.
    pub(super) fn at(&self, what: &'static str, address: u64) -> Result<Cursor<'_>, Error> {
        let rest = usize::try_from(address).ok().and_then(|n| self.bytes.get(self.start.checked_add(n)?..));
        let rest = rest.ok_or(Error::Truncated { what, wanted: address, found: self.len() })?;
        Ok(Cursor { image: self, rest, what })
    }

    /// Some bytes, which are not counted.
    pub(super) fn part(&self, what: &'static str, address: u64, len: u64) -> Result<&[u8], Error> {
        let rest = self.at(what, address)?.rest;
        let part = usize::try_from(len).ok().and_then(|len| rest.get(..len));
        part.ok_or(Error::Truncated { what, wanted: len, found: rest.len() as u64 })
    }
}

/// Takes numbers, little endian, one behind the other.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    pub(super) image: &'a Image,
    pub(super) rest: &'a [u8],
    pub(super) what: &'static str,
}

impl<'a> Cursor<'a> {
    /// Within bytes that were taken already.
    pub(super) const fn new(image: &'a Image, rest: &'a [u8], what: &'static str) -> Self {
        Self { image, rest, what }
    }

    pub(super) fn take(&mut self, bytes: usize) -> Result<&'a [u8], Error> {
        self.image.look((bytes as u64).saturating_add(1))?;
        let found = self.rest.len() as u64;
        let (taken, rest) = self.rest.split_at_checked(bytes).ok_or(Error::Truncated {
            what: self.what,
            wanted: bytes as u64,
            found,
        })?;
        self.rest = rest;
        Ok(taken)
    }

    /// Bytes that are copied.
    pub(super) fn own(&mut self, bytes: usize) -> Result<Vec<u8>, Error> {
        self.image.look((bytes as u64).saturating_mul(COPIED))?;
        self.take(bytes).map(<[u8]>::to_vec)
    }

    pub(super) fn skip(&mut self, bytes: usize) -> Result<(), Error> {
        self.take(bytes).map(|_| ())
    }

    /// A number of up to eight bytes.
    pub(super) fn uint(&mut self, bytes: usize) -> Result<u64, Error> {
        if bytes > 8 {
            return Err(Error::malformed(self.what, format!("a number of {bytes} bytes"), "at most 8"));
        }
        Ok(self.take(bytes)?.iter().rev().fold(0, |n, byte| n << 8 | u64::from(*byte)))
    }

    pub(super) fn u8(&mut self) -> Result<u8, Error> {
        self.uint(1).map(|n| n as u8)
    }

    pub(super) fn u16(&mut self) -> Result<u16, Error> {
        self.uint(2).map(|n| n as u16)
    }

    pub(super) fn u32(&mut self) -> Result<u32, Error> {
        self.uint(4).map(|n| n as u32)
    }

    pub(super) fn length(&mut self) -> Result<u64, Error> {
        self.uint(self.image.length)
    }

    /// An address; `None` for the one that says that there is nothing.
    pub(super) fn address(&mut self) -> Result<Option<u64>, Error> {
        let address = self.uint(self.image.offset)?;
        Ok(Some(address).filter(|a| *a != u64::MAX >> (64 - 8 * self.image.offset)))
    }

    /// An address of something that must be there.
    pub(super) fn pointer(&mut self) -> Result<u64, Error> {
        self.address()?.ok_or_else(|| Error::malformed(self.what, "no address", "one"))
    }

    /// Bytes that must be these.
    pub(super) fn signature(&mut self, wanted: &'static str) -> Result<(), Error> {
        let found = self.take(wanted.len())?;
        if found == wanted.as_bytes() {
            return Ok(());
        }
        Err(Error::malformed(self.what, format!("{found:?}"), wanted))
    }

    /// A version that must be one of those up to `most`.
    pub(super) fn version(&mut self, least: u8, most: u8) -> Result<u8, Error> {
        let version = self.u8()?;
        if (least..=most).contains(&version) {
            return Ok(version);
        }
        Err(Error::unsupported("a version of HDF5's structures", format!("{} {version}", self.what)))
    }

    /// The bytes before the next zero, which is passed.
    pub(super) fn word(&mut self) -> Result<&'a [u8], Error> {
        let len = self.rest.iter().position(|byte| *byte == 0).unwrap_or(self.rest.len());
        let word = self.take(len)?;
        self.skip(1)?;
        Ok(word)
    }
}

/// Bytes that spell any number up to this one.
pub(super) const fn bytes_for(most: u64) -> usize {
    match most {
        0 => 1,
        _ => most.ilog2() as usize / 8 + 1,
    }
}

/// A name or text; what is no UTF-8 is taken as Latin-1.
pub(super) fn text(bytes: &[u8]) -> String {
    crate::fixed::text_of(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_beyond_all_are_cut_off() {
        let image = Image::new(vec![1, 2, 3, 4]);
        let mut cursor = image.at("test", 0).unwrap();
        assert_eq!(cursor.u16().unwrap(), 0x0201);
        let mut copy = cursor;
        assert!(copy.take(3).is_err());
        assert!(cursor.take(usize::MAX).is_err());
        // and it was counted as more than any file is worth
        assert!(matches!(cursor.u8(), Err(Error::Malformed { field: "structure", .. })));
        assert!(image.at("test", u64::MAX).is_err() && image.part("test", 2, 3).is_err());
    }
}

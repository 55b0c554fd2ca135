//! The messages of an object: what its header says.

use super::{
    bytes::{Cursor, Image},
    checksum,
};
use crate::Error;

/// Kinds of messages.
pub(super) mod kind {
    pub(in crate::h5) const SPACE: u16 = 0x01;
    pub(in crate::h5) const LINK_INFO: u16 = 0x02;
    pub(in crate::h5) const TYPE: u16 = 0x03;
    pub(in crate::h5) const OLD_FILL: u16 = 0x04;
    pub(in crate::h5) const FILL: u16 = 0x05;
    pub(in crate::h5) const LINK: u16 = 0x06;
    pub(in crate::h5) const EXTERNAL: u16 = 0x07;
    pub(in crate::h5) const LAYOUT: u16 = 0x08;
    pub(in crate::h5) const FILTERS: u16 = 0x0b;
    pub(in crate::h5) const ATTRIBUTE: u16 = 0x0c;
    pub(in crate::h5) const CONTINUATION: u16 = 0x10;
    pub(in crate::h5) const SYMBOLS: u16 = 0x11;
    pub(in crate::h5) const ATTRIBUTE_INFO: u16 = 0x15;
}

/// One message.
#[derive(Clone, Copy, Debug)]
struct Message<'a> {
    kind: u16,
    flags: u8,
    body: &'a [u8],
}

/// The header of an object.
pub(super) struct Header<'a> {
    image: &'a Image,
    messages: Vec<Message<'a>>,
}

impl<'a> Header<'a> {
    pub(super) fn read(image: &'a Image, address: u64) -> Result<Self, Error> {
        let mut header = Self { image, messages: Vec::new() };
        let mut cursor = image.at("object header", address)?;
        if cursor.rest.starts_with(b"OHDR") {
            header.new_kind(&mut cursor)?
        } else {
            header.old_kind(&mut cursor)?
        }
        Ok(header)
    }

    fn old_kind(&mut self, cursor: &mut Cursor<'a>) -> Result<(), Error> {
        cursor.version(1, 1)?;
        cursor.skip(7)?;
        let bytes = cursor.u32()? as usize;
        cursor.skip(4)?;
        let mut blocks = vec![cursor.take(bytes)?];
        while let Some(block) = blocks.pop() {
            let mut block = Cursor::new(self.image, block, "object header");
            while block.rest.len() >= 8 {
                let (kind, bytes, flags) = (block.u16()?, block.u16()?, block.u8()?);
                block.skip(3)?;
                let message = Message { kind, flags, body: block.take(usize::from(bytes))? };
                if let Some((address, bytes)) = self.put(message)? {
                    blocks.push(self.image.at("object header", address)?.take(bytes)?);
                }
            }
        }
        Ok(())
    }

    fn new_kind(&mut self, cursor: &mut Cursor<'a>) -> Result<(), Error> {
        let whole = cursor.rest;
        cursor.skip(4)?;
        cursor.version(2, 2)?;
        let flags = cursor.u8()?;
        cursor.skip(if flags & 0x20 == 0 { 0 } else { 16 } + if flags & 0x10 == 0 { 0 } else { 4 })?;
        let bytes = usize::try_from(cursor.uint(1 << (flags & 3))?).unwrap_or(usize::MAX);
        let before = whole.len() - cursor.rest.len();
        let end = before.saturating_add(bytes).saturating_add(4);
        let found = whole.len() as u64;
        let first = whole.get(..end).ok_or(Error::Truncated { what: "object header", wanted: end as u64, found })?;
        self.image.look(end as u64)?;
        let first = checksum::checked(first, "object header")?.get(before..).unwrap_or_default();
        let mut blocks = vec![first];
        while let Some(block) = blocks.pop() {
            let mut block = Cursor::new(self.image, block, "object header");
            let prefix = if flags & 4 == 0 { 4 } else { 6 };
            // fewer bytes than the front of a message are a gap
            while block.rest.len() >= prefix {
                let (kind, bytes, flags) = (u16::from(block.u8()?), block.u16()?, block.u8()?);
                block.skip(prefix - 4)?;
                let message = Message { kind, flags, body: block.take(usize::from(bytes))? };
                if let Some((address, bytes)) = self.put(message)? {
                    let mut next = checksum::take(&mut self.image.at("object header", address)?, bytes)?;
                    next.signature("OCHK")?;
                    blocks.push(next.rest);
                }
            }
        }
        Ok(())
    }

    /// Keeps a message; where and how long the block is that one goes on in.
    fn put(&mut self, message: Message<'a>) -> Result<Option<(u64, usize)>, Error> {
        // each takes some of memory
        self.image.look(8 * size_of::<Message<'_>>() as u64)?;
        if message.kind != kind::CONTINUATION {
            self.messages.push(message);
            return Ok(None);
        }
        let mut body = Cursor::new(self.image, message.body, "continuation");
        Ok(Some((body.pointer()?, usize::try_from(body.length()?).unwrap_or(usize::MAX))))
    }

    /// The bodies of all messages of a kind.
    pub(super) fn all(&self, kind: u16) -> impl Iterator<Item = Result<Cursor<'a>, Error>> + '_ {
        let image = self.image;
        self.messages.iter().filter(move |m| m.kind == kind).map(move |m| {
            let body = Cursor::new(image, m.body, "message");
            if m.flags & 2 == 0 { Ok(body) } else { shared(body, kind) }
        })
    }

    /// The body of the first message of a kind.
    pub(super) fn one(&self, kind: u16) -> Result<Option<Cursor<'a>>, Error> {
        self.all(kind).next().transpose()
    }

    /// The body of a message that must be there.
    pub(super) fn must(&self, kind: u16, what: &'static str) -> Result<Cursor<'a>, Error> {
        let found = self.one(kind)?.ok_or_else(|| Error::malformed(what, "missing", "a message in the header"))?;
        Ok(Cursor { what, ..found })
    }

    /// Whether there is a message of a kind.
    pub(super) fn has(&self, kind: u16) -> bool {
        self.messages.iter().any(|m| m.kind == kind)
    }
}

/// The message that another object holds for several.
pub(super) fn shared(mut body: Cursor<'_>, kind: u16) -> Result<Cursor<'_>, Error> {
    let (version, place) = (body.version(1, 3)?, body.u8()?);
    if version == 1 {
        body.skip(6)?;
    }
    if version == 3 && place == 1 {
        return Err(Error::unsupported("messages that objects share in a heap", "HDF5"));
    }
    let address = body.pointer()?;
    let other = Header::read(body.image, address)?;
    let found = other.messages.iter().find(|m| m.kind == kind && m.flags & 2 == 0);
    let found = found.ok_or_else(|| Error::malformed("shared message", "none there", "one"))?;
    Ok(Cursor::new(body.image, found.body, "message"))
}

//! What a group holds.

use super::{
    btree1, btree2,
    bytes::{Cursor, Image, text},
    fractal::Heap,
    header::{Header, kind},
    heaps,
};
use crate::Error;

/// The names of a group's members, and where their headers are. What only points elsewhere (soft and external links) is left out.
pub(super) fn members(image: &Image, header: &Header<'_>) -> Result<Vec<(String, u64)>, Error> {
    let mut members = Vec::new();
    let mut put = |(name, address): (String, u64)| {
        image.look(8 * size_of::<(String, u64)>() as u64).map(|()| members.push((name, address)))
    };
    if let Some(mut symbols) = header.one(kind::SYMBOLS)? {
        let (tree, heap) = (symbols.pointer()?, symbols.pointer()?);
        let names = heaps::names(image, heap)?;
        btree1::walk(image, tree, 0, image.length, &mut |_, node| {
            let mut node = image.at("symbols", node)?;
            node.signature("SNOD")?;
            node.version(1, 1)?;
            node.skip(1)?;
            for _ in 0..node.u16()? {
                let (name, address) = (node.uint(image.offset)?, node.pointer()?);
                let kind = node.u32()?;
                node.skip(20)?;
                // 2: a soft link
                if kind != 2 {
                    put((heaps::name(&names, name)?, address))?;
                }
            }
            Ok(())
        })?;
    }
    for message in header.all(kind::LINK) {
        link(message?)?.map(&mut put).transpose()?;
    }
    if let Some(mut info) = header.one(kind::LINK_INFO)? {
        info.version(0, 0)?;
        let flags = info.u8()?;
        info.skip(if flags & 1 == 0 { 0 } else { 8 })?;
        if let (Some(heap), Some(tree)) = (info.address()?, info.address()?) {
            let heap = Heap::read(image, heap)?;
            btree2::walk(image, tree, &[5], &mut |_, mut record| {
                record.skip(4)?;
                link(heap.object(record.rest)?)?.map(&mut put).transpose().map(|_| ())
            })?;
        }
    }
    Ok(members)
}

/// A name and an address; `None` for a link that points elsewhere.
fn link(mut message: Cursor<'_>) -> Result<Option<(String, u64)>, Error> {
    message.version(1, 1)?;
    let flags = message.u8()?;
    let kind = if flags & 8 == 0 { 0 } else { message.u8()? };
    message.skip(if flags & 4 == 0 { 0 } else { 8 } + if flags & 16 == 0 { 0 } else { 1 })?;
    let bytes = usize::try_from(message.uint(1 << (flags & 3))?).unwrap_or(usize::MAX);
    let name = text(&message.own(bytes)?);
    if kind != 0 {
        return Ok(None);
    }
    Ok(Some((name, message.pointer()?)))
}

//! What is said of an object, by name.

use std::collections::BTreeMap;

pub(crate) use super::values::Value;
use super::{
    btree2,
    bytes::{Cursor, Image, text},
    datatype,
    fractal::Heap,
    header::{Header, kind},
    space::Space,
    values,
};
use crate::Error;

/// All attributes of an object. One that cannot be read is left out: what nobody asks for is no reason to refuse the rest.
pub(super) fn of(image: &Image, header: &Header<'_>) -> Result<BTreeMap<String, Value>, Error> {
    let mut found = BTreeMap::new();
    for message in header.all(kind::ATTRIBUTE) {
        put(message?, &mut found)?;
    }
    if let Some(mut info) = header.one(kind::ATTRIBUTE_INFO)? {
        info.version(0, 0)?;
        let flags = info.u8()?;
        info.skip(if flags & 1 == 0 { 0 } else { 2 })?;
        if let (Some(heap), Some(tree)) = (info.address()?, info.address()?) {
            let heap = Heap::read(image, heap)?;
            btree2::walk(image, tree, &[8], &mut |_, record| {
                let identifier = record.rest.get(..8).unwrap_or_default();
                put(heap.object(identifier)?, &mut found)
            })?;
        }
    }
    Ok(found)
}

fn put(message: Cursor<'_>, found: &mut BTreeMap<String, Value>) -> Result<(), Error> {
    match attribute(message) {
        Ok((name, value)) => drop(found.insert(name, value)),
        Err(error @ Error::Malformed { field: "structure", .. }) => return Err(error),
        Err(_) => {}
    }
    Ok(())
}

fn attribute(mut message: Cursor<'_>) -> Result<(String, Value), Error> {
    message.what = "attribute";
    let (version, flags) = (message.version(1, 3)?, message.u8()?);
    let flags = if version == 1 { 0 } else { flags };
    let [name, kind, space] = [message.u16()?, message.u16()?, message.u16()?].map(usize::from);
    message.skip(usize::from(version == 3))?;
    let padded = |bytes: usize| if version == 1 { bytes.next_multiple_of(8) } else { bytes };
    let name = text(&message.own(padded(name))?);
    let mut part = |bytes: usize| message.take(padded(bytes)).map(|part| Cursor { rest: part, ..message });
    let kind = datatype::of_body(part(kind)?, flags & 1 != 0)?;
    let space = part(space)?;
    if flags & 2 != 0 {
        return Err(Error::unsupported("data spaces that objects share", "HDF5"));
    }
    let space = Space::read(space)?;
    Ok((name, values::of(&kind, space.count(), message)?))
}

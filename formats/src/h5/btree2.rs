//! Trees of the second kind.

use super::{
    bytes::{Cursor, Image, bytes_for},
    checksum,
};
use crate::Error;

/// Bytes of a node that are no records: signature, version, kind, checksum.
const AROUND: u64 = 10;

/// Most levels.
const DEEPEST: u16 = 16;

/// Hands out the records of a tree, and how long each is.
pub(super) fn walk<'a>(
    image: &'a Image,
    address: u64,
    kinds: &[u8],
    each: &mut dyn FnMut(u8, Cursor<'a>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut header = image.at("tree", address)?;
    let mut header = checksum::take(&mut header, 22 + image.offset + image.length)?;
    header.signature("BTHD")?;
    header.version(0, 0)?;
    let kind = header.u8()?;
    if !kinds.contains(&kind) {
        return Err(Error::malformed("tree", format!("kind {kind}"), "a tree of this kind"));
    }
    let (node_bytes, record_bytes, depth) = (u64::from(header.u32()?), u64::from(header.u16()?), header.u16()?);
    header.skip(2)?;
    let Some(root) = header.address()? else { return Ok(()) };
    let records = u64::from(header.u16()?);
    if record_bytes == 0 || depth > DEEPEST || node_bytes <= AROUND {
        return Err(Error::malformed("tree", format!("{depth} levels"), "a sound tree"));
    }
    // most records of a leaf; bytes of the number of all records below, by level
    let most = (node_bytes - AROUND) / record_bytes;
    let counted = bytes_for(most);
    let mut below = vec![0_usize];
    let mut all = most;
    for level in 1..=usize::from(depth) {
        let pointer = (image.offset + counted + below[level - 1]) as u64;
        let here = node_bytes.saturating_sub(AROUND + pointer) / (record_bytes + pointer);
        all = (here + 1).saturating_mul(all).saturating_add(here);
        below.push(bytes_for(all));
    }
    let mut nodes = vec![(root, records, usize::from(depth))];
    while let Some((address, records, level)) = nodes.pop() {
        let node = image.part("tree", address, node_bytes)?;
        image.look(64)?;
        let mut node = Cursor::new(image, node, "tree");
        node.signature(if level == 0 { "BTLF" } else { "BTIN" })?;
        node.skip(2)?;
        for _ in 0..records {
            let record = node.take(record_bytes as usize)?;
            each(kind, Cursor::new(image, record, "tree"))?;
        }
        if level > 0 {
            for _ in 0..=records {
                let child = node.pointer()?;
                let records = node.uint(counted)?;
                node.skip(if level > 1 { below[level - 1] } else { 0 })?;
                image.look(64)?;
                nodes.push((child, records, level - 1));
            }
        }
    }
    Ok(())
}

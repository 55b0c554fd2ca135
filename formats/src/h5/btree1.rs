//! Trees of the first kind: of old groups, and of chunks.

use super::bytes::{Cursor, Image};
use crate::Error;

/// Hands out what lies between the keys of a tree: the key before a child, and where the child is.
pub(super) fn walk<'a>(
    image: &'a Image,
    root: u64,
    kind: u8,
    key_bytes: usize,
    leaf: &mut dyn FnMut(Cursor<'a>, u64) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut nodes = vec![(root, None)];
    while let Some((address, wanted)) = nodes.pop() {
        let mut node = image.at("tree", address)?;
        node.signature("TREE")?;
        let (found, level) = (node.u8()?, node.u8()?);
        if found != kind || wanted.is_some_and(|wanted: u8| wanted != level) {
            return Err(Error::malformed("tree", format!("kind {found}, level {level}"), "a node of this tree"));
        }
        let entries = node.u16()?;
        node.skip(2 * image.offset)?;
        for _ in 0..entries {
            let key = Cursor::new(image, node.take(key_bytes)?, "tree");
            let child = node.pointer()?;
            match level.checked_sub(1) {
                None => leaf(key, child)?,
                Some(below) => {
                    image.look(64)?;
                    nodes.push((child, Some(below)));
                }
            }
        }
    }
    Ok(())
}

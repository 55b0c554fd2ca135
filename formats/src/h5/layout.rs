//! Where the elements of a data set lie.

use super::{
    bytes::Cursor,
    filters::{self, Filter},
};
use crate::Error;

/// Where the elements lie.
#[derive(Clone, Debug)]
pub(super) enum Layout {
    /// In the header itself.
    Compact(Vec<u8>),
    /// In one piece; `None` where none was written.
    Contiguous(Option<u64>),
    Chunked(Chunked),
}

/// Elements that lie in blocks of equal shape.
#[derive(Clone, Debug)]
pub(super) struct Chunked {
    /// Lengths of a chunk along the axes.
    pub(super) chunk: Vec<u64>,
    pub(super) index: Index,
    /// Whether chunks that reach over the end of an axis are not packed.
    pub(super) plain_edges: bool,
    pub(super) filters: Vec<Filter>,
}

/// How chunks are found.
#[derive(Clone, Copy, Debug)]
pub(super) enum Index {
    /// None was written.
    None,
    Tree1(u64),
    /// The only one: where, how many bytes where it is packed, and what was left out.
    Single(u64, Option<u64>, u32),
    /// One behind the other.
    Implicit(u64),
    Fixed(u64),
    Extensible(u64),
    Tree2(u64),
}

pub(super) fn read(mut message: Cursor<'_>, filters: Option<Cursor<'_>>) -> Result<Layout, Error> {
    let version = message.version(1, 5)?;
    let (class, rank, address) = if version < 3 {
        let (rank, class) = (message.u8()?, message.u8()?);
        message.skip(5)?;
        (class, rank, if class == 0 { None } else { Some(message.address()?) })
    } else {
        (message.u8()?, 0, None)
    };
    Ok(match class {
        0 => {
            let bytes = if version < 3 {
                message.skip(4 * usize::from(rank))?;
                message.u32()? as usize
            } else {
                usize::from(message.u16()?)
            };
            Layout::Compact(message.own(bytes)?)
        }
        1 => Layout::Contiguous(match address {
            Some(found) => found,
            None => message.address()?,
        }),
        2 => {
            let filters = filters.map(filters::read).transpose()?.unwrap_or_default();
            Layout::Chunked(if version >= 4 {
                newest(&mut message, filters)?
            } else {
                let (rank, address) = match address {
                    Some(found) => (rank, found),
                    None => (message.u8()?, message.address()?),
                };
                let chunk = lengths(&mut message, rank, 4)?;
                let index = address.map_or(Index::None, Index::Tree1);
                Chunked { chunk, index, plain_edges: false, filters }
            })
        }
        3 => return Err(Error::unsupported("data sets made of parts of others", "virtual")),
        other => return Err(Error::unsupported("a layout of HDF5", other)),
    })
}

/// Lengths of a chunk; behind the axes stands the length of an element.
fn lengths(message: &mut Cursor<'_>, rank: u8, bytes: usize) -> Result<Vec<u64>, Error> {
    let mut lengths = (0..rank).map(|_| message.uint(bytes)).collect::<Result<Vec<_>, _>>()?;
    lengths.pop();
    if lengths.is_empty() || lengths.len() > 32 || lengths.contains(&0) {
        return Err(Error::malformed("chunk", format!("{lengths:?}"), "1 to 32 lengths of at least 1"));
    }
    Ok(lengths)
}

fn newest(message: &mut Cursor<'_>, filters: Vec<Filter>) -> Result<Chunked, Error> {
    let (flags, rank, bytes) = (message.u8()?, message.u8()?, message.u8()?);
    let chunk = lengths(message, rank, usize::from(bytes))?;
    let kind = message.u8()?;
    let mut single = (None, 0);
    match kind {
        1 if flags & 2 != 0 => single = (Some(message.length()?), message.u32()?),
        1 | 2 => {}
        3 => message.skip(1)?,
        4 => message.skip(5)?,
        5 => message.skip(6)?,
        other => return Err(Error::unsupported("an index of chunks", other)),
    }
    let index = match (kind, message.address()?) {
        (_, None) => Index::None,
        (1, Some(at)) => Index::Single(at, single.0, single.1),
        (2, Some(at)) => Index::Implicit(at),
        (3, Some(at)) => Index::Fixed(at),
        (4, Some(at)) => Index::Extensible(at),
        (_, Some(at)) => Index::Tree2(at),
    };
    Ok(Chunked { chunk, index, plain_edges: flags & 1 != 0, filters })
}

//! A data set: its axes, its type, its elements.

use std::{borrow::Cow, collections::BTreeMap};

use isocenter_volume::Ctx;

use super::{
    attributes::{self, Value},
    bytes::{Cursor, Image},
    chunks::{self, Chunk},
    datatype::{self, DataType},
    filters,
    header::{Header, kind},
    layout::{self, Chunked, Layout},
    space::Space,
    values,
};
use crate::Error;

/// Chunks that nobody wrote, for each that somebody did.
const SPARSEST: u64 = 1024;

/// Most elements of a data set that is read as a few numbers or texts.
const FEW: u64 = 1 << 20;

/// A data set.
#[derive(Clone, Debug)]
pub(crate) struct Dataset {
    pub(crate) space: Space,
    pub(crate) data_type: DataType,
    pub(crate) attributes: BTreeMap<String, Value>,
    layout: Layout,
    fill: Vec<u8>,
}

/// Whether an object is a data set, and what its axes and type are.
pub(super) fn outline(header: &Header<'_>) -> Result<Option<(Space, DataType)>, Error> {
    if !header.has(kind::LAYOUT) {
        return Ok(None);
    }
    Ok(Some((Space::read(header.must(kind::SPACE, "data space")?)?, datatype::of(header)?)))
}

impl Dataset {
    pub(crate) fn read(image: &Image, address: u64) -> Result<Self, Error> {
        let header = Header::read(image, address)?;
        if header.has(kind::EXTERNAL) {
            return Err(Error::unsupported("elements in other files", "HDF5"));
        }
        let layout = layout::read(header.must(kind::LAYOUT, "layout")?, header.one(kind::FILTERS)?)?;
        let space = Space::read(header.must(kind::SPACE, "data space")?)?;
        if let Layout::Chunked(chunked) = &layout
            && chunked.chunk.len() != space.shape.len()
        {
            return Err(Error::malformed(
                "chunk",
                format!("{} axes", chunked.chunk.len()),
                "as many as the data set has",
            ));
        }
        let data_type = datatype::of(&header)?;
        let fill = fill(&header)?.filter(|fill| fill.len() as u64 == data_type.bytes).unwrap_or_default();
        Ok(Self { space, data_type, attributes: attributes::of(image, &header)?, layout, fill })
    }

    /// Bytes of all elements.
    pub(crate) fn bytes(&self) -> u64 {
        self.space.count().saturating_mul(self.data_type.bytes)
    }

    /// The elements as they are stored, the last axis fastest.
    pub(crate) fn raw<'a>(&'a self, image: &'a Image, ctx: &Ctx<'_>) -> Result<Cow<'a, [u8]>, Error> {
        let wanted = self.bytes();
        match &self.layout {
            Layout::Compact(bytes) => {
                let found = bytes.len() as u64;
                let held = usize::try_from(wanted).ok().and_then(|n| bytes.get(..n));
                held.map(Cow::Borrowed).ok_or(Error::Truncated { what: "voxels", wanted, found })
            }
            // no elements have no place
            Layout::Contiguous(_) if wanted == 0 => Ok(Cow::Borrowed(&[])),
            Layout::Contiguous(Some(address)) => image.part("voxels", *address, wanted).map(Cow::Borrowed),
            Layout::Contiguous(None) => Err(Error::Truncated { what: "voxels", wanted, found: 0 }),
            Layout::Chunked(chunked) => self.chunked(image, chunked, ctx).map(Cow::Owned),
        }
    }

    /// The elements of a small data set.
    pub(crate) fn value(&self, image: &Image) -> Result<Value, Error> {
        let count = self.space.count();
        if count > FEW {
            return Err(Error::Limit { what: "elements", asked: count, limit: FEW });
        }
        let raw = self.raw(image, &Ctx::default())?;
        values::of(&self.data_type, count, Cursor::new(image, &raw, "data set"))
    }

    fn chunked(&self, image: &Image, chunked: &Chunked, ctx: &Ctx<'_>) -> Result<Vec<u8>, Error> {
        let wanted = self.bytes();
        let grid = chunks::grid(&self.space.shape, &chunked.chunk);
        let all = grid.iter().fold(1, |n: u64, len| n.saturating_mul(*len));
        let element = self.data_type.bytes;
        let chunk_bytes = chunked.chunk.iter().fold(element, |n, len| n.saturating_mul(*len));
        let mut found = Found { chunks: 0, bytes: 0 };
        chunks::each(image, &self.space, chunked, chunk_bytes, &mut |chunk| {
            if chunk.at.iter().zip(&grid).all(|(at, grid)| at < grid) {
                found.chunks += 1;
                found.bytes = found.bytes.saturating_add(chunk.bytes.unwrap_or(chunk_bytes));
            }
            Ok(())
        })?;
        let ratio = if chunked.filters.is_empty() { 1 } else { filters::LARGEST_RATIO };
        let most = found.bytes.min(image.len()).saturating_mul(ratio);
        if found.chunks > all || chunk_bytes > most.max(1) && all > 0 {
            return Err(Error::Truncated { what: "chunks", wanted: chunk_bytes, found: most });
        }
        // what nobody wrote is filled, but not without end
        if all > found.chunks.saturating_mul(SPARSEST) || wanted > most && wanted > image.len().saturating_mul(SPARSEST)
        {
            return Err(Error::Truncated { what: "chunks", wanted, found: most });
        }
        let mut out = self.empty(wanted)?;
        let stage = ctx.stage("chunks", found.chunks);
        let len = usize::try_from(chunk_bytes).unwrap_or(usize::MAX);
        chunks::each(image, &self.space, chunked, chunk_bytes, &mut |chunk| {
            if !chunk.at.iter().zip(&grid).all(|(at, grid)| at < grid) {
                return Ok(());
            }
            let stored = image.part("chunk", chunk.address, chunk.bytes.unwrap_or(chunk_bytes))?;
            let is_edge = |(n, at): (usize, &u64)| (at + 1).saturating_mul(chunked.chunk[n]) > self.space.shape[n];
            let is_plain = chunked.plain_edges && chunk.at.iter().enumerate().any(is_edge);
            let mask = if is_plain { u32::MAX } else { chunk.mask };
            let data = filters::undo(&chunked.filters, mask, stored, len)?;
            put(&data, &chunk, &chunked.chunk, &self.space.shape, element as usize, &mut out);
            Ok(stage.advance(1)?)
        })?;
        Ok(out)
    }

    /// As many elements that nobody wrote.
    fn empty(&self, bytes: u64) -> Result<Vec<u8>, Error> {
        let refuse = || Error::Limit { what: "bytes of memory", asked: bytes, limit: 0 };
        let len = usize::try_from(bytes).map_err(|_| refuse())?;
        Vec::<u8>::new().try_reserve_exact(len).map_err(|_| refuse())?;
        let mut out = vec![0; len];
        if self.fill.iter().any(|byte| *byte != 0) {
            out.chunks_exact_mut(self.fill.len()).for_each(|element| element.copy_from_slice(&self.fill));
        }
        Ok(out)
    }
}

/// What was counted.
struct Found {
    chunks: u64,
    bytes: u64,
}

/// The value of elements that nobody wrote.
fn fill(header: &Header<'_>) -> Result<Option<Vec<u8>>, Error> {
    if let Some(mut message) = header.one(kind::FILL)? {
        let version = message.version(1, 3)?;
        let is_there = if version == 3 {
            message.u8()? & 0x20 != 0
        } else {
            message.skip(2)?;
            message.u8()? != 0 || version == 1
        };
        if !is_there {
            return Ok(None);
        }
        let bytes = message.u32()? as usize;
        return message.own(bytes).map(Some);
    }
    let Some(mut message) = header.one(kind::OLD_FILL)? else { return Ok(None) };
    let bytes = message.u32()? as usize;
    message.own(bytes).map(Some)
}

/// Puts the elements of a chunk to their places, without what reaches over an end.
fn put(data: &[u8], chunk: &Chunk, lengths: &[u64], shape: &[u64], element: usize, out: &mut [u8]) {
    let rank = shape.len();
    let (lengths, shape): (Vec<usize>, Vec<usize>) =
        lengths.iter().zip(shape).map(|(a, b)| (*a as usize, *b as usize)).unzip();
    let start: Vec<usize> = (0..rank).map(|n| chunk.at[n] as usize * lengths[n]).collect();
    let used: Vec<usize> = (0..rank).map(|n| lengths[n].min(shape[n].saturating_sub(start[n]))).collect();
    if used.contains(&0) {
        return;
    }
    let last = rank - 1;
    let run = used[last] * element;
    let mut index = vec![0; rank];
    loop {
        let (from, to) =
            (0..rank).fold((0, 0), |(from, to), n| (from * lengths[n] + index[n], to * shape[n] + start[n] + index[n]));
        if let (Some(from), Some(to)) =
            (data.get(from * element..from * element + run), out.get_mut(to * element..to * element + run))
        {
            to.copy_from_slice(from);
        }
        let Some(axis) = (0..last).rev().find(|n| index[*n] + 1 < used[*n]) else { return };
        index[axis] += 1;
        index[axis + 1..last].fill(0);
    }
}

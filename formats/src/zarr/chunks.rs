//! Chunks and their places in a volume.

use isocenter_volume::{Complex, Ctx, DynSamples, SampleType, Stage};

use super::{
    codec::{Codecs, Inner, Shards, unpack, unpack_upto},
    data_type,
    metadata::{Stored, bytes_of},
};
use crate::{
    Error, Warning,
    endian::{Endian, swap},
    fixed::Fixed,
    source::{Compression, Source},
};

/// Most chunks of an array, there or not: as many files as a system bears.
pub(super) const MOST: u64 = 1 << 20;

/// The part of an array that is wanted, and where it goes.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// The first index along each axis, and how many.
    pub(super) start: Vec<u64>,
    pub(super) size: Vec<u64>,
    /// How far apart neighbours along each axis lie in the volume, in samples.
    pub(super) strides: Vec<usize>,
}

/// Reads the wanted part of an array whose folder, below the source's, is `folder`.
pub(super) fn read(
    source: &Source<'_>,
    folder: &str,
    stored: &Stored,
    wanted: &Wanted,
    warnings: &mut Vec<Warning>,
    ctx: &Ctx<'_>,
) -> Result<DynSamples, Error> {
    macro_rules! all {
        ($type:ty) => {{
            let mut samples: Vec<$type> = filled(stored, wanted)?;
            let bytes = bytemuck::cast_slice_mut(&mut samples);
            let missing = Reader { source, folder, stored, wanted, bytes, ctx }.read()?;
            if missing > 0 {
                warnings.push(Warning::ChunksMissing { count: missing });
            }
            samples
        }};
    }
    Ok(match stored.sample {
        SampleType::U8 => all!(u8).into(),
        SampleType::I8 => all!(i8).into(),
        SampleType::U16 => all!(u16).into(),
        SampleType::I16 => all!(i16).into(),
        SampleType::U32 => all!(u32).into(),
        SampleType::I32 => all!(i32).into(),
        SampleType::U64 => all!(u64).into(),
        SampleType::I64 => all!(i64).into(),
        SampleType::F16 => all!(half::f16).into(),
        SampleType::F32 => all!(f32).into(),
        SampleType::F64 => all!(f64).into(),
        SampleType::Complex32 => {
            all!([f32; 2]).into_iter().map(|[re, im]| Complex { re, im }).collect::<Vec<Complex<f32>>>().into()
        }
        SampleType::Complex64 => {
            all!([f64; 2]).into_iter().map(|[re, im]| Complex { re, im }).collect::<Vec<Complex<f64>>>().into()
        }
        other => return Err(Error::unsupported("sample type", other.name())),
    })
}

/// As many samples as are wanted, all of the value of what is not stored.
fn filled<T: bytemuck::Pod>(stored: &Stored, wanted: &Wanted) -> Result<Vec<T>, Error> {
    let count = wanted.size.iter().product::<u64>();
    let asked = count.saturating_mul(size_of::<T>() as u64);
    let no_memory = || Error::Limit { what: "bytes of memory", asked, limit: 0 };
    let count = usize::try_from(count).map_err(|_| no_memory())?;
    let fill: T = bytemuck::try_pod_read_unaligned(&stored.fill)
        .map_err(|_| Error::malformed("fill_value", "another size", "a number of the array's type"))?;
    // memory that the system does not have is a limit, not an abort
    Vec::<T>::new().try_reserve_exact(count).map_err(|_| no_memory())?;
    Ok(vec![fill; count])
}

struct Reader<'r, 's> {
    source: &'r Source<'s>,
    folder: &'r str,
    stored: &'r Stored,
    wanted: &'r Wanted,
    /// The samples of the volume.
    bytes: &'r mut [u8],
    ctx: &'r Ctx<'r>,
}

impl Reader<'_, '_> {
    /// Reads every chunk that holds a part of what is wanted; gives how many are not there.
    fn read(mut self) -> Result<usize, Error> {
        let (stored, wanted) = (self.stored, self.wanted);
        let axes = 0..stored.shape.len();
        let first: Vec<u64> = axes.clone().map(|a| wanted.start[a] / stored.chunk[a]).collect();
        let last: Vec<u64> = axes.clone().map(|a| (wanted.start[a] + wanted.size[a] - 1) / stored.chunk[a]).collect();
        let stage = self.ctx.stage("voxels", self.bytes.len() as u64);
        // a chunk at least, also of an array without axes
        let all = first.iter().zip(&last).map(|(a, b)| b - a + 1).product::<u64>().max(1);
        let each = self.bytes.len() as u64 / all;
        let mut missing = 0;
        let mut chunk = first.clone();
        for n in 0..all {
            stage.check()?;
            let name = format!("{}{}", self.folder, stored.keys.name(&chunk));
            match self.source.open_beside(&name, Compression::None) {
                Ok(file) => {
                    let start: Vec<u64> = axes.clone().map(|a| chunk[a] * stored.chunk[a]).collect();
                    self.chunk(file, &start, &stage)?;
                }
                Err(Error::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => missing += 1,
                Err(error) => return Err(error),
            }
            stage.advance(if n + 1 == all { self.bytes.len() as u64 - each * n } else { each })?;
            for a in axes.clone().rev() {
                chunk[a] += 1;
                if chunk[a] <= last[a] {
                    break;
                }
                chunk[a] = first[a];
            }
        }
        Ok(missing)
    }

    fn chunk(&mut self, mut file: Source<'_>, start: &[u64], stage: &Stage<'_>) -> Result<(), Error> {
        let limit = self.ctx.limits().bytes;
        // an index of shards, or what packing adds where there is nothing to gain
        let most = limit.saturating_add(limit / 8).saturating_add(1 << 16);
        let bytes = file.rest("bytes of a chunk", most)?;
        self.place(bytes, &self.stored.chunk, start, &self.stored.codecs, stage)
    }

    /// Puts the bytes of a chunk, as they lie in the file, to their places.
    fn place(
        &mut self,
        bytes: Vec<u8>,
        chunk: &[u64],
        start: &[u64],
        codecs: &Codecs,
        stage: &Stage<'_>,
    ) -> Result<(), Error> {
        let limit = self.ctx.limits().bytes;
        match &codecs.inner {
            Inner::Bytes(endian) => {
                let mut bytes = unpack(&codecs.packings, bytes, bytes_of(chunk, self.stored.sample), limit)?;
                if *endian != Endian::NATIVE {
                    swap(&mut bytes, data_type::word(self.stored.sample));
                }
                self.copy(&bytes, chunk, start, &codecs.order);
                Ok(())
            }
            Inner::Shards(shards) => {
                let bytes = unpack_upto(&codecs.packings, bytes, limit)?;
                self.shards(&bytes, chunk, start, shards, stage)
            }
        }
    }

    fn shards(
        &mut self,
        bytes: &[u8],
        chunk: &[u64],
        start: &[u64],
        shards: &Shards,
        stage: &Stage<'_>,
    ) -> Result<(), Error> {
        let axes = 0..chunk.len();
        if axes.clone().any(|a| !chunk[a].is_multiple_of(shards.chunk[a])) {
            return Err(Error::malformed("chunk_shape", "another", "shards of whole chunks"));
        }
        let counts: Vec<u64> = axes.clone().map(|a| chunk[a] / shards.chunk[a]).collect();
        let all = counts.iter().fold(1u64, |n, count| n.saturating_mul(*count));
        let len = all.saturating_mul(16).saturating_add(4 * shards.index_packings.len() as u64);
        let found = bytes.len() as u64;
        let truncated = |wanted| Error::Truncated { what: "shard", wanted, found };
        if len > found {
            return Err(truncated(len));
        }
        let index = if shards.is_at_end { &bytes[(found - len) as usize..] } else { &bytes[..len as usize] };
        let index = unpack(&shards.index_packings, index.to_vec(), all * 16, len)?;
        let index = Fixed { bytes: &index, endian: shards.index_endian };
        for n in 0..all {
            let (at, len) = (index.i64(16 * n as usize) as u64, index.i64(16 * n as usize + 8) as u64);
            let mut rest = n;
            let mut inner = start.to_vec();
            for a in axes.clone().rev() {
                inner[a] += rest % counts[a] * shards.chunk[a];
                rest /= counts[a];
            }
            // all ones: a chunk that is not stored
            if (at == u64::MAX && len == u64::MAX) || !self.is_wanted(&inner, &shards.chunk) {
                continue;
            }
            stage.check()?;
            let end =
                at.checked_add(len).filter(|end| *end <= found).ok_or_else(|| truncated(at.saturating_add(len)))?;
            let part = bytes[at as usize..end as usize].to_vec();
            self.place(part, &shards.chunk, &inner, &shards.codecs, stage)?;
        }
        Ok(())
    }

    fn is_wanted(&self, start: &[u64], chunk: &[u64]) -> bool {
        let Wanted { start: first, size, .. } = self.wanted;
        (0..chunk.len()).all(|a| start[a] < first[a] + size[a] && start[a].saturating_add(chunk[a]) > first[a])
    }

    /// Copies what a chunk has of the wanted part; its axes lie in `order`, the slowest first.
    fn copy(&mut self, chunk_bytes: &[u8], chunk: &[u64], start: &[u64], order: &[usize]) {
        let wanted = self.wanted;
        let axes = chunk.len();
        let mut strides = vec![0; axes];
        let mut stride = 1;
        for axis in order.iter().rev() {
            strides[*axis] = stride;
            stride *= chunk[*axis] as usize;
        }
        // the common part, and where it begins in the chunk and in the volume
        let (mut from, mut to, mut turns) = (0, 0, Vec::new());
        for axis in order {
            let first = start[*axis].max(wanted.start[*axis]);
            let end = (start[*axis] + chunk[*axis]).min(wanted.start[*axis] + wanted.size[*axis]);
            from += (first - start[*axis]) as usize * strides[*axis];
            to += (first - wanted.start[*axis]) as usize * wanted.strides[*axis];
            turns.push(Turn { count: (end - first) as usize, from: strides[*axis], to: wanted.strides[*axis] });
        }
        match self.stored.sample.bytes() {
            1 => scatter::<1>(chunk_bytes, from, self.bytes, to, &turns),
            2 => scatter::<2>(chunk_bytes, from, self.bytes, to, &turns),
            4 => scatter::<4>(chunk_bytes, from, self.bytes, to, &turns),
            8 => scatter::<8>(chunk_bytes, from, self.bytes, to, &turns),
            _ => scatter::<16>(chunk_bytes, from, self.bytes, to, &turns),
        }
    }
}

/// Neighbours along one axis: how many, and how far apart here and there.
#[derive(Clone, Copy)]
struct Turn {
    count: usize,
    from: usize,
    to: usize,
}

/// Copies samples of `W` bytes; the last axis turns fastest.
fn scatter<const W: usize>(source: &[u8], from: usize, target: &mut [u8], to: usize, turns: &[Turn]) {
    let (source, target) = (source.as_chunks::<W>().0, target.as_chunks_mut::<W>().0);
    let one = [Turn { count: 1, from: 0, to: 0 }];
    let (last, outer) = turns.split_last().unwrap_or((&one[0], &[]));
    let rows = outer.iter().map(|t| t.count).product::<usize>();
    let mut index = vec![0; outer.len()];
    let (mut from, mut to) = (from, to);
    for _ in 0..rows {
        if last.from == 1 && last.to == 1 {
            if let (Some(row), Some(place)) = (source.get(from..from + last.count), target.get_mut(to..to + last.count))
            {
                place.copy_from_slice(row);
            }
        } else {
            for n in 0..last.count {
                if let (Some(sample), Some(place)) =
                    (source.get(from + n * last.from), target.get_mut(to + n * last.to))
                {
                    *place = *sample;
                }
            }
        }
        for (n, turn) in outer.iter().enumerate().rev() {
            index[n] += 1;
            from += turn.from;
            to += turn.to;
            if index[n] < turn.count {
                break;
            }
            index[n] = 0;
            from -= turn.from * turn.count;
            to -= turn.to * turn.count;
        }
    }
}

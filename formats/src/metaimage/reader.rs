//! Reading a MetaImage file.

use isocenter_volume::{AxisKind, Head, SlowAxis};

use super::{fields::Fields, header::Header, place};
use crate::{
    Error, File, FileHead, ReadOptions, Warning, labels,
    samples::Layout,
    source::{MOST_TRAILING, Source},
    stored,
    walk::Walk,
};

pub(super) fn read_head(source: &mut Source<'_>, options: &ReadOptions<'_>) -> Result<FileHead, Error> {
    begin(source, options).map(|(_, _, head)| head)
}

/// The files that a header names for its voxels; none where they follow it.
pub(super) fn data_files(source: &mut Source<'_>, options: &ReadOptions<'_>) -> Result<Vec<String>, Error> {
    let fields = Fields::read(source, options.header_bytes, &mut Vec::new())?;
    Ok(fields.data_files()?.map(|files| files.names().to_vec()).unwrap_or_default())
}

pub(super) fn read(source: &mut Source<'_>, options: &ReadOptions<'_>) -> Result<File, Error> {
    let (header, layout, mut head) = begin(source, options)?;
    let bytes = layout.bytes();
    let stored = header.stored(bytes, source.used())?;
    if let Some(packed) = header.packed_bytes() {
        source.expect("packed voxels", packed)?;
    }
    let samples = stored::read(source, &stored, layout, &options.ctx, &mut head.warnings)?;
    // as much again behind the voxels: they were written by a machine whose long has 8 bytes
    let again = Warning::TrailingBytes { count: bytes.min(MOST_TRAILING) };
    if header.has_two_sizes && head.warnings.contains(&again) {
        let wanted = "4 bytes a number, as MetaIO defines it, or MET_LONG_LONG, MET_ULONG_LONG";
        return Err(Error::malformed("ElementType", "a long of 8 bytes a number", wanted));
    }
    head.with_samples(samples)
}

/// Reads up to the voxels.
fn begin(source: &mut Source<'_>, options: &ReadOptions<'_>) -> Result<(Header, Layout, FileHead), Error> {
    let mut warnings = Vec::new();
    let fields = Fields::read(source, options.header_bytes, &mut warnings)?;
    let header = Header::parse(&fields, &mut warnings)?;
    let sample = header.sample();
    let channels = header.slow_channels();
    let lengths: Vec<u64> = channels.iter().chain(&header.sizes).copied().collect();
    let count = options.ctx.limits().check(&lengths, sample.bytes() as u64)?;
    let geometry = place::geometry(&fields, &header.sizes, &mut warnings)?;
    let (walk, slow) = axes(channels, &header.sizes)?;
    let layout = Layout { sample, count, endian: header.endian, walk };
    let mut head = Head::new(geometry).with_slow_axes(slow)?;
    if sample == header.scalar {
        head = head.with_scaling(header.scaling.clone())?;
    }
    let label_table = labels::table_of(&fields.texts);
    let head = FileHead {
        format: "MetaImage",
        head,
        sample_type: sample,
        is_label: label_table.is_some(),
        texts: fields.texts,
        label_table,
        warnings,
    };
    Ok((header, layout, head))
}

/// How the voxels move, and the slow axes: channels, which lie fastest in the file, then its axes from the fourth.
fn axes(channels: Option<u64>, sizes: &[u64]) -> Result<(Option<Walk>, Vec<SlowAxis>), Error> {
    let mut slow = Vec::new();
    if let Some(channels) = channels {
        slow.push(SlowAxis::new(AxisKind::Channel, channels as usize)?);
    }
    for (n, len) in sizes.iter().enumerate().skip(3) {
        slow.push(SlowAxis::new(AxisKind::Other(format!("dim{}", n + 1)), *len as usize)?);
    }
    let shape: Vec<usize> = sizes.iter().map(|n| *n as usize).chain([1, 1]).take(sizes.len().max(3)).collect();
    let walk = channels.and_then(|channels| channels_first(channels as usize, &shape));
    Ok((walk, slow))
}

/// The walk over a file whose channels lie fastest; `shape` are the lengths of its other axes, three of the grid and more.
pub(super) fn channels_first(channels: usize, shape: &[usize]) -> Option<Walk> {
    let lengths: Vec<usize> = std::iter::once(channels).chain(shape.iter().copied()).collect();
    let order: Vec<usize> = [1, 2, 3, 0].into_iter().chain(4..lengths.len()).collect();
    Walk::new(&lengths, &order)
}

//! Reading a MetaImage file.

use isocenter_volume::{AxisKind, Ctx, Head, SlowAxis};

use super::{fields::Fields, header::Header, place};
use crate::{
    Error, File, FileHead, Opened, ReadOptions, Warning, labels,
    samples::Layout,
    source::{MOST_TRAILING, Source},
    stored,
    walk::{Walk, channels_first},
};

pub(super) fn open<'a>(mut source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    let (header, layout, head) = begin(&mut source, options)?;
    let ctx = options.ctx;
    Ok(Opened::new(head, layout, move |head, layout| voxels(&mut source, &header, head, layout, &ctx)))
}

/// The files that a header names for its voxels; none where they follow it.
pub(super) fn data_files(source: &mut Source<'_>, options: &ReadOptions<'_>) -> Result<Vec<String>, Error> {
    let fields = Fields::read(source, options.header_bytes, &mut Vec::new())?;
    Ok(fields.data_files()?.map(|files| files.names().to_vec()).unwrap_or_default())
}

fn voxels(
    source: &mut Source<'_>,
    header: &Header,
    mut head: FileHead,
    layout: Layout,
    ctx: &Ctx<'_>,
) -> Result<File, Error> {
    let bytes = layout.bytes();
    let stored = header.stored(bytes, source.used())?;
    if let Some(packed) = header.packed_bytes() {
        source.expect("packed voxels", packed)?;
    }
    let samples = stored::read(source, &stored, layout, ctx, &mut head.warnings)?;
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
    let layout = Layout::new(sample, count, header.endian).walked(walk);
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

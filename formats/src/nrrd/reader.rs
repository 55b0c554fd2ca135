//! Reading an NRRD file.

use isocenter_volume::Head;

use super::{
    axes::Roles,
    fields::Fields,
    header::{self, Header},
    kinds, place,
};
use crate::{Error, FileHead, Opened, ReadOptions, labels, samples::Layout, source::Source, stored, walk::Walk};

pub(super) fn open<'a>(mut source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    let (header, layout, head) = begin(&mut source, options)?;
    let ctx = options.ctx;
    Ok(Opened::new(head, layout, move |mut head, layout| {
        let stored = header.stored(layout.bytes())?;
        let samples = stored::read(&mut source, &stored, layout, &ctx, &mut head.warnings)?;
        head.with_samples(samples)
    }))
}

/// The files that a header names for its voxels; none where they follow it.
pub(super) fn data_files(source: &mut Source<'_>, options: &ReadOptions<'_>) -> Result<Vec<String>, Error> {
    let fields = Fields::read(source, options.header_bytes, &mut Vec::new())?;
    Ok(header::data_files(&fields)?.map(|files| files.names().to_vec()).unwrap_or_default())
}

/// Reads up to the voxels.
fn begin(source: &mut Source<'_>, options: &ReadOptions<'_>) -> Result<(Header, Layout, FileHead), Error> {
    let mut warnings = Vec::new();
    let fields = Fields::read(source, options.header_bytes, &mut warnings)?;
    let header = Header::parse(&fields)?;
    let roles = Roles::of(&header)?;
    let lengths: Vec<u64> = header.axes[roles.joined..].iter().map(|a| a.size).collect();
    let count = options.ctx.limits().check(&lengths, roles.sample.bytes() as u64)?;
    let geometry = place::geometry(&header, &roles, &mut warnings)?;
    let shape: Vec<usize> = lengths.iter().map(|n| *n as usize).collect();
    let walk = Walk::new(&shape, &roles.order());
    let layout = Layout::new(roles.sample, count, header.endian).walked(walk);
    let slow = roles.slow.iter().map(|n| kinds::slow_axis(&header.axes[*n])).collect::<Result<Vec<_>, _>>()?;
    let label_table = labels::table_of(&fields.texts);
    let head = FileHead {
        format: "NRRD",
        head: Head::new(geometry).with_slow_axes(slow)?,
        sample_type: roles.sample,
        is_label: label_table.is_some(),
        texts: fields.texts,
        label_table,
        warnings,
    };
    Ok((header, layout, head))
}

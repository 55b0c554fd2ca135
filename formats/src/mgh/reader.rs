//! Reading an MGH file.

use std::collections::BTreeMap;

use isocenter_volume::{AxisKind, Head, Meta, SlowAxis, meta::Mr};

use super::{
    bytes::Bytes,
    footer,
    header::{self, Header},
    tags::Tags,
};
use crate::{
    Error, FileHead, Opened, ReadOptions, Warning,
    endian::Endian,
    labels,
    samples::{self, Layout},
    source::Source,
};

pub(super) fn read_head<'a>(mut source: Source<'a>, options: &ReadOptions<'a>) -> Result<FileHead, Error> {
    let (layout, head) = begin(&mut source, options)?;
    source.skip("voxels", layout.bytes())?;
    end(&mut source, head, options)
}

pub(super) fn open<'a>(mut source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    let (layout, head) = begin(&mut source, options)?;
    let options = *options;
    Ok(Opened::new(head, layout, move |head, layout| {
        let samples = samples::read(&mut source, layout, &options.ctx)?;
        end(&mut source, head, &options)?.with_samples(samples)
    }))
}

/// Reads up to the voxels.
fn begin(source: &mut Source<'_>, options: &ReadOptions<'_>) -> Result<(Layout, FileHead), Error> {
    let mut bytes = [0; header::BYTES];
    source.fill("header", &mut bytes)?;
    let header = Header::parse(&bytes)?;
    let [x, y, z] = header.shape;
    let lengths = [x, y, z, header.frames].map(|n| n as u64);
    let count = options.ctx.limits().check(&lengths, header.sample.bytes() as u64)?;
    let mut warnings = Vec::new();
    let mut head = FileHead {
        format: "MGH",
        head: Head::new(header.geometry(&mut warnings)?),
        sample_type: header.sample,
        texts: BTreeMap::new(),
        label_table: None,
        is_label: false,
        warnings,
    };
    if header.frames > 1 {
        let frames = SlowAxis::new(AxisKind::Other("frame".to_owned()), header.frames as usize)?;
        head.head = head.head.with_slow_axes(vec![frames])?;
    }
    if header.dof > 1 {
        head.texts.insert("dof".to_owned(), header.dof.to_string());
    }
    Ok((Layout::new(header.sample, count, Endian::Big), head))
}

/// Reads what follows the voxels.
fn end(source: &mut Source<'_>, mut head: FileHead, options: &ReadOptions<'_>) -> Result<FileHead, Error> {
    let rest = source.rest("bytes behind the voxels", options.header_bytes)?;
    let mut bytes = Bytes(&rest);
    let mr = footer::take(&mut bytes);
    if mr != Mr::default() {
        let mut meta = Meta::default();
        meta.mr = Some(mr);
        head.head = head.head.with_meta(meta);
    }
    let tags = Tags::parse(bytes);
    head.texts.extend(tags.texts);
    if let Some(found) = tags.labels {
        head.texts.extend(labels::texts_of(found));
        head.label_table = labels::table_of(&head.texts);
        head.is_label = head.label_table.is_some();
    }
    if tags.others > 0 {
        head.warnings.push(Warning::IgnoredTags { count: tags.others });
    }
    if tags.rest > 0 {
        head.warnings.push(Warning::TrailingBytes { count: tags.rest as u64 });
    }
    if source.has_garbage() {
        head.warnings.push(Warning::TrailingGarbage);
    }
    Ok(head)
}

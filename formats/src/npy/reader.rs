//! Reading an array of NumPy.

use std::collections::BTreeMap;

use isocenter_volume::{Affine, AxisKind, Frame, Geometry, Head, SlowAxis};

use super::header::Header;
use crate::{
    Error, FileHead, Opened, ReadOptions, Warning,
    samples::{self, Layout},
    source::Source,
    walk::Walk,
};

pub(super) fn open<'a>(mut source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    let header = Header::read(&mut source, options.header_bytes)?;
    let count = options.ctx.limits().check(&header.shape, header.sample.bytes() as u64)?;
    // the index that comes last is the first axis of a volume
    let mut lengths: Vec<usize> = header.shape.iter().rev().map(|n| *n as usize).collect();
    lengths.resize(lengths.len().max(3), 1);
    let walk = if header.is_fortran {
        // what lies fastest in the file is the slowest axis of the volume
        let in_file: Vec<usize> = lengths.iter().rev().copied().collect();
        let order: Vec<usize> = (0..lengths.len()).rev().collect();
        Walk::new(&in_file, &order)
    } else {
        None
    };
    let slow = lengths.iter().enumerate().skip(3);
    let slow = slow.map(|(n, len)| SlowAxis::new(AxisKind::Other(format!("dim{}", n + 1)), *len));
    let grid = Geometry::new([lengths[0], lengths[1], lengths[2]], Affine::IDENTITY, Frame::Unknown)?;
    let head = FileHead {
        format: "NumPy",
        head: Head::new(grid).with_slow_axes(slow.collect::<Result<_, _>>()?)?,
        sample_type: header.sample,
        texts: BTreeMap::new(),
        label_table: None,
        is_label: false,
        warnings: vec![Warning::NoPlace],
    };
    let layout = Layout::new(header.sample, count, header.endian).walked(walk);
    source.expect("voxels", layout.bytes())?;
    let ctx = options.ctx;
    Ok(Opened::new(head, layout, move |mut head, layout| {
        let samples = samples::read(&mut source, layout, &ctx)?;
        source.warn_of_rest(&mut head.warnings)?;
        head.with_samples(samples)
    }))
}

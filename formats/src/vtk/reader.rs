//! Reading a VTK file.

use isocenter_volume::{Affine, AxisKind, Ctx, Frame, Geometry, Head, SampleType, SlowAxis};

use super::header::Header;
use crate::{
    Error, File, FileHead, Opened, ReadOptions, Warning,
    endian::Endian,
    samples::{self, Layout},
    source::{MOST_TRAILING, Source},
    stored::{self, Encoding, Place, Stored},
    walk::channels_first,
};

pub(super) fn open<'a>(mut source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    let header = Header::read(&mut source, options.header_bytes)?;
    let is_rgb = header.is_colour && header.components == 3;
    let numbers = header.sizes.iter().fold(header.components, |n, size| n.saturating_mul(*size));
    let scalar = header.kind.resolve(numbers, source.exactly_left())?;
    let sample = if is_rgb { SampleType::Rgb } else { scalar };
    let channels = Some(header.components).filter(|n| *n > 1 && !is_rgb);
    let lengths: Vec<u64> = channels.iter().chain(&header.sizes).copied().collect();
    let count = options.ctx.limits().check(&lengths, sample.bytes() as u64)?;
    let affine = Affine::from_spacing_origin(header.spacing, header.origin);
    let shape = header.sizes.map(|n| n as usize);
    let slow = channels.map(|n| SlowAxis::new(AxisKind::Channel, n as usize)).transpose()?;
    let head = FileHead {
        format: "VTK",
        head: Head::new(Geometry::new(shape, affine, Frame::Unknown)?).with_slow_axes(slow.into_iter().collect())?,
        sample_type: sample,
        texts: [("title".to_owned(), header.title.clone())].into_iter().filter(|(_, t)| !t.is_empty()).collect(),
        label_table: None,
        is_label: false,
        warnings: Vec::new(),
    };
    let endian = if header.is_text { Endian::NATIVE } else { Endian::Big };
    let walk = channels.and_then(|n| channels_first(n as usize, &shape));
    let layout = Layout::new(sample, count, endian).walked(walk);
    let (is_text, ctx) = (header.is_text, options.ctx);
    Ok(Opened::new(head, layout, move |head, layout| voxels(&mut source, head, layout, scalar, is_text, &ctx)))
}

fn voxels(
    source: &mut Source<'_>,
    mut head: FileHead,
    layout: Layout,
    scalar: SampleType,
    is_text: bool,
    ctx: &Ctx<'_>,
) -> Result<File, Error> {
    let samples = if is_text {
        let stored =
            Stored { encoding: Encoding::Text, line_skip: 0, byte_skip: 0, scalar, place: Place::Here, goes_on: true };
        stored::read(source, &stored, layout, ctx, &mut head.warnings)?
    } else {
        samples::read(source, layout, ctx)?
    };
    let rest = behind(source)?;
    if rest > 0 {
        head.warnings.push(Warning::TrailingBytes { count: rest });
    }
    if source.has_garbage() {
        head.warnings.push(Warning::TrailingGarbage);
    }
    head.with_samples(samples)
}

/// Bytes behind the values that may say something: not blanks, nor the notes that VTK puts behind an array.
fn behind(source: &mut Source<'_>) -> Result<u64, Error> {
    const NOTES: &[u8] = b"METADATA";
    let mut start = vec![0; NOTES.len() + 2];
    let mut got = 0;
    while got < start.len() {
        let here = source.fill_some("bytes behind the values", &mut start[got..])?;
        if here == 0 {
            break;
        }
        got += here;
    }
    let rest = source.count_rest()?;
    let said = start[..got].trim_ascii_start();
    let is_blank = said.is_empty() && rest == 0;
    Ok(if is_blank || said.starts_with(NOTES) { 0 } else { (got as u64 + rest).min(MOST_TRAILING) })
}

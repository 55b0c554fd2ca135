//! Reading a PAR and its REC.

use std::collections::BTreeSet;

use isocenter_volume::{Ctx, DynSamples, Head, Meta, Rescale, SampleType, Scaling, Unit, Voxel, meta::Mr};

use super::{header::Header, place, row::Row, steps};
use crate::{
    Error, File, FileHead, Opened, ReadOptions, Warning,
    endian::Endian,
    samples::{self, Layout},
    source::{Compression, Source},
};

/// Bytes of text that are always read: some 200,000 images.
const MOST_TEXT: u64 = 64 << 20;

pub(super) fn open<'a>(mut source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    // a row for each image: the text of a long series is longer than headers are
    let header = Header::read(&mut source, options.header_bytes.max(MOST_TEXT))?;
    let steps = steps::sort(&header.rows)?;
    let planes: Vec<&Row> = steps.rows.iter().filter_map(|n| header.rows.get(*n)).collect();
    let (Some(first), Some(last)) = (planes.first(), planes.get(steps.slices - 1)) else {
        return Err(Error::malformed("image information", "no image", "one at least"));
    };
    let sample = match first.bits {
        8 => SampleType::U8,
        16 => SampleType::I16,
        other => return Err(Error::malformed("image pixel size", other, "8 or 16 bits")),
    };
    if let Some(other) = header.rows.iter().find(|row| !is_alike(row, first)) {
        return Err(Error::unsupported("images of PAR on different grids", other.slice));
    }
    let [nx, ny] = first.size.map(|n| n as u64);
    let indices = indices(&header.rows)?;
    // a text may leave images of the file out
    let stored = indices.iter().max().map_or(0, |last| *last as u64).saturating_add(1);
    let lengths = [nx, ny, steps.slices as u64, stored.div_ceil(steps.slices as u64)];
    options.ctx.limits().check(&lengths, sample.bytes() as u64)?;
    let count = (nx * ny * stored) as usize;
    let mut warnings = Vec::new();
    let grid = place::geometry(&header, [first, last], steps.slices, &mut warnings)?;
    let head = Head::new(grid).with_slow_axes(steps.axes.clone())?.with_scaling(scaling(&planes)?)?;
    let mut meta = Meta::default();
    meta.mr = Some(mr(&header, first, &planes));
    if steps.incomplete > 0 {
        warnings.push(Warning::IncompleteSteps { count: steps.incomplete });
    }
    let head = FileHead {
        format: "PAR/REC",
        head: head.with_meta(meta),
        sample_type: sample,
        warnings,
        texts: header.texts,
        label_table: None,
        is_label: false,
    };
    let layout = Layout::new(sample, head.head.len(), Endian::Little);
    let name = data_name(&source)?;
    let (ctx, file) = (options.ctx, Layout::new(sample, count, Endian::Little));
    let planes: Vec<usize> = steps.rows.iter().filter_map(|n| indices.get(*n)).copied().collect();
    Ok(Opened::new(head, layout, move |head, layout| {
        let mut data = source.open_beside(&name, Compression::Detect)?;
        voxels(&mut data, head, [file, layout], &planes, &ctx)
    }))
}

/// Reads all images of a data file, and puts the wanted planes behind one another.
fn voxels(
    data: &mut Source<'_>,
    mut head: FileHead,
    [file, layout]: [Layout; 2],
    planes: &[usize],
    ctx: &Ctx<'_>,
) -> Result<File, Error> {
    let pixels = layout.count / planes.len().max(1);
    let all = samples::read(data, file, ctx)?;
    data.warn_of_rest(&mut head.warnings)?;
    let samples = match &all {
        DynSamples::U8(all) => picked(all.as_slice(), planes, pixels, &layout).into(),
        DynSamples::I16(all) => picked(all.as_slice(), planes, pixels, &layout).into(),
        _ => all,
    };
    head.with_samples(samples)
}

fn picked<T: Voxel>(all: &[T], planes: &[usize], pixels: usize, layout: &Layout) -> Vec<T> {
    let plane = |n: &usize| all.get(n * pixels..(n + 1) * pixels).unwrap_or_default();
    let Some(window) = &layout.window else { return planes.iter().flat_map(plane).copied().collect() };
    // a run may go over planes, which lie anywhere
    let sample = |at: usize| planes.get(at / pixels).and_then(|n| all.get(n * pixels + at % pixels));
    window.starts().flat_map(|start| start..start + window.run).filter_map(sample).copied().collect()
}

/// Whether an image has the grid of another.
fn is_alike(row: &Row, first: &Row) -> bool {
    (row.bits, row.size, row.spacing, row.orientation) == (first.bits, first.size, first.spacing, first.orientation)
        && row.angulation == first.angulation
        && (row.thickness, row.gap) == (first.thickness, first.gap)
}

/// The place of each image in the data file. Where they do not say, they lie in the order of the table.
fn indices(rows: &[Row]) -> Result<Vec<usize>, Error> {
    if rows.len() > 1 && rows.iter().all(|row| row.index == 0) {
        return Ok((0..rows.len()).collect());
    }
    let mut seen = BTreeSet::new();
    if let Some(row) = rows.iter().find(|row| !seen.insert(row.index)) {
        return Err(Error::malformed("index in REC file", row.index, "another for each image"));
    }
    Ok(rows.iter().map(|row| row.index).collect())
}

/// To the values that the console displays.
fn scaling(planes: &[&Row]) -> Result<Scaling, Error> {
    let pairs: Vec<Rescale> =
        planes.iter().map(|row| Rescale::new(row.slope, row.intercept)).collect::<Result<_, _>>()?;
    Ok(Scaling::per_plane(pairs, Unit::Arbitrary))
}

fn mr(header: &Header, first: &Row, planes: &[&Row]) -> Mr {
    let shared = |of: fn(&Row) -> f64| Some(of(first)).filter(|v| *v > 0.0 && planes.iter().all(|row| of(row) == *v));
    let mut mr = Mr::default();
    mr.repetition_time_s = header.number("Repetition time").filter(|v| *v > 0.0).map(|ms| ms / 1e3);
    mr.echo_time_s = shared(|row| row.echo_time).map(|ms| ms / 1e3);
    mr.flip_angle_deg = shared(|row| row.flip);
    mr
}

/// The name of the data file beside a text.
pub(super) fn data_name(source: &Source<'_>) -> Result<String, Error> {
    let name = source.name().ok_or_else(|| Error::unsupported("the text of a pair without a name", ""))?;
    let stem = name.get(..name.len().saturating_sub(4)).filter(|_| name.to_ascii_lowercase().ends_with(".par"));
    let stem = stem.ok_or_else(|| Error::unsupported("a PAR file whose name does not end in .PAR", ""))?;
    Ok(format!("{stem}.{}", if name.ends_with("PAR") { "REC" } else { "rec" }))
}

//! Reading an ECAT 7 file.

use std::{
    collections::BTreeSet,
    io::{self, Read},
    ops::Range,
};

use isocenter_volume::{Affine, AxisKind, Column, Frame, Geometry, Head, Quantity, Rescale, Scaling, SlowAxis, Unit};

use super::{
    directory::{self, BLOCK, Matrix},
    header::{Main, Sub},
};
use crate::{
    Error, FileHead, Opened, ReadOptions, Warning,
    endian::Endian,
    samples::{self, Layout},
    source::{Compression, Source, Stream},
};

pub(super) fn open<'a>(mut source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    // matrices lie anywhere, and so does the directory: the file is held as it is
    let file = source.rest("bytes of a file", options.ctx.limits().bytes)?;
    let main = Main::parse(&file)?;
    let matrices = directory::matrices(&file)?;
    let subs: Vec<Sub> = matrices.iter().map(|m| Sub::parse(&file, m.at)).collect::<Result<_, _>>()?;
    let first = subs.first().ok_or_else(|| Error::malformed("directory", "no matrix", "one at least"))?;
    if subs.iter().any(|sub| (sub.sample, sub.shape, sub.spacing) != (first.sample, first.shape, first.spacing)) {
        return Err(Error::unsupported("matrices of ECAT on different grids", ""));
    }
    let [nx, ny, nz] = first.shape;
    let count = options.ctx.limits().check(&[nx, ny, nz, subs.len() as u64], first.sample.bytes() as u64)?;
    let bytes = (nx * ny * nz) as usize * first.sample.bytes();
    let places: Vec<Range<usize>> = matrices.iter().map(|m| m.at + BLOCK..m.at + BLOCK + bytes).collect();
    if let Some(beyond) = places.iter().find(|place| place.end > file.len()) {
        return Err(Error::Truncated { what: "voxels", wanted: beyond.end as u64, found: file.len() as u64 });
    }
    let mut in_file: Vec<&Range<usize>> = places.iter().collect();
    in_file.sort_by_key(|place| place.start);
    if in_file.windows(2).any(|pair| pair[0].end > pair[1].start) {
        return Err(Error::malformed("directory", "matrices that overlap", "each matrix at a place of its own"));
    }
    let mut warnings = Vec::new();
    let head = Head::new(grid(first, &mut warnings)?).with_slow_axes(axes(&matrices, &subs)?)?;
    let head = head.with_scaling(scaling(&main, &subs)?)?;
    let sample = first.sample;
    let head = FileHead {
        format: "ECAT 7",
        head,
        sample_type: sample,
        texts: main.texts,
        label_table: None,
        is_label: false,
        warnings,
    };
    let ctx = options.ctx;
    Ok(Opened::new(head, Layout::new(sample, count, Endian::Big), move |head, layout| {
        let voxels = Slices { file: &file, places: places.into_iter(), current: &[] };
        let mut voxels = Source::new(Stream::from_reader(voxels), Compression::None)?.ctx(ctx);
        head.with_samples(samples::read(&mut voxels, layout, &ctx)?)
    }))
}

/// Parts of a file, one behind the other.
struct Slices<'f> {
    file: &'f [u8],
    places: std::vec::IntoIter<Range<usize>>,
    current: &'f [u8],
}

impl Read for Slices<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.current.is_empty() {
            let Some(place) = self.places.next() else { return Ok(0) };
            self.current = self.file.get(place).unwrap_or_default();
        }
        self.current.read(out)
    }
}

fn grid(sub: &Sub, warnings: &mut Vec<Warning>) -> Result<Geometry, Error> {
    let spacing = [0, 1, 2].map(|axis| {
        let step = sub.spacing[axis];
        if step.is_finite() && step > 0.0 {
            return step;
        }
        warnings.push(Warning::SpacingAssumed { axis });
        1.0
    });
    let origin = [0, 1, 2].map(|axis| sub.offset[axis] - (sub.shape[axis] as f64 - 1.0) / 2.0 * spacing[axis]);
    let affine = Affine::from_spacing_origin(spacing, origin);
    Ok(Geometry::new(sub.shape.map(|n| n as usize), affine, Frame::Unknown)?)
}

/// Frames fastest, then gates; a full grid of them.
fn axes(matrices: &[Matrix], subs: &[Sub]) -> Result<Vec<SlowAxis>, Error> {
    if matrices.iter().any(|m| m.bed != matrices[0].bed) {
        return Err(Error::unsupported("several beds of ECAT in one file", ""));
    }
    let frames = matrices.iter().map(|m| m.frame).collect::<BTreeSet<_>>().len();
    let gates = matrices.iter().map(|m| m.gate).collect::<BTreeSet<_>>().len();
    let is_once = matrices.windows(2).all(|pair| (pair[0].gate, pair[0].frame) != (pair[1].gate, pair[1].frame));
    if frames * gates != matrices.len() || !is_once {
        return Err(Error::malformed("directory", matrices.len(), "each frame of each gate once"));
    }
    let mut axes = Vec::new();
    if frames > 1 {
        let starts: Vec<f64> = subs.iter().take(frames).map(|sub| sub.start).collect();
        let axis = SlowAxis::new(AxisKind::Time, frames)?;
        let goes_on = starts.is_sorted_by(|a, b| a < b);
        axes.push(if goes_on { axis.with_column(Column::numbers(Quantity::Time, starts)?)? } else { axis });
    }
    if gates > 1 {
        axes.push(SlowAxis::new(AxisKind::Phase, gates)?);
    }
    Ok(axes)
}

/// Scale and calibration, for each frame its own.
fn scaling(main: &Main, subs: &[Sub]) -> Result<Scaling, Error> {
    let unit = match main.texts.get("data_units").map(|text| text.to_ascii_lowercase()) {
        Some(text) if text == "bq/ml" || text == "bq/cc" => Unit::BqPerMl,
        _ => Unit::Arbitrary,
    };
    let mut pairs = Vec::new();
    for sub in subs {
        let pair = Rescale::new(sub.scale * main.calibration, 0.0)?;
        pairs.extend(std::iter::repeat_n(pair, sub.shape[2] as usize));
    }
    Ok(Scaling::per_plane(pairs, unit))
}

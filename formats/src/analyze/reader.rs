//! Reading an Analyze pair.

use isocenter_volume::{Affine, AxisKind, Frame, Geometry, Head, Rescale, Scaling, SlowAxis, Unit};

use super::header::{self, Header, TEXTS};
use crate::{
    Error, FileHead, Opened, ReadOptions, Warning, pair,
    samples::{self, Layout},
    source::Source,
};

pub(super) fn open<'a>(mut source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    let mut bytes = [0; header::BYTES];
    source.fill("header", &mut bytes)?;
    let header = Header::parse(&bytes)?;
    let sizes = sizes(&header)?;
    let lengths: Vec<u64> = sizes.iter().map(|n| *n as u64).collect();
    let count = options.ctx.limits().check(&lengths, header.sample.bytes() as u64)?;
    let skipped = skipped(header.vox_offset)?;
    let mut warnings = Vec::new();
    let head = head(&header, &sizes, &mut warnings)?;
    let texts = TEXTS.iter().zip(header.texts).map(|((key, ..), text)| ((*key).to_owned(), text));
    let orient = (header.orient > 0).then(|| ("orient".to_owned(), header.orient.to_string()));
    let head = FileHead {
        format: "Analyze",
        head,
        sample_type: header.sample,
        texts: texts.filter(|(_, text)| !text.is_empty()).chain(orient).collect(),
        label_table: None,
        is_label: false,
        warnings,
    };
    let layout = Layout::new(header.sample, count, header.endian);
    let ctx = options.ctx;
    Ok(Opened::new(head, layout, move |mut head, layout| {
        let mut data = pair::open_data(&source)?;
        data.skip("bytes before the voxels", skipped)?;
        let samples = samples::read(&mut data, layout, &ctx)?;
        data.warn_of_rest(&mut head.warnings)?;
        head.with_samples(samples)
    }))
}

/// Lengths of all axes, three at least, ones of length 1 at the end left out.
fn sizes(header: &Header) -> Result<Vec<usize>, Error> {
    let used = usize::try_from(header.dim[0]).ok().filter(|n| (1..=7).contains(n));
    let used = used.ok_or_else(|| Error::malformed("dim[0]", header.dim[0], "1 to 7 axes"))?;
    let mut sizes = Vec::new();
    for (n, len) in header.dim.iter().enumerate().skip(1).take(used) {
        // of a volume that is three-dimensional the fourth length is often 0
        let len = if n > 3 && *len == 0 { 1 } else { *len };
        let len = usize::try_from(len).ok().filter(|n| *n > 0);
        sizes.push(len.ok_or_else(|| Error::malformed("dim", header.dim[n], "an axis of at least 1"))?);
    }
    sizes.resize(sizes.len().max(3), 1);
    while sizes.len() > 3 && sizes.last() == Some(&1) {
        sizes.pop();
    }
    Ok(sizes)
}

fn head(header: &Header, sizes: &[usize], warnings: &mut Vec<Warning>) -> Result<Head, Error> {
    let spacing = [0, 1, 2].map(|axis| {
        let step = header.pixdim[axis + 1].abs();
        if step.is_finite() && step > 0.0 {
            return step;
        }
        if i16::try_from(axis).is_ok_and(|axis| axis < header.dim[0]) {
            warnings.push(Warning::SpacingAssumed { axis });
        }
        1.0
    });
    let affine = Affine::from_spacing_origin(spacing, [0.0; 3]);
    let slow = sizes.iter().enumerate().skip(3);
    let slow = slow.map(|(n, len)| SlowAxis::new(AxisKind::Other(format!("dim{}", n + 1)), *len));
    let grid = Geometry::new([sizes[0], sizes[1], sizes[2]], affine, Frame::Unknown)?;
    let head = Head::new(grid).with_slow_axes(slow.collect::<Result<_, _>>()?)?;
    if header.scale == 0.0 || header.scale == 1.0 || !header.scale.is_finite() {
        return Ok(head);
    }
    warnings.push(Warning::SpmScale);
    let intercept = if header.intercept.is_finite() { header.intercept } else { 0.0 };
    Ok(head.with_scaling(Scaling::uniform(Rescale::new(header.scale, intercept)?, Unit::Arbitrary))?)
}

/// Bytes before the voxels.
fn skipped(offset: f64) -> Result<u64, Error> {
    if offset < 0.0 {
        return Err(Error::unsupported("bytes to skip before every image of Analyze", offset));
    }
    // 2^24: past this, f32 is no address
    if offset <= 16_777_216.0 && offset == offset.trunc() {
        Ok(offset as u64)
    } else {
        Err(Error::malformed("vox_offset", offset, "a whole number of bytes"))
    }
}

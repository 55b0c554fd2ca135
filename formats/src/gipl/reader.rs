//! Reading a GIPL file.

use isocenter_volume::{Affine, AxisKind, Frame, Geometry, Head, SlowAxis};

use super::header::{self, Header};
use crate::{
    Error, FileHead, Opened, ReadOptions, Warning,
    endian::Endian,
    samples::{self, Layout},
    source::Source,
};

pub(super) fn open<'a>(mut source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    let mut bytes = [0; header::BYTES];
    source.fill("header", &mut bytes)?;
    let header = Header::parse(&bytes)?;
    // axes that are not used have a length of 0 or 1
    let used = header.sizes.iter().position(|n| *n == 0).unwrap_or(header.sizes.len());
    if used == 0 || header.sizes[used..].iter().any(|n| *n > 1) {
        return Err(Error::malformed("sizes", 0, "axes of at least 1"));
    }
    let sizes = header.sizes.map(|n| usize::from(n.max(1)));
    let count = options.ctx.limits().check(&sizes.map(|n| n as u64), header.sample.bytes() as u64)?;
    let mut warnings = Vec::new();
    let spacing = [0, 1, 2].map(|axis| {
        let step = header.spacing[axis];
        if step.is_finite() && step > 0.0 {
            return step;
        }
        if axis < used {
            warnings.push(Warning::SpacingAssumed { axis });
        }
        1.0
    });
    if header.is_calibrated {
        warnings.push(Warning::IgnoredCalibration);
    }
    let affine = Affine::from_spacing_origin(spacing, header.origin);
    let grid = Geometry::new([sizes[0], sizes[1], sizes[2]], affine, Frame::Unknown)?;
    let slow = (sizes[3] > 1).then(|| SlowAxis::new(AxisKind::Other("dim4".to_owned()), sizes[3])).transpose()?;
    let texts = [("description".to_owned(), header.line)];
    let head = FileHead {
        format: "GIPL",
        head: Head::new(grid).with_slow_axes(slow.into_iter().collect())?,
        sample_type: header.sample,
        texts: texts.into_iter().filter(|(_, text)| !text.is_empty()).collect(),
        label_table: None,
        is_label: false,
        warnings,
    };
    let layout = Layout::new(header.sample, count, Endian::Big);
    source.expect("voxels", layout.bytes())?;
    let ctx = options.ctx;
    Ok(Opened::new(head, layout, move |mut head, layout| {
        let samples = samples::read(&mut source, layout, &ctx)?;
        source.warn_of_rest(&mut head.warnings)?;
        head.with_samples(samples)
    }))
}

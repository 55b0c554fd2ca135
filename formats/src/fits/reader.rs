//! Reading the primary image.

use isocenter_volume::{
    Affine, AxisKind, Ctx, DynSamples, Frame, Geometry, Head, Rescale, SampleType, Scaling, SlowAxis, Unit,
};

use super::header::{BLOCK, Header};
use crate::{
    Error, File, FileHead, Opened, ReadOptions, Warning,
    endian::Endian,
    samples::{self, Layout},
    source::Source,
};

/// Most axes, as the standard has it.
const MOST_AXES: i64 = 999;

pub(super) fn open<'a>(mut source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    let header = Header::read(&mut source, options.header_bytes)?;
    let axes = header.whole("NAXIS", None)?;
    if axes == 0 {
        return Err(Error::unsupported("a FITS file whose image is in an extension", "NAXIS 0"));
    }
    if !(1..=MOST_AXES).contains(&axes) {
        return Err(Error::malformed("NAXIS", axes, "1 to 999 axes"));
    }
    let mut lengths = Vec::new();
    for axis in 1..=axes as usize {
        let len = u64::try_from(header.whole("NAXIS", Some(axis))?).ok().filter(|n| *n > 0);
        lengths.push(len.ok_or_else(|| Error::malformed("NAXISn", "none", "at least 1"))?);
    }
    let stored = match header.whole("BITPIX", None)? {
        8 => SampleType::U8,
        16 => SampleType::I16,
        32 => SampleType::I32,
        64 => SampleType::I64,
        -32 => SampleType::F32,
        -64 => SampleType::F64,
        other => return Err(Error::malformed("BITPIX", other, "8, 16, 32, 64, -32 or -64")),
    };
    let count = options.ctx.limits().check(&lengths, stored.bytes() as u64)?;
    let slope = header.number("BSCALE", None)?.unwrap_or(1.0);
    let zero = header.number("BZERO", None)?.unwrap_or(0.0);
    // without a sign, or with one, by an offset of half the range
    let sample = match (stored, slope, zero) {
        (SampleType::U8, 1.0, -128.0) => SampleType::I8,
        (SampleType::I16, 1.0, 32_768.0) => SampleType::U16,
        (SampleType::I32, 1.0, 2_147_483_648.0) => SampleType::U32,
        (SampleType::I64, 1.0, 9_223_372_036_854_775_808.0) => SampleType::U64,
        _ => stored,
    };
    let unit = match header.text("BUNIT", None) {
        Some("HU") => Unit::Hu,
        Some(other) => Unit::Other(other.to_owned()),
        None => Unit::Arbitrary,
    };
    let rescale = if sample == stored { Rescale::new(slope, zero)? } else { Rescale::IDENTITY };
    let mut warnings = Vec::new();
    if header.number("BLANK", None)?.is_some() {
        warnings.push(Warning::Blank);
    }
    let mut shape: Vec<usize> = lengths.iter().map(|n| *n as usize).collect();
    shape.resize(shape.len().max(3), 1);
    let affine = place(&header, axes.min(3) as usize)?;
    if affine.is_none() {
        warnings.push(Warning::NoPlace);
    }
    let grid = Geometry::new([shape[0], shape[1], shape[2]], affine.unwrap_or(Affine::IDENTITY), Frame::Unknown)?;
    let slow = shape.iter().enumerate().skip(3);
    let slow = slow.map(|(n, len)| SlowAxis::new(AxisKind::Other(format!("dim{}", n + 1)), *len));
    let head = FileHead {
        format: "FITS",
        head: Head::new(grid)
            .with_slow_axes(slow.collect::<Result<_, _>>()?)?
            .with_scaling(Scaling::uniform(rescale, unit))?,
        sample_type: sample,
        texts: header.texts,
        label_table: None,
        is_label: false,
        warnings,
    };
    let layout = Layout::new(stored, count, Endian::Big);
    source.expect("voxels", layout.bytes())?;
    let ctx = options.ctx;
    Ok(Opened::new(head, layout, move |head, layout| voxels(&mut source, head, layout, &ctx)))
}

fn voxels(source: &mut Source<'_>, mut head: FileHead, layout: Layout, ctx: &Ctx<'_>) -> Result<File, Error> {
    let samples = samples::read(source, layout, ctx)?;
    // zeros up to the end of a block, which careless writers leave out
    let behind = source.used().next_multiple_of(BLOCK) - source.used();
    let rest = source.count_rest()?;
    if rest > behind {
        head.warnings.push(Warning::TrailingBytes { count: rest - behind });
    }
    if source.has_garbage() {
        head.warnings.push(Warning::TrailingGarbage);
    }
    let samples = match (head.sample_type, samples) {
        (SampleType::I8, DynSamples::U8(s)) => s.iter().map(|v| (v ^ 0x80) as i8).collect::<Vec<_>>().into(),
        (SampleType::U16, DynSamples::I16(s)) => s.iter().map(|v| *v as u16 ^ (1 << 15)).collect::<Vec<_>>().into(),
        (SampleType::U32, DynSamples::I32(s)) => s.iter().map(|v| *v as u32 ^ (1 << 31)).collect::<Vec<_>>().into(),
        (SampleType::U64, DynSamples::I64(s)) => s.iter().map(|v| *v as u64 ^ (1 << 63)).collect::<Vec<_>>().into(),
        (_, samples) => samples,
    };
    head.with_samples(samples)
}

/// The place of a straight line along each axis; `None` where the header says another thing, or nothing of length.
fn place(header: &Header, axes: usize) -> Result<Option<Affine>, Error> {
    let (mut spacing, mut origin) = ([1.0; 3], [0.0; 3]);
    for axis in 0..axes {
        let number = Some(axis + 1);
        let unit = match header.text("CUNIT", number).map(str::trim) {
            Some("mm") => 1.0,
            Some("cm") => 10.0,
            Some("m") => 1000.0,
            Some("um") => 1e-3,
            _ => return Ok(None),
        };
        let Some(step) = header.number("CDELT", number)?.filter(|step| *step != 0.0) else { return Ok(None) };
        let at = header.number("CRPIX", number)?.unwrap_or(0.0);
        let value = header.number("CRVAL", number)?.unwrap_or(0.0);
        spacing[axis] = step * unit;
        // the first pixel is number 1
        origin[axis] = (value + (1.0 - at) * step) * unit;
    }
    if header.has_any(&["PC", "CD", "CROTA"]) {
        return Ok(None);
    }
    Ok(Some(Affine::from_spacing_origin(spacing, origin)))
}

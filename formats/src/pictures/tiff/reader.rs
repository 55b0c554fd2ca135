//! Reading a TIFF.

use isocenter_volume::{Affine, Frame, Geometry, Head, Rescale, Scaling, Unit};

use super::{axes::Axes, bounds, description::ImageJ, lzw, pages::Pages};
use crate::{
    Error, FileHead, Opened, ReadOptions, Warning,
    endian::Endian,
    pictures::plane::{self, guarded},
    samples::Layout,
    source::Source,
};

pub(in crate::pictures) fn open<'a>(mut source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    let mut bytes = plane::bytes_of(&mut source, options)?;
    bounds::check(&bytes)?;
    lzw::lengthen(&mut bytes)?;
    let pages = guarded("TIFF", || Pages::of(&bytes, &options.ctx))?;
    let directories = pages.numbers.len() as u64;
    let said = ImageJ::of(&pages.description);
    let count = said.as_ref().map_or(Some(1), |said| said.count("images")).unwrap_or(1);
    // one directory for many pages, as large files of ImageJ have it
    let plain = pages.plain_at.filter(|_| directories == 1 && count > 1);
    let count = if plain.is_some() { count } else { directories };
    let axes = Axes::of(&pages, count)?;
    let samples = options.ctx.limits().check(&axes.in_file, pages.pixels.sample.bytes() as u64)?;
    let wanted = pages.bytes().saturating_mul(count);
    if wanted > pages.most_bytes(bytes.len()) {
        return Err(Error::Truncated { what: "pages", wanted, found: bytes.len() as u64 });
    }
    let mut warnings = Vec::new();
    let spacing = spacing(&pages, axes.planes, &mut warnings);
    let [width, height] = pages.size.map(|n| n as usize);
    let shape = [width, height, axes.planes as usize];
    let grid = Geometry::new(shape, Affine::from_spacing_origin(spacing, [0.0; 3]), Frame::Unknown)?;
    for (is_so, warning) in [
        (pages.has_alpha, Warning::AlphaIgnored),
        (pages.has_palette, Warning::PaletteIgnored),
        (pages.reduced > 0, Warning::ReducedPagesIgnored { count: pages.reduced }),
    ] {
        if is_so {
            warnings.push(warning);
        }
    }
    let mut head = Head::new(grid).with_slow_axes(axes.slow.clone())?;
    if let Some(said) = said
        && let Some(scaling) = calibration(&said)?
    {
        head = head.with_scaling(scaling)?;
    }
    let texts = [("ImageDescription".to_owned(), pages.description.clone())];
    let head = FileHead {
        format: "TIFF",
        head,
        sample_type: pages.pixels.sample,
        texts: texts.into_iter().filter(|(_, text)| !text.is_empty()).collect(),
        label_table: None,
        is_label: false,
        warnings,
    };
    let layout = Layout::new(pages.pixels.sample, samples, Endian::NATIVE).walked(axes.walk());
    let ctx = options.ctx;
    Ok(Opened::new(head, layout, move |head, layout| {
        let stage = ctx.stage("pages", wanted);
        let raw = match plain {
            Some(at) => pages.read_plain(&bytes, at, count)?,
            None => guarded("TIFF", || pages.read(&bytes, &stage))?,
        };
        plane::with_bytes(head, layout, &raw, &ctx)
    }))
}

/// How far neighbours lie apart, mm.
fn spacing(pages: &Pages, planes: u64, warnings: &mut Vec<Warning>) -> [f64; 3] {
    let mut spacing = [1.0; 3];
    let along_k = match ImageJ::of(&pages.description) {
        Some(said) => {
            let (Some(x), Some(y), Some([across, down])) =
                (said.unit_mm("unit"), said.unit_mm("yunit"), pages.resolution)
            else {
                warnings.push(Warning::NoPlace);
                return spacing;
            };
            spacing = [x / across, y / down, 1.0];
            said.unit_mm("zunit").zip(said.number("spacing")).map(|(unit, n)| unit * n.abs()).filter(|mm| *mm > 0.0)
        }
        None => {
            let unit = match pages.resolution_unit {
                2 => 25.4,
                3 => 10.0,
                _ => 0.0,
            };
            let Some([across, down]) = pages.resolution.filter(|_| unit > 0.0) else {
                warnings.push(Warning::NoPlace);
                return spacing;
            };
            spacing = [unit / across, unit / down, 1.0];
            warnings.push(Warning::SpacingFromResolution);
            None
        }
    };
    match along_k {
        Some(mm) => spacing[2] = mm,
        // of one plane nobody asks how far the next would be
        None if planes > 1 => warnings.push(Warning::SpacingAssumed { axis: 2 }),
        None => {}
    }
    spacing
}

/// A straight line as the calibration of values.
fn calibration(said: &ImageJ<'_>) -> Result<Option<Scaling>, Error> {
    let (Some("0"), Some(c0), Some(c1)) = (said.text("cf"), said.number("c0"), said.number("c1")) else {
        return Ok(None);
    };
    let unit = said.text("vunit").map(str::trim).filter(|unit| !unit.is_empty() && !unit.starts_with("Gray Value"));
    let unit = match unit {
        Some("HU") => Unit::Hu,
        Some(other) => Unit::Other(other.to_owned()),
        None => Unit::Arbitrary,
    };
    Ok(Some(Scaling::uniform(Rescale::new(c1, c0)?, unit)))
}

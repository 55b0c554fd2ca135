//! Reading the image of a MINC 2 file.

use std::collections::BTreeMap;

use isocenter_volume::{Head, SampleType, Scaling};

use super::{
    axes::{self, Axis, VECTOR},
    scaling,
};
use crate::{
    Error, FileHead, Opened, ReadOptions,
    endian::Endian,
    h5::{attributes::Value, datatype::Kind, tree::Tree},
    samples::{self, Layout},
    source::{Compression, Source, Stream},
    walk::Walk,
};

/// The image at full resolution.
const GROUP: &str = "minc-2.0/image/0";

/// Whether a file is of MINC 2.
pub(crate) fn is_minc(tree: &Tree) -> Result<bool, Error> {
    tree.find("minc-2.0/image").map(|found| found.is_some())
}

pub(crate) fn open<'a>(tree: Tree, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    let missing = || Error::malformed("image", "missing", "the image of MINC 2");
    let image = tree.dataset(&format!("{GROUP}/image"))?.ok_or_else(missing)?;
    let Kind::Sample(stored, endian) = image.data_type.kind else {
        return Err(Error::unsupported("elements of an image of MINC", "no numbers"));
    };
    let order = image.attributes.get("dimorder").and_then(Value::text).unwrap_or_default();
    let names: Vec<&str> =
        order.trim_end_matches('\0').split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let mut lengths = image.space.shape.clone();
    if names.len() != lengths.len() || names.is_empty() || names.len() > 5 || lengths.contains(&0) {
        return Err(Error::malformed("dimorder", order, "a name for each axis of the image"));
    }
    if let Some(twice) = names.iter().enumerate().find(|(n, name)| names[..*n].contains(*name)) {
        return Err(Error::malformed("dimorder", twice.1, "each axis once"));
    }
    let described = names.iter().zip(&lengths).map(|(name, len)| Axis::read(&tree, name, *len));
    let mut axes = described.collect::<Result<Vec<_>, _>>()?;
    // three bytes of a voxel are a colour
    let is_rgb = stored == SampleType::U8 && axes.last().is_some_and(|axis| axis.name == VECTOR && axis.len == 3);
    let sample = if is_rgb { SampleType::Rgb } else { stored };
    if is_rgb {
        axes.pop();
        lengths.pop();
    }
    let count = options.ctx.limits().check(&lengths, sample.bytes() as u64)?;
    // of the file, fastest first: those of space, then the others
    let fastest: Vec<&Axis> = axes.iter().rev().collect();
    let of = |space: bool| fastest.iter().enumerate().filter(move |(_, axis)| axis.is_space() == space);
    let order: Vec<usize> = of(true).chain(of(false)).map(|(n, _)| n).collect();
    let spatial: Vec<&Axis> = of(true).map(|(_, axis)| *axis).collect();
    let slow: Vec<&Axis> = of(false).map(|(_, axis)| *axis).collect();
    let mut warnings = Vec::new();
    let grid = axes::geometry(&spatial, &mut warnings)?;
    let shape: Vec<usize> = fastest.iter().map(|axis| axis.len as usize).collect();
    let walk = Walk::new(&shape, &order);
    let planes: Vec<&Axis> = spatial.iter().skip(2).chain(&slow).copied().collect();
    let scaling =
        if is_rgb { Scaling::default() } else { scaling::read(&tree, GROUP, &image, sample, &axes, &planes)? };
    let slow = slow.iter().map(|axis| axis.slow()).collect::<Result<Vec<_>, _>>()?;
    let head = FileHead {
        format: "MINC2",
        head: Head::new(grid).with_slow_axes(slow)?.with_scaling(scaling)?,
        sample_type: sample,
        texts: BTreeMap::new(),
        label_table: None,
        is_label: false,
        warnings,
    };
    let endian = if is_rgb { Endian::NATIVE } else { endian };
    let layout = Layout::new(sample, count, endian).walked(walk);
    let ctx = options.ctx;
    Ok(Opened::new(head, layout, move |head, layout| {
        let raw = image.raw(&tree.image, &ctx)?;
        let mut source = Source::new(Stream::from_bytes(&raw), Compression::None)?.ctx(ctx);
        head.with_samples(samples::read(&mut source, layout, &ctx)?)
    }))
}

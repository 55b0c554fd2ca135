//! ITK's image: where its voxels are, and how they are placed.

use isocenter_volume::{Affine, AxisKind, Frame, Geometry, Head, SampleType, SlowAxis};

use super::attributes::{self, SAMPLE};
use crate::{
    Error, FileHead, ReadOptions, Warning,
    endian::Endian,
    h5::{attributes::Value, dataset::Dataset, datatype::Kind, tree::Tree},
    labels,
    samples::Layout,
    walk::channels_first,
};

/// The only image of a file.
const IMAGE: &str = "ITKImage/0";

/// Its voxels.
pub(super) const VOXELS: &str = "ITKImage/0/VoxelData";

/// Names of its parts.
pub(super) const PARTS: [&str; 6] = ["Dimension", "Directions", "MetaData", "Origin", "Spacing", "VoxelType"];

pub(super) fn open(tree: &Tree, voxels: &Dataset, options: &ReadOptions<'_>) -> Result<(FileHead, Layout), Error> {
    let sizes = part(tree, "Dimension", None)?;
    let axes = sizes.len();
    let mut shape: Vec<u64> = voxels.space.shape.iter().rev().copied().collect();
    let components = if shape.len() == axes + 1 { shape.remove(0) } else { 1 };
    let is_same = (2..=8).contains(&axes) && shape.iter().map(|n| *n as f64).eq(sizes.iter().copied());
    if !is_same || shape.contains(&0) {
        return Err(Error::malformed("Dimension", format!("{sizes:?}"), "the lengths of VoxelData, fastest first"));
    }
    let Kind::Sample(stored, endian) = voxels.data_type.kind else {
        return Err(Error::unsupported("elements of VoxelData", kind_name(voxels.data_type.kind)));
    };
    let is_rgb = components == 3 && stored == SampleType::U8;
    let sample = if is_rgb { SampleType::Rgb } else { stored };
    let channels = Some(components).filter(|n| !is_rgb && (*n > 1 || voxels.space.shape.len() == axes + 1));
    let lengths: Vec<u64> = channels.iter().chain(&shape).copied().collect();
    let count = options.ctx.limits().check(&lengths, sample.bytes() as u64)?;
    let mut shape: Vec<usize> = shape.iter().map(|n| *n as usize).collect();
    shape.resize(shape.len().max(3), 1);
    let mut slow = Vec::new();
    if let Some(channels) = channels {
        slow.push(SlowAxis::new(AxisKind::Channel, channels as usize)?);
    }
    for (n, len) in shape.iter().enumerate().skip(3) {
        slow.push(SlowAxis::new(AxisKind::Other(format!("dim{}", n + 1)), *len)?);
    }
    let mut warnings = Vec::new();
    let grid = geometry(tree, axes, [shape[0], shape[1], shape[2]], &mut warnings)?;
    let texts = texts(tree)?;
    let label_table = labels::table_of(&texts);
    let mut head = FileHead {
        format: "HDF5",
        head: Head::new(grid).with_slow_axes(slow)?,
        sample_type: sample,
        is_label: label_table.is_some(),
        texts,
        label_table,
        warnings,
    };
    let walk = channels.and_then(|n| channels_first(n as usize, &shape));
    attributes::put(&mut head, &voxels.attributes)?;
    let endian = if is_rgb { Endian::NATIVE } else { endian };
    Ok((head, Layout::new(sample, count, endian).walked(walk)))
}

/// The name of what is no sample.
pub(super) const fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Other(name) => name,
        Kind::Text | Kind::AnyText => "texts",
        Kind::Sample(..) => "numbers",
    }
}

/// Numbers of the image.
fn part(tree: &Tree, name: &'static str, many: Option<usize>) -> Result<Vec<f64>, Error> {
    let missing = || Error::malformed(name, "missing", "numbers, as ITK writes them");
    let value = tree.value(&format!("{IMAGE}/{name}"))?.ok_or_else(missing)?;
    let numbers = value.numbers().filter(|numbers| many.is_none_or(|many| numbers.len() == many));
    numbers.map(<[f64]>::to_vec).ok_or_else(|| Error::malformed(name, "another number of them", "one for each axis"))
}

fn geometry(tree: &Tree, axes: usize, shape: [usize; 3], warnings: &mut Vec<Warning>) -> Result<Geometry, Error> {
    let (origin, spacing) = (part(tree, "Origin", Some(axes))?, part(tree, "Spacing", Some(axes))?);
    let directions = part(tree, "Directions", Some(axes * axes))?;
    // a row is the direction of an axis
    let direction = |axis: usize, world: usize| directions.get(axis * axes + world).copied().unwrap_or(0.0);
    let spatial = axes.min(3);
    let leans = |axis: usize, world: usize| (axis < spatial) != (world < spatial) && direction(axis, world) != 0.0;
    if (0..axes).any(|axis| (0..axes).any(|world| leans(axis, world))) {
        return Err(Error::unsupported("an axis that runs through space and time at once", "Directions"));
    }
    let column = |axis: usize| {
        if axis >= spatial {
            return [0, 1, 2].map(|world| f64::from(u8::from(axis == world)));
        }
        let spacing = spacing.get(axis).copied().unwrap_or(1.0);
        [0, 1, 2].map(|world| if world < spatial { direction(axis, world) * spacing } else { 0.0 })
    };
    let start = [0, 1, 2].map(|world| if world < spatial { origin.get(world).copied().unwrap_or(0.0) } else { 0.0 });
    // two axes are a picture, whose plane in the patient nobody states
    let frame = if axes < 3 { Frame::Unknown } else { Frame::Patient(None) };
    if axes < 3 {
        warnings.push(Warning::SpacingAssumed { axis: 2 });
    }
    Ok(Geometry::new(shape, Affine::from_columns([column(0), column(1), column(2)], start), frame)?)
}

/// What ITK keeps beside an image.
fn texts(tree: &Tree) -> Result<std::collections::BTreeMap<String, String>, Error> {
    let mut texts = std::collections::BTreeMap::new();
    for (name, address) in tree.members(&format!("{IMAGE}/MetaData"))? {
        let Ok(found) = Dataset::read(&tree.image, address) else { continue };
        if let Kind::Text | Kind::AnyText = found.data_type.kind
            && let Some(text) = found.value(&tree.image)?.text()
        {
            texts.insert(name, text.to_owned());
        }
    }
    Ok(texts)
}

/// Whether an attribute says that three bytes are a colour.
pub(super) fn says_rgb(said: &std::collections::BTreeMap<String, Value>) -> bool {
    said.get(SAMPLE).and_then(Value::text) == Some("rgb")
}

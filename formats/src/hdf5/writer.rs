//! Writing a volume as ITK's image.

use std::{collections::BTreeMap, io::Write as _};

use isocenter_volume::{AxisKind, SampleType, SlowAxis};

use super::{
    attributes::{self, SAMPLE},
    itk::PARTS,
};
use crate::{
    Error, File, WriteOptions, even,
    h5::build::{self, Content, Data, Node},
    labels,
    pace::Paced,
    place, samples,
    target::Target,
    walk::channels_first,
};

pub(super) fn write(file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
    let volume = &file.volume;
    let sample = volume.sample_type();
    let bytes = (volume.samples().len() as u64).saturating_mul(sample.bytes() as u64);
    let front = build::front(&tree(file)?, bytes)?;
    target.header(&front)?;
    let stage = options.ctx.stage("voxels", bytes);
    let mut out = Paced::new(target.data(), &stage);
    let shape: Vec<usize> = volume.shape().into_iter().chain(further(file).iter().map(SlowAxis::len)).collect();
    let written = match channels(file).and_then(|axis| channels_first(axis.len(), &shape)) {
        Some(walk) => samples::write_walked(volume.samples(), walk, &mut out),
        None => samples::write_halves(volume.samples(), &mut out),
    };
    written.and_then(|()| out.flush()).map_err(Error::io)
}

/// The channels that lie fastest in the file. Three bytes would be a colour there, and half floats no number that moves.
fn channels(file: &File) -> Option<&SlowAxis> {
    let axis = file.volume.slow_axes().first().filter(|a| *a.kind() == AxisKind::Channel && a.len() > 1)?;
    let sample = file.volume.sample_type();
    let stays = matches!(sample, SampleType::Rgb | SampleType::F16 | SampleType::Complex32 | SampleType::Complex64);
    (!stays && (sample, axis.len()) != (SampleType::U8, 3)).then_some(axis)
}

/// The slow axes that are axes of the image.
fn further(file: &File) -> &[SlowAxis] {
    file.volume.slow_axes().get(usize::from(channels(file).is_some())..).unwrap_or_default()
}

/// The objects of the file.
fn tree(file: &File) -> Result<Node, Error> {
    let volume = &file.volume;
    let geometry = volume.geometry();
    let further = further(file);
    let axes = 3 + further.len();
    let sizes: Vec<u64> =
        volume.shape().into_iter().chain(further.iter().map(SlowAxis::len)).map(|n| n as u64).collect();
    let times: Vec<(f64, f64)> = further.iter().map(even::of_axis).collect();
    let (along, spacing) = place::directions(geometry)?;
    let spacing = spacing.into_iter().chain(times.iter().map(|t| t.1));
    let origin = geometry.origin_mm().into_iter().chain(times.iter().map(|t| t.0));
    // a row is the direction of an axis
    let directions = (0..axes * axes).map(|n| {
        let (axis, world) = (n / axes, n % axes);
        let within = along.get(axis).and_then(|direction| direction.get(world)).copied();
        within.unwrap_or_else(|| f64::from(u8::from(axis == world)))
    });
    let mut shape: Vec<u64> = sizes.iter().rev().copied().collect();
    let mut said = attributes::of(volume.head());
    let (inside, element) = match volume.sample_type() {
        SampleType::Rgb => {
            said.insert(SAMPLE.to_owned(), Data::text("rgb"));
            (Some(3), SampleType::U8)
        }
        other => (channels(file).map(|axis| axis.len() as u64), other),
    };
    shape.extend(inside);
    let set = |data: Data| Node::Set(data, BTreeMap::new());
    let text = |text: &str| set(Data::texts(vec![text.to_owned()]));
    let mut meta = BTreeMap::new();
    for (key, value) in labels::texts_to_write(file) {
        if key.is_empty() || key == "." || key.contains(['/', '\0']) || value.contains('\0') {
            return Err(Error::unsupported("a key with a slash, or a zero", format!("{} bytes", key.len())));
        }
        meta.insert(key, text(&value));
    }
    let [dimension, direction, meta_data, origins, spacings, voxel_type] = PARTS;
    let rank = axes as u64;
    let image = BTreeMap::from([
        (dimension.to_owned(), set(Data { shape: vec![rank], content: Content::Wholes(sizes) })),
        (direction.to_owned(), set(Data::floats(directions).shaped(&[rank, rank]))),
        (meta_data.to_owned(), Node::Group(meta, BTreeMap::new())),
        (origins.to_owned(), set(Data::floats(origin))),
        (spacings.to_owned(), set(Data::floats(spacing))),
        ("VoxelData".to_owned(), Node::Set(Data { shape, content: Content::Voxels(element) }, said)),
        (voxel_type.to_owned(), text(name_of(element))),
    ]);
    let group = |name: &str, node: Node| Node::Group(BTreeMap::from([(name.to_owned(), node)]), BTreeMap::new());
    Ok(group("ITKImage", group("0", Node::Group(image, BTreeMap::new()))))
}

/// The name of a component, as ITK has it; of what it does not have, the one that comes closest.
const fn name_of(sample: SampleType) -> &'static str {
    match sample {
        SampleType::I8 => "CHAR",
        SampleType::U8 => "UCHAR",
        SampleType::I16 => "SHORT",
        SampleType::U16 => "USHORT",
        SampleType::I32 => "INT",
        SampleType::U32 => "UINT",
        SampleType::I64 => "LONGLONG",
        SampleType::U64 => "ULONGLONG",
        SampleType::F64 | SampleType::Complex64 => "DOUBLE",
        _ => "FLOAT",
    }
}

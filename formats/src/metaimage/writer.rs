//! Writing a MetaImage file.

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use isocenter_volume::{AxisKind, SampleType, SlowAxis};

use super::{element, fields::is_free_key, header::MOST_AXES, place};
use crate::{
    Error, File, WriteOptions, even, gzip, labels, pace::Paced, samples, target::Target, walk::channels_first,
};

pub(super) fn write(file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
    file.refuse_scaling()?;
    let data_name = match target {
        Target::Single(_) | Target::Several { .. } => "LOCAL",
        Target::Pair { data_name, .. } => *data_name,
    };
    // refused before a voxel is packed
    let plain = header(file, data_name, None)?;
    let stage = options.ctx.stage("voxels", samples::bytes_written(file.volume.samples()));
    if !options.metaimage_zlib {
        target.header(plain.as_bytes())?;
        return voxels(file, &mut Paced::new(target.data(), &stage)).map_err(Error::io);
    }
    // the header says how long the packed voxels are, and stands before them
    let mut packed = Vec::new();
    let mut encoder = gzip::Encoder::zlib(&mut packed, options.level, &options.ctx).map_err(Error::io)?;
    voxels(file, &mut Paced::new(&mut encoder, &stage)).and_then(|()| encoder.finish()).map_err(Error::io)?;
    target.header(header(file, data_name, Some(packed.len()))?.as_bytes())?;
    target.data().write_all(&packed).map_err(Error::io)
}

/// The channels that lie fastest in the file. Three bytes would be a colour there: such an axis is written as a further one.
fn channels(file: &File) -> Option<&SlowAxis> {
    let axis = file.volume.slow_axes().first().filter(|a| *a.kind() == AxisKind::Channel && a.len() > 1)?;
    (file.volume.sample_type() != SampleType::Rgb && (file.volume.sample_type(), axis.len()) != (SampleType::U8, 3))
        .then_some(axis)
}

/// The slow axes that are axes of the file.
fn further(file: &File) -> &[SlowAxis] {
    let skipped = usize::from(channels(file).is_some());
    file.volume.slow_axes().get(skipped..).unwrap_or_default()
}

fn voxels(file: &File, out: &mut dyn Write) -> io::Result<()> {
    let shape: Vec<usize> = file.volume.shape().into_iter().chain(further(file).iter().map(SlowAxis::len)).collect();
    match channels(file).and_then(|axis| channels_first(axis.len(), &shape)) {
        Some(walk) => samples::write_walked(file.volume.samples(), walk, out),
        None => samples::write(file.volume.samples(), out),
    }
}

/// The lines, in the order in which ITK writes them.
fn header(file: &File, data_name: &str, packed: Option<usize>) -> Result<String, Error> {
    let volume = &file.volume;
    let geometry = volume.geometry();
    let further = further(file);
    let axes = 3 + further.len();
    if axes > MOST_AXES {
        return Err(Error::unsupported("more than ten axes in MetaImage", axes));
    }
    let (directions, spacing) = crate::place::directions(geometry)?;
    let matrix: Vec<f64> = (0..axes * axes)
        .map(|n| {
            let (axis, world) = (n / axes, n % axes);
            directions.get(axis).and_then(|d| d.get(world)).copied().unwrap_or(f64::from(u8::from(axis == world)))
        })
        .collect();
    let times: Vec<(f64, f64)> = further.iter().map(even::of_axis).collect();
    let offset: Vec<f64> = geometry.origin_mm().into_iter().chain(times.iter().map(|t| t.0)).collect();
    let steps: Vec<f64> = spacing.into_iter().chain(times.iter().map(|t| t.1)).collect();
    let sizes: Vec<usize> = volume.shape().into_iter().chain(further.iter().map(SlowAxis::len)).collect();

    let mut out = String::new();
    let mut line = |key: &str, value: &str| {
        // writing to a String cannot fail
        let _ = writeln!(out, "{key} = {value}");
    };
    line("ObjectType", "Image");
    line("NDims", &axes.to_string());
    line("BinaryData", "True");
    line("BinaryDataByteOrderMSB", "False");
    line("CompressedData", if packed.is_some() { "True" } else { "False" });
    packed.into_iter().for_each(|bytes| line("CompressedDataSize", &bytes.to_string()));
    line("TransformMatrix", &words(&matrix));
    line("Offset", &words(&offset));
    line("CenterOfRotation", &words(&vec![0; axes]));
    line("AnatomicalOrientation", &letters(file, axes));
    line("ElementSpacing", &words(&steps));
    for (key, text) in labels::texts_to_write(file).iter().filter(|(k, t)| is_free_key(k) && fits(t)) {
        line(key, text);
    }
    line("DimSize", &words(&sizes));
    let inside = (volume.sample_type() == SampleType::Rgb).then_some(3);
    if let Some(channels) = inside.or(channels(file).map(SlowAxis::len)) {
        line("ElementNumberOfChannels", &channels.to_string());
    }
    line("ElementType", element::name_of(volume.sample_type())?);
    line("ElementDataFile", data_name);
    Ok(out)
}

/// Letters of three axes; of more, the marks that ITK writes, unless nobody knows the frame.
fn letters(file: &File, axes: usize) -> String {
    let geometry = file.volume.geometry();
    if axes > 3 && geometry.frame().is_patient() { "?".repeat(axes) } else { place::letters(geometry) }
}

/// A text that is one line, and comes back as it is.
fn fits(text: &str) -> bool {
    !text.is_empty() && text.trim() == text && !text.contains(|c: char| c.is_control())
}

/// Values in their shortest exact spelling.
fn words<T: ToString>(values: &[T]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

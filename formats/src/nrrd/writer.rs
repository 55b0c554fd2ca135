//! Writing an NRRD file.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::{self, Write},
};

use isocenter_volume::{AxisKind, Quantity, SampleType, SlowAxis};

use super::{fields::escape, header::name_of, kinds};
use crate::{Error, File, WriteOptions, gzip, labels, pace::Paced, samples, target::Target, walk::Walk};

pub(super) fn write(file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
    file.refuse_scaling()?;
    let data_name = match target {
        Target::Single(_) | Target::Several { .. } => None,
        Target::Pair { data_name, .. } => Some(*data_name),
    };
    let header = header(file, data_name, options)?;
    target.header(header.as_bytes())?;
    let stage = options.ctx.stage("voxels", samples::bytes_written(file.volume.samples()));
    let written = if options.nrrd_gzip {
        gzip::Encoder::new(target.data(), options.level, &options.ctx).and_then(|mut encoder| {
            voxels(file, &mut Paced::new(&mut encoder, &stage))?;
            encoder.finish()
        })
    } else {
        voxels(file, &mut Paced::new(target.data(), &stage))
    };
    written.map_err(Error::io)
}

/// Whether layers lie fastest, as 3D Slicer wants its segmentations.
fn layers_first(file: &File) -> bool {
    file.is_label && file.volume.slow_axes().len() == 1
}

fn voxels(file: &File, out: &mut dyn Write) -> io::Result<()> {
    let [nx, ny, nz] = file.volume.shape();
    // axes of the file: layers, then the grid
    let walk = layers_first(file).then(|| Walk::new(&[file.volume.steps(), nx, ny, nz], &[1, 2, 3, 0])).flatten();
    match walk {
        Some(walk) => samples::write_walked(file.volume.samples(), walk, out),
        None => samples::write(file.volume.samples(), out),
    }
}

fn header(file: &File, data_name: Option<&str>, options: &WriteOptions<'_>) -> Result<String, Error> {
    let volume = &file.volume;
    let geometry = volume.geometry();
    let mut axes: Vec<Axis> = volume.slow_axes().iter().map(Axis::slow).collect();
    let grid = (0..3).map(|a| Axis::grid(volume.shape()[a], geometry.affine().column(a)));
    let at = if layers_first(file) { axes.len() } else { 0 };
    axes.splice(at..at, grid);
    match volume.sample_type() {
        SampleType::Rgb => axes.insert(0, Axis::inside("RGB-color", 3)),
        SampleType::Complex32 | SampleType::Complex64 => axes.insert(0, Axis::inside("complex", 2)),
        _ => {}
    }
    let list = |of: &dyn Fn(&Axis) -> String| axes.iter().map(of).collect::<Vec<_>>().join(" ");
    let is_patient = geometry.frame().is_patient();

    let mut lines = vec!["NRRD0005".to_owned()];
    lines.extend(file.texts.get("comments").iter().flat_map(|c| c.lines()).map(|c| format!("# {c}")));
    lines.push(format!("type: {}", name_of(volume.sample_type())?));
    lines.push(format!("dimension: {}", axes.len()));
    lines.push(if is_patient { "space: left-posterior-superior".to_owned() } else { "space dimension: 3".to_owned() });
    lines.push(format!("sizes: {}", list(&|a| a.size.to_string())));
    lines.push(format!("space directions: {}", list(&|a| a.direction.map_or("none".to_owned(), vector))));
    lines.push(format!("kinds: {}", list(&|a| a.kind.to_owned())));
    if axes.iter().any(|a| !a.label.is_empty()) {
        lines.push(format!("labels: {}", list(&|a| format!("\"{}\"", a.label))));
    }
    if axes.iter().any(|a| a.times.is_some()) {
        let number = |v: Option<f64>| v.map_or("nan".to_owned(), |v| v.to_string());
        lines.push(format!("spacings: {}", list(&|a| number(a.times.map(|t| t.1)))));
        lines.push(format!("axis mins: {}", list(&|a| number(a.times.map(|t| t.0)))));
        lines.push(format!("units: {}", list(&|a| if a.times.is_some() { "\"s\"" } else { "\"\"" }.to_owned())));
    }
    lines.push("endian: little".to_owned());
    lines.push(format!("encoding: {}", if options.nrrd_gzip { "gzip" } else { "raw" }));
    lines.push(format!("space origin: {}", vector(geometry.origin_mm())));
    for field in ["content", "sample units"] {
        let text = file.texts.get(field).filter(|t| !t.contains(['\n', '\r']));
        lines.extend(text.map(|t| format!("{field}: {t}")));
    }
    let measured = file.texts.get("measurement frame").filter(|t| is_patient && !t.contains(['\n', '\r']));
    lines.extend(measured.map(|t| format!("measurement frame: {t}")));
    lines.extend(data_name.map(|name| format!("data file: {name}")));
    key_values(&labels::texts_to_write(file), &mut lines)?;

    let mut header = String::new();
    for line in lines {
        // writing to a String cannot fail
        let _ = writeln!(header, "{line}");
    }
    header.push('\n');
    Ok(header)
}

/// Texts that are fields of the format, not key-values.
const FIELDS: [&str; 8] =
    ["comments", "content", "sample units", "measurement frame", "old min", "old max", "labels", "number"];

fn key_values(texts: &BTreeMap<String, String>, lines: &mut Vec<String>) -> Result<(), Error> {
    for (key, text) in texts.iter().filter(|(k, _)| !FIELDS.contains(&k.as_str())) {
        if key.is_empty() || key.starts_with('#') || key.contains([':', '\n', '\r']) {
            return Err(Error::unsupported("a key with a colon or a line break", format!("{} bytes", key.len())));
        }
        lines.push(format!("{key}:={}", escape(text)));
    }
    Ok(())
}

/// One axis as it is written.
struct Axis {
    size: usize,
    kind: &'static str,
    label: String,
    direction: Option<[f64; 3]>,
    /// Start and step, seconds.
    times: Option<(f64, f64)>,
}

impl Axis {
    fn grid(size: usize, direction: [f64; 3]) -> Self {
        Self { size, kind: "domain", label: String::new(), direction: Some(direction), times: None }
    }

    fn inside(kind: &'static str, size: usize) -> Self {
        Self { size, kind, label: String::new(), direction: None, times: None }
    }

    fn slow(axis: &SlowAxis) -> Self {
        let (kind, label) = kinds::names_of(axis);
        let times = axis.numbers(&Quantity::Time).filter(|_| *axis.kind() == AxisKind::Time);
        let times = times.and_then(crate::even::start_and_step);
        Self { size: axis.len(), kind, label: label.to_owned(), direction: None, times }
    }
}

/// Shortest spelling that reads back as the same numbers.
fn vector(v: [f64; 3]) -> String {
    format!("({},{},{})", v[0], v[1], v[2])
}

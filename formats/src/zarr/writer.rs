//! Writing an image of one level.

use isocenter_volume::{AxisKind, DynSamples, Quantity, SlowAxis};
use serde_json::{Map, Value, json};

use super::{codec, data_type, label, place, roles};
use crate::{Error, File, WriteOptions, even, samples, target::Target};

/// Most voxels of a chunk along an axis of the grid.
const LONGEST: usize = 128;

/// Where the only level is.
const LEVEL: &str = "0";

pub(super) fn write(file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
    file.refuse_scaling()?;
    let volume = &file.volume;
    data_type::names_of(volume.sample_type())?;
    check_axes(volume.slow_axes())?;
    let Target::Several { stem, sink } = target else {
        return Err(Error::unsupported("a folder of chunks in one stream", "Zarr"));
    };
    let store = format!("{stem}.zarr/");
    let mut put = |name: &str, bytes: Vec<u8>| sink.file(&format!("{store}{name}"), bytes).map_err(Error::io);
    let is_v2 = options.zarr2;
    for (name, metadata) in if is_v2 { v2(file, options)? } else { v3(file, options)? } {
        put(&name, text(&metadata))?;
    }
    let chunk = chunk_of(volume.shape());
    let counts = [0, 1, 2].map(|n| volume.shape()[n].div_ceil(chunk[n]));
    let bytes = volume.samples().len() * volume.sample_type().bytes();
    let stage = options.ctx.stage("voxels", bytes as u64);
    let lengths: Vec<usize> = volume.slow_axes().iter().map(SlowAxis::len).collect();
    let each = (bytes / (volume.steps() * counts.iter().product::<usize>())) as u64;
    for step in 0..volume.steps() {
        let mut rest = step;
        let mut slow: Vec<usize> = Vec::new();
        for len in &lengths {
            slow.push(rest % len);
            rest /= len;
        }
        slow.reverse();
        for n in 0..counts.iter().product() {
            stage.check()?;
            let at = [n % counts[0], n / counts[0] % counts[1], n / counts[0] / counts[1]];
            let block = block(volume.samples(), volume.shape(), step, at, chunk);
            let mut raw = Vec::new();
            samples::write_halves(&block, &mut raw).map_err(Error::io)?;
            let packed = codec::pack(raw, options.level, &options.ctx)?;
            let numbers = slow.iter().chain(at.iter().rev()).map(ToString::to_string).collect::<Vec<_>>().join("/");
            put(&format!("{LEVEL}/{}{numbers}", if is_v2 { "" } else { "c/" }), packed)?;
            stage.advance(each)?;
        }
    }
    Ok(())
}

/// Refuses slow axes that an image cannot have.
fn check_axes(axes: &[SlowAxis]) -> Result<(), Error> {
    let is_time = |axis: &SlowAxis| *axis.kind() == AxisKind::Time;
    match axes {
        [] | [_] => Ok(()),
        [first, second] if !is_time(first) && is_time(second) => Ok(()),
        _ => Err(Error::unsupported(
            "slow axes in OME-NGFF but one, and time after it",
            axes.iter().map(|a| a.kind().name()).collect::<Vec<_>>().join(", "),
        )),
    }
}

/// Chunks of about equal sides.
fn chunk_of(shape: [usize; 3]) -> [usize; 3] {
    shape.map(|len| len.div_ceil(len.div_ceil(LONGEST)))
}

/// The samples of a chunk, zeros where it reaches beyond the volume.
fn block(samples: &DynSamples, shape: [usize; 3], step: usize, at: [usize; 3], chunk: [usize; 3]) -> DynSamples {
    fn cut<T: Copy + Default>(all: &[T], shape: [usize; 3], step: usize, at: [usize; 3], chunk: [usize; 3]) -> Vec<T> {
        let first = [0, 1, 2].map(|n| at[n] * chunk[n]);
        let size = [0, 1, 2].map(|n| chunk[n].min(shape[n] - first[n]));
        let mut block = vec![T::default(); chunk.iter().product()];
        for k in 0..size[2] {
            for j in 0..size[1] {
                let from = ((step * shape[2] + first[2] + k) * shape[1] + first[1] + j) * shape[0] + first[0];
                let to = (k * chunk[1] + j) * chunk[0];
                if let (Some(row), Some(place)) = (all.get(from..from + size[0]), block.get_mut(to..to + size[0])) {
                    place.copy_from_slice(row);
                }
            }
        }
        block
    }
    isocenter_volume::with_samples!(samples, s => cut(s.as_slice(), shape, step, at, chunk).into())
}

fn text(metadata: &Value) -> Vec<u8> {
    format!("{metadata:#}\n").into_bytes()
}

/// The array's lengths and those of a chunk, the slowest first.
fn lengths(file: &File) -> (Vec<usize>, Vec<usize>) {
    let volume = &file.volume;
    let slow = volume.slow_axes().iter().rev();
    let shape = slow.clone().map(SlowAxis::len).chain(volume.shape().into_iter().rev());
    let chunk = slow.map(|_| 1).chain(chunk_of(volume.shape()).into_iter().rev());
    (shape.collect(), chunk.collect())
}

/// The files of metadata of version 2.
fn v2(file: &File, options: &WriteOptions<'_>) -> Result<Vec<(String, Value)>, Error> {
    let (shape, chunks) = lengths(file);
    let (_, dtype) = data_type::names_of(file.volume.sample_type())?;
    let compressor = if options.level == 0 { Value::Null } else { json!({ "id": "gzip", "level": options.level }) };
    let mut attributes = ome(file, "0.4");
    attributes.insert(place::OWN.to_owned(), place::kept(file.volume.geometry()));
    let array = json!({
        "zarr_format": 2, "shape": shape, "chunks": chunks, "dtype": dtype, "compressor": compressor,
        "fill_value": fill(file), "order": "C", "filters": null, "dimension_separator": "/",
    });
    Ok(vec![
        (".zgroup".to_owned(), json!({ "zarr_format": 2 })),
        (".zattrs".to_owned(), Value::Object(attributes)),
        (format!("{LEVEL}/.zarray"), array),
    ])
}

/// The files of metadata of version 3.
fn v3(file: &File, options: &WriteOptions<'_>) -> Result<Vec<(String, Value)>, Error> {
    let (shape, chunk) = lengths(file);
    let (name, _) = data_type::names_of(file.volume.sample_type())?;
    let mut codecs = vec![json!({ "name": "bytes", "configuration": { "endian": "little" } })];
    if file.volume.sample_type().bytes() == 1 {
        codecs = vec![json!({ "name": "bytes" })];
    }
    if options.level > 0 {
        codecs.push(json!({ "name": "gzip", "configuration": { "level": options.level } }));
    }
    let (axes, _, _) = axes(file);
    let names: Vec<&Value> = axes.iter().map(|axis| &axis["name"]).collect();
    let array = json!({
        "zarr_format": 3, "node_type": "array", "shape": shape, "data_type": name,
        "chunk_grid": { "name": "regular", "configuration": { "chunk_shape": chunk } },
        "chunk_key_encoding": { "name": "default", "configuration": { "separator": "/" } },
        "fill_value": fill(file), "codecs": codecs, "attributes": {}, "dimension_names": names,
    });
    let mut ome = ome(file, "0.5");
    ome.insert("version".to_owned(), "0.5".into());
    let attributes = json!({ "ome": ome, place::OWN: place::kept(file.volume.geometry()) });
    let group = json!({ "zarr_format": 3, "node_type": "group", "attributes": attributes });
    Ok(vec![("zarr.json".to_owned(), group), (format!("{LEVEL}/zarr.json"), array)])
}

/// The value of what is not stored; everything is.
fn fill(file: &File) -> Value {
    use isocenter_volume::SampleType;
    match file.volume.sample_type() {
        SampleType::F16 | SampleType::F32 | SampleType::F64 => json!(0.0),
        SampleType::Complex32 | SampleType::Complex64 => json!([0.0, 0.0]),
        _ => json!(0),
    }
}

/// The attributes of OME.
fn ome(file: &File, version: &str) -> Map<String, Value> {
    let (axes, scale, translation) = axes(file);
    let level = json!({
        "path": LEVEL,
        "coordinateTransformations": [
            { "type": "scale", "scale": scale },
            { "type": "translation", "translation": translation },
        ],
    });
    let name = file.texts.get("name").map_or("image", String::as_str);
    let mut image = json!({ "name": name, "axes": axes, "datasets": [level] });
    if version == "0.4" {
        image["version"] = version.into();
    }
    let mut ome = Map::new();
    ome.insert("multiscales".to_owned(), json!([image]));
    if let Some(label) = label::written(file, version) {
        ome.insert(label::IMAGE_LABEL.to_owned(), label);
    }
    ome
}

/// The axes, the slowest first, with their steps and starts.
fn axes(file: &File) -> (Vec<Value>, Vec<f64>, Vec<f64>) {
    let geometry = file.volume.geometry();
    let (mut axes, mut scale, mut translation) = (Vec::new(), Vec::new(), Vec::new());
    for (n, axis) in file.volume.slow_axes().iter().enumerate().rev() {
        let (name, kind) = roles::name_of(axis, n + 4);
        let mut written = json!({ "name": name });
        if let Some(kind) = kind {
            written["type"] = kind.into();
        }
        let times = axis.numbers(&Quantity::Time).filter(|_| *axis.kind() == AxisKind::Time);
        let times = times.and_then(even::start_and_step);
        if times.is_some() {
            written["unit"] = "second".into();
        }
        let (start, step) = times.unwrap_or((0.0, 1.0));
        axes.push(written);
        scale.push(step);
        translation.push(start);
    }
    let (spacing, starts) = (geometry.spacing_mm(), place::starts(geometry));
    let directions = [0, 1, 2].map(|axis| place::direction(geometry, axis));
    let is_along = directions.iter().all(Option::is_some);
    for (n, name) in [(2, "z"), (1, "y"), (0, "x")] {
        let mut written = json!({ "name": name, "type": "space", "unit": "millimeter" });
        if let Some(direction) = directions[n].filter(|_| is_along) {
            written["orientation"] = json!({ "type": "anatomical", "value": direction });
        }
        axes.push(written);
        scale.push(spacing[n]);
        translation.push(starts[n]);
    }
    (axes, scale, translation)
}

//! Runs the geometry entries of a reference manifest (`normalize/manifest.json` of the corpus).

use std::path::Path;

use isocenter_volume::{
    Affine, Ctx, Edge, Frame, Geometry, GridPolicy, Interpolation, LabelInterpolation, LabelMap, Resample, Volume,
};
use serde_json::Value;

use super::{Result, nifti};

/// A result of one entry.
pub enum Output {
    Image(Volume<f32>),
    Labels(LabelMap),
}

/// The entries of a manifest.
pub fn entries(manifest: &Path) -> Result<(Value, Vec<Value>)> {
    let manifest: Value = serde_json::from_slice(&std::fs::read(manifest)?)?;
    let entries = manifest["entries"].as_array().cloned().unwrap_or_default();
    Ok((manifest, entries))
}

/// Computes one entry; `None` for what is not this crate's.
pub fn run(folder: &Path, manifest: &Value, entry: &Value) -> Result<Option<Output>> {
    let (op, params) = (text(&entry["op"]), &entry["params"]);
    if entry["kind"] != "volume" || !OPS.contains(&op) {
        return Ok(None);
    }
    let input = &manifest["inputs"][text(&entry["inputs"][0])]["file"];
    let input = nifti::read(&folder.join(text(input)))?;
    let resample = || -> Result<Resample<'static>> {
        let itk = text(&params["convention"]).starts_with("first-voxel");
        Ok(match &params["spacing"] {
            Value::Array(s) if itk => Resample::to_spacing([0, 1, 2].map(|a| number(&s[a]))).policy(GridPolicy::Itk),
            _ => Resample::to_geometry(grid(entry)?),
        })
    };
    Ok(Some(match op {
        "reorient" => {
            Output::Image(input.to_real(&Ctx::default())?.reorient(text(&params["to"]).parse()?, &Ctx::default())?)
        }
        "crop_or_pad" => Output::Image(input.to_real(&Ctx::default())?.crop_or_pad(
            triple(&params["target"]),
            0.0,
            &Ctx::default(),
        )?),
        "ensure_shape_multiple" => {
            Output::Image(input.to_real(&Ctx::default())?.crop_or_pad(triple(&entry["shape"]), 0.0, &Ctx::default())?)
        }
        "resample_labels" => {
            let kind =
                if params["interp"] == "nearest" { LabelInterpolation::Nearest } else { LabelInterpolation::Linear };
            let labels = LabelMap::from_volume(&input, vec![])?;
            Output::Labels(resample()?.label_interpolation(kind).apply_labels(&labels)?)
        }
        _ => {
            let edge = if params["padding"] == "border" { Edge::Clamp } else { Edge::default() };
            let resample = resample()?.interpolation(interpolation(text(&params["interp"]))).edge(edge);
            Output::Image(resample.antialias(op == "resample_antialias").apply(&input.to_real(&Ctx::default())?)?)
        }
    }))
}

const OPS: [&str; 7] = [
    "reorient",
    "resample",
    "resample_to_grid",
    "resample_labels",
    "resample_antialias",
    "crop_or_pad",
    "ensure_shape_multiple",
];

fn interpolation(name: &str) -> Interpolation {
    match name {
        "nearest" => Interpolation::Nearest,
        "bspline3" => Interpolation::BSpline3,
        "lanczos5" => Interpolation::Lanczos { radius: 5 },
        _ => Interpolation::Linear,
    }
}

fn grid(entry: &Value) -> Result<Geometry> {
    let row = |r: usize| [0, 1, 2, 3].map(|c| number(&entry["affine"][r][c]));
    Ok(Geometry::new(triple(&entry["shape"]), Affine::from_ras([row(0), row(1), row(2)]), Frame::Patient(None))?)
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_default()
}

pub fn triple(value: &Value) -> [usize; 3] {
    [0, 1, 2].map(|a| number(&value[a]) as usize)
}

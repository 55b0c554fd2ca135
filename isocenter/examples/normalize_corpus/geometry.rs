//! Grids: orientation, spacing, crops.

use isocenter::{
    formats,
    volume::{
        Affine, Ctx, Edge, Frame, Geometry, GridPolicy, Interpolation, LabelInterpolation, LabelMap, Resample, Volume,
    },
};
use serde_json::{Value, json};

use super::{
    Outcome,
    manifest::{Found, Manifest, count, number, numbers, text},
};

pub(crate) fn run(manifest: &Manifest, entry: &Value) -> Outcome<Option<Found>> {
    let (op, params, ctx) = (entry["op"].as_str().unwrap_or_default(), &entry["params"], Ctx::default());
    if !OPERATIONS.contains(&op) {
        return Ok(None);
    }
    let image = manifest.input_of(entry, 0)?;
    let found = match op {
        "reorient" => image.reorient(text(entry, "to").parse()?, &ctx)?,
        "crop_or_pad" => image.crop_or_pad(triple(&numbers(entry, "target")?)?, 0.0, &ctx)?,
        "ensure_shape_multiple" => {
            let multiple = count(entry, "multiple")?;
            let crops = text(entry, "method") == "crop";
            let whole =
                |n: usize| if crops { (n / multiple).max(1) * multiple } else { n.div_ceil(multiple) * multiple };
            image.crop_or_pad(image.shape().map(whole), 0.0, &ctx)?
        }
        "crop_foreground" => {
            let margin = count(entry, "margin").unwrap_or(0);
            let cropped = image.crop_to_content(number(entry, "threshold")?, [margin; 3])?;
            let [row_x, row_y, row_z] = cropped.geometry().affine().to_ras();
            return Ok(Some(Found::Values(
                json!({ "shape": cropped.shape(), "origin": [row_x[3], row_y[3], row_z[3]] }),
            )));
        }
        "resample_labels" => {
            let kind =
                if params["interp"] == "nearest" { LabelInterpolation::Nearest } else { LabelInterpolation::Linear };
            let labels = resample(entry, &image)?.label_interpolation(kind).apply_labels(&labels(manifest, entry)?)?;
            whole(&labels)?
        }
        "resample_nnunet" => return nnunet(manifest, entry, &image).map(Some),
        _ => {
            let edge = if params["padding"] == "border" { Edge::Clamp } else { Edge::default() };
            let resample = resample(entry, &image)?.interpolation(interpolation(text(entry, "interp"))).edge(edge);
            resample.antialias(op == "resample_antialias").apply(&image)?
        }
    };
    Ok(Some(Found::Image(Box::new(found))))
}

const OPERATIONS: [&str; 9] = [
    "reorient",
    "resample",
    "resample_to_grid",
    "resample_labels",
    "resample_antialias",
    "resample_nnunet",
    "crop_or_pad",
    "crop_foreground",
    "ensure_shape_multiple",
];

fn labels(manifest: &Manifest, entry: &Value) -> Outcome<LabelMap> {
    let file = manifest.input_path(entry["inputs"][0].as_str().unwrap_or_default())?;
    Ok(LabelMap::from_volume(&formats::read(file)?.volume, vec![])?)
}

/// Labels as an image of their numbers.
fn whole(labels: &LabelMap) -> Outcome<Volume<f32>> {
    let values: Vec<f32> = labels.layers()[0].to_u32().into_iter().map(|v| v as f32).collect();
    Ok(Volume::new(values, labels.geometry().clone())?)
}

/// The grid by the tool's own rule where its numbers follow from it, else by those of the entry.
fn resample(entry: &Value, image: &Volume<f32>) -> Outcome<Resample<'static>> {
    let (tool, params) = (entry["tool"].as_str().unwrap_or_default(), &entry["params"]);
    let policy = match tool {
        _ if params["spacing"].is_null() => None,
        _ if text(entry, "convention").starts_with("first-voxel") => Some(GridPolicy::Itk),
        "monai.transforms.Spacing" if params["scale_extent"] == true => Some(GridPolicy::MonaiExtent),
        "monai.transforms.Spacing" => Some(GridPolicy::Monai),
        _ if tool.starts_with("torchio") => Some(GridPolicy::Torchio),
        _ => None,
    };
    let stated = stated_grid(entry)?;
    let Some(policy) = policy else { return Ok(Resample::to_geometry(stated)) };
    let spacing = numbers(entry, "spacing")?;
    let [a, b, c] = spacing.as_slice() else { return Err("three spacings are wanted".into()) };
    let ruled = policy.geometry(image.geometry(), [*a, *b, *c])?;
    // a tool that cut 59.9999 voxels to 59 is followed there
    Ok(if ruled.shape() == stated.shape() {
        Resample::to_spacing([*a, *b, *c]).policy(policy)
    } else {
        Resample::to_geometry(stated)
    })
}

/// nnU-Net resamples arrays: a cubic spline in the plane and the nearest plane across where voxels are thick, all three axes else; labels one by one.
fn nnunet(manifest: &Manifest, entry: &Value, image: &Volume<f32>) -> Outcome<Found> {
    let mut target = triple(&numbers(entry, "target_shape_zyx")?)?;
    target.reverse();
    let [from, to] = ["spacing_in_zyx", "spacing_out_zyx"].map(|key| numbers(entry, key));
    let is_thick = |spacing: &[f64]| {
        let ends = spacing.iter().fold([f64::INFINITY, 0.0f64], |[low, high], v| [low.min(*v), high.max(*v)]);
        ends[1] / ends[0] > 3.0
    };
    let (from, to) = (from?, to?);
    let is_apart = is_thick(&from) || is_thick(&to);
    let fitted = |shape: [usize; 3], geometry: &Geometry| -> Outcome<Geometry> {
        let spacing = geometry.spacing_mm();
        let step = [0, 1, 2].map(|a| spacing[a] * geometry.shape()[a] as f64 / shape[a] as f64);
        Ok(GridPolicy::Nnunet.geometry(geometry, step)?)
    };
    let found = if entry["params"]["is_seg"] == true {
        let grid = fitted(target, image.geometry())?;
        let resample = Resample::to_geometry(grid).edge(Edge::Clamp);
        whole(&resample.label_interpolation(LabelInterpolation::Linear).apply_labels(&labels(manifest, entry)?)?)?
    } else {
        let spacing = image.geometry().spacing_mm();
        let thick = (0..3).max_by(|a, b| f64::total_cmp(&spacing[*a], &spacing[*b]));
        let mut shape = target;
        if let Some(axis) = thick.filter(|_| is_apart) {
            shape[axis] = image.shape()[axis];
        }
        let order = interpolation_of(count(entry, "order")?);
        let step = |shape, interpolation, image: &Volume<f32>| -> Outcome<Volume<f32>> {
            let grid = fitted(shape, image.geometry())?;
            let wide = continued(image, [0, 1, 2].map(|a| if shape[a] == image.shape()[a] { 0 } else { BORDER }))?;
            Ok(Resample::to_geometry(grid).interpolation(interpolation).edge(Edge::Clamp).apply(&wide)?)
        };
        let plane = step(shape, order, image)?;
        // what a spline adds beyond the values that it was made from is cut: those of a plane, or of the whole
        let across = thick.filter(|_| is_apart);
        let plane = cut(&plane, image, across)?;
        if is_apart { step(target, interpolation_of(count(entry, "order_z").unwrap_or(0)), &plane)? } else { plane }
    };
    let (voxels, grid) = (found.voxels().to_vec(), stated_grid(entry)?);
    Ok(Found::Image(Box::new(Volume::new(voxels, grid)?)))
}

/// Voxels by which an image is continued by its edge values before a spline goes through it, as scipy does it.
const BORDER: usize = 12;

fn continued(image: &Volume<f32>, border: [usize; 3]) -> Outcome<Volume<f32>> {
    let [nx, ny, nz] = image.shape();
    let wide = [nx + 2 * border[0], ny + 2 * border[1], nz + 2 * border[2]];
    let voxels: Vec<f32> = (0..wide[0] * wide[1] * wide[2])
        .map(|n| {
            let at = [n % wide[0], n / wide[0] % wide[1], n / (wide[0] * wide[1])];
            let [i, j, k] = [0, 1, 2].map(|a| at[a].saturating_sub(border[a]).min(image.shape()[a] - 1));
            image.voxels()[(k * ny + j) * nx + i]
        })
        .collect();
    let affine = image.geometry().affine();
    let first = image.geometry().world_of(border.map(|b| -(b as f64)));
    let affine = Affine::from_columns([0, 1, 2].map(|a| affine.column(a)), first);
    Ok(Volume::new(voxels, Geometry::new(wide, affine, image.geometry().frame().clone())?)?)
}

/// Values held to those of the same plane across an axis of another image, or to all of them.
fn cut(image: &Volume<f32>, by: &Volume<f32>, axis: Option<usize>) -> Outcome<Volume<f32>> {
    let plane = |shape: [usize; 3], n: usize| match axis {
        Some(axis) => [n % shape[0], n / shape[0] % shape[1], n / (shape[0] * shape[1])][axis],
        None => 0,
    };
    let mut ends = vec![[f32::MAX, f32::MIN]; axis.map_or(1, |axis| by.shape()[axis])];
    for (n, value) in by.voxels().iter().enumerate() {
        let [low, high] = &mut ends[plane(by.shape(), n)];
        (*low, *high) = (low.min(*value), high.max(*value));
    }
    let held = image.voxels().iter().enumerate().map(|(n, v)| {
        let [low, high] = ends[plane(image.shape(), n)];
        v.clamp(low, high)
    });
    Ok(image.with_voxels(held.collect::<Vec<f32>>(), image.scaling().clone())?)
}

fn interpolation_of(order: usize) -> Interpolation {
    match order {
        0 => Interpolation::Nearest,
        1 => Interpolation::Linear,
        _ => Interpolation::BSpline3,
    }
}

fn interpolation(name: &str) -> Interpolation {
    match name {
        "nearest" => Interpolation::Nearest,
        "bspline3" => Interpolation::BSpline3,
        _ => match name.strip_prefix("lanczos").and_then(|radius| radius.parse().ok()) {
            Some(radius) => Interpolation::Lanczos { radius },
            None => Interpolation::Linear,
        },
    }
}

fn stated_grid(entry: &Value) -> Outcome<Geometry> {
    let rows: Vec<[f64; 4]> = serde_json::from_value(entry["affine"].clone())?;
    let [x, y, z, ..] = rows.as_slice() else { return Err("an affine is wanted".into()) };
    let shape: Vec<f64> = serde_json::from_value(entry["shape"].clone())?;
    Ok(Geometry::new(triple(&shape)?, Affine::from_ras([*x, *y, *z]), Frame::Patient(None))?)
}

fn triple(numbers: &[f64]) -> Outcome<[usize; 3]> {
    let [a, b, c] = numbers else { return Err("three numbers are wanted".into()) };
    Ok([*a, *b, *c].map(|v| v as usize))
}

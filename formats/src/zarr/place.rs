//! Where an image lies, both ways.
//!
//! A step and a start along every axis is all that OME-NGFF has. Here the start is that of voxel (0, 0, 0) along the axis itself:
//! its place projected on the axis' own direction. For axes along those of the world, upwards, it is the origin.

use isocenter_volume::{Affine, Frame, Geometry, affine};
use serde_json::{Map, Value, json};

use super::{
    image::{Image, Level},
    roles::Roles,
    units,
};
use crate::{Error, Warning};

/// The attribute that keeps what the format has no field for.
pub(super) const OWN: &str = "isocenter";

/// How far, as a part of a step, numbers of the attribute and of the axes may differ.
const AGREES: f64 = 1e-6;

/// How far, as a part of its length, an axis may lean and still run along the body's.
const LEANS: f64 = 1e-6;

/// Names of directions in the body, by the axis of LPS+ and whether they run up it.
const DIRECTIONS: [(&str, usize, bool); 6] = [
    ("right-to-left", 0, true),
    ("left-to-right", 0, false),
    ("anterior-to-posterior", 1, true),
    ("posterior-to-anterior", 1, false),
    ("inferior-to-superior", 2, true),
    ("superior-to-inferior", 2, false),
];

/// Grid and place of a level.
pub(super) fn geometry(
    image: &Image,
    level: &Level,
    roles: &Roles,
    shape: [usize; 3],
    attributes: &Map<String, Value>,
    warnings: &mut Vec<Warning>,
) -> Result<Geometry, Error> {
    let (mut step, mut start) = ([1.0; 3], [0.0; 3]);
    if level.scale.is_none() {
        warnings.push(Warning::NoPlace);
    }
    for n in 0..3 {
        let (Some(axis), Some(scale)) = (roles.grid[n], &level.scale) else {
            if level.scale.is_some() {
                warnings.push(Warning::SpacingAssumed { axis: n });
            }
            continue;
        };
        let unit = image.axes[axis].unit.as_deref();
        let unit = unit.and_then(units::length_mm).unwrap_or_else(|| {
            if !warnings.contains(&Warning::UnknownUnit) {
                warnings.push(Warning::UnknownUnit);
            }
            1.0
        });
        (step[n], start[n]) = (scale[axis] * unit, level.translation[axis] * unit);
    }
    if let Some((kept, frame)) = own(attributes)? {
        let grid = Geometry::new(shape, kept, frame)?;
        let near = |a: f64, b: f64, n: usize| (a - b).abs() <= AGREES * step[n].abs().max(a.abs());
        let (steps, starts) = (grid.spacing_mm(), starts(&grid));
        if (0..3).all(|n| near(steps[n], step[n], n) && near(starts[n], start[n], n)) {
            return Ok(grid);
        }
        warnings.push(Warning::PlaceDisagrees);
    } else if let Some(axes) = anatomical(image, roles) {
        let (mut columns, mut origin) = ([[0.0; 3]; 3], [0.0; 3]);
        for (n, (axis, is_up)) in axes.into_iter().enumerate() {
            let sign = if is_up { 1.0 } else { -1.0 };
            columns[n][axis] = sign * step[n];
            origin[axis] = sign * start[n];
        }
        return Ok(Geometry::new(shape, Affine::from_columns(columns, origin), Frame::Patient(None))?);
    }
    Ok(Geometry::new(shape, Affine::from_spacing_origin(step, start), Frame::Unknown)?)
}

/// The directions that i, j and k have in the body, where all three are said and differ.
fn anatomical(image: &Image, roles: &Roles) -> Option<[(usize, bool); 3]> {
    let of = |n: usize| {
        let name = image.axes[roles.grid[n]?].orientation.as_deref()?;
        DIRECTIONS.iter().find(|d| d.0 == name).map(|d| (d.1, d.2))
    };
    let axes = [of(0)?, of(1)?, of(2)?];
    (axes[0].0 != axes[1].0 && axes[1].0 != axes[2].0 && axes[0].0 != axes[2].0).then_some(axes)
}

/// The place that was kept in an attribute of ours.
fn own(attributes: &Map<String, Value>) -> Result<Option<(Affine, Frame)>, Error> {
    let Some(own) = attributes.get(OWN) else { return Ok(None) };
    let rows: Option<[[f64; 4]; 3]> = own.get("affine").and_then(|rows| serde_json::from_value(rows.clone()).ok());
    let rows =
        rows.ok_or_else(|| Error::malformed("isocenter.affine", "another value", "three rows of four numbers"))?;
    let frame = match own.get("frame").and_then(Value::as_str) {
        Some("patient") => Frame::Patient(None),
        Some("unknown") => Frame::Unknown,
        Some("pixel") => Frame::Pixel,
        _ => return Err(Error::malformed("isocenter.frame", "another word", "patient, unknown or pixel")),
    };
    Ok(Some((Affine::from_rows(rows), frame)))
}

/// Where voxel (0, 0, 0) lies along the directions of i, j and k, mm.
pub(super) fn starts(grid: &Geometry) -> [f64; 3] {
    let (spacing, origin) = (grid.spacing_mm(), grid.origin_mm());
    // without the sign that a zero may have
    [0, 1, 2].map(|n| affine::dot(grid.affine().column(n).map(|v| v / spacing[n]), origin) + 0.0)
}

/// The direction of an axis in the body; `None` where it leans, or where nobody knows the body.
pub(super) fn direction(grid: &Geometry, axis: usize) -> Option<&'static str> {
    let (column, spacing) = (grid.affine().column(axis), grid.spacing_mm()[axis]);
    let runs = |d: &&(&str, usize, bool)| {
        (column[d.1] > 0.0) == d.2 && (0..3).all(|w| w == d.1 || column[w].abs() <= LEANS * spacing)
    };
    DIRECTIONS.iter().find(runs).map(|d| d.0).filter(|_| grid.frame().is_patient())
}

/// What the attribute of ours keeps.
pub(super) fn kept(grid: &Geometry) -> Value {
    let rows = grid.affine().rows().map(|row| row.map(|v| v + 0.0));
    let frame = match grid.frame() {
        Frame::Patient(_) => "patient",
        Frame::Pixel => "pixel",
        _ => "unknown",
    };
    json!({ "affine": rows, "frame": frame })
}

//! Where a header places its volume.

use isocenter_volume::{Affine, Frame, Geometry, affine};

use super::{axes::Roles, header::Header};
use crate::{Error, Warning};

/// Grid and place of a header's volume.
pub(super) fn geometry(header: &Header, roles: &Roles, warnings: &mut Vec<Warning>) -> Result<Geometry, Error> {
    let mut shape = [1; 3];
    for (len, axis) in shape.iter_mut().zip(&roles.spatial) {
        *len = header.axes[*axis].size as usize;
    }
    let has_directions = roles.spatial.iter().any(|n| header.axes[*n].direction.is_some());
    if !has_directions {
        return Ok(Geometry::new(shape, spaced(header, roles, warnings), Frame::Unknown)?);
    }
    let space = space(header, warnings)?;
    let (columns, origin) = directed(header, roles, warnings)?;
    let mut rows = Affine::from_columns(columns, origin).rows();
    for (axis, row) in rows.iter_mut().enumerate() {
        let unit = unit_mm(header.space_units.get(axis).map_or("", String::as_str), warnings);
        *row = row.map(|v| v * unit);
    }
    let (affine, frame) = match space {
        Space::Lps => (Affine::from_rows(rows), Frame::Patient(None)),
        Space::Ras => (Affine::from_ras(rows), Frame::Patient(None)),
        // left and anterior: with x reversed it is RAS
        Space::Las => (Affine::from_ras([rows[0].map(|v| -v), rows[1], rows[2]]), Frame::Patient(None)),
        Space::Unknown => (Affine::from_rows(rows), Frame::Unknown),
    };
    Ok(Geometry::new(shape, affine, frame)?)
}

enum Space {
    Lps,
    Ras,
    Las,
    Unknown,
}

fn space(header: &Header, warnings: &mut Vec<Warning>) -> Result<Space, Error> {
    let Some(space) = header.space.as_deref() else { return Ok(Space::Unknown) };
    Ok(match space {
        "left-posterior-superior" | "lps" => Space::Lps,
        "right-anterior-superior" | "ras" => Space::Ras,
        "left-anterior-superior" | "las" => Space::Las,
        "scanner-xyz" | "3d-right-handed" | "3d-left-handed" => {
            warnings.push(Warning::SpaceWithoutPatient);
            Space::Unknown
        }
        other => return Err(Error::malformed("space", other, "a space that the specification names")),
    })
}

/// Spacing along the axes, nothing more.
fn spaced(header: &Header, roles: &Roles, warnings: &mut Vec<Warning>) -> Affine {
    let axis = |n: usize| roles.spatial.get(n).map(|a| &header.axes[*a]);
    let spacing = [0, 1, 2].map(|n| {
        let given = axis(n).and_then(|a| a.spacing).map(f64::abs).filter(|s| *s > 0.0);
        given.unwrap_or_else(|| {
            if axis(n).is_some() {
                warnings.push(Warning::SpacingAssumed { axis: n });
            }
            1.0
        })
    });
    let origin = [0, 1, 2].map(|n| {
        // the minimum is the border of the first cell, or the first node (specification, "axis mins")
        let half = axis(n).filter(|a| a.cell_centred).map_or(0.0, |_| spacing[n] / 2.0);
        axis(n).and_then(|a| a.min).map_or(0.0, |min| min + half)
    });
    Affine::from_spacing_origin(spacing, origin)
}

/// Columns of the affine, and the origin, in the file's space. A picture gets a third direction across it.
fn directed(header: &Header, roles: &Roles, warnings: &mut Vec<Warning>) -> Result<([[f64; 3]; 3], [f64; 3]), Error> {
    let dimension = match (&header.space, header.space_dimension) {
        (Some(_), _) => 3,
        (None, Some(n @ 2..=3)) => n as usize,
        (None, Some(n)) => return Err(Error::unsupported("space dimension", n)),
        (None, None) => return Err(Error::malformed("space", "missing", "the space that the directions are in")),
    };
    let vector = |field: &'static str, v: &[f64]| {
        if v.len() != dimension || v.iter().any(|c| !c.is_finite()) {
            return Err(Error::malformed(field, format!("{} components", v.len()), "one number per axis of the space"));
        }
        Ok([v[0], v[1], v.get(2).copied().unwrap_or(0.0)])
    };
    let mut columns = Vec::new();
    for direction in roles.spatial.iter().filter_map(|n| header.axes[*n].direction.as_deref()) {
        columns.push(vector("space directions", direction)?);
    }
    let columns = match columns[..] {
        [a, b, c] => [a, b, c],
        [a, b] => {
            warnings.push(Warning::SpacingAssumed { axis: 2 });
            let across = affine::cross(a, b);
            let length = affine::norm(across);
            [a, b, across.map(|v| v / length)]
        }
        _ => return Err(Error::unsupported("a line of voxels in space", columns.len())),
    };
    let origin = match &header.origin {
        Some(origin) => vector("space origin", origin)?,
        None => {
            warnings.push(Warning::OriginAssumed);
            [0.0; 3]
        }
    };
    Ok((columns, origin))
}

fn unit_mm(unit: &str, warnings: &mut Vec<Warning>) -> f64 {
    match unit.to_ascii_lowercase().as_str() {
        "" | "mm" | "millimeter" | "millimeters" | "millimetre" | "millimetres" => 1.0,
        "cm" => 10.0,
        "m" | "meter" | "metre" => 1000.0,
        "um" | "\u{b5}m" | "\u{3bc}m" | "micron" | "microns" | "micrometer" => 0.001,
        _ => {
            if !warnings.contains(&Warning::UnknownUnit) {
                warnings.push(Warning::UnknownUnit);
            }
            1.0
        }
    }
}

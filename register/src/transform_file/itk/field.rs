//! A field of displacements: a vector in LPS mm for each voxel of a grid, which the fixed parameters describe.
//!
//! Source: ITK's `DisplacementFieldTransform` (size, origin, spacing, direction by rows; parameters voxel by voxel).

use isocenter_volume::{Affine, Frame, Geometry, world_map::DisplacementField};

use super::Stored;

/// Whether a class is such a field, whatever smoothed it on its way.
pub(super) fn is_field(kind: &str) -> bool {
    let name = kind.strip_suffix("_3_3").and_then(|k| k.strip_suffix("_double").or(k.strip_suffix("_float")));
    matches!(
        name,
        Some(
            "DisplacementFieldTransform"
                | "BSplineSmoothingOnUpdateDisplacementFieldTransform"
                | "GaussianSmoothingOnUpdateDisplacementFieldTransform"
        )
    )
}

pub(super) fn read(stored: Stored) -> Result<DisplacementField, &'static str> {
    let fixed: [f64; 18] = stored.fixed[..].try_into().map_err(|_| "a field has eighteen fixed parameters")?;
    let number = |n: usize| fixed[n];
    let is_size = |v: f64| (1.0..=65_535.0).contains(&v) && v.fract() == 0.0;
    if !(0..3).all(|a| is_size(number(a))) {
        return Err("the size of a field must be whole numbers from 1 to 65535");
    }
    let column = |a: usize| [0, 1, 2].map(|r| number(9 + 3 * r + a) * number(6 + a));
    let affine = Affine::from_columns([column(0), column(1), column(2)], [number(3), number(4), number(5)]);
    let shape = [0, 1, 2].map(|a| number(a) as usize);
    let grid = Geometry::new(shape, affine, Frame::Patient(None)).map_err(|_| "the grid of a field is flat")?;
    let numbers: Vec<f32> =
        if stored.vectors.is_empty() { stored.parameters.iter().map(|v| *v as f32).collect() } else { stored.vectors };
    if numbers.len() / 3 != grid.len() || !numbers.len().is_multiple_of(3) {
        return Err("a field must have three numbers for each voxel");
    }
    let vectors: Vec<[f32; 3]> = numbers.chunks_exact(3).map(|v| [v[0], v[1], v[2]]).collect();
    DisplacementField::new(vectors, grid).map_err(|_| "a displacement is not finite")
}

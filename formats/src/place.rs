//! Places of formats that know origin and spacing, and no directions.

use isocenter_volume::Geometry;

use crate::Error;

/// How far, as a part of its length, an axis may lean and still run along the world's.
const LEANS: f64 = 1e-6;

/// Origin and spacing, in mm, of a grid whose axes run along x, y and z of its world, upwards.
///
/// # Errors
/// [`Error::Unsupported`], as `what`, for another grid.
pub(crate) fn upright(geometry: &Geometry, what: &'static str) -> Result<([f64; 3], [f64; 3]), Error> {
    let spacing = geometry.spacing_mm();
    let runs = |axis: usize| {
        let column = geometry.affine().column(axis);
        (0..3).all(|w| if w == axis { column[w] > 0.0 } else { column[w].abs() <= LEANS * spacing[axis] })
    };
    if (0..3).all(runs) {
        Ok((geometry.origin_mm(), spacing))
    } else {
        Err(Error::unsupported(what, "reorient or resample it first"))
    }
}

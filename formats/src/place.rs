//! Places of formats that cannot hold every affine.

use isocenter_volume::{Affine, Frame, Geometry, affine};

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

/// Refuses a grid whose axes fall together where they are rounded to the numbers of a format: it would not be read back.
///
/// # Errors
/// [`Error::Unsupported`].
pub(crate) fn holds(shape: [usize; 3], rounded: Affine) -> Result<(), Error> {
    let read = Geometry::new(shape, rounded, Frame::Unknown);
    read.map(drop)
        .map_err(|_| Error::unsupported("axes that the format's numbers cannot tell apart", "resample it first"))
}

/// The unit directions of a grid's axes and its spacing, mm, for formats that hold these apart.
///
/// # Errors
/// As [`holds`].
pub(crate) fn directions(geometry: &Geometry) -> Result<([[f64; 3]; 3], [f64; 3]), Error> {
    let columns = [0, 1, 2].map(|axis| geometry.affine().column(axis));
    let spacing = columns.map(affine::norm);
    let directions = [0, 1, 2].map(|axis: usize| columns[axis].map(|v| v / spacing[axis]));
    let read = [0, 1, 2].map(|axis: usize| directions[axis].map(|v| v * spacing[axis]));
    holds(geometry.shape(), Affine::from_columns(read, geometry.origin_mm()))?;
    Ok((directions, spacing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_that_are_nearly_one_are_refused_where_they_become_one() {
        let grid = |lean: f64| {
            let columns = [[1.0, 0.5, 0.0], [1.0, 0.5 + lean, 0.0], [0.0, 0.0, 1.0]];
            Geometry::new([2; 3], Affine::from_columns(columns, [0.0; 3]), Frame::Patient(None)).unwrap()
        };
        assert!(directions(&grid(0.5)).is_ok());
        let single = |geometry: &Geometry| {
            let rows = geometry.affine().rows().map(|row| row.map(|v| f64::from(v as f32)));
            holds(geometry.shape(), Affine::from_rows(rows))
        };
        assert!(single(&grid(1e-3)).is_ok());
        assert!(matches!(single(&grid(1e-10)), Err(Error::Unsupported { .. })));
    }
}

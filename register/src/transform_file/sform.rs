//! The moving image's own affine replaced: applied without a new sample.

use isocenter_volume::{Affine, Geometry};

use super::{
    Error,
    images::Images,
    text::{format_matrix, inverse, matrix, said},
};

/// The grid of the moving image, laid where the fixed image shows the same: a transform applied without resampling.
///
/// Voxels stay as they are; only the place of the grid changes, which is what a NIfTI `sform` holds. The frame becomes `fixed`'s.
///
/// # Errors
/// [`Error::Malformed`] for a transform that cannot be undone.
///
/// # Examples
/// ```
/// use isocenter_register::transform_file;
/// use isocenter_volume::{Affine, Frame, Geometry};
/// let grid = Geometry::new([4, 5, 6], Affine::from_spacing_origin([2.0; 3], [10.0, 0.0, 0.0]), Frame::Patient(None))?;
/// // what is at x in the fixed image is at x + 10 in the moving one
/// let laid = transform_file::moved_onto(&grid, &Affine::translation_by([10.0, 0.0, 0.0]), &grid)?;
/// assert_eq!(laid.origin_mm(), [0.0, 0.0, 0.0]);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub fn moved_onto(moving: &Geometry, fixed_to_moving: &Affine, fixed: &Geometry) -> Result<Geometry, Error> {
    let laid = inverse(fixed_to_moving)?.compose(moving.affine());
    Geometry::new(moving.shape(), laid, fixed.frame().clone())
        .map_err(|_| Error::Malformed { line: 1, what: super::text::SINGULAR })
}

/// Index to RAS mm of the moving image after [`moved_onto`].
pub(super) fn format(map: &Affine, images: Images<'_>) -> Result<String, Error> {
    Ok(format_matrix(moved_onto(images.moving, map, images.fixed)?.affine().to_ras()))
}

pub(super) fn parse(text: &str, images: Images<'_>) -> Result<Affine, Error> {
    let laid = Affine::from_ras(matrix(said(text))?);
    Ok(images.moving.affine().compose(&inverse(&laid)?))
}

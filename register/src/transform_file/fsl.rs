//! FLIRT's matrix: 4x4 text, scaled voxels of the moving image (`-in`) to scaled voxels of the fixed image (`-ref`).

use isocenter_volume::Affine;

use super::{
    Error,
    images::{self, Images},
    text::{format_matrix, inverse, matrix, said},
};

pub(super) fn parse(text: &str, images: Images<'_>) -> Result<Affine, Error> {
    let moving_to_fixed = Affine::from_rows(matrix(said(text))?);
    images.to_world(&inverse(&moving_to_fixed)?, images::fsl)
}

pub(super) fn format(map: &Affine, images: Images<'_>) -> Result<String, Error> {
    Ok(format_matrix(inverse(&images.to_frame(map, images::fsl)?)?.rows()))
}

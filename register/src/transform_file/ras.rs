//! A 4x4 matrix in RAS millimetres, one row a line, as greedy and C3D write it.

use isocenter_volume::Affine;

use super::{
    Error,
    text::{format_matrix, matrix, said},
};

pub(super) fn parse(text: &str) -> Result<Affine, Error> {
    Ok(Affine::from_ras_to_ras(matrix(said(text))?))
}

pub(super) fn format(transform: &Affine) -> String {
    format_matrix(transform.to_ras_to_ras())
}

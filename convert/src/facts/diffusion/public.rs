//! The standard's attributes, in the functional group of an enhanced image and at the top level of a classic one.
//!
//! Directions and matrices are in the patient. Diffusion Directionality is NONE, DIRECTIONAL, BMATRIX or ISOTROPIC; where a classic
//! image has none, the direction speaks for itself. Old software of Bruker fills the slots yy, yz, zz of the B-matrix with yx, yy, yz:
//! such a matrix has one number twice, and its trace is not the b-value; zz is what the b-value leaves.

use isocenter_dcm::{Dataset, Tag, tags, value};

use super::{super::maker::Maker, Weighting, matrix, values};

pub(super) fn weighting(holder: &Dataset, maker: Maker) -> Weighting {
    let holder = value::item(holder, tags::MR_DIFFUSION_SEQUENCE).unwrap_or(holder);
    let b_value = values::doubles(holder, Some(tags::DIFFUSION_B_VALUE)).first().copied().and_then(values::b_value);
    let directionality = value::string(holder, tags::DIFFUSION_DIRECTIONALITY).map(|word| word.to_uppercase());
    let direction = value::item(holder, tags::DIFFUSION_GRADIENT_DIRECTION_SEQUENCE).unwrap_or(holder);
    let direction = values::doubles(direction, Some(tags::DIFFUSION_GRADIENT_ORIENTATION));
    let direction = direction.try_into().ok().and_then(values::direction);
    let is_unweighted = directionality.as_deref() == Some("NONE");
    let b_value = b_value.or_else(|| is_unweighted.then_some(0.0));
    let gradient = match directionality.as_deref() {
        Some("NONE") => Some([0.0; 3]),
        Some("ISOTROPIC") => None,
        _ => direction,
    };
    Weighting {
        b_value,
        gradient,
        b_matrix: b_matrix(holder, b_value.filter(|_| maker == Maker::Bruker)),
        is_isotropic: directionality.as_deref() == Some("ISOTROPIC"),
        is_diffusion: b_value.is_some_and(|b| b > 0.0) || directionality.is_some(),
        zero_is_unweighted: false,
    }
}

/// The B-matrix; `trace` is what its trace must be where its slots may be mixed up.
fn b_matrix(holder: &Dataset, trace: Option<f64>) -> Option<[[f64; 3]; 3]> {
    let item = value::item(holder, tags::DIFFUSION_B_MATRIX_SEQUENCE)?;
    let number = |tag: Tag| values::doubles(item, Some(tag)).first().copied();
    let [Some(xx), Some(xy), Some(xz), Some(yy), Some(yz), Some(zz)] = B_MATRIX.map(number) else { return None };
    let is_mixed = |b: &f64| yy == xy && (xx + yy + zz - b).abs() > 0.01 * b;
    Some(matrix::symmetric(match trace.filter(is_mixed) {
        Some(b) => [xx, xy, xz, yz, zz, b - xx - yz],
        None => [xx, xy, xz, yy, yz, zz],
    }))
}

const B_MATRIX: [Tag; 6] = [
    tags::DIFFUSION_B_VALUE_XX,
    tags::DIFFUSION_B_VALUE_XY,
    tags::DIFFUSION_B_VALUE_XZ,
    tags::DIFFUSION_B_VALUE_YY,
    tags::DIFFUSION_B_VALUE_YZ,
    tags::DIFFUSION_B_VALUE_ZZ,
];

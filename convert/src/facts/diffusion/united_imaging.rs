//! United Imaging: (0065,xx09) the b-value, (0065,xx37) the direction along rows, columns and normal of the image.
//!
//! The standard's attributes stand beside them, the direction not always rightly: the maker's own count first.

use isocenter_dcm::{Dataset, Tag, plane::FramePlane};

use super::{Weighting, values};

const CREATOR: &str = "Image Private Header";

pub(super) fn weighting(ds: &Dataset, plane: Option<&FramePlane>) -> Weighting {
    let own = |element: u16| values::doubles(ds, values::tag(ds, CREATOR, Tag(0x0065, element)));
    let b_value = own(0x1009).first().copied().and_then(values::b_value);
    let direction = own(0x1037).try_into().ok().and_then(values::direction);
    Weighting {
        b_value,
        gradient: direction.and_then(|along| Some(turned(along, plane?))),
        is_diffusion: b_value.is_some_and(|b| b > 0.0),
        ..Weighting::default()
    }
}

/// A vector along rows, columns and normal of a plane, in the patient.
pub(super) fn turned(along: [f64; 3], plane: &FramePlane) -> [f64; 3] {
    let normal = plane.normal();
    std::array::from_fn(|axis| {
        let sum = along[0] * plane.row[axis] + along[1] * plane.column[axis] + along[2] * normal[axis];
        sum + 0.0
    })
}

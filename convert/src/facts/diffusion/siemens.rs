//! Siemens: elements of the creator `SIEMENS MR HEADER`, and the image header that stands beside them or in their place.
//!
//! (0019,xx0C) is the b-value, (0019,xx0D) the directionality, (0019,xx0E) the direction, (0019,xx27) the B-matrix as xx, xy, xz, yy, yz,
//! zz, all in the patient. The image header has them by name: `B_value`, `DiffusionDirectionality`, `DiffusionGradientDirection`,
//! `B_matrix`. An image without a weighting has no direction. Software XA has the standard's attributes; where an export has lost them,
//! the frame's private sequences of group 0021 may hold the older elements.

use isocenter_dcm::{Dataset, FunctionalGroups, Tag};

use super::{
    super::csa::{self, Csa},
    Weighting, matrix, values,
};

pub(super) const CREATOR: &str = "SIEMENS MR HEADER";

/// What a classic image says.
pub(super) fn weighting(ds: &Dataset) -> Weighting {
    let elements = elements(ds);
    let is_whole = match elements.b_value {
        Some(0.0) => true,
        Some(_) => elements.is_isotropic || (elements.gradient.is_some() && elements.b_matrix.is_some()),
        None => false,
    };
    if is_whole {
        return elements;
    }
    let header = csa::image(ds);
    elements.or(|| header.as_deref().and_then(Csa::parse).map(|csa| in_header(&csa)).unwrap_or_default())
}

/// What the private sequences of a frame say.
pub(super) fn of_frame(groups: &FunctionalGroups<'_>, frame: usize) -> Weighting {
    let holders = groups.of_frame(frame).into_iter().chain(groups.shared());
    let own = holders.flat_map(Dataset::iter).filter(|element| element.header().tag.group() == 0x0021);
    let found = own.filter_map(|element| element.items()?.first()).map(elements);
    found.into_iter().find(|weighting| weighting.b_value.is_some()).unwrap_or_default()
}

fn elements(ds: &Dataset) -> Weighting {
    let tag = |element: u16| values::tag(ds, CREATOR, Tag(0x0019, element));
    made(
        values::first(ds, tag(0x100C)),
        values::text(ds, tag(0x100D)).as_deref(),
        values::doubles(ds, tag(0x100E)),
        values::doubles(ds, tag(0x1027)),
    )
}

fn in_header(csa: &Csa<'_>) -> Weighting {
    made(
        csa.number("B_value"),
        csa.text("DiffusionDirectionality").as_deref(),
        csa.numbers("DiffusionGradientDirection"),
        csa.numbers("B_matrix"),
    )
}

fn made(b: Option<f64>, directionality: Option<&str>, direction: Vec<f64>, b_matrix: Vec<f64>) -> Weighting {
    let b_value = b.and_then(values::b_value);
    Weighting {
        b_value,
        gradient: direction.try_into().ok().and_then(values::direction),
        b_matrix: b_matrix.try_into().ok().map(matrix::symmetric),
        is_isotropic: directionality.is_some_and(|word| word.eq_ignore_ascii_case("ISOTROPIC")),
        is_diffusion: b_value.is_some_and(|b| b > 0.0),
        zero_is_unweighted: false,
    }
}

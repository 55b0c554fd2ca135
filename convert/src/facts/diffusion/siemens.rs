//! Siemens: elements of the creator `SIEMENS MR HEADER`, and the image header that stands beside them or in their place.
//!
//! (0019,xx0C) is the b-value, (0019,xx0D) the directionality, (0019,xx0E) the direction, (0019,xx27) the B-matrix as xx, xy, xz, yy, yz,
//! zz, all in the patient. The image header has them by name: `B_value`, `DiffusionDirectionality`, `DiffusionGradientDirection`,
//! `B_matrix`. An image without a weighting has no direction. Software XA has the standard's attributes; where an export has lost them,
//! the frame's private sequences of group 0021 may hold the older elements. A file that has lost them all still has the b-value in its
//! Sequence Name: `*ep_b1000#12`, and `*ep_b1000t` for a trace image.

use isocenter_dcm::{Dataset, FunctionalGroups, Tag, tags, value};

use super::{
    super::csa::{self, Csa},
    Weighting, matrix, values,
};

const CREATOR: &str = "SIEMENS MR HEADER";

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
    let found = elements.or(|| header.as_deref().and_then(Csa::parse).map(|csa| in_header(&csa)).unwrap_or_default());
    if found.b_value.is_some() { found } else { found.or(|| named(ds)) }
}

/// What the name of the pulse sequence says.
fn named(ds: &Dataset) -> Weighting {
    let name = value::string(ds, tags::SEQUENCE_NAME).unwrap_or_default();
    let (b, kind) = name
        .split_once("ep_b")
        .map_or(("", ""), |(_, rest)| rest.split_at(rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())));
    // two b-values are those of a map
    let b = b.parse().ok().filter(|_| !kind.starts_with('_'));
    made(b, (kind == "t").then_some("ISOTROPIC"), Vec::new(), Vec::new())
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

#[cfg(test)]
mod tests {
    use isocenter_dcm::{
        VR,
        dicom_core::{DataElement, PrimitiveValue},
    };

    use super::*;

    #[test]
    fn the_name_of_the_sequence_has_the_b_value_or_not() {
        let of = |name: &str| {
            let mut ds = Dataset::new_empty();
            ds.put(DataElement::new(tags::SEQUENCE_NAME, VR::SH, PrimitiveValue::from(name)));
            let found = weighting(&ds);
            (found.b_value, found.is_isotropic)
        };
        assert_eq!(of("*ep_b1000#12"), (Some(1000.0), false));
        assert_eq!(of("ep_b0"), (Some(0.0), false));
        assert_eq!(of("*ep_b800t"), (Some(800.0), true));
        for none in ["*ep_b0_1000", "*tfl3d1_ns", "*ep_b", ""] {
            assert_eq!(of(none), (None, false), "{none}");
        }
    }
}

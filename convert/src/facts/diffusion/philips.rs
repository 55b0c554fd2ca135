//! Philips: (2001,xx03) the b-value, (2001,xx04) the kind of direction, (2005,xxB0), (2005,xxB1), (2005,xxB2) the direction in the patient.
//!
//! A classic image has them at the top level, a frame of an enhanced one in the private sequence (2005,xx0F). Beside the directions of a
//! series stands a mean image of all, isotropic, with the b-value and the zero vector (software 3: any vector), often as the last.
//!
//! (2005,xx12) and (2005,xx13) of `Philips MR Imaging DD 005` number b-values and directions, which instance numbers do not follow;
//! (2005,xx96) of `DD 006` numbers the volumes as they were acquired, from software R5.6.

use isocenter_dcm::{Dataset, FunctionalGroups, Tag, value};

use super::{Weighting, values};

const IMAGING: &str = "Philips Imaging DD 001";
const MR_IMAGING: &str = "Philips MR Imaging DD 001";
const NUMBERING: &str = "Philips MR Imaging DD 005";
const ACQUIRED: &str = "Philips MR Imaging DD 006";

/// Where the elements of a frame stand.
pub(super) fn holder<'a>(ds: &'a Dataset, groups: &FunctionalGroups<'a>, frame: usize) -> &'a Dataset {
    let own = |group: &'a Dataset| value::item(group, values::tag(group, NUMBERING, Tag(0x2005, 0x140F))?);
    groups.of_frame(frame).and_then(own).unwrap_or(ds)
}

pub(super) fn weighting(holder: &Dataset) -> Weighting {
    let b_value = values::floats(holder, values::tag(holder, IMAGING, Tag(0x2001, 0x1003)));
    let b_value = b_value.first().copied().and_then(values::b_value);
    let kind = values::text(holder, values::tag(holder, IMAGING, Tag(0x2001, 0x1004)));
    let component =
        |element: u16| values::floats(holder, values::tag(holder, MR_IMAGING, Tag(0x2005, element))).first().copied();
    let direction = match [component(0x10B0), component(0x10B1), component(0x10B2)] {
        [Some(left), Some(back), Some(head)] => values::direction([left, back, head]),
        _ => None,
    };
    Weighting {
        b_value,
        gradient: direction,
        b_matrix: None,
        is_isotropic: kind.as_deref() == Some("I"),
        is_diffusion: b_value.is_some_and(|b| b > 0.0),
        zero_is_unweighted: false,
    }
}

/// What orders the volumes of a series: the number of acquisition, else those of b-value and direction. Of an enhanced image the
/// direction is counted first, as its dimensions run.
pub(crate) fn numbers(ds: &Dataset, groups: &FunctionalGroups<'_>, frame: usize) -> Option<[f64; 2]> {
    if super::Maker::of(ds) != Some(super::Maker::Philips) {
        return None;
    }
    let holder = holder(ds, groups, frame);
    let number = |creator: &str, element: u16| {
        values::first(holder, values::tag(holder, creator, Tag(0x2005, element))).filter(|number| *number > 0.0)
    };
    if let Some(acquired) = number(ACQUIRED, 0x1596) {
        return Some([acquired, 0.0]);
    }
    let (b, direction) = (number(NUMBERING, 0x1412)?, number(NUMBERING, 0x1413)?);
    Some(if groups.is_enhanced() { [direction, b] } else { [b, direction] })
}

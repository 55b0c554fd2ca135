//! Canon and Toshiba: the standard's attributes, but for software V6.0, which tells the direction in Image Comments.
//!
//! The text is `b=2000(0.445,0.000,0.895)`: the b-value, and the direction in the order phase, frequency, slice. Phase and frequency lie
//! along columns and rows as InPlane Phase Encoding Direction says, in the frame of GE's elements. An image without a weighting has neither
//! text nor, in most versions, a b-value.

use isocenter_dcm::{Dataset, plane::FramePlane, tags, value};

use super::{Weighting, ge, values};

pub(super) fn weighting(ds: &Dataset, plane: Option<&FramePlane>) -> Weighting {
    let Some((b, [phase, frequency, slice])) = value::string(ds, tags::IMAGE_COMMENTS).and_then(|text| comment(&text))
    else {
        return Weighting::default();
    };
    let along = values::direction([frequency, phase, slice]);
    Weighting {
        b_value: Some(b),
        gradient: along.and_then(|along| Some(ge::turned(along, plane?, ge::is_row_encoded(ds)))),
        is_diffusion: b > 0.0,
        ..Weighting::default()
    }
}

/// Whether a comment tells a direction.
pub(super) fn is_commented(ds: &Dataset) -> bool {
    value::string(ds, tags::IMAGE_COMMENTS).is_some_and(|text| comment(&text).is_some())
}

/// The b-value and the three numbers of a comment.
fn comment(text: &str) -> Option<(f64, [f64; 3])> {
    let (_, rest) = text.split_once("b=")?;
    let (b, rest) = rest.split_once('(')?;
    let (numbers, _) = rest.split_once(')')?;
    let numbers: Vec<f64> = numbers.split(',').map(|number| number.trim().parse().ok()).collect::<Option<_>>()?;
    Some((b.trim().parse().ok().and_then(values::b_value)?, numbers.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_a_b_value_and_three_numbers_or_none() {
        assert_eq!(comment("b=2000(0.445,0.000,0.895)"), Some((2000.0, [0.445, 0.0, 0.895])));
        assert_eq!(comment("[b=1500(-0.445, -0.895, 0.000)]"), Some((1500.0, [-0.445, -0.895, 0.0])));
        for none in ["", "b=", "b=1000", "b=x(1,0,0)", "b=1000(1,0)", "b=1000(1,0,0", "b=-5(1,0,0)", "b=1000(1,0,z)"] {
            assert_eq!(comment(none), None, "{none}");
        }
    }
}

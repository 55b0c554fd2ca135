//! Numbers of private elements whose representation is known, also where an implicit file has them as unknown bytes.

use isocenter_dcm::{Dataset, Tag, VR, value};
use isocenter_volume::affine::norm;

/// A private element by its creator; where the data set has lost the creator, the one at the usual place.
pub(super) fn tag(ds: &Dataset, creator: &str, usual: Tag) -> Option<Tag> {
    let [block, element] = usual.element().to_be_bytes();
    let is_free = || value::string(ds, Tag(usual.group(), u16::from(block))).is_none();
    // an owner of another name has something else there
    value::private_tag(ds, usual.group(), creator, element).or_else(|| is_free().then_some(usual))
}

/// A text of an element.
pub(super) fn text(ds: &Dataset, tag: Option<Tag>) -> Option<String> {
    value::string(ds, tag?)
}

/// All numbers of an element of 64-bit floats.
pub(super) fn doubles(ds: &Dataset, tag: Option<Tag>) -> Vec<f64> {
    packed(ds, tag, f64::from_le_bytes)
}

/// All numbers of an element of 32-bit floats.
pub(super) fn floats(ds: &Dataset, tag: Option<Tag>) -> Vec<f64> {
    packed(ds, tag, |bytes| f64::from(f32::from_le_bytes(bytes)))
}

/// The number that stands first in an element of text, whatever follows it.
pub(super) fn first(ds: &Dataset, tag: Option<Tag>) -> Option<f64> {
    let tag = tag?;
    let text = || value::string(ds, tag)?.split('\\').next()?.trim().parse().ok();
    value::f64(ds, tag).or_else(text).filter(|number: &f64| number.is_finite())
}

fn packed<const N: usize>(ds: &Dataset, tag: Option<Tag>, number: fn([u8; N]) -> f64) -> Vec<f64> {
    let Some((tag, element)) = tag.and_then(|tag| Some((tag, ds.get(tag)?))) else { return Vec::new() };
    let bytes = if element.vr() == VR::UN { value::bytes(element) } else { Vec::new() };
    let is_text =
        bytes.iter().all(|byte| b"0123456789.-+eE\\ \0".contains(byte)) && bytes.iter().any(|byte| *byte != 0);
    if bytes.is_empty() || is_text || !bytes.len().is_multiple_of(N) {
        return value::f64s(ds, tag);
    }
    let numbers: Vec<f64> = bytes.chunks_exact(N).filter_map(|chunk| chunk.try_into().ok().map(number)).collect();
    if numbers.iter().all(|number| number.is_finite()) { numbers } else { Vec::new() }
}

/// A b-value, s/mm^2; anything that can be none is a slot that was never filled.
pub(super) fn b_value(number: f64) -> Option<f64> {
    (0.0..LARGEST_B).contains(&number).then_some(number)
}

/// A direction as a unit vector; zero where it is one of nothing, `None` where it can be none.
pub(super) fn direction(vector: [f64; 3]) -> Option<[f64; 3]> {
    let length = norm(vector);
    match length {
        _ if length < NO_LENGTH => Some([0.0; 3]),
        _ if length < LONGEST => Some(vector.map(|v| v / length)),
        _ => None,
    }
}

/// Scanners reach 100,000 s/mm^2; slots that were never filled hold far more.
const LARGEST_B: f64 = 1e6;

/// A vector as short as the rounding of what it is computed from.
const NO_LENGTH: f64 = 1e-3;

/// Directions are unit vectors; some makers' are a few per cent too long, and a slot that was never filled is far from it.
const LONGEST: f64 = 1.5;

//! What only private attributes say.
//!
//! Elements are found by creator where the block may move; a de-identified file may have lost the creator, so the usual block is
//! looked at as well.

use isocenter_dcm::{Dataset, Tag, value};

use super::{csa, csa::Csa};

/// The kind of a GE image that shares its series with other kinds: real, phase, magnitude, or a field map in hertz.
///
/// (0043,102F): 0 magnitude, 1 phase, 2 real, 3 imaginary. (0043,1030) tells a field map (0) from its magnitude (2), where no
/// other attribute does; its values from 3 up are diffusion directions and keep nothing apart.
pub(crate) fn ge_component(dataset: &Dataset) -> Option<String> {
    let number = |element: u8| {
        let tag = value::private_tag(dataset, 0x0043, "GEMS_PARM_01", element);
        value::i64(dataset, tag.unwrap_or(Tag(0x0043, 0x1000 | u16::from(element))))
    };
    let is_ge = value::string(dataset, isocenter_dcm::tags::MANUFACTURER)?.to_uppercase().starts_with("GE");
    let (kind, flag) = (number(0x2F)?, number(0x30).filter(|f| (0..3).contains(f)));
    is_ge.then(|| format!("ge-{kind}-{}", flag.unwrap_or(-1)))
}

/// The b-value of a classic image, s/mm^2, from the public attribute or the maker's own.
pub(crate) fn b_value(dataset: &Dataset) -> Option<f64> {
    let private = |group: u16, creator: &str, element: u8| {
        value::private_tag(dataset, group, creator, element).map(|tag| value::f64s(dataset, tag))
    };
    if let Some(b) = value::f64(dataset, isocenter_dcm::tags::DIFFUSION_B_VALUE) {
        return Some(b);
    }
    let first = |values: Vec<f64>| values.first().copied();
    private(0x0019, "SIEMENS MR HEADER", 0x0C)
        .and_then(first)
        // GE adds 1e9 to the value of some software versions.
        .or_else(|| private(0x0043, "GEMS_PARM_01", 0x39).and_then(first).map(|b| b % 1e9))
        .or_else(|| private(0x2001, "Philips Imaging DD 001", 0x03).and_then(first))
        .or_else(|| private(0x0065, "Image Private Header", 0x09).and_then(first))
        .or_else(|| Csa::parse(&csa::image(dataset)?)?.number("B_value"))
        .filter(|b| (0.0..1e5).contains(b))
}

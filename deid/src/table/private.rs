//! Private elements that name nobody: Table E.3.10-1.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use dicom_core::VR;

use super::lines;

/// The VRs that a private element is known to have, if it is known to name nobody. `creator` is compared without padding and case,
/// `element` is the low byte of the element number: where a block stands is a file's own choice.
pub(crate) fn safe(creator: &str, group: u16, element: u8) -> Option<&'static [VR]> {
    all().get(&(key(creator), group, element)).map(Vec::as_slice)
}

/// How many there are.
pub(crate) fn count() -> usize {
    all().len()
}

fn all() -> &'static BTreeMap<(String, u16, u8), Vec<VR>> {
    static SAFE: OnceLock<BTreeMap<(String, u16, u8), Vec<VR>>> = OnceLock::new();
    SAFE.get_or_init(|| lines(include_str!("../../data/safe_private.csv")).filter_map(parse).collect())
}

fn key(creator: &str) -> String {
    creator.trim_matches([' ', '\0']).to_ascii_uppercase()
}

/// Columns: group, element, VRs, creator (which may hold commas).
fn parse(line: &str) -> Option<((String, u16, u8), Vec<VR>)> {
    let mut columns = line.splitn(4, ',');
    let group = u16::from_str_radix(columns.next()?, 16).ok()?;
    let element = u8::from_str_radix(columns.next()?, 16).ok()?;
    let vrs = columns.next()?.split(' ').filter_map(|vr| vr.parse().ok()).collect();
    Some(((key(columns.next()?), group, element), vrs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_told_by_their_creator() {
        assert_eq!(safe("GEMS_ACQU_01", 0x0019, 0x23), Some(&[VR::DS][..]));
        assert_eq!(safe("gems_acqu_01 ", 0x0019, 0x23), Some(&[VR::DS][..]));
        assert_eq!(safe("GEMS_ACQU_01", 0x0021, 0x23), None);
        assert_eq!(safe("SOMEBODY", 0x0019, 0x23), None);
        assert!(safe("HOLOGIC, Inc.", 0x7E01, 0x01).is_some());
    }
}

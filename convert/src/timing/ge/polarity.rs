//! The polarity of GE's phase encoding.
//!
//! Rectilinear Phase Encode Reordering (0018,9034) states it since software 27: REVERSE_LINEAR is unflipped, LINEAR flipped. Older files
//! state it in User Define Data (0043,xx2A), a copy of the scanner's own structure: at the offset that its word at 24 gives stands the
//! version, then flags, two of which matter: bit 2 of the word at 0x30 is the polarity, and the word at 0x394 the direction through
//! k-space, 2 from the bottom up, which turns it. From version 25.002 on the first is 0x4C further, the second 0x4C - 0x8C. Sources:
//! DICOM PS3.3 C.8.13.5.3, and the notes on GE that come with dcm2niix, whose data validated it.
//!
//! Unflipped lines go with the count of columns or rows.

use isocenter_dcm::tags;

use super::{
    super::scan::Scan,
    elements::{acquired, parameter},
};

/// Whether lines go with the count of columns or rows.
pub(in super::super) fn is_positive(scan: &Scan<'_>) -> Option<bool> {
    is_unflipped(scan)
}

pub(super) fn is_unflipped(scan: &Scan<'_>) -> Option<bool> {
    let stated = match scan.text(tags::RECTILINEAR_PHASE_ENCODE_REORDERING).as_deref() {
        Some("LINEAR") => Some(false),
        Some("REVERSE_LINEAR") => Some(true),
        _ => None,
    };
    let polarity = stated.or_else(|| flags(&scan.own_bytes(parameter(0x2A))?))?;
    let is_pepolar = scan.own_text(acquired(0x9C)).is_some_and(|name| name.contains("epi_pepolar"));
    match scan.own_number(acquired(0xB3)) {
        // turned as a whole, and what becomes of the rows is stated nowhere; or it changes from one repetition to the next
        Some(1.0..=3.0) if is_pepolar => None,
        _ => Some(polarity),
    }
}

/// Unflipped or not, by the flags of the structure; `None` where it is none, or not that of an echo planar scan.
fn flags(bytes: &[u8]) -> Option<bool> {
    let word = |at: usize| Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let start = usize::from(word(24)?);
    let version = f32::from_le_bytes(bytes.get(start..start + 4)?.try_into().ok()?);
    let is_known = (5.0..=40.0).contains(&version) && bytes.len() >= start + LEAST_BYTES;
    let (shift, back) = if version >= 25.002 { (0x4C, 0x8C) } else { (0, 0) };
    let base = start + shift;
    let is_planar = word(base + 0x3A)? & 0x800 != 0;
    let is_unflipped = word(base + 0x30)? & 4 == 0;
    let bottom_up = word(base + 0x394 - back)? == 2;
    (is_known && is_planar).then_some(is_unflipped != bottom_up)
}

/// What the structure has at least from its version on.
const LEAST_BYTES: usize = 916;

#[cfg(test)]
mod tests {
    use super::*;

    fn structure(version: f32, polarity: u16, direction: u16) -> Vec<u8> {
        let mut bytes = vec![0; 2048];
        let mut put = |at: usize, value: &[u8]| bytes[at..at + value.len()].copy_from_slice(value);
        put(24, &100u16.to_le_bytes());
        put(100, &version.to_le_bytes());
        let (base, back) = if version >= 25.002 { (100 + 0x4C, 0x8C) } else { (100, 0) };
        put(base + 0x3A, &0x800u16.to_le_bytes());
        put(base + 0x30, &polarity.to_le_bytes());
        put(base + 0x394 - back, &direction.to_le_bytes());
        bytes
    }

    #[test]
    fn the_direction_through_k_space_turns_the_polarity() {
        for version in [14.0, 24.0, 26.002] {
            let found = [(0, 0), (4, 0), (0, 2), (4, 2)].map(|(p, d)| flags(&structure(version, p, d)));
            assert_eq!(found, [Some(true), Some(false), Some(false), Some(true)], "{version}");
        }
    }

    #[test]
    fn other_structures_say_nothing() {
        assert_eq!(flags(&structure(4.0, 0, 0)), None);
        assert_eq!(flags(&structure(f32::NAN, 0, 0)), None);
        let mut image = structure(24.0, 0, 0);
        image[100 + 0x3B] = 0;
        assert_eq!(flags(&image), None);
        let whole = structure(24.0, 0, 0);
        for cut in [0, 25, 26, 102, 160, 1000, 1015] {
            assert_eq!(flags(&whole[..cut]), None, "{cut}");
        }
        let mut far = whole;
        far[24..26].copy_from_slice(&u16::MAX.to_le_bytes());
        assert_eq!(flags(&far), None);
    }
}

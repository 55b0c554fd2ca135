//! Which elements of a header facts are gathered from.

use isocenter_dcm::{Selection, Tag, scan::ScanOptions};

use super::{Facts, frame::ACQUISITION_GROUPS};

impl Facts {
    /// How to scan where nothing but these facts is wanted: of the groups that makers fill with hundreds of elements only those that are
    /// read here are held. The facts are the same as those of a whole header.
    pub fn scan_options() -> ScanOptions {
        ScanOptions::default().select(Selection::new(is_wanted).digest(&ACQUISITION_GROUPS))
    }
}

fn is_wanted(tag: Tag) -> bool {
    let [block, low] = tag.element().to_be_bytes();
    // the names of creators stand in block 0
    block == 0 || PRIVATE.iter().find(|(group, _)| *group == tag.group()).is_none_or(|(_, lows)| lows.contains(&low))
}

/// The last two digits of what is read in a maker's group. Groups that are not here, the small ones among them, are held whole.
const PRIVATE: [(u16, &[u8]); 9] = [
    // Siemens: tiles, b-value, direction, slice times, B-matrix; GE: names of the sequence, gradient, number of directions
    (0x0019, &[0x0A, 0x0C, 0x0D, 0x0E, 0x27, 0x29, 0x9C, 0x9E, 0xBB, 0xBC, 0xBD, 0xE0]),
    (0x0023, &[]),
    (0x0025, &[]),
    (0x0027, &[]),
    // GE: part of a complex image, kind of diffusion image, b-value
    (0x0043, &[0x2F, 0x30, 0x39]),
    (0x0045, &[]),
    (0x0051, &[]),
    // Philips: b-value and kind of direction
    (0x2001, &[0x03, 0x04]),
    // Philips: precise scaling, the sequence of a frame, numbers of weightings, label of ASL, number of the volume, direction
    (0x2005, &[0x0E, 0x0F, 0x12, 0x13, 0x29, 0x96, 0xB0, 0xB1, 0xB2]),
];

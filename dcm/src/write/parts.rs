//! What elements, items and fragments are put together from.
//!
//! Source: DICOM PS3.5 sections 7.1 and 7.5.

use dicom_core::{Tag, VR};

use crate::Error;
use crate::read::element::has_long_length;

pub(super) const ITEM: [u8; 4] = [0xFE, 0xFF, 0x00, 0xE0];
pub(super) const ITEM_END: [u8; 8] = [0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0];
pub(crate) const SEQUENCE_END: [u8; 8] = [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0];
pub(super) const UNDEFINED: [u8; 4] = [0xFF; 4];

pub(super) fn write_header(tag: Tag, vr: VR, length: [u8; 4], out: &mut Vec<u8>) {
    out.extend(header(tag, vr, u32::from_le_bytes(length)));
}

/// The header of an element whose VR has the long form.
pub(crate) fn header(tag: Tag, vr: VR, length: u32) -> [u8; 12] {
    let ([g0, g1], [e0, e1], [v0, v1]) = (tag.group().to_le_bytes(), tag.element().to_le_bytes(), vr.to_bytes());
    let [l0, l1, l2, l3] = length.to_le_bytes();
    [g0, g1, e0, e1, v0, v1, 0, 0, l0, l1, l2, l3]
}

/// Writes one plain element, padded to an even length.
pub(super) fn write_value(tag: Tag, vr: VR, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
    let odd = bytes.len() % 2;
    let length = u32::try_from(bytes.len() + odd)
        .map_err(|_| Error::Malformed { tag: Some(tag), what: "a value over 4 GiB" })?;
    match u16::try_from(length) {
        Ok(short) if !has_long_length(vr) => {
            out.extend(tag.group().to_le_bytes());
            out.extend(tag.element().to_le_bytes());
            out.extend(vr.to_bytes());
            out.extend(short.to_le_bytes());
        }
        Ok(_) => write_header(tag, vr, length.to_le_bytes(), out),
        // A value too long for its VR's length field is written with VR UN (PS3.5 section 6.2.2, note 6).
        Err(_) => write_header(tag, if has_long_length(vr) { vr } else { VR::UN }, length.to_le_bytes(), out),
    }
    out.extend(bytes);
    let padding = if matches!(vr, VR::UI | VR::OB | VR::OW | VR::UN) { 0 } else { b' ' };
    out.extend(&[padding][..odd]);
    Ok(())
}

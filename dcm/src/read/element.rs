//! From the bytes of one value to a typed one.

use dicom_core::value::{C, PrimitiveValue};
use dicom_core::{Tag, VR};

use crate::Warning;
use crate::text::{Charset, Decoded};

/// Whether a VR's length stands in four bytes after two reserved ones, in explicit VR.
///
/// Source: DICOM PS3.5 table 7.1-1.
pub(crate) const fn has_long_length(vr: VR) -> bool {
    matches!(
        vr,
        VR::OB
            | VR::OD
            | VR::OF
            | VR::OL
            | VR::OV
            | VR::OW
            | VR::SQ
            | VR::SV
            | VR::UC
            | VR::UN
            | VR::UR
            | VR::UT
            | VR::UV
    )
}

/// The VR of its two letters; the look-up of dicom-rs goes over text, which shows in the time of a scan.
pub(crate) const fn vr_of(letters: [u8; 2]) -> Option<VR> {
    Some(match &letters {
        b"AE" => VR::AE,
        b"AS" => VR::AS,
        b"AT" => VR::AT,
        b"CS" => VR::CS,
        b"DA" => VR::DA,
        b"DS" => VR::DS,
        b"DT" => VR::DT,
        b"FL" => VR::FL,
        b"FD" => VR::FD,
        b"IS" => VR::IS,
        b"LO" => VR::LO,
        b"LT" => VR::LT,
        b"OB" => VR::OB,
        b"OD" => VR::OD,
        b"OF" => VR::OF,
        b"OL" => VR::OL,
        b"OV" => VR::OV,
        b"OW" => VR::OW,
        b"PN" => VR::PN,
        b"SH" => VR::SH,
        b"SL" => VR::SL,
        b"SQ" => VR::SQ,
        b"SS" => VR::SS,
        b"ST" => VR::ST,
        b"SV" => VR::SV,
        b"TM" => VR::TM,
        b"UC" => VR::UC,
        b"UI" => VR::UI,
        b"UL" => VR::UL,
        b"UN" => VR::UN,
        b"UR" => VR::UR,
        b"US" => VR::US,
        b"UT" => VR::UT,
        b"UV" => VR::UV,
        _ => return None,
    })
}

/// Whether a VR's text follows Specific Character Set.
pub(crate) const fn has_charset(vr: VR) -> bool {
    matches!(vr, VR::LO | VR::LT | VR::PN | VR::SH | VR::ST | VR::UC | VR::UT)
}

/// The bytes of one item of a VR: 1 for text and bytes.
pub(crate) const fn width(vr: VR) -> usize {
    match vr {
        VR::AT | VR::OW | VR::SS | VR::US => 2,
        VR::FL | VR::OF | VR::OL | VR::SL | VR::UL => 4,
        VR::FD | VR::OD | VR::OV | VR::SV | VR::UV => 8,
        _ => 1,
    }
}

/// What a value is read under.
pub(crate) struct Reading<'a> {
    pub(crate) tag: Tag,
    pub(crate) vr: VR,
    pub(crate) big: bool,
    pub(crate) charset: &'a Charset,
}

/// The typed value of `bytes`, and the VR it is kept as.
pub(crate) fn value(reading: &Reading<'_>, bytes: &[u8], warnings: &mut Vec<Warning>) -> (VR, PrimitiveValue) {
    let &Reading { tag, vr, big, .. } = reading;
    if bytes.is_empty() {
        return (vr, PrimitiveValue::Empty);
    }
    let width = if vr == VR::AT { 4 } else { width(vr) };
    if !bytes.len().is_multiple_of(width) && vr != VR::OW {
        warnings.push(Warning::BadLength { tag, vr, length: bytes.len() as u32 });
        return (VR::UN, PrimitiveValue::U8(bytes.to_vec().into()));
    }
    let value = match vr {
        VR::OB | VR::UN | VR::SQ => PrimitiveValue::U8(bytes.to_vec().into()),
        VR::US => PrimitiveValue::U16(numbers(bytes, big, u16::from_le_bytes, u16::from_be_bytes)),
        VR::OW => PrimitiveValue::U16(words(bytes, big)),
        VR::SS => PrimitiveValue::I16(numbers(bytes, big, i16::from_le_bytes, i16::from_be_bytes)),
        VR::UL | VR::OL => PrimitiveValue::U32(numbers(bytes, big, u32::from_le_bytes, u32::from_be_bytes)),
        VR::SL => PrimitiveValue::I32(numbers(bytes, big, i32::from_le_bytes, i32::from_be_bytes)),
        VR::UV | VR::OV => PrimitiveValue::U64(numbers(bytes, big, u64::from_le_bytes, u64::from_be_bytes)),
        VR::SV => PrimitiveValue::I64(numbers(bytes, big, i64::from_le_bytes, i64::from_be_bytes)),
        VR::FL | VR::OF => PrimitiveValue::F32(numbers(bytes, big, f32::from_le_bytes, f32::from_be_bytes)),
        VR::FD | VR::OD => PrimitiveValue::F64(numbers(bytes, big, f64::from_le_bytes, f64::from_be_bytes)),
        VR::AT => PrimitiveValue::Tags(numbers::<4, _>(bytes, big, le_tag, be_tag)),
        _ => text(reading, bytes, warnings),
    };
    (vr, value)
}

fn text(reading: &Reading<'_>, bytes: &[u8], warnings: &mut Vec<Warning>) -> PrimitiveValue {
    let &Reading { tag, vr, charset, .. } = reading;
    let decoded = if has_charset(vr) { charset.decode(bytes, vr) } else { Decoded::default_repertoire(bytes) };
    if decoded.undeclared {
        warnings.push(Warning::UndeclaredCharacterSet { tag });
    } else if decoded.damaged {
        warnings.push(Warning::UndecodableText { tag });
    }
    let text = decoded.text.trim_end_matches(['\0', ' ']);
    if text.is_empty() {
        return PrimitiveValue::Empty;
    }
    if matches!(vr, VR::ST | VR::LT | VR::UT | VR::UR) {
        return PrimitiveValue::Str(text.to_owned());
    }
    if !text.contains('\\') {
        return PrimitiveValue::Strs(C::from_iter([text.to_owned()]));
    }
    PrimitiveValue::Strs(text.split('\\').map(|part| part.trim_end_matches('\0').to_owned()).collect())
}

/// 16-bit words; an odd last byte is padded with 0.
fn words(bytes: &[u8], big: bool) -> C<u16> {
    let mut words: Vec<u16> = Vec::with_capacity(bytes.len().div_ceil(2));
    let chunks = bytes.chunks_exact(2);
    let rest = chunks.remainder();
    if big {
        words.extend(chunks.map(|c| u16::from_be_bytes([c[0], c[1]])));
        words.extend(rest.first().map(|&b| u16::from_be_bytes([b, 0])));
    } else {
        words.extend(chunks.map(|c| u16::from_le_bytes([c[0], c[1]])));
        words.extend(rest.first().map(|&b| u16::from(b)));
    }
    words.into()
}

fn numbers<const N: usize, T>(bytes: &[u8], big: bool, le: fn([u8; N]) -> T, be: fn([u8; N]) -> T) -> C<T> {
    let one = |chunk: &[u8]| {
        let mut raw = [0; N];
        raw.copy_from_slice(chunk);
        if big { be(raw) } else { le(raw) }
    };
    if bytes.len() <= 2 * N {
        return bytes.chunks_exact(N).map(one).collect();
    }
    bytes.chunks_exact(N).map(one).collect::<Vec<_>>().into()
}

fn le_tag(b: [u8; 4]) -> Tag {
    Tag(u16::from_le_bytes([b[0], b[1]]), u16::from_le_bytes([b[2], b[3]]))
}

fn be_tag(b: [u8; 4]) -> Tag {
    Tag(u16::from_be_bytes([b[0], b[1]]), u16::from_be_bytes([b[2], b[3]]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_the_representations_that_dicom_rs_knows() {
        for (first, second) in (0..=u8::MAX).flat_map(|a| (0..=u8::MAX).map(move |b| (a, b))) {
            assert_eq!(vr_of([first, second]), VR::from_binary([first, second]));
        }
    }
}

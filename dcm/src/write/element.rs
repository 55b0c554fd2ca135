//! Elements in explicit VR little endian.

use std::borrow::Cow;

use dicom_core::value::PrimitiveValue;
use dicom_core::{DicomValue, Tag, VR};
use dicom_dictionary_std::tags;

use super::fragments::{offsets_of, write_fragments};
use super::parts::{ITEM, ITEM_END, SEQUENCE_END, UNDEFINED, write_header, write_value};
use crate::read::element::{has_charset, width};
use crate::text::{Charset, Decoded};
use crate::{Dataset, Element, Error, value};

const UTF_8: &str = "ISO_IR 192";

/// What text is written in.
#[derive(Clone, Copy)]
enum Text<'a> {
    /// UTF-8, and Specific Character Set says so.
    Utf8,
    /// What the data set itself names, or else this, that of the data set around it.
    Own(&'a Charset),
}

/// Writes a data set; its text in its own character sets, or all in UTF-8 where some of it has no place there. Returns where
/// in `out` the elements beyond `split` start.
pub(super) fn write_dataset(dataset: &Dataset, out: &mut Vec<u8>, split: Option<Tag>) -> Result<usize, Error> {
    let none = Charset::default();
    let own = charset_of(dataset);
    let around = if fits(dataset, &none) { Text::Own(&none) } else { Text::Utf8 };
    let mut missing = matches!(around, Text::Utf8) && own.is_none();
    let mut place = None;
    for element in dataset {
        let tag = element.header().tag;
        if missing && tag > tags::SPECIFIC_CHARACTER_SET {
            write_value(tags::SPECIFIC_CHARACTER_SET, VR::CS, UTF_8.as_bytes(), out)?;
            missing = false;
        }
        if split.is_some_and(|split| tag > split) {
            place.get_or_insert(out.len());
        }
        let element = offsets_of(dataset, element);
        write_element(&element, set_of(&element, around, own.as_ref()), out)?;
    }
    if missing {
        write_value(tags::SPECIFIC_CHARACTER_SET, VR::CS, UTF_8.as_bytes(), out)?;
    }
    Ok(place.unwrap_or(out.len()))
}

fn write_all(dataset: &Dataset, around: Text<'_>, out: &mut Vec<u8>) -> Result<(), Error> {
    let own = charset_of(dataset);
    dataset.iter().try_for_each(|element| {
        let element = offsets_of(dataset, element);
        write_element(&element, set_of(&element, around, own.as_ref()), out)
    })
}

/// What an element is written in: its data set's own character set from there on where that is named.
fn set_of<'a>(element: &Element, around: Text<'a>, own: Option<&'a Charset>) -> Text<'a> {
    match (around, own) {
        (Text::Own(_), Some(own)) if !is_before_charset(element) => Text::Own(own),
        _ => around,
    }
}

/// Whether a reader meets the element before it knows the data set's character set.
fn is_before_charset(element: &Element) -> bool {
    element.header().tag < tags::SPECIFIC_CHARACTER_SET
}

fn write_element(element: &Element, text: Text<'_>, out: &mut Vec<u8>) -> Result<(), Error> {
    let tag = element.header().tag;
    if tag.element() == 0 || tag.group() == 2 {
        // A retired group length would have to be recomputed; a meta element has no place here.
        return Ok(());
    }
    if tag == tags::SPECIFIC_CHARACTER_SET && matches!(text, Text::Utf8) {
        return write_value(tag, VR::CS, UTF_8.as_bytes(), out);
    }
    match element.value() {
        DicomValue::Sequence(sequence) => {
            write_header(tag, VR::SQ, UNDEFINED, out);
            for item in sequence.items() {
                out.extend(ITEM);
                out.extend(UNDEFINED);
                write_all(item, text, out)?;
                out.extend(ITEM_END);
            }
            out.extend(SEQUENCE_END);
            Ok(())
        }
        DicomValue::PixelSequence(pixels) => write_fragments(tag, pixels, out),
        DicomValue::Primitive(primitive) => {
            let bytes = bytes_of(element, primitive, text)?;
            write_value(tag, element.vr(), &bytes, out)
        }
    }
}

/// The bytes of a value in its VR, not padded.
fn bytes_of<'a>(element: &'a Element, primitive: &'a PrimitiveValue, text: Text<'_>) -> Result<Cow<'a, [u8]>, Error> {
    let vr = element.vr();
    let bad = |wanted| Error::BadValue {
        tag: element.header().tag,
        vr,
        length: primitive.calculate_byte_len() as u32,
        wanted,
    };
    let raw = match (vr, primitive) {
        (_, PrimitiveValue::Empty) => return Ok(Cow::Borrowed(&[])),
        (_, PrimitiveValue::U8(bytes)) => return Ok(Cow::Borrowed(bytes)),
        (VR::US | VR::OW | VR::OB | VR::UN, PrimitiveValue::U16(_))
        | (VR::SS | VR::OW | VR::OB | VR::UN, PrimitiveValue::I16(_))
        | (VR::UL | VR::OL | VR::OW | VR::OB | VR::UN, PrimitiveValue::U32(_))
        | (VR::SL | VR::OL | VR::OW | VR::OB | VR::UN, PrimitiveValue::I32(_))
        | (VR::UV | VR::OV | VR::UN, PrimitiveValue::U64(_))
        | (VR::SV | VR::UN, PrimitiveValue::I64(_))
        | (VR::FL | VR::OF | VR::OW | VR::UN, PrimitiveValue::F32(_))
        | (VR::FD | VR::OD | VR::UN, PrimitiveValue::F64(_))
        | (VR::AT | VR::UN, PrimitiveValue::Tags(_)) => value::bytes(element),
        _ if width(vr) == 1 && !matches!(vr, VR::OB | VR::SQ) => {
            text_of(vr, primitive, text).ok_or_else(|| bad("text of its character set"))?
        }
        _ => numbers_of(vr, element).ok_or_else(|| bad("a number of its VR"))?,
    };
    Ok(Cow::Owned(raw))
}

fn text_of(vr: VR, primitive: &PrimitiveValue, charset: Text<'_>) -> Option<Vec<u8>> {
    let text = joined(primitive);
    match charset {
        Text::Own(charset) if has_charset(vr) => return charset.encode(&text, vr),
        _ if has_charset(vr) || text.is_ascii() || text.chars().any(|c| u32::from(c) > 0xFF) => {
            return Some(text.into_owned().into_bytes());
        }
        _ => {}
    }
    Some(text.chars().map(|c| c as u8).collect())
}

/// The text of a value, or of all values of an element.
fn joined(primitive: &PrimitiveValue) -> Cow<'_, str> {
    match primitive {
        PrimitiveValue::Str(text) => Cow::Borrowed(text.as_str()),
        other => Cow::Owned(other.to_multi_str().join("\\")),
    }
}

/// Numbers given in another type than the VR's, where each fits.
fn numbers_of(vr: VR, element: &Element) -> Option<Vec<u8>> {
    fn all<T: Copy, const N: usize>(
        numbers: &[f64],
        range: [f64; 2],
        to: fn(f64) -> T,
        le: fn(T) -> [u8; N],
    ) -> Option<Vec<u8>> {
        let fits = numbers.iter().all(|x| x.fract() == 0.0 && *x >= range[0] && *x <= range[1]);
        fits.then(|| numbers.iter().flat_map(|&x| le(to(x))).collect())
    }
    let n = value::numbers(element)?;
    match vr {
        VR::US | VR::OW => all(&n, [0.0, 65535.0], |x| x as u16, u16::to_le_bytes),
        VR::SS => all(&n, [-32768.0, 32767.0], |x| x as i16, i16::to_le_bytes),
        VR::UL | VR::OL => all(&n, [0.0, 4294967295.0], |x| x as u32, u32::to_le_bytes),
        VR::SL => all(&n, [-2147483648.0, 2147483647.0], |x| x as i32, i32::to_le_bytes),
        VR::FL | VR::OF => Some(n.iter().flat_map(|&x| (x as f32).to_le_bytes()).collect()),
        VR::FD | VR::OD => Some(n.iter().flat_map(|&x| x.to_le_bytes()).collect()),
        _ => None,
    }
}

/// What a data set itself names as its character set.
fn charset_of(dataset: &Dataset) -> Option<Charset> {
    let names = dataset.get(tags::SPECIFIC_CHARACTER_SET)?.value().primitive().map(value::parts_of);
    Some(Charset::of(&names.unwrap_or_default()))
}

/// Whether all text comes back the same from the data set's own character sets.
fn fits(dataset: &Dataset, around: &Charset) -> bool {
    let own = charset_of(dataset);
    dataset.iter().all(|element| {
        let vr = element.vr();
        let charset = own.as_ref().filter(|_| !is_before_charset(element)).unwrap_or(around);
        match element.value() {
            DicomValue::Sequence(sequence) => sequence.items().iter().all(|item| fits(item, charset)),
            DicomValue::Primitive(text @ (PrimitiveValue::Str(_) | PrimitiveValue::Strs(_))) if has_charset(vr) => {
                comes_back(&joined(text), vr, charset)
            }
            _ => true,
        }
    })
}

fn comes_back(text: &str, vr: VR, charset: &Charset) -> bool {
    let plain = text.bytes().all(|b| b < 0x80 && b != 0x1B);
    plain || charset.encode(text, vr).is_some_and(|bytes| charset.decode(&bytes, vr) == Decoded::sound(text))
}

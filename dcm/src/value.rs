//! Values by tag, whatever VR they came in, never panicking.
//!
//! Text is trimmed of padding (spaces and NULs at both ends; within a value they stay); numbers are read from text, from
//! binary, and from UN that holds either (text that parses as numbers, else little endian of the dictionary's width).
//! An absent, empty or unreadable value is `None`, or no items.
//!
//! # Examples
//! ```
//! use isocenter_dcm::{Dataset, tags, value};
//! use isocenter_dcm::dicom_core::{DataElement, PrimitiveValue, VR};
//! let mut ds = Dataset::new_empty();
//! ds.put(DataElement::new(tags::RESCALE_SLOPE, VR::UN, PrimitiveValue::from(&b"1 "[..])));
//! assert_eq!(value::f64(&ds, tags::RESCALE_SLOPE), Some(1.0)); // not 49, the code of '1'
//! ```

use dicom_core::value::PrimitiveValue;
use dicom_core::{DataElement, Tag, VR};

use crate::read::dictionary;
use crate::{Dataset, Element, Error};

/// The first value as text; `None` where it is absent or empty.
pub fn string(dataset: &Dataset, tag: Tag) -> Option<String> {
    primitive(dataset, tag).and_then(first_part).filter(|text| !text.is_empty())
}

/// All values as text; an empty one among several stays as an empty string.
pub fn strings(dataset: &Dataset, tag: Tag) -> Vec<String> {
    primitive(dataset, tag).map(parts_of).unwrap_or_default()
}

/// The first value as a number; `None` where it is absent, empty, no number, or not finite.
pub fn f64(dataset: &Dataset, tag: Tag) -> Option<f64> {
    f64s(dataset, tag).first().copied()
}

/// All values as numbers; empty where one of them is none.
pub fn f64s(dataset: &Dataset, tag: Tag) -> Vec<f64> {
    dataset.get(tag).and_then(numbers).unwrap_or_default()
}

/// The first value as a whole number; `None` where it has a fraction.
pub fn i64(dataset: &Dataset, tag: Tag) -> Option<i64> {
    if let Some(PrimitiveValue::I64(values)) = primitive(dataset, tag) {
        return values.first().copied();
    }
    let number = f64(dataset, tag)?;
    // 2^53: whole numbers beyond it are not exact.
    (number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0).then_some(number as i64)
}

/// The first value as an unsigned 16-bit number.
pub fn u16(dataset: &Dataset, tag: Tag) -> Option<u16> {
    i64(dataset, tag).and_then(|number| u16::try_from(number).ok())
}

/// The items of a sequence; `None` where it is absent or no sequence.
pub fn sequence(dataset: &Dataset, tag: Tag) -> Option<&[Dataset]> {
    dataset.get(tag)?.items()
}

/// The first item of a sequence.
pub fn item(dataset: &Dataset, tag: Tag) -> Option<&Dataset> {
    sequence(dataset, tag)?.first()
}

/// A private element by its creator: `element` is the low byte, `group` is odd.
///
/// Source: DICOM PS3.5 section 7.8.1 (the creator at (gggg,00xx) reserves (gggg,xx00-xxFF)).
pub fn private<'a>(dataset: &'a Dataset, group: u16, creator: &str, element: u8) -> Option<&'a Element> {
    dataset.get(private_tag(dataset, group, creator, element)?)
}

/// The tag that a private element of a creator has in this data set.
pub fn private_tag(dataset: &Dataset, group: u16, creator: &str, element: u8) -> Option<Tag> {
    // elements are held in the order of their tags: one pass is less than 240 questions, most of them for what is not there
    let tag = |held: &Element| held.header().tag;
    let held = dataset.iter().skip_while(|held| tag(held) < Tag(group, 0x10));
    let mut blocks = held.take_while(|held| tag(held) <= Tag(group, 0xFF));
    let is_its = |held: &&Element| held.value().primitive().and_then(first_part).is_some_and(|name| name == creator);
    blocks.find(is_its).map(|held| Tag(group, tag(held).element() << 8 | u16::from(element)))
}

/// Puts a private element of a creator, and returns the tag it has.
///
/// The creator's block is the one it has in this data set, or the first free one, which is then reserved. Nested data sets
/// reserve blocks of their own: put into the item that holds the element.
///
/// # Errors
/// [`Error::Malformed`] where `group` cannot be private (it must be odd and above 8), or `creator` is no creator's name (1 to 64
/// characters of ASCII without a backslash or a space at an end); [`Error::Limit`] where all 240 blocks are taken.
///
/// ```
/// use isocenter_dcm::{Dataset, Tag, VR, value};
/// let mut ds = Dataset::new_empty();
/// let tag = value::put_private(&mut ds, 0x0019, "OURS", 0x01, VR::LO, "text")?;
/// assert_eq!(tag, Tag(0x0019, 0x1001));
/// assert!(value::private(&ds, 0x0019, "OURS", 0x01).is_some());
/// # Ok::<_, isocenter_dcm::Error>(())
/// ```
pub fn put_private(
    dataset: &mut Dataset,
    group: u16,
    creator: &str,
    element: u8,
    vr: VR,
    value: impl Into<PrimitiveValue>,
) -> Result<Tag, Error> {
    if group.is_multiple_of(2) || group < 9 || group == u16::MAX {
        return Err(Error::Malformed {
            tag: Some(Tag(group, 0)),
            what: "a private element in a group that is not private",
        });
    }
    let named = (1..=64).contains(&creator.len()) && trim(creator) == creator;
    if !named || !creator.bytes().all(|b| (0x20..0x7F).contains(&b) && b != b'\\') {
        return Err(Error::Malformed { tag: Some(Tag(group, 0x10)), what: "the name of a private creator" });
    }
    let tag = match private_tag(dataset, group, creator, element) {
        Some(tag) => tag,
        None => {
            // A block with elements but without a creator is somebody's too.
            let taken = |block: u16| {
                dataset.get(Tag(group, block)).is_some()
                    || dataset.iter().any(|e| e.header().tag.0 == group && e.header().tag.1 >> 8 == block)
            };
            let block = (0x10..=0xFFu16).find(|&block| !taken(block));
            let block = block.ok_or(Error::Limit { what: "private blocks", asked: 241, limit: 240 })?;
            dataset.put(DataElement::new(Tag(group, block), VR::LO, creator));
            Tag(group, block << 8 | u16::from(element))
        }
    };
    dataset.put(DataElement::new(tag, vr, value.into()));
    Ok(tag)
}

/// The raw bytes of a value as little endian would have them; empty for sequences.
pub fn bytes(element: &Element) -> Vec<u8> {
    fn le<T: Copy, const N: usize>(values: &[T], to: fn(T) -> [u8; N]) -> Vec<u8> {
        values.iter().flat_map(|&v| to(v)).collect()
    }
    match element.value().primitive() {
        Some(PrimitiveValue::U8(v)) => v.to_vec(),
        Some(PrimitiveValue::U16(v)) => le(v, u16::to_le_bytes),
        Some(PrimitiveValue::I16(v)) => le(v, i16::to_le_bytes),
        Some(PrimitiveValue::U32(v)) => le(v, u32::to_le_bytes),
        Some(PrimitiveValue::I32(v)) => le(v, i32::to_le_bytes),
        Some(PrimitiveValue::U64(v)) => le(v, u64::to_le_bytes),
        Some(PrimitiveValue::I64(v)) => le(v, i64::to_le_bytes),
        Some(PrimitiveValue::F32(v)) => le(v, f32::to_le_bytes),
        Some(PrimitiveValue::F64(v)) => le(v, f64::to_le_bytes),
        Some(PrimitiveValue::Tags(v)) => {
            v.iter().flat_map(|t| [t.group().to_le_bytes(), t.element().to_le_bytes()].concat()).collect()
        }
        Some(PrimitiveValue::Empty) | None => Vec::new(),
        Some(text) => text.to_str().into_owned().into_bytes(),
    }
}

/// All numbers of one element, see [`f64s`].
pub fn numbers(element: &Element) -> Option<Vec<f64>> {
    fn all<T: Copy>(values: &[T], to: impl Fn(T) -> f64) -> Option<Vec<f64>> {
        Some(values.iter().map(|&v| to(v)).collect())
    }
    let found = match element.value().primitive()? {
        PrimitiveValue::Empty => None,
        PrimitiveValue::U8(v) if element.vr() == VR::UN => from_unknown(element.header().tag, v),
        PrimitiveValue::U8(v) => all(v, f64::from),
        PrimitiveValue::U16(v) => all(v, f64::from),
        PrimitiveValue::I16(v) => all(v, f64::from),
        PrimitiveValue::U32(v) => all(v, f64::from),
        PrimitiveValue::I32(v) => all(v, f64::from),
        PrimitiveValue::U64(v) => all(v, |x| x as f64),
        PrimitiveValue::I64(v) => all(v, |x| x as f64),
        PrimitiveValue::F32(v) => all(v, f64::from),
        PrimitiveValue::F64(v) => all(v, |x| x),
        PrimitiveValue::Str(text) => parse_all(text),
        PrimitiveValue::Strs(parts) => parts.iter().map(|part| parse(part)).collect(),
        _ => None,
    }?;
    found.iter().all(|x| x.is_finite()).then_some(found)
}

fn from_unknown(tag: Tag, bytes: &[u8]) -> Option<Vec<f64>> {
    fn le<const N: usize>(bytes: &[u8], to: fn([u8; N]) -> f64) -> Option<Vec<f64>> {
        if !bytes.len().is_multiple_of(N) {
            return None;
        }
        bytes.chunks_exact(N).map(|c| c.try_into().ok().map(to)).collect()
    }
    let text = std::str::from_utf8(bytes).ok().and_then(|text| parse_all(text.trim_end_matches('\0')));
    match dictionary::vr_of(tag, false) {
        VR::US | VR::OW => le(bytes, |b| f64::from(u16::from_le_bytes(b))),
        VR::SS => le(bytes, |b| f64::from(i16::from_le_bytes(b))),
        VR::UL | VR::OL => le(bytes, |b| f64::from(u32::from_le_bytes(b))),
        VR::SL => le(bytes, |b| f64::from(i32::from_le_bytes(b))),
        VR::FL | VR::OF => le(bytes, |b| f64::from(f32::from_le_bytes(b))),
        VR::FD | VR::OD => le(bytes, f64::from_le_bytes),
        VR::UN if text.is_none() => match bytes.len() {
            2 => le(bytes, |b| f64::from(u16::from_le_bytes(b))),
            4 => le(bytes, |b| f64::from(f32::from_le_bytes(b))),
            8 => le(bytes, f64::from_le_bytes),
            _ => None,
        },
        _ => text,
    }
}

fn parse_all(text: &str) -> Option<Vec<f64>> {
    text.split('\\').map(parse).collect()
}

/// A decimal or integer string: padding is dropped, a leading `+` and a decimal comma are not repaired.
fn parse(text: &str) -> Option<f64> {
    let text = trim(text);
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E')) {
        return None;
    }
    text.parse().ok()
}

fn primitive(dataset: &Dataset, tag: Tag) -> Option<&PrimitiveValue> {
    dataset.get(tag)?.value().primitive()
}

fn first_part(value: &PrimitiveValue) -> Option<String> {
    match value {
        PrimitiveValue::Strs(parts) => parts.first().map(|part| trim(part).to_owned()),
        PrimitiveValue::Str(text) => Some(trim(text).to_owned()),
        other => parts_of(other).into_iter().next(),
    }
}

/// The values as text, trimmed.
pub(crate) fn parts_of(value: &PrimitiveValue) -> Vec<String> {
    match value {
        PrimitiveValue::Empty => Vec::new(),
        PrimitiveValue::Strs(parts) => parts.iter().map(|part| trim(part).to_owned()).collect(),
        PrimitiveValue::Str(text) => vec![trim(text).to_owned()],
        PrimitiveValue::U8(raw) => {
            let printable = raw.iter().all(|&b| b == 0 || b >= 0x20 || matches!(b, b'\t' | b'\n' | b'\r'));
            match std::str::from_utf8(raw) {
                Ok(text) if printable => text.split('\\').map(|part| trim(part).to_owned()).collect(),
                _ => Vec::new(),
            }
        }
        other => other.to_multi_str().iter().map(|part| trim(part).to_owned()).collect(),
    }
}

fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c == '\0' || c == ' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_creator_takes_a_block_of_its_own() {
        let mut ds = Dataset::new_empty();
        ds.put(DataElement::new(Tag(0x0019, 0x10), VR::LO, "THEIRS"));
        ds.put(DataElement::new(Tag(0x0019, 0x1101), VR::LO, "an orphan"));
        let first = put_private(&mut ds, 0x0019, "OURS", 1, VR::LO, "a").unwrap();
        assert_eq!(first, Tag(0x0019, 0x1201));
        assert_eq!(put_private(&mut ds, 0x0019, "OURS", 2, VR::LO, "b").unwrap(), Tag(0x0019, 0x1202));
        assert_eq!(string(&ds, Tag(0x0019, 0x12)).as_deref(), Some("OURS"));
        assert_eq!(string(&ds, Tag(0x0019, 0x1101)).as_deref(), Some("an orphan"));
    }

    #[test]
    fn what_is_not_private_is_refused() {
        let mut ds = Dataset::new_empty();
        for (group, creator) in
            [(0x0018, "A"), (0x0007, "A"), (0xFFFF, "A"), (0x0019, ""), (0x0019, "A\\B"), (0x0019, " A")]
        {
            assert!(put_private(&mut ds, group, creator, 1, VR::LO, "x").is_err(), "{group:04X} {creator}");
        }
        for block in 0..240 {
            put_private(&mut ds, 0x0019, &format!("C{block}"), 0, VR::LO, "x").unwrap();
        }
        assert_eq!(put_private(&mut ds, 0x0019, "ONE MORE", 0, VR::LO, "x").unwrap_err().reason(), "limit");
    }
}

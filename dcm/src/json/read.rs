//! From JSON to a data set.

use std::str::FromStr;

use data_encoding::BASE64;
use dicom_core::value::{C, DataSetSequence, PrimitiveValue};
use dicom_core::{DataElement, DicomValue, Length, Tag, VR};
use serde_json::{Map, Value};

use super::{Fetch, number};
use crate::read::element::{self, Reading};
use crate::text::Charset;
use crate::{Dataset, Element, Error, ReadLimits};

/// One data set, `depth` sequences down.
pub(super) fn dataset(value: &Value, fetch: &mut Fetch<'_>, depth: usize) -> Result<Dataset, Error> {
    check_depth(depth, &ReadLimits::default())?;
    let object = value.as_object().ok_or_else(|| bad(None, "a data set that is no JSON object"))?;
    let elements = object.iter().map(|(key, attribute)| {
        let tag = tag_of(key).ok_or_else(|| bad(None, "a JSON key that is no tag"))?;
        let attribute = attribute.as_object().ok_or_else(|| bad(Some(tag), "an attribute that is no JSON object"))?;
        element(tag, attribute, fetch, depth)
    });
    Ok(Dataset::from_element_iter(elements.collect::<Result<Vec<_>, _>>()?))
}

pub(super) fn check_depth(depth: usize, limits: &ReadLimits) -> Result<(), Error> {
    if depth > limits.depth {
        return Err(Error::Limit { what: "depth of sequences", asked: depth as u64, limit: limits.depth as u64 });
    }
    Ok(())
}

fn element(tag: Tag, attribute: &Map<String, Value>, fetch: &mut Fetch<'_>, depth: usize) -> Result<Element, Error> {
    let bad = |what| bad(Some(tag), what);
    let vr = attribute.get("vr").and_then(Value::as_str).and_then(|vr| VR::from_str(vr).ok());
    let vr = vr.ok_or_else(|| bad("an attribute without a VR"))?;
    let parts = ["Value", "InlineBinary", "BulkDataURI"].map(|name| attribute.get(name));
    let value = match parts {
        [None, None, None] if vr == VR::SQ => return Ok(sequence(tag, Vec::new())),
        [None, None, None] => PrimitiveValue::Empty,
        [Some(value), None, None] => {
            let values = value.as_array().ok_or_else(|| bad("a JSON value that is no array"))?;
            if vr == VR::SQ {
                let items = values.iter().map(|item| match item {
                    Value::Null => Ok(Dataset::new_empty()),
                    item => dataset(item, fetch, depth + 1),
                });
                return Ok(sequence(tag, items.collect::<Result<_, _>>()?));
            }
            if values.is_empty() {
                PrimitiveValue::Empty
            } else {
                values_of(vr, values).ok_or_else(|| bad("a JSON value that is not of its VR"))?
            }
        }
        [None, Some(inline), None] => {
            let binary = matches!(vr, VR::OB | VR::OD | VR::OF | VR::OL | VR::OV | VR::OW | VR::UN);
            let text = one_text(inline).filter(|_| binary).ok_or_else(|| bad("inline binary out of place"))?;
            let bytes = BASE64.decode(text.as_bytes()).map_err(|_| bad("inline binary that is not base 64"))?;
            from_bytes(tag, vr, &bytes)?
        }
        [None, None, Some(uri)] => {
            let uri = one_text(uri).filter(|_| vr != VR::SQ).ok_or_else(|| bad("a bulk data URI out of place"))?;
            let bytes = fetch(tag, vr, uri).ok_or(Error::Missing { tag })?;
            from_bytes(tag, vr, &bytes)?
        }
        _ => return Err(bad("an attribute with two values")),
    };
    Ok(DataElement::new(tag, vr, value))
}

fn sequence(tag: Tag, items: Vec<Dataset>) -> Element {
    let items = DataSetSequence::new(items, Length::UNDEFINED);
    DataElement::new_with_len(tag, VR::SQ, Length::UNDEFINED, DicomValue::Sequence(items))
}

/// The standard's example has the text in an array, its table does not.
fn one_text(value: &Value) -> Option<&str> {
    match value {
        Value::Array(values) => match values.as_slice() {
            [value] => value.as_str(),
            _ => None,
        },
        value => value.as_str(),
    }
}

fn from_bytes(tag: Tag, vr: VR, bytes: &[u8]) -> Result<PrimitiveValue, Error> {
    let charset = Charset::of(&["ISO_IR 192".to_owned()]);
    let mut warnings = Vec::new();
    let (kept, value) = element::value(&Reading { tag, vr, big: false, charset: &charset }, bytes, &mut warnings);
    if kept != vr {
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        return Err(Error::BadValue { tag, vr, length, wanted: "a whole number of its VR's items" });
    }
    Ok(value)
}

fn values_of(vr: VR, values: &[Value]) -> Option<PrimitiveValue> {
    fn all<T>(values: &[Value], one: impl Fn(&Value) -> Option<T>) -> Option<C<T>> {
        values.iter().map(one).collect()
    }
    Some(match vr {
        VR::OB | VR::OD | VR::OF | VR::OL | VR::OV | VR::OW | VR::UN | VR::SQ => return None,
        VR::US => PrimitiveValue::U16(all(values, |v| number::whole(v)?.try_into().ok())?),
        VR::SS => PrimitiveValue::I16(all(values, |v| number::whole(v)?.try_into().ok())?),
        VR::UL => PrimitiveValue::U32(all(values, |v| number::whole(v)?.try_into().ok())?),
        VR::SL => PrimitiveValue::I32(all(values, |v| number::whole(v)?.try_into().ok())?),
        VR::UV => PrimitiveValue::U64(all(values, |v| number::whole(v)?.try_into().ok())?),
        VR::SV => PrimitiveValue::I64(all(values, |v| number::whole(v)?.try_into().ok())?),
        VR::FL => PrimitiveValue::F32(all(values, |v| number::float(v).map(|x| x as f32))?),
        VR::FD => PrimitiveValue::F64(all(values, number::float)?),
        VR::AT => PrimitiveValue::Tags(all(values, |v| tag_of(v.as_str()?))?),
        VR::LT | VR::ST | VR::UR | VR::UT => match values {
            [Value::String(text)] => PrimitiveValue::Str(text.clone()),
            [Value::Null] => PrimitiveValue::Empty,
            _ => return None,
        },
        VR::PN => PrimitiveValue::Strs(all(values, person)?),
        VR::IS | VR::DS => PrimitiveValue::Strs(all(values, |v| match v {
            Value::Number(number) => Some(number.to_string()),
            other => text(other),
        })?),
        _ => PrimitiveValue::Strs(all(values, text)?),
    })
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Null => Some(String::new()),
        _ => None,
    }
}

/// A person name from its component groups, or from plain text, which some servers send.
fn person(value: &Value) -> Option<String> {
    let Value::Object(groups) = value else { return text(value) };
    let group =
        |name: &str| groups.get(name).map_or(Some(""), |group| if group.is_null() { Some("") } else { group.as_str() });
    let name = [group("Alphabetic")?, group("Ideographic")?, group("Phonetic")?].join("=");
    Some(name.trim_end_matches('=').to_owned())
}

/// A tag written as eight hexadecimal digits.
fn tag_of(text: &str) -> Option<Tag> {
    if text.len() != 8 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let number = u32::from_str_radix(text, 16).ok()?;
    Some(Tag((number >> 16) as u16, number as u16))
}

fn bad(tag: Option<Tag>, what: &'static str) -> Error {
    Error::Malformed { tag, what }
}

//! From a data set to JSON.

use data_encoding::BASE64;
use dicom_core::value::PrimitiveValue;
use dicom_core::{DicomValue, VR};
use dicom_dictionary_std::tags;
use serde_json::{Map, Value};

use super::number;
use crate::{Dataset, Element, Error, ReadLimits, value};

type Place<'a> = dyn FnMut(&Element) -> Option<String> + 'a;

/// One data set, `depth` sequences down.
pub(super) fn dataset(dataset: &Dataset, place: &mut Place<'_>, depth: usize) -> Result<Value, Error> {
    super::read::check_depth(depth, &ReadLimits::default())?;
    let mut object = Map::new();
    for element in dataset {
        let tag = element.header().tag;
        if tag.element() == 0 || tag.group() == 2 {
            continue;
        }
        let mut attribute = Map::new();
        let sequence = element.items();
        let vr = if sequence.is_some() { VR::SQ } else { element.vr() };
        if let Some(items) = sequence {
            let items = items.iter().map(|item| self::dataset(item, place, depth + 1));
            let items = items.collect::<Result<Vec<_>, _>>()?;
            if !items.is_empty() {
                attribute.insert("Value".to_owned(), Value::Array(items));
            }
        } else if let Some(uri) = place(element) {
            attribute.insert("BulkDataURI".to_owned(), uri.into());
        } else if let Some((name, value)) = plain(element)? {
            attribute.insert(name.to_owned(), value);
        }
        // Last: keys are in order of the alphabet, also where JSON objects keep the order in which they were filled.
        attribute.insert("vr".to_owned(), vr.to_string().into());
        object.insert(format!("{:04X}{:04X}", tag.group(), tag.element()), Value::Object(attribute));
    }
    Ok(Value::Object(object))
}

/// The name and the value of an element that is no sequence; `None` where it is empty.
fn plain(element: &Element) -> Result<Option<(&'static str, Value)>, Error> {
    let primitive = match element.value() {
        DicomValue::Primitive(PrimitiveValue::Empty) => return Ok(None),
        DicomValue::Primitive(primitive) => primitive,
        _ => return Err(Error::UnsupportedPixels { what: "encapsulated pixel data in JSON" }),
    };
    if matches!(element.vr(), VR::OB | VR::OD | VR::OF | VR::OL | VR::OV | VR::OW | VR::UN) {
        let bytes = value::bytes(element);
        return Ok((!bytes.is_empty()).then(|| ("InlineBinary", BASE64.encode(&bytes).into())));
    }
    let values = values(element, primitive).ok_or_else(|| Error::BadValue {
        tag: element.header().tag,
        vr: element.vr(),
        length: u32::try_from(primitive.calculate_byte_len()).unwrap_or(u32::MAX),
        wanted: "a value of its VR",
    })?;
    let empty = values.is_empty() || values == [Value::Null];
    Ok((!empty).then_some(("Value", Value::Array(values))))
}

fn values(element: &Element, primitive: &PrimitiveValue) -> Option<Vec<Value>> {
    if element.header().tag == tags::SPECIFIC_CHARACTER_SET {
        return Some(vec!["ISO_IR 192".into()]);
    }
    match element.vr() {
        VR::AT => match primitive {
            PrimitiveValue::Tags(tags) => {
                Some(tags.iter().map(|tag| format!("{:04X}{:04X}", tag.group(), tag.element()).into()).collect())
            }
            _ => None,
        },
        VR::FL | VR::FD | VR::SL | VR::SS | VR::SV | VR::UL | VR::US | VR::UV => numbers(primitive),
        VR::PN => Some(each(primitive, person)),
        VR::IS | VR::DS => Some(each(primitive, number::of_text)),
        VR::LT | VR::ST | VR::UR | VR::UT => Some(vec![text(&primitive.to_str())]),
        VR::SQ => None,
        _ => Some(each(primitive, text)),
    }
}

fn numbers(primitive: &PrimitiveValue) -> Option<Vec<Value>> {
    Some(match primitive {
        PrimitiveValue::U8(v) => v.iter().map(|&x| x.into()).collect(),
        PrimitiveValue::U16(v) => v.iter().map(|&x| x.into()).collect(),
        PrimitiveValue::I16(v) => v.iter().map(|&x| x.into()).collect(),
        PrimitiveValue::U32(v) => v.iter().map(|&x| x.into()).collect(),
        PrimitiveValue::I32(v) => v.iter().map(|&x| x.into()).collect(),
        PrimitiveValue::U64(v) => v.iter().map(|&x| number::of_u64(x)).collect(),
        PrimitiveValue::I64(v) => v.iter().map(|&x| number::of_i64(x)).collect(),
        PrimitiveValue::F32(v) => v.iter().map(|&x| number::of_float(f64::from(x))).collect(),
        PrimitiveValue::F64(v) => v.iter().map(|&x| number::of_float(x)).collect(),
        _ => return None,
    })
}

/// Each value of a text that may hold several.
fn each(primitive: &PrimitiveValue, one: fn(&str) -> Value) -> Vec<Value> {
    match primitive {
        PrimitiveValue::Str(text) => text.split('\\').map(one).collect(),
        other => other.to_multi_str().iter().map(|part| one(part)).collect(),
    }
}

fn text(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { text.into() }
}

/// A person name by component groups; groups that are empty are left out.
fn person(name: &str) -> Value {
    let groups = ["Alphabetic", "Ideographic", "Phonetic"].into_iter().zip(name.splitn(3, '='));
    let object: Map<_, _> =
        groups.filter(|(_, group)| !group.is_empty()).map(|(key, group)| (key.to_owned(), group.into())).collect();
    if object.is_empty() { Value::Null } else { Value::Object(object) }
}

//! A data set in the making, which remembers where a patient's identifiers were planted.

use std::collections::BTreeSet;

use dicom_core::{
    DataElement, PrimitiveValue, Tag, VR,
    dictionary::{DataDictionary, DataDictionaryEntry},
    value::{C, DataSetSequence},
};
use dicom_dictionary_std::StandardDataDictionary;
use dicom_object::InMemDicomObject;

use crate::truth::Planted;

/// Elements, and the identifiers among them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Header {
    object: Object,
    planted: BTreeSet<Planted>,
}

#[derive(Clone, Debug)]
struct Object(InMemDicomObject);

impl Default for Object {
    fn default() -> Self {
        Self(InMemDicomObject::new_empty())
    }
}

impl Header {
    /// Puts a text value; several values are parted by a backslash, none is empty.
    pub(crate) fn put(&mut self, tag: Tag, value: impl Into<String>) -> &mut Self {
        let vr = vr_of(tag);
        self.put_as(tag, vr, value)
    }

    /// As [`Header::put`], with a VR: private elements, and those of several VRs.
    pub(crate) fn put_as(&mut self, tag: Tag, vr: VR, value: impl Into<String>) -> &mut Self {
        let value = value.into();
        let is_one = matches!(vr, VR::LT | VR::ST | VR::UT | VR::UR);
        let value = if value.is_empty() {
            PrimitiveValue::Empty
        } else if is_one || !value.contains('\\') {
            PrimitiveValue::Str(value)
        } else {
            PrimitiveValue::Strs(value.split('\\').map(str::to_owned).collect::<C<String>>())
        };
        self.object.0.put(DataElement::new(tag, vr, value));
        self
    }

    /// Puts a text value that identifies the patient, and remembers it.
    pub(crate) fn secret(&mut self, tag: Tag, value: impl Into<String>) -> &mut Self {
        let vr = vr_of(tag);
        self.secret_as(tag, vr, value)
    }

    /// As [`Header::secret`], with a VR.
    pub(crate) fn secret_as(&mut self, tag: Tag, vr: VR, value: impl Into<String>) -> &mut Self {
        let value = value.into();
        self.planted.insert(Planted { place: place_of(tag), value: value.clone() });
        self.put_as(tag, vr, value)
    }

    /// Puts decimal strings.
    pub(crate) fn decimals(&mut self, tag: Tag, values: &[f64]) -> &mut Self {
        let text: Vec<String> = values.iter().map(|v| decimal(*v)).collect();
        self.put(tag, text.join("\\"))
    }

    /// Puts unsigned 16-bit numbers.
    pub(crate) fn shorts(&mut self, tag: Tag, values: &[u16]) -> &mut Self {
        self.object.0.put(DataElement::new(tag, VR::US, PrimitiveValue::U16(C::from_slice(values))));
        self
    }

    /// Puts unsigned 32-bit numbers.
    pub(crate) fn longs(&mut self, tag: Tag, values: &[u32]) -> &mut Self {
        self.object.0.put(DataElement::new(tag, VR::UL, PrimitiveValue::U32(C::from_slice(values))));
        self
    }

    /// Puts 64-bit floating-point numbers.
    pub(crate) fn doubles(&mut self, tag: Tag, values: &[f64]) -> &mut Self {
        self.object.0.put(DataElement::new(tag, VR::FD, PrimitiveValue::F64(C::from_slice(values))));
        self
    }

    /// Puts 32-bit floating-point numbers.
    pub(crate) fn singles(&mut self, tag: Tag, values: &[f32]) -> &mut Self {
        self.object.0.put(DataElement::new(tag, VR::FL, PrimitiveValue::F32(C::from_slice(values))));
        self
    }

    /// Puts a number whose VR is that of the pixels: US, or SS where they are signed.
    pub(crate) fn sample(&mut self, tag: Tag, signed: bool, value: i32) -> &mut Self {
        let (vr, value) = if signed {
            (VR::SS, PrimitiveValue::from(value as i16))
        } else {
            (VR::US, PrimitiveValue::from(value as u16))
        };
        self.object.0.put(DataElement::new(tag, vr, value));
        self
    }

    /// Puts an attribute tag.
    pub(crate) fn tag(&mut self, tag: Tag, value: Tag) -> &mut Self {
        self.object.0.put(DataElement::new(tag, VR::AT, PrimitiveValue::Tags(C::from_slice(&[value]))));
        self
    }

    /// Puts bytes.
    pub(crate) fn bytes(&mut self, tag: Tag, vr: VR, bytes: Vec<u8>) -> &mut Self {
        self.object.0.put(DataElement::new(tag, vr, PrimitiveValue::U8(C::from_vec(bytes))));
        self
    }

    /// Puts 16-bit pixels.
    pub(crate) fn pixels(&mut self, words: Vec<u16>) -> &mut Self {
        let tag = dicom_dictionary_std::tags::PIXEL_DATA;
        self.object.0.put(DataElement::new(tag, VR::OW, PrimitiveValue::U16(C::from_vec(words))));
        self
    }

    /// Puts a sequence; what was planted in its items is remembered with the way there.
    pub(crate) fn sequence(&mut self, tag: Tag, items: Vec<Self>) -> &mut Self {
        let mut objects: C<InMemDicomObject> = C::with_capacity(items.len());
        for item in items {
            for inner in item.planted {
                let place = format!("{}[{}].{}", place_of(tag), objects.len(), inner.place);
                self.planted.insert(Planted { place, value: inner.value });
            }
            objects.push(item.object.0);
        }
        self.object.0.put(DataElement::new(tag, VR::SQ, DataSetSequence::from(objects)));
        self
    }

    /// Puts a sequence of one item that holds a code.
    pub(crate) fn code(&mut self, tag: Tag, code: [&str; 3]) -> &mut Self {
        let item = code_item(code);
        self.sequence(tag, vec![item])
    }

    /// The data set, and what was planted in it.
    pub(crate) fn finish(self) -> (InMemDicomObject, BTreeSet<Planted>) {
        (self.object.0, self.planted)
    }
}

/// An item that holds value, scheme and meaning of a code.
pub(crate) fn code_item([value, scheme, meaning]: [&str; 3]) -> Header {
    use dicom_dictionary_std::tags;
    let mut item = Header::default();
    item.put(tags::CODE_VALUE, value).put(tags::CODING_SCHEME_DESIGNATOR, scheme).put(tags::CODE_MEANING, meaning);
    item
}

/// A decimal string of at most 16 characters (VR DS), as close to the value as fits.
pub(crate) fn decimal(value: f64) -> String {
    let plain = format!("{}", if value == 0.0 { 0.0 } else { value });
    if plain.len() <= 16 {
        return plain;
    }
    for digits in (0..=14).rev() {
        let text = format!("{value:.digits$}");
        if text.len() <= 16 {
            return if text.trim_start_matches('-').chars().all(|c| c == '0' || c == '.') {
                "0".to_owned()
            } else {
                text
            };
        }
    }
    format!("{value:.9e}")
}

fn vr_of(tag: Tag) -> VR {
    StandardDataDictionary.by_tag(tag).map_or(VR::LO, |entry| entry.vr().relaxed())
}

fn place_of(tag: Tag) -> String {
    let number = format!("({:04X},{:04X})", tag.group(), tag.element());
    if tag.group() % 2 == 1 {
        return format!("{number} private");
    }
    match StandardDataDictionary.by_tag(tag) {
        Some(entry) => format!("{number} {}", entry.alias()),
        None => number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_fit_sixteen_characters() {
        for v in [0.0, -0.0, 1.5, -123.456_789_012_345_67, 1e-17, 0.333_333_333_333_333_3, -1e12, 6.1e-5] {
            let text = decimal(v);
            assert!(text.len() <= 16, "{text}");
            assert!((text.parse::<f64>().unwrap() - v).abs() <= 1e-11 * v.abs().max(1.0), "{text} for {v}");
        }
        assert_eq!(decimal(-0.0), "0");
    }

    #[test]
    fn planted_places_name_the_way_through_sequences() {
        use dicom_dictionary_std::tags;
        let mut item = Header::default();
        item.secret(tags::PATIENT_ID, "X-12345");
        let mut header = Header::default();
        header.sequence(tags::OTHER_PATIENT_I_DS_SEQUENCE, vec![item]);
        let (_, planted) = header.finish();
        let first = planted.first().unwrap();
        assert_eq!(first.place, "(0010,1002) OtherPatientIDsSequence[0].(0010,0020) PatientID");
    }
}

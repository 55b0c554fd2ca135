//! A template: attributes by keyword, as JSON.
//!
//! `{"PatientID": "P1", "StudyDate": "20260101", "KVP": 120, "RadiopharmaceuticalInformationSequence": [{"RadionuclideHalfLife": 6586.2}]}`:
//! a value is a text, a number, or an array of such; a sequence is an array of objects; `null` and `""` are an element without a
//! value. The VR is the dictionary's. What the writer makes itself (geometry, pixels, scaling, UIDs of series and instances) is
//! refused, so that a template cannot contradict its volume.

use isocenter_dcm::{
    Dataset, Tag, VR,
    dicom_core::{DataElement, PrimitiveValue, value::C},
    tags,
};
use serde_json::{Map, Value};

use super::{error::Error, grammar, put};

/// Attributes that an object is to have.
///
/// ```
/// use isocenter_convert::to_dicom::Template;
/// let template: Template = r#"{"PatientID": "P1", "KVP": 120}"#.parse()?;
/// assert!(r#"{"Rows": 3}"#.parse::<Template>().is_err()); // the volume says how many
/// # Ok::<_, isocenter_convert::to_dicom::Error>(())
/// ```
#[derive(Clone)]
pub struct Template {
    dataset: Dataset,
}

impl std::fmt::Debug for Template {
    /// Says how many attributes there are and none of their values, which may be a patient's.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Template").field("attributes", &self.dataset.iter().count()).finish_non_exhaustive()
    }
}

impl Default for Template {
    /// Says nothing.
    fn default() -> Self {
        Self { dataset: Dataset::new_empty() }
    }
}

impl Template {
    /// A template of a JSON object.
    ///
    /// # Errors
    /// [`Error::Template`] for an unknown keyword, an attribute that the volume decides, and a value that is none of its VR.
    pub fn of_json(value: &Value) -> Result<Self, Error> {
        let object = value.as_object().ok_or_else(|| refuse("(the whole)", "no JSON object"))?;
        let own = object.keys().find(|key| put::tag_of(key).is_some_and(|tag| OWN.contains(&tag)));
        if let Some(key) = own {
            return Err(refuse(key, "is made from the volume or the options"));
        }
        Ok(Self { dataset: dataset(object, 0)? })
    }

    /// A template of a data set, such as the header of an image; what the writer makes itself is left out of it.
    pub fn of_dataset(dataset: &Dataset) -> Self {
        let kept = |tag: Tag| tag.group() > 2 && tag.group().is_multiple_of(2) && !OWN.contains(&tag);
        let elements = dataset.iter().filter(|element| kept(element.header().tag) && grammar::is_sound(element));
        Self { dataset: Dataset::from_element_iter(elements.cloned()) }
    }

    pub(super) const fn dataset(&self) -> &Dataset {
        &self.dataset
    }
}

impl std::str::FromStr for Template {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let value: Value = serde_json::from_str(text).map_err(|_| refuse("(the whole)", "no JSON"))?;
        Self::of_json(&value)
    }
}

fn refuse(key: &str, what: &'static str) -> Error {
    let shown = key.starts_with('(') || put::tag_of(key).is_some();
    Error::Template { keyword: if shown { key } else { "(a key)" }.to_owned(), what }
}

fn dataset(object: &Map<String, Value>, depth: usize) -> Result<Dataset, Error> {
    let mut ds = Dataset::new_empty();
    for (key, value) in object {
        let tag = put::tag_of(key).ok_or_else(|| refuse(key, "is no keyword of the dictionary"))?;
        if tag.group() <= 2 || depth > DEPTH {
            return Err(refuse(key, "has no place in a template"));
        }
        let values = match value {
            Value::Array(values) => values.as_slice(),
            Value::Null => &[],
            one => std::slice::from_ref(one),
        };
        let vr = put::vr_of(tag);
        if vr == VR::SQ {
            let items = values.iter().map(|item| {
                let item = item.as_object().ok_or_else(|| refuse(key, "is a sequence: objects are wanted"))?;
                dataset(item, depth + 1)
            });
            put::items(&mut ds, tag, items.collect::<Result<_, _>>()?);
            continue;
        }
        let bad = || refuse(key, "has a value that is none of its VR");
        let value = primitive(vr, values).ok_or_else(bad)?;
        ds.put(DataElement::new(tag, vr, value));
    }
    Ok(ds)
}

/// Values of a VR; `None` where one is none.
fn primitive(vr: VR, values: &[Value]) -> Option<PrimitiveValue> {
    fn all<T>(values: &[Value], one: impl Fn(&Value) -> Option<T>) -> Option<C<T>> {
        values.iter().map(one).collect()
    }
    if values.is_empty() {
        return Some(PrimitiveValue::Empty);
    }
    Some(match vr {
        VR::US => PrimitiveValue::U16(all(values, |v| v.as_u64()?.try_into().ok())?),
        VR::SS => PrimitiveValue::I16(all(values, |v| v.as_i64()?.try_into().ok())?),
        VR::UL => PrimitiveValue::U32(all(values, |v| v.as_u64()?.try_into().ok())?),
        VR::SL => PrimitiveValue::I32(all(values, |v| v.as_i64()?.try_into().ok())?),
        VR::FL => PrimitiveValue::F32(all(values, |v| Some(v.as_f64()? as f32).filter(|v| v.is_finite()))?),
        VR::FD => PrimitiveValue::F64(all(values, Value::as_f64)?),
        VR::OB | VR::OW | VR::OF | VR::OD | VR::OL | VR::OV | VR::UN | VR::AT => return None,
        _ => {
            let texts: C<String> = all(values, |v| match v {
                Value::String(text) => Some(text.clone()),
                Value::Number(number) if vr == VR::DS => number.as_f64().map(super::decimal::text),
                Value::Number(number) if vr == VR::IS => Some(number.to_string()),
                _ => None,
            })?;
            if !texts.iter().all(|text| grammar::is_value(vr, text)) {
                return None;
            }
            PrimitiveValue::Strs(texts)
        }
    })
}

/// How deep sequences may lie within each other.
const DEPTH: usize = 16;

/// What the writer makes itself.
pub(super) const OWN: [Tag; 47] = [
    tags::SPECIFIC_CHARACTER_SET,
    tags::IMAGE_TYPE,
    tags::SOP_CLASS_UID,
    tags::SOP_INSTANCE_UID,
    tags::SERIES_INSTANCE_UID,
    tags::INSTANCE_NUMBER,
    tags::MODALITY,
    tags::IMAGE_POSITION_PATIENT,
    tags::IMAGE_ORIENTATION_PATIENT,
    tags::PIXEL_SPACING,
    tags::IMAGER_PIXEL_SPACING,
    tags::SPACING_BETWEEN_SLICES,
    tags::SLICE_LOCATION,
    tags::SAMPLES_PER_PIXEL,
    tags::PHOTOMETRIC_INTERPRETATION,
    tags::PLANAR_CONFIGURATION,
    tags::NUMBER_OF_FRAMES,
    tags::FRAME_INCREMENT_POINTER,
    tags::ROWS,
    tags::COLUMNS,
    tags::BITS_ALLOCATED,
    tags::BITS_STORED,
    tags::HIGH_BIT,
    tags::PIXEL_REPRESENTATION,
    tags::SMALLEST_IMAGE_PIXEL_VALUE,
    tags::LARGEST_IMAGE_PIXEL_VALUE,
    tags::PIXEL_PADDING_VALUE,
    tags::PIXEL_PADDING_RANGE_LIMIT,
    tags::RESCALE_SLOPE,
    tags::RESCALE_INTERCEPT,
    tags::RESCALE_TYPE,
    tags::MODALITY_LUT_SEQUENCE,
    tags::REAL_WORLD_VALUE_MAPPING_SEQUENCE,
    tags::PIXEL_DATA,
    tags::FLOAT_PIXEL_DATA,
    tags::DOUBLE_FLOAT_PIXEL_DATA,
    tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE,
    tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE,
    tags::DIMENSION_ORGANIZATION_SEQUENCE,
    tags::DIMENSION_ORGANIZATION_TYPE,
    tags::DIMENSION_INDEX_SEQUENCE,
    tags::TEMPORAL_POSITION_IDENTIFIER,
    tags::NUMBER_OF_TEMPORAL_POSITIONS,
    tags::IMAGE_INDEX,
    tags::NUMBER_OF_SLICES,
    tags::DIFFUSION_B_VALUE,
    tags::DIFFUSION_GRADIENT_ORIENTATION,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_templates_are_refused_and_no_value_is_told() {
        for (text, keyword) in [
            ("[]", "(the whole)"),
            ("{", "(the whole)"),
            (r#"{"Jane Doe": 1}"#, "(a key)"),
            (r#"{"Rows": 3}"#, "Rows"),
            (r#"{"ImagePositionPatient": [0, 0, 0]}"#, "ImagePositionPatient"),
            (r#"{"PatientBirthDate": "1 May"}"#, "PatientBirthDate"),
            (r#"{"PatientName": {"Alphabetic": "Doe"}}"#, "PatientName"),
            (r#"{"KVP": "12O"}"#, "KVP"),
            (r#"{"KVP": true}"#, "KVP"),
            (r#"{"PatientSex": "female"}"#, "PatientSex"),
            (r#"{"StudyInstanceUID": "1.2.x"}"#, "StudyInstanceUID"),
            (r#"{"RadiopharmaceuticalInformationSequence": "FDG"}"#, "RadiopharmaceuticalInformationSequence"),
            (r#"{"RadiopharmaceuticalInformationSequence": [{"Nothing": 1}]}"#, "(a key)"),
            (r#"{"MagneticFieldStrength": "three"}"#, "MagneticFieldStrength"),
            (r#"{"TransferSyntaxUID": "1.2"}"#, "TransferSyntaxUID"),
        ] {
            match text.parse::<Template>() {
                Err(Error::Template { keyword: found, .. }) => assert_eq!(found, keyword, "{text}"),
                other => assert!(other.is_err(), "{text} was taken"),
            }
        }
        let deep = format!("{}{{}}{}", r#"{"ReferencedStudySequence":["#.repeat(100), "]}".repeat(100));
        assert!(deep.parse::<Template>().is_err());
    }
}

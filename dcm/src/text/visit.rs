//! Every text of a data set, with where it stands.

use std::fmt;

use dicom_core::value::PrimitiveValue;
use dicom_core::{DicomValue, Tag, VR};

use crate::Dataset;

/// One step of a path: a sequence, and an item of it from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct PathStep {
    /// The sequence.
    pub sequence: Tag,
    /// The item, from 0.
    pub item: usize,
}

/// Where an element stands: the sequences around it, and its tag.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct TagPath {
    /// The sequences and items around it, outermost first.
    pub steps: Vec<PathStep>,
    /// The element.
    pub tag: Option<Tag>,
}

impl fmt::Display for TagPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            write!(f, "{}[{}]/", step.sequence, step.item)?;
        }
        match self.tag {
            Some(tag) => write!(f, "{tag}"),
            None => Ok(()),
        }
    }
}

/// Calls `visit` with each value of each element that holds text, nested ones included, in order of the tags.
///
/// Bytes of VR UN, OB or OW count as text where they are printable UTF-8 (NULs aside). Numbers in binary VRs are not visited.
pub fn visit_text(dataset: &Dataset, visit: &mut dyn FnMut(&TagPath, VR, &str)) {
    walk(dataset, &mut TagPath::default(), visit);
}

/// All text of a data set, see [`visit_text`].
///
/// ```
/// use isocenter_dcm::{Dataset, tags, text};
/// use isocenter_dcm::dicom_core::{DataElement, VR};
/// let mut ds = Dataset::new_empty();
/// ds.put(DataElement::new(tags::PATIENT_ID, VR::LO, "4711"));
/// let found = text::all_strings(&ds);
/// assert_eq!(found[0].0.to_string(), "(0010,0020)");
/// assert_eq!(found[0].1, "4711");
/// ```
pub fn all_strings(dataset: &Dataset) -> Vec<(TagPath, String)> {
    let mut found = Vec::new();
    visit_text(dataset, &mut |path, _, text| found.push((path.clone(), text.to_owned())));
    found
}

fn walk(dataset: &Dataset, path: &mut TagPath, visit: &mut dyn FnMut(&TagPath, VR, &str)) {
    for element in dataset.iter() {
        let (tag, vr) = (element.header().tag, element.vr());
        path.tag = Some(tag);
        match element.value() {
            DicomValue::Sequence(sequence) => {
                for (item, inner) in sequence.items().iter().enumerate() {
                    path.steps.push(PathStep { sequence: tag, item });
                    walk(inner, path, visit);
                    path.steps.pop();
                }
            }
            DicomValue::Primitive(PrimitiveValue::Str(text)) => visit(path, vr, text),
            DicomValue::Primitive(PrimitiveValue::Strs(parts)) => parts.iter().for_each(|part| visit(path, vr, part)),
            DicomValue::Primitive(PrimitiveValue::U8(bytes)) => {
                if let Some(text) = printable(bytes) {
                    visit(path, vr, text);
                }
            }
            _ => {}
        }
    }
    path.tag = None;
}

fn printable(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?.trim_end_matches(['\0', ' ']);
    let plain = !text.is_empty() && text.chars().all(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r'));
    plain.then_some(text)
}

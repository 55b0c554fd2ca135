//! Which originals are sealed: attributes of the top level, a sequence in its entirety.

use dicom_core::header::Header;
use dicom_core::value::PrimitiveValue;
use dicom_core::{DataElement, Tag, VR};
use dicom_dictionary_std::tags;
use isocenter_dcm::{Dataset, Element, text};

/// Which of the originals are sealed. Pixel data never is: what was blanked in it stays blank.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Originals {
    /// What says whose instance it is: changed attributes of the patient, of the clinical trial and of the study, UIDs, dates and times, and sequences that hold any of
    /// them.
    #[default]
    Identity,
    /// Every attribute that was changed or removed.
    All,
}

/// Of the study, besides its dates and UIDs (PS3.3 C.7.2.1).
const STUDY: [Tag; 9] = [
    tags::ACCESSION_NUMBER,
    tags::ISSUER_OF_ACCESSION_NUMBER_SEQUENCE,
    tags::REFERRING_PHYSICIAN_NAME,
    tags::REFERRING_PHYSICIAN_IDENTIFICATION_SEQUENCE,
    tags::STUDY_DESCRIPTION,
    tags::PROCEDURE_CODE_SEQUENCE,
    tags::PHYSICIANS_OF_RECORD,
    tags::NAME_OF_PHYSICIANS_READING_STUDY,
    tags::STUDY_ID,
];

/// What is no original: pixels, how text is written, and what is said of the pixels and of the de-identification, which re-identification does not undo or says anew.
const LEFT_OUT: [Tag; 9] = [
    tags::PIXEL_DATA,
    tags::FLOAT_PIXEL_DATA,
    tags::DOUBLE_FLOAT_PIXEL_DATA,
    tags::SPECIFIC_CHARACTER_SET,
    tags::BURNED_IN_ANNOTATION,
    tags::RECOGNIZABLE_VISUAL_FEATURES,
    tags::PATIENT_IDENTITY_REMOVED,
    tags::DEIDENTIFICATION_METHOD,
    tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE,
];

impl Originals {
    /// A copy of what may become an original, of an instance that is not de-identified yet.
    pub(crate) fn before(self, dataset: &Dataset) -> Dataset {
        Dataset::from_element_iter(dataset.iter().filter(|element| self.takes(element)).cloned())
    }

    /// Of that copy what `after` has no more, or has otherwise.
    pub(crate) fn changed(self, before: &Dataset, after: &Dataset) -> Dataset {
        let same = |old: &Element| after.get(old.tag()).is_some_and(|new| are_same(old, new));
        let mut changed = Dataset::from_element_iter(before.iter().filter(|element| !same(element)).cloned());
        // a private element means nothing without the name of its block
        let blocks: Vec<Tag> = changed.tags().filter_map(creator).collect();
        for creator in blocks {
            if let Some(element) = before.get(creator) {
                changed.put(element.clone());
            }
        }
        // what the de-identifier added would stay: no value is the original's
        for (tag, vr) in [(tags::PATIENT_NAME, VR::PN), (tags::PATIENT_ID, VR::LO)] {
            if before.get(tag).is_none() && after.get(tag).is_some() {
                changed.put(DataElement::new(tag, vr, PrimitiveValue::Empty));
            }
        }
        text::declare_utf8(&mut changed);
        changed
    }

    fn takes(self, element: &Element) -> bool {
        let tag = element.tag();
        let is_one = tag.group() >= 0x0008 && tag.element() != 0 && !LEFT_OUT.contains(&tag);
        is_one && (self == Self::All || identifies(element))
    }
}

/// Whether two elements say the same. Their own equality does not know two undefined lengths for equal.
fn are_same(a: &Element, b: &Element) -> bool {
    let all = |a: &Dataset, b: &Dataset| {
        a.iter().count() == b.iter().count() && a.iter().zip(b.iter()).all(|(a, b)| are_same(a, b))
    };
    a.tag() == b.tag()
        && a.vr() == b.vr()
        && match (a.items(), b.items()) {
            (Some(a), Some(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| all(a, b)),
            (None, None) => a.value() == b.value(),
            _ => false,
        }
}

fn identifies(element: &Element) -> bool {
    let (tag, vr) = (element.tag(), element.vr());
    let is_public = tag.group() % 2 == 0;
    let says_who = matches!(tag.group(), 0x0010 | 0x0012)
        || matches!(vr, VR::UI | VR::DA | VR::DT | VR::TM)
        || STUDY.contains(&tag)
        || tag == tags::LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED;
    is_public && (says_who || element.items().into_iter().flatten().any(|item| item.iter().any(identifies)))
}

/// The tag of the creator of a private element.
fn creator(tag: Tag) -> Option<Tag> {
    (tag.group() % 2 == 1 && tag.element() >= 0x1000).then_some(Tag(tag.group(), tag.element() >> 8))
}

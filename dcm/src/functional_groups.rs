//! Functional groups: what holds for all frames, for one, or for the only one.
//!
//! A legacy converted image keeps attributes that it could not place in a group in two groups of their own, as they stood in
//! the single-frame image: flat, without the group's sequence.
//!
//! Source: DICOM PS3.3 C.7.6.16 (multi-frame functional groups; macros of unassigned converted attributes).

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use crate::{Dataset, Element, value};

/// Looks facts of a frame up: per frame, then shared, then among the unassigned attributes of a legacy converted image, then at
/// the top level of an image without functional groups.
///
/// ```
/// use isocenter_dcm::{Dataset, FunctionalGroups, tags, value};
/// use isocenter_dcm::dicom_core::{DataElement, VR};
/// let mut legacy = Dataset::new_empty();
/// legacy.put(DataElement::new(tags::PIXEL_SPACING, VR::DS, "0.5\\0.5"));
/// let groups = FunctionalGroups::new(&legacy);
/// let item = groups.item(0, tags::PIXEL_MEASURES_SEQUENCE).ok_or("no group")?;
/// assert_eq!(value::f64s(item, tags::PIXEL_SPACING), [0.5, 0.5]);
/// # Ok::<_, &str>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct FunctionalGroups<'a> {
    root: &'a Dataset,
    per_frame: Option<&'a [Dataset]>,
    shared: Option<&'a Dataset>,
    frames: usize,
}

impl<'a> FunctionalGroups<'a> {
    /// Finds the groups of a data set.
    pub fn new(dataset: &'a Dataset) -> Self {
        let frames =
            value::i64(dataset, tags::NUMBER_OF_FRAMES).and_then(|n| usize::try_from(n).ok()).unwrap_or(1).max(1);
        Self {
            root: dataset,
            per_frame: value::sequence(dataset, tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE)
                .filter(|items| !items.is_empty()),
            shared: value::item(dataset, tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE),
            frames,
        }
    }

    /// Whether the data set has functional groups at all (is "enhanced").
    pub fn is_enhanced(&self) -> bool {
        self.per_frame.is_some() || self.shared.is_some()
    }

    /// Number of Frames, 1 where it is absent.
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// The first item of a group's sequence for a frame (from 0).
    ///
    /// For an image without functional groups, and for one of a single frame that lacks this one, it is the data set itself,
    /// where the same attributes stand in legacy objects.
    pub fn item(&self, frame: usize, sequence: Tag) -> Option<&'a Dataset> {
        let found = self.grouped(frame, sequence).or_else(|| self.converted(frame, sequence));
        let legacy = !self.is_enhanced() || self.frames == 1;
        found.or_else(|| legacy.then_some(self.root))
    }

    /// An attribute of a frame: in its group, else where [`FunctionalGroups::item`] looks further, each place in turn.
    ///
    /// What a group has empty is not looked for elsewhere.
    pub fn attribute(&self, frame: usize, sequence: Tag, attribute: Tag) -> Option<&'a Element> {
        let in_group = self.grouped(frame, sequence).and_then(|item| item.get(attribute));
        let unassigned = || self.unassigned(frame).find_map(|item| item.get(attribute));
        let legacy = || (!self.is_enhanced() || self.frames == 1).then(|| self.root.get(attribute)).flatten();
        in_group.or_else(unassigned).or_else(legacy)
    }

    /// As [`FunctionalGroups::item`], but only what stands in a functional group.
    pub fn grouped(&self, frame: usize, sequence: Tag) -> Option<&'a Dataset> {
        let own = self.per_frame.and_then(|items| items.get(frame)).and_then(|group| value::item(group, sequence));
        own.or_else(|| value::item(self.shared?, sequence))
    }

    /// The unassigned converted attributes of a frame: its own, then those of all frames.
    pub fn unassigned(&self, frame: usize) -> impl Iterator<Item = &'a Dataset> {
        let own = self.of_frame(frame).and_then(|group| value::item(group, UNASSIGNED_PER_FRAME));
        let shared = self.shared.and_then(|group| value::item(group, UNASSIGNED_SHARED));
        own.into_iter().chain(shared)
    }

    /// Where the unassigned attributes hold a group: as a sequence, or flat.
    fn converted(&self, frame: usize, sequence: Tag) -> Option<&'a Dataset> {
        let nested = self.unassigned(frame).find_map(|item| value::item(item, sequence));
        nested.or_else(|| {
            let attribute = mandatory(sequence)?;
            self.unassigned(frame).find(|item| item.get(attribute).is_some())
        })
    }

    /// The whole per-frame group of a frame.
    pub fn of_frame(&self, frame: usize) -> Option<&'a Dataset> {
        self.per_frame?.get(frame)
    }

    /// The whole shared group.
    pub fn shared(&self) -> Option<&'a Dataset> {
        self.shared
    }
}

const UNASSIGNED_SHARED: Tag = tags::UNASSIGNED_SHARED_CONVERTED_ATTRIBUTES_SEQUENCE;
const UNASSIGNED_PER_FRAME: Tag = tags::UNASSIGNED_PER_FRAME_CONVERTED_ATTRIBUTES_SEQUENCE;

/// The attribute that a group cannot do without, by which its attributes are known where they stand flat.
const fn mandatory(sequence: Tag) -> Option<Tag> {
    Some(match sequence {
        tags::PIXEL_MEASURES_SEQUENCE => tags::PIXEL_SPACING,
        tags::PLANE_POSITION_SEQUENCE => tags::IMAGE_POSITION_PATIENT,
        tags::PLANE_ORIENTATION_SEQUENCE => tags::IMAGE_ORIENTATION_PATIENT,
        tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE => tags::RESCALE_SLOPE,
        tags::FRAME_VOILUT_SEQUENCE => tags::WINDOW_CENTER,
        tags::FRAME_ANATOMY_SEQUENCE => tags::BODY_PART_EXAMINED,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use dicom_core::value::DataSetSequence;
    use dicom_core::{DataElement, DicomValue, Length, VR};

    use super::*;

    fn sequence(tag: Tag, items: Vec<Dataset>) -> Element {
        Element::new(tag, VR::SQ, DicomValue::Sequence(DataSetSequence::new(items, Length::UNDEFINED)))
    }

    fn attribute(tag: Tag, text: &str) -> Dataset {
        Dataset::from_element_iter([DataElement::new(tag, VR::DS, text)])
    }

    #[test]
    fn legacy_converted_attributes_are_found() {
        let frame = |text| {
            let item = attribute(tags::RESCALE_SLOPE, text);
            Dataset::from_element_iter([sequence(UNASSIGNED_PER_FRAME, vec![item])])
        };
        let shared = attribute(tags::PIXEL_SPACING, "0.5\\0.5");
        let shared = Dataset::from_element_iter([sequence(UNASSIGNED_SHARED, vec![shared])]);
        let image = Dataset::from_element_iter([
            DataElement::new(tags::NUMBER_OF_FRAMES, VR::IS, "2"),
            sequence(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, vec![shared]),
            sequence(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, vec![frame("2"), frame("3")]),
        ]);
        let groups = FunctionalGroups::new(&image);
        let slope =
            |frame| value::f64(groups.item(frame, tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE)?, tags::RESCALE_SLOPE);
        assert_eq!((slope(0), slope(1), slope(2)), (Some(2.0), Some(3.0), None));
        let spacing = groups.item(1, tags::PIXEL_MEASURES_SEQUENCE).map(|item| value::f64s(item, tags::PIXEL_SPACING));
        assert_eq!(spacing, Some(vec![0.5, 0.5]));
        assert!(groups.item(0, tags::PLANE_POSITION_SEQUENCE).is_none());
        let found = groups.attribute(1, tags::PIXEL_MEASURES_SEQUENCE, tags::PIXEL_SPACING);
        assert_eq!(found.and_then(value::numbers), Some(vec![0.5, 0.5]));
        assert!(groups.grouped(1, tags::PIXEL_MEASURES_SEQUENCE).is_none());
    }
}

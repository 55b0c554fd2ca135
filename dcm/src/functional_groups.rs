//! Functional groups: what holds for all frames, for one, or for the only one.
//!
//! Source: DICOM PS3.3 C.7.6.16 (multi-frame functional groups).

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use crate::{Dataset, value};

/// Looks facts of a frame up: per frame, then shared, then at the top level of an image without functional groups.
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
        let found = self.grouped(frame, sequence);
        let legacy = !self.is_enhanced() || self.frames == 1;
        found.or_else(|| legacy.then_some(self.root))
    }

    /// As [`FunctionalGroups::item`], but only what stands in a functional group.
    pub fn grouped(&self, frame: usize, sequence: Tag) -> Option<&'a Dataset> {
        let own = self.per_frame.and_then(|items| items.get(frame)).and_then(|group| value::item(group, sequence));
        own.or_else(|| value::item(self.shared?, sequence))
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

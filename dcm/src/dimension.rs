//! Dimensions of a multi-frame image: by what its frames are told apart, and in which order.
//!
//! An enhanced image names *dimensions* (stack position, temporal position, segment, ...), each a pointer to an attribute, mostly
//! within a functional group. Each frame has one *index value* per dimension, a count from 1 that ranks the frame among the
//! values of that attribute. The first dimension varies slowest. The index values order frames without a look at what the
//! attributes mean; [`Dimensions::element`] follows the pointer where the meaning counts.
//!
//! Source: DICOM PS3.3 C.7.6.17 (Multi-frame Dimension Module), C.7.6.16.2.2 (Frame Content, Dimension Index Values).
//!
//! # Examples
//! ```
//! use isocenter_dcm::{Dataset, dimension::Dimensions};
//! let plain = Dataset::new_empty();
//! assert!(Dimensions::of(&plain)?.is_none());
//! # Ok::<_, isocenter_dcm::Error>(())
//! ```

mod pointer;

use dicom_dictionary_std::tags;

pub use pointer::Pointer;

use crate::{Dataset, Element, Error, FunctionalGroups, value};

/// One dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dimension {
    /// The attribute that its index counts.
    pub pointer: Pointer,
    /// The functional group that holds the attribute; `None` where it stands at the top level.
    pub group: Option<Pointer>,
    /// Dimension Organization UID: dimensions of one organization are of one coordinate system.
    pub organization_uid: Option<String>,
    /// Dimension Description Label, free text.
    pub label: Option<String>,
}

/// The dimensions of one image, slowest first, and the index values of its frames.
#[derive(Clone, Debug)]
pub struct Dimensions<'a> {
    root: &'a Dataset,
    groups: FunctionalGroups<'a>,
    dimensions: Vec<Dimension>,
    /// One row per frame that has index values.
    indices: Vec<Option<Vec<u32>>>,
}

impl<'a> Dimensions<'a> {
    /// Reads the dimensions of a data set; `None` where it names none.
    ///
    /// # Errors
    /// [`Error::Missing`] where a dimension points nowhere, [`Error::Malformed`] where a frame has another number of index
    /// values than there are dimensions, or one that is no count.
    pub fn of(dataset: &'a Dataset) -> Result<Option<Self>, Error> {
        let items = value::sequence(dataset, tags::DIMENSION_INDEX_SEQUENCE).unwrap_or_default();
        if items.is_empty() {
            return Ok(None);
        }
        let dimensions = items.iter().map(dimension).collect::<Result<Vec<_>, _>>()?;
        let groups = FunctionalGroups::new(dataset);
        // Groups that are there, not frames that are declared: a declared number may be anything.
        let there = value::sequence(dataset, tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).map_or(0, <[_]>::len);
        let indices = (0..there.min(groups.frames())).map(|frame| indices(&groups, frame, dimensions.len()));
        let indices = indices.collect::<Result<Vec<_>, _>>()?;
        Ok(Some(Self { root: dataset, groups, dimensions, indices }))
    }

    /// The dimensions, slowest first.
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    /// Dimension Organization Type, such as `3D` or `TILED_FULL`.
    pub fn organization_type(&self) -> Option<String> {
        value::string(self.root, tags::DIMENSION_ORGANIZATION_TYPE)
    }

    /// The index values of a frame (from 0), one per dimension, each from 1; `None` where the frame has none, as in an image of
    /// type `TILED_FULL`.
    pub fn indices(&self, frame: usize) -> Option<&[u32]> {
        self.indices.get(frame)?.as_deref()
    }

    /// The frames (from 0) in the order of their index values; equal ones in the order of the file.
    ///
    /// # Errors
    /// [`Error::Missing`] where a frame has no index values.
    pub fn order(&self) -> Result<Vec<usize>, Error> {
        let frames = self.groups.frames();
        if self.indices.len() < frames || self.indices.iter().any(Option::is_none) {
            return Err(Error::Missing { tag: tags::DIMENSION_INDEX_VALUES });
        }
        let mut order: Vec<usize> = (0..frames).collect();
        order.sort_by_key(|&frame| self.indices(frame));
        Ok(order)
    }

    /// Whether no two frames have the same index values, as the standard wants it.
    pub fn is_unique(&self) -> bool {
        let mut rows: Vec<_> = self.indices.iter().flatten().collect();
        rows.sort();
        rows.windows(2).all(|pair| pair[0] != pair[1])
    }

    /// The element that a dimension (from 0) points to, for a frame; `None` where it is not there.
    pub fn element(&self, frame: usize, dimension: usize) -> Option<&'a Element> {
        let Dimension { pointer, group, .. } = self.dimensions.get(dimension)?;
        let Some(group) = group else { return pointer.find(self.root) };
        let within = |all: Option<&'a Dataset>| group.find(all?)?.items()?.first();
        let item = within(self.groups.of_frame(frame)).or_else(|| within(self.groups.shared()));
        let unassigned = || self.groups.unassigned(frame).find_map(|flat| pointer.find(flat));
        item.and_then(|item| pointer.find(item)).or_else(unassigned)
    }
}

fn dimension(item: &Dataset) -> Result<Dimension, Error> {
    let pointer = Pointer::read(item, tags::DIMENSION_INDEX_POINTER, tags::DIMENSION_INDEX_PRIVATE_CREATOR)
        .ok_or(Error::Missing { tag: tags::DIMENSION_INDEX_POINTER })?;
    Ok(Dimension {
        pointer,
        group: Pointer::read(item, tags::FUNCTIONAL_GROUP_POINTER, tags::FUNCTIONAL_GROUP_PRIVATE_CREATOR),
        organization_uid: value::string(item, tags::DIMENSION_ORGANIZATION_UID),
        label: value::string(item, tags::DIMENSION_DESCRIPTION_LABEL),
    })
}

fn indices(groups: &FunctionalGroups<'_>, frame: usize, wanted: usize) -> Result<Option<Vec<u32>>, Error> {
    let tag = tags::DIMENSION_INDEX_VALUES;
    let content = groups.grouped(frame, tags::FRAME_CONTENT_SEQUENCE);
    let Some(element) = content.and_then(|item| item.get(tag)) else { return Ok(None) };
    let bad = |what| Error::Malformed { tag: Some(tag), what };
    let numbers = value::numbers(element).unwrap_or_default();
    if numbers.len() != wanted {
        return Err(bad("another number of index values than of dimensions"));
    }
    let counts = numbers.iter().map(|&x| {
        let count = x.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&x);
        if count { Ok(x as u32) } else { Err(bad("an index value that is no count")) }
    });
    counts.collect::<Result<_, _>>().map(Some)
}

#[cfg(test)]
mod tests {
    use dicom_core::value::{C, DataSetSequence, PrimitiveValue};
    use dicom_core::{DataElement, DicomValue, Length, Tag, VR};

    use super::*;

    const OURS: Tag = Tag(0x0019, 0x1001);

    fn sequence(tag: Tag, items: Vec<Dataset>) -> Element {
        Element::new(tag, VR::SQ, DicomValue::Sequence(DataSetSequence::new(items, Length::UNDEFINED)))
    }

    fn set<const N: usize>(elements: [Element; N]) -> Dataset {
        Dataset::from_element_iter(elements)
    }

    fn pointer(tag: Tag, to: Tag) -> Element {
        DataElement::new(tag, VR::AT, PrimitiveValue::Tags(C::from_elem(to, 1)))
    }

    /// Two dimensions: a stack position in Frame Content, and a private attribute in a private group.
    fn image(frames: &[(&[u32], &str)]) -> Dataset {
        let stack = set([
            pointer(tags::DIMENSION_INDEX_POINTER, tags::IN_STACK_POSITION_NUMBER),
            pointer(tags::FUNCTIONAL_GROUP_POINTER, tags::FRAME_CONTENT_SEQUENCE),
        ]);
        let ours = set([
            pointer(tags::DIMENSION_INDEX_POINTER, OURS),
            DataElement::new(tags::DIMENSION_INDEX_PRIVATE_CREATOR, VR::LO, "OURS"),
            pointer(tags::FUNCTIONAL_GROUP_POINTER, Tag(0x0021, 0x1002)),
            DataElement::new(tags::FUNCTIONAL_GROUP_PRIVATE_CREATOR, VR::LO, "GROUPS"),
            DataElement::new(tags::DIMENSION_DESCRIPTION_LABEL, VR::LO, "ours"),
        ]);
        let groups = frames.iter().map(|(indices, text)| {
            let mut content =
                set([DataElement::new(tags::IN_STACK_POSITION_NUMBER, VR::UL, PrimitiveValue::from(9u32))]);
            if !indices.is_empty() {
                let values = PrimitiveValue::U32(C::from_slice(indices));
                content.put(DataElement::new(tags::DIMENSION_INDEX_VALUES, VR::UL, values));
            }
            // The creators have other blocks here than in the pointers.
            let inner = set([
                DataElement::new(Tag(0x0019, 0x0011), VR::LO, "OURS"),
                DataElement::new(Tag(0x0019, 0x1101), VR::LO, *text),
            ]);
            set([
                sequence(tags::FRAME_CONTENT_SEQUENCE, vec![content]),
                DataElement::new(Tag(0x0021, 0x0030), VR::LO, "GROUPS"),
                sequence(Tag(0x0021, 0x3002), vec![inner]),
            ])
        });
        set([
            DataElement::new(tags::NUMBER_OF_FRAMES, VR::IS, frames.len().to_string()),
            sequence(tags::DIMENSION_INDEX_SEQUENCE, vec![stack, ours]),
            sequence(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, groups.collect()),
        ])
    }

    #[test]
    fn frames_are_ordered_by_their_indices() {
        let ds = image(&[(&[2, 1], "c"), (&[1, 2], "b"), (&[1, 1], "a"), (&[2, 1], "d")]);
        let dimensions = Dimensions::of(&ds).unwrap().unwrap();
        assert_eq!(dimensions.order().unwrap(), [2, 1, 0, 3]);
        assert_eq!(dimensions.indices(1), Some(&[1, 2][..]));
        assert!(!dimensions.is_unique());
        assert_eq!(dimensions.dimensions()[1].label.as_deref(), Some("ours"));
    }

    #[test]
    fn pointers_are_followed_by_creator() {
        let ds = image(&[(&[1, 1], "a"), (&[1, 2], "b")]);
        let dimensions = Dimensions::of(&ds).unwrap().unwrap();
        let text = |frame, dimension| dimensions.element(frame, dimension)?.to_str().ok();
        assert_eq!((text(0, 1).as_deref(), text(1, 1).as_deref()), (Some("a"), Some("b")));
        assert_eq!(text(1, 0).as_deref(), Some("9"));
        assert!(text(2, 1).is_none() && text(0, 2).is_none());
        assert!(dimensions.is_unique());
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        assert_eq!(Dimensions::of(&image(&[(&[1], "a")])).unwrap_err().reason(), "malformed");
        let unordered = image(&[(&[1, 1], "a"), (&[], "b")]);
        let dimensions = Dimensions::of(&unordered).unwrap().unwrap();
        assert_eq!(dimensions.order().unwrap_err().reason(), "missing-element");
        let mut many = image(&[(&[1, 1], "a")]);
        many.put(DataElement::new(tags::NUMBER_OF_FRAMES, VR::IS, "2147483647"));
        assert!(Dimensions::of(&many).unwrap().unwrap().order().is_err());
        let nowhere = set([sequence(tags::DIMENSION_INDEX_SEQUENCE, vec![Dataset::new_empty()])]);
        assert_eq!(Dimensions::of(&nowhere).unwrap_err().reason(), "missing-element");
    }
}

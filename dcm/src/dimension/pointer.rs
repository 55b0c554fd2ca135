//! A pointer to an attribute, public or private.

use dicom_core::Tag;
use dicom_core::value::PrimitiveValue;

use crate::{Dataset, Element, value};

/// Which attribute is meant.
///
/// Of a private one only the group and the low byte of the element count: its creator may have another block in each data set.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pointer {
    /// The attribute.
    pub tag: Tag,
    /// The private creator; `None` for an attribute of the standard.
    pub creator: Option<String>,
}

impl Pointer {
    /// Reads a pointer from an element of VR AT and one that names the creator.
    pub(super) fn read(item: &Dataset, tag: Tag, creator: Tag) -> Option<Self> {
        let tag = match item.get(tag)?.value().primitive()? {
            PrimitiveValue::Tags(tags) => *tags.first()?,
            _ => return None,
        };
        let creator = (tag.group() % 2 == 1).then(|| value::string(item, creator)).flatten();
        Some(Self { tag, creator })
    }

    /// The element in a data set; a private one without a named creator is looked for where the pointer says.
    pub fn find<'a>(&self, dataset: &'a Dataset) -> Option<&'a Element> {
        let Tag(group, element) = self.tag;
        let tag = match &self.creator {
            Some(creator) => value::private_tag(dataset, group, creator, (element & 0xFF) as u8)?,
            None => self.tag,
        };
        dataset.get(tag)
    }
}

//! A digest of the values of some groups, to see whether two headers say the same without holding what they say.
//!
//! Padding at the ends of values counts for nothing, so that a value is the same in a file that names representations and in one that
//! does not. The bytes of text count as they are stored, whatever their character set.

use std::hash::{DefaultHasher, Hasher};

use dicom_core::Tag;

use crate::{Dataset, Element, value};

/// The digest of all elements of these groups, with the items of their sequences; for comparisons within one run of one program.
///
/// A reading takes the same of the bytes as they pass: [`Selection::digest`](crate::Selection::digest).
///
/// ```
/// use isocenter_dcm::{Dataset, VR, dicom_core::DataElement, digest, tags};
/// let of = |time: &str| {
///     let element = DataElement::new(tags::ECHO_TIME, VR::DS, time);
///     digest::of(&Dataset::from_element_iter([element]), &[0x0018])
/// };
/// assert_eq!(of("30"), of("30 "));
/// assert_ne!(of("30"), of("31"));
/// ```
pub fn of(dataset: &Dataset, groups: &[u16]) -> u64 {
    let mut digest = Digest::default();
    for element in dataset.iter().filter(|element| groups.contains(&element.header().tag.group())) {
        digest.element(element);
    }
    digest.finish()
}

/// A digest that grows by values.
#[derive(Clone, Debug, Default)]
pub(crate) struct Digest(DefaultHasher);

impl Digest {
    /// Takes in a sequence, whose elements follow.
    pub(crate) fn sequence(&mut self, tag: Tag) {
        self.0.write_u32(u32::from(tag.group()) << 16 | u32::from(tag.element()));
    }

    /// Takes in a value.
    pub(crate) fn value(&mut self, tag: Tag, bytes: &[u8]) {
        self.sequence(tag);
        let kept = bytes.iter().rposition(|byte| *byte != 0 && !byte.is_ascii_whitespace()).map_or(0, |last| last + 1);
        self.0.write_usize(kept);
        self.0.write(bytes.get(..kept).unwrap_or_default());
    }

    fn element(&mut self, element: &Element) {
        let tag = element.header().tag;
        match element.items() {
            Some(items) => {
                self.sequence(tag);
                items.iter().flat_map(|item| item.iter()).for_each(|element| self.element(element));
            }
            None => self.value(tag, &value::bytes(element)),
        }
    }

    pub(crate) fn finish(&self) -> u64 {
        self.0.finish()
    }
}

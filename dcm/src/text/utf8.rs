//! UTF-8 for a whole data set.

use dicom_core::{DataElement, VR};
use dicom_dictionary_std::tags;

use super::all_strings;
use crate::{Dataset, value};

/// Names UTF-8 as the character set of a data set and of every item in it, where any of its text is not ASCII; what
/// [`write`](crate::write) gives is then searched for a name by the bytes of its UTF-8.
///
/// ```
/// use isocenter_dcm::{Dataset, tags, text, value};
/// use isocenter_dcm::dicom_core::{DataElement, VR};
/// let mut ds = Dataset::new_empty();
/// ds.put(DataElement::new(tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 100"));
/// ds.put(DataElement::new(tags::PATIENT_NAME, VR::PN, "Müller"));
/// text::declare_utf8(&mut ds);
/// assert_eq!(value::string(&ds, tags::SPECIFIC_CHARACTER_SET).as_deref(), Some("ISO_IR 192"));
/// ```
pub fn declare_utf8(dataset: &mut Dataset) {
    if all_strings(dataset).iter().all(|(_, text)| text.is_ascii()) {
        return;
    }
    forget(dataset);
    dataset.put(DataElement::new(tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192"));
}

/// Takes out what a data set and its items name.
fn forget(dataset: &mut Dataset) {
    dataset.remove_element(tags::SPECIFIC_CHARACTER_SET);
    let sequences: Vec<_> = dataset.iter().map(|element| element.header().tag).collect();
    for tag in sequences.into_iter().filter(|&tag| value::sequence(dataset, tag).is_some()).collect::<Vec<_>>() {
        dataset.update_value(tag, |value| value.items_mut().into_iter().flatten().for_each(forget));
    }
}

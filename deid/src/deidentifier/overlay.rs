//! Overlays (60xx): drawings of one bit a pixel, which may be of letters.

use dicom_core::header::Header;
use dicom_core::value::PrimitiveValue;
use dicom_core::{DataElement, Tag, VR};
use isocenter_dcm::{Dataset, Element};

/// Overlay Data without a drawing, of the same length.
pub(super) fn cleared(data: &Element) -> Element {
    let bytes = data.value().primitive().map_or(0, PrimitiveValue::calculate_byte_len);
    let blank = PrimitiveValue::U8(vec![0; bytes].into());
    DataElement::new(data.tag(), if data.vr() == VR::OW { VR::OW } else { VR::OB }, blank)
}

/// Takes the elements of overlays that have no data (it was in unused bits of the pixels, or is gone).
pub(super) fn without_data(dataset: &mut Dataset) -> Vec<Element> {
    let orphans: Vec<Tag> = dataset
        .tags()
        .filter(|tag| matches!(tag.group(), 0x6000..=0x60FF) && tag.group() % 2 == 0)
        .filter(|tag| dataset.get(Tag(tag.group(), 0x3000)).is_none())
        .collect();
    orphans.into_iter().filter_map(|tag| dataset.take(tag)).collect()
}

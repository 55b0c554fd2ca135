//! An image to read.
use isocenter_dcm::dicom_core::{DataElement, PrimitiveValue, VR};
use isocenter_dcm::{Dataset, FileMeta, Instance, tags};

/// Two rows of three pixels.
pub(crate) fn sample() -> Instance {
    let mut ds = Dataset::new_empty();
    for (tag, v) in [(tags::ROWS, 2u16), (tags::COLUMNS, 3), (tags::BITS_ALLOCATED, 8), (tags::SAMPLES_PER_PIXEL, 1)] {
        ds.put(DataElement::new(tag, VR::US, PrimitiveValue::from(v)));
    }
    ds.put(DataElement::new(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2"));
    ds.put(DataElement::new(tags::PIXEL_DATA, VR::OB, PrimitiveValue::from(vec![1u8, 2, 3, 4, 5, 6])));
    Instance::new(FileMeta::default(), ds)
}

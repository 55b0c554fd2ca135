//! A CT of four slices, 2 mm apart, whose instance numbers run the wrong way.

use isocenter_dcm::{
    Dataset, FileMeta, Instance, VR,
    dicom_core::{DataElement, PrimitiveValue},
    tags,
};

/// The bytes of its files.
pub(crate) fn bytes() -> Result<Vec<Vec<u8>>, isocenter_dcm::Error> {
    let mut files = Vec::new();
    for k in 0..4 {
        let mut ds = Dataset::new_empty();
        for (tag, vr, text) in [
            (tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.2".to_owned()),
            (tags::SOP_INSTANCE_UID, VR::UI, format!("2.25.1.{}", k + 1)),
            (tags::SERIES_INSTANCE_UID, VR::UI, "2.25.2".to_owned()),
            (tags::STUDY_INSTANCE_UID, VR::UI, "2.25.3".to_owned()),
            (tags::MODALITY, VR::CS, "CT".to_owned()),
            (tags::INSTANCE_NUMBER, VR::IS, (9 - k).to_string()),
            (tags::IMAGE_POSITION_PATIENT, VR::DS, format!("-8\\-8\\{}", 2 * k)),
            (tags::IMAGE_ORIENTATION_PATIENT, VR::DS, "1\\0\\0\\0\\1\\0".to_owned()),
            (tags::PIXEL_SPACING, VR::DS, "1\\1".to_owned()),
            (tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2".to_owned()),
            (tags::RESCALE_SLOPE, VR::DS, "1".to_owned()),
            (tags::RESCALE_INTERCEPT, VR::DS, "-1024".to_owned()),
        ] {
            ds.put(DataElement::new(tag, vr, PrimitiveValue::from(text)));
        }
        for (tag, number) in [
            (tags::SAMPLES_PER_PIXEL, 1u16),
            (tags::ROWS, 16),
            (tags::COLUMNS, 16),
            (tags::BITS_ALLOCATED, 16),
            (tags::BITS_STORED, 12),
            (tags::HIGH_BIT, 11),
            (tags::PIXEL_REPRESENTATION, 0),
        ] {
            ds.put(DataElement::new(tag, VR::US, PrimitiveValue::from(number)));
        }
        let words: Vec<u16> = (0..256).map(|n| n + 256 * k).collect();
        ds.put(DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(words.into())));
        files.push(Instance::new(FileMeta::default(), ds).to_bytes()?);
    }
    Ok(files)
}

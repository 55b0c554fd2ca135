//! Instances with pixels.

use isocenter_dcm::dicom_core::value::{DataSetSequence, PrimitiveValue};
use isocenter_dcm::dicom_core::{DataElement, Length};
use isocenter_dcm::pixel::DecodeOptions;
use isocenter_dcm::{Dataset, FileMeta, Instance, OpenOptions, Tag, VR, tags, value};

use crate::scene::Scene;

pub(crate) const ULTRASOUND: &str = "1.2.840.10008.5.1.4.1.1.6.1";
pub(crate) const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
pub(crate) const LITTLE: &str = "1.2.840.10008.1.2.1";

pub(crate) fn number(dataset: &mut Dataset, tag: Tag, number: u16) {
    dataset.put(DataElement::new(tag, VR::US, PrimitiveValue::from(number)));
}

pub(crate) fn text(dataset: &mut Dataset, tag: Tag, vr: VR, text: &str) {
    dataset.put(DataElement::new(tag, vr, text));
}

/// An image of a class with native samples of 8 bits: of gray, or of three colours.
pub(crate) fn image(class: &str, size: [u16; 2], photometric: &str, frames: usize, bytes: Vec<u8>) -> Instance {
    let mut dataset = Dataset::new_empty();
    text(&mut dataset, tags::SOP_CLASS_UID, VR::UI, class);
    text(&mut dataset, tags::SOP_INSTANCE_UID, VR::UI, "1.2.826.1.1");
    text(&mut dataset, tags::PHOTOMETRIC_INTERPRETATION, VR::CS, photometric);
    text(&mut dataset, tags::NUMBER_OF_FRAMES, VR::IS, &frames.to_string());
    let samples = if photometric.starts_with("MONO") || photometric.starts_with("PAL") { 1 } else { 3 };
    for (tag, value) in [
        (tags::COLUMNS, size[0]),
        (tags::ROWS, size[1]),
        (tags::SAMPLES_PER_PIXEL, samples),
        (tags::BITS_ALLOCATED, 8),
        (tags::BITS_STORED, 8),
        (tags::HIGH_BIT, 7),
        (tags::PIXEL_REPRESENTATION, 0),
        (tags::PLANAR_CONFIGURATION, 0),
    ] {
        number(&mut dataset, tag, value);
    }
    dataset.put(DataElement::new(tags::PIXEL_DATA, VR::OB, PrimitiveValue::from(bytes)));
    let mut meta = FileMeta::default();
    meta.transfer_syntax_uid = LITTLE.to_owned();
    Instance::new(meta, dataset)
}

/// Frames of gray.
pub(crate) fn of_scenes(class: &str, scenes: &[Scene]) -> Instance {
    let size = [scenes[0].columns as u16, scenes[0].rows as u16];
    let bytes = scenes.iter().flat_map(|scene| scene.levels.clone()).collect();
    image(class, size, "MONOCHROME2", scenes.len(), bytes)
}

pub(crate) fn region(dataset: &mut Dataset, [x0, y0, x1, y1]: [u32; 4]) {
    let mut item = Dataset::new_empty();
    for (tag, at) in [
        (tags::REGION_LOCATION_MIN_X0, x0),
        (tags::REGION_LOCATION_MIN_Y0, y0),
        (tags::REGION_LOCATION_MAX_X1, x1),
        (tags::REGION_LOCATION_MAX_Y1, y1),
    ] {
        item.put(DataElement::new(tag, VR::UL, PrimitiveValue::from(at)));
    }
    let sequence = DataSetSequence::new(vec![item], Length::UNDEFINED);
    dataset.put(DataElement::new_with_len(tags::SEQUENCE_OF_ULTRASOUND_REGIONS, VR::SQ, Length::UNDEFINED, sequence));
}

/// The bytes of pixel data.
pub(crate) fn pixels(instance: &Instance) -> Vec<u8> {
    value::bytes(instance.dataset.get(tags::PIXEL_DATA).unwrap())
}

/// Stored samples of a frame, as they are coded.
pub(crate) fn stored(instance: &Instance, frame: usize) -> Vec<f64> {
    let options = DecodeOptions::default().palette(false).rgb(false);
    instance.frame(frame).unwrap().decode(&options).unwrap().to_f64()
}

/// Written and read back, as a file would be.
pub(crate) fn through_file(instance: &Instance) -> Instance {
    OpenOptions::new().parse(&instance.to_bytes().unwrap()).unwrap()
}

//! The header of newly coded pixels.
//!
//! Source: DICOM PS3.3 C.7.6.3 (image pixel), C.7.6.1.1.5 (lossy image compression).

use dicom_core::{DataElement, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::tags;

use crate::pixel::{Photometric, PixelInfo, SampleKind};
use crate::{Dataset, value};

/// What Lossy Image Compression Method says of JPEG-LS near-lossless.
const JPEG_LS_METHOD: &str = "ISO_14495_1";

/// Writes the image pixel module as `info` has it.
pub(super) fn put(dataset: &mut Dataset, info: &PixelInfo) {
    if info.photometric != Photometric::Palette
        && value::string(dataset, tags::PHOTOMETRIC_INTERPRETATION).as_deref() == Some("PALETTE COLOR")
    {
        // The tables belong to indices that are gone.
        (0x1101..=0x1103).chain(0x1201..=0x1203).chain(0x1221..=0x1223).for_each(|element| {
            dataset.remove_element(Tag(0x0028, element));
        });
    }
    let photometric = info.photometric.term();
    dataset.put(DataElement::new(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, photometric));
    let number = |dataset: &mut Dataset, tag, number: u16| {
        dataset.put(DataElement::new(tag, VR::US, PrimitiveValue::from(number)));
    };
    number(dataset, tags::SAMPLES_PER_PIXEL, info.samples_per_pixel);
    number(dataset, tags::ROWS, info.rows);
    number(dataset, tags::COLUMNS, info.columns);
    number(dataset, tags::BITS_ALLOCATED, info.bits_allocated);
    if info.kind == SampleKind::Integer {
        number(dataset, tags::BITS_STORED, info.bits_stored);
        number(dataset, tags::HIGH_BIT, info.bits_stored - 1);
        number(dataset, tags::PIXEL_REPRESENTATION, u16::from(info.signed));
    }
    if info.samples_per_pixel > 1 {
        number(dataset, tags::PLANAR_CONFIGURATION, u16::from(info.planar));
    } else {
        dataset.remove_element(tags::PLANAR_CONFIGURATION);
    }
    if info.frames > 1 || dataset.get(tags::NUMBER_OF_FRAMES).is_some() {
        dataset.put(DataElement::new(tags::NUMBER_OF_FRAMES, VR::IS, info.frames.to_string()));
    }
}

/// Notes that values may have moved: native and coded bytes give the ratio.
pub(super) fn put_lossy(dataset: &mut Dataset, native: u64, coded: u64) {
    let hundredths = native.saturating_mul(100) / coded.max(1);
    let ratio = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    dataset.put(DataElement::new(tags::LOSSY_IMAGE_COMPRESSION, VR::CS, "01"));
    append(dataset, tags::LOSSY_IMAGE_COMPRESSION_RATIO, VR::DS, &ratio);
    append(dataset, tags::LOSSY_IMAGE_COMPRESSION_METHOD, VR::CS, JPEG_LS_METHOD);
}

fn append(dataset: &mut Dataset, tag: Tag, vr: VR, more: &str) {
    let mut values = value::strings(dataset, tag);
    values.push(more.to_owned());
    dataset.put(DataElement::new(tag, vr, PrimitiveValue::Strs(values.into())));
}

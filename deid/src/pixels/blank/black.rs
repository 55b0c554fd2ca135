//! The samples that a blanked pixel gets.

use dicom_core::{DataElement, PrimitiveValue, VR};
use dicom_dictionary_std::tags;
use isocenter_dcm::pixel::{DecodeOptions, Padding, Photometric, PixelInfo};
use isocenter_dcm::{Dataset, FileMeta, Instance};
use isocenter_volume::DynSamples;

/// One value for each sample of a pixel, as it is stored.
pub(super) fn of(dataset: &Dataset, info: &PixelInfo) -> [f64; 3] {
    let half = libm::exp2(f64::from(info.bits_stored.clamp(1, 32)) - 1.0);
    match info.photometric {
        Photometric::Monochrome1 | Photometric::Monochrome2 => [gray(dataset, info); 3],
        Photometric::Palette => [darkest(dataset, info); 3],
        Photometric::YbrFull | Photometric::YbrFull422 => [0.0, half, half],
        // studio range: black is at 16
        Photometric::YbrPartial422 | Photometric::YbrPartial420 => [16.0, half, half],
        _ => [0.0; 3],
    }
}

fn gray(dataset: &Dataset, info: &PixelInfo) -> f64 {
    let padding = Padding::of(dataset, info).ok().flatten().map(|padding| padding.low);
    let [low, high] = info.stored_range();
    let shown = if info.photometric == Photometric::Monochrome1 && high.is_finite() { high } else { 0.0 };
    padding.filter(|value| (low..=high).contains(value)).unwrap_or(shown)
}

/// The index of the darkest colour of a palette; the first of several, 0 where the palette cannot be read.
fn darkest(dataset: &Dataset, info: &PixelInfo) -> f64 {
    let (mut all, columns) = (Dataset::new_empty(), 1u16 << info.bits_stored.min(15));
    let tables = (0x1101..=0x1103).chain(0x1201..=0x1203).chain(0x1221..=0x1223);
    tables.filter_map(|element| dataset.get(dicom_core::Tag(0x0028, element))).for_each(|element| {
        all.put(element.clone());
    });
    // A picture of all indices, decoded as any other.
    for (tag, value) in [(tags::ROWS, 1), (tags::COLUMNS, columns), (tags::BITS_ALLOCATED, 16)] {
        all.put(DataElement::new(tag, VR::US, PrimitiveValue::from(value)));
    }
    all.put(DataElement::new(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "PALETTE COLOR"));
    let indices: Vec<u16> = (0..columns).collect();
    all.put(DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(indices.into())));
    let picture = Instance::new(FileMeta::default(), all);
    let colours = picture.frame(0).and_then(|frame| frame.decode(&DecodeOptions::default()));
    let Ok(DynSamples::U8(rgb)) = colours.map(|decoded| decoded.samples) else { return 0.0 };
    let light =
        |rgb: &[u8]| rgb.iter().zip([299, 587, 114]).map(|(&level, weight)| u32::from(level) * weight).sum::<u32>();
    rgb.chunks_exact(3)
        .enumerate()
        .min_by_key(|(index, rgb)| (light(rgb), *index))
        .map_or(0.0, |(index, _)| index as f64)
}

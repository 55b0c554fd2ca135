use isocenter_dcm::dicom_core::{DataElement, DicomValue, PrimitiveValue, VR, value::DataSetSequence};
use isocenter_dcm::pixel::{DecodeOptions, Photometric, modality_lut};
use isocenter_dcm::{Dataset, FileMeta, Instance, Tag, tags};

use super::make;
use super::make::{module, put_bytes};

fn instance(mut ds: Dataset, bytes: &[u8]) -> Instance {
    put_bytes(&mut ds, bytes);
    Instance::new(FileMeta::default(), ds)
}

fn set(ds: &mut Dataset, tag: Tag, value: u16) {
    ds.put(DataElement::new(tag, VR::US, PrimitiveValue::from(value)));
}

#[test]
fn bits_above_bits_stored_are_removed_and_the_sign_extended() {
    let signed = instance(module(1, 2, 1, "MONOCHROME2", [16, 12, 11], 1), &[0xFF, 0x1F, 0x01, 0xF0]);
    assert_eq!(make::decode_frame(&signed, 0).unwrap().samples, make::i16s(vec![-1, 1]));
    let unsigned = instance(module(1, 2, 1, "MONOCHROME2", [16, 12, 11], 0), &[0xFF, 0x1F, 0x01, 0xF0]);
    assert_eq!(make::decode_frame(&unsigned, 0).unwrap().samples, make::u16s(vec![0xFFF, 1]));
    let bytes = instance(module(1, 2, 1, "MONOCHROME2", [8, 8, 7], 1), &[0xFF, 0x01]);
    assert_eq!(make::decode_frame(&bytes, 0).unwrap().samples, make::i8s(vec![-1, 1]));
}

#[test]
fn single_bits_are_zero_and_one_and_frames_need_not_end_on_bytes() {
    let mut ds = module(1, 3, 1, "MONOCHROME2", [1, 1, 0], 0);
    ds.put(DataElement::new(tags::NUMBER_OF_FRAMES, VR::IS, "3"));
    let image = instance(ds, &[0b1100_1101, 0b1]);
    assert_eq!(make::decode_frame(&image, 1).unwrap().samples, make::u8s(vec![1, 0, 0]));
    assert_eq!(make::decode_all(&image).unwrap().samples, make::u8s(vec![1, 0, 1, 1, 0, 0, 1, 1, 1]));
    assert_eq!(make::decode_frame(&image, 3).unwrap_err().reason(), "no-such-frame");
}

#[test]
fn planes_are_interleaved() {
    let mut ds = module(1, 2, 3, "RGB", [8, 8, 7], 0);
    set(&mut ds, tags::PLANAR_CONFIGURATION, 1);
    let frame = make::decode_frame(&instance(ds, &[1, 2, 3, 4, 5, 6]), 0).unwrap();
    assert_eq!(frame.samples, make::u8s(vec![1, 3, 5, 2, 4, 6]));
    assert!(!frame.info.planar);
}

#[test]
fn luma_and_colour_differences_become_rgb() {
    // Y, Cb, Cr of pure green and pure blue, PS3.3 C.7.6.3.1.2 (full range): green must fall with Cb.
    let full = instance(module(1, 2, 3, "YBR_FULL", [8, 8, 7], 0), &[150, 44, 21, 29, 255, 107]);
    let frame = make::decode_frame(&full, 0).unwrap();
    assert_eq!(frame.samples, make::u8s(vec![0, 255, 1, 0, 0, 254]));
    assert_eq!(frame.info.photometric, Photometric::Rgb);
    let half = instance(module(1, 2, 3, "YBR_FULL_422", [8, 8, 7], 0), &[100, 50, 128, 128]);
    assert_eq!(make::decode_frame(&half, 0).unwrap().samples, make::u8s(vec![100, 100, 100, 50, 50, 50]));
    let raw = half.frame(0).unwrap().decode(&DecodeOptions::default().rgb(false)).unwrap();
    assert_eq!(raw.samples, make::u8s(vec![100, 128, 128, 50, 128, 128]));
}

fn palette(ds: &mut Dataset, bits: u16, tables: [Vec<u16>; 3]) {
    for (channel, entries) in tables.into_iter().enumerate() {
        let descriptor = vec![entries.len() as u16, 1, bits];
        let at = channel as u16;
        ds.put(DataElement::new(Tag(0x0028, 0x1101 + at), VR::US, PrimitiveValue::U16(descriptor.into())));
        ds.put(DataElement::new(Tag(0x0028, 0x1201 + at), VR::OW, PrimitiveValue::U16(entries.into())));
    }
}

#[test]
fn palette_colour_is_applied_and_clamps_at_its_ends() {
    let mut ds = module(1, 3, 1, "PALETTE COLOR", [8, 8, 7], 0);
    palette(&mut ds, 16, [vec![0x1000, 0x2000], vec![0x3000, 0x4000], vec![0x5000, 0xFF00]]);
    let image = instance(ds, &[0, 1, 2]);
    let frame = make::decode_frame(&image, 0).unwrap();
    assert_eq!(frame.samples, make::u8s(vec![0x10, 0x30, 0x50, 0x10, 0x30, 0x50, 0x20, 0x40, 0xFF]));
    assert_eq!(frame.info.samples_per_pixel, 3);
    let indices = image.frame(0).unwrap().decode(&DecodeOptions::default().palette(false)).unwrap();
    assert_eq!(indices.samples, make::u8s(vec![0, 1, 2]));
}

#[test]
fn segmented_palettes_are_expanded() {
    let mut ds = module(1, 3, 1, "PALETTE COLOR", [8, 8, 7], 0);
    for channel in 0..3 {
        ds.put(DataElement::new(Tag(0x0028, 0x1101 + channel), VR::US, PrimitiveValue::U16(vec![5u16, 0, 16].into())));
        // One discrete entry, then four on a line to 0x4000.
        let segments = vec![0u16, 1, 0, 1, 4, 0x4000];
        ds.put(DataElement::new(Tag(0x0028, 0x1221 + channel), VR::OW, PrimitiveValue::U16(segments.into())));
    }
    let frame = make::decode_frame(&instance(ds, &[0, 2, 4]), 0).unwrap();
    assert_eq!(frame.samples, make::u8s(vec![0, 0, 0, 0x20, 0x20, 0x20, 0x40, 0x40, 0x40]));
}

#[test]
fn float_pixel_data_is_read() {
    let mut ds = module(1, 2, 1, "MONOCHROME2", [32, 32, 31], 0);
    ds.put(DataElement::new(tags::FLOAT_PIXEL_DATA, VR::OF, PrimitiveValue::F32(vec![1.5, -2.0].into())));
    let frame = make::decode_frame(&Instance::new(FileMeta::default(), ds), 0).unwrap();
    assert_eq!(frame.samples, make::f32s(vec![1.5, -2.0]));
}

#[test]
fn the_modality_lut_gives_real_values() {
    let mut item = Dataset::new_empty();
    item.put(DataElement::new(tags::LUT_DESCRIPTOR, VR::US, PrimitiveValue::U16(vec![3u16, 10, 16].into())));
    item.put(DataElement::new(tags::LUT_DATA, VR::OW, PrimitiveValue::U16(vec![100u16, 200, 300].into())));
    let mut ds = module(1, 3, 1, "MONOCHROME2", [8, 8, 7], 0);
    ds.put(DataElement::new(
        tags::MODALITY_LUT_SEQUENCE,
        VR::SQ,
        DicomValue::Sequence(DataSetSequence::from(vec![item])),
    ));
    let image = instance(ds, &[9, 11, 13]);
    let frame = make::decode_frame(&image, 0).unwrap();
    assert_eq!(modality_lut(&image.dataset, &frame.info, &frame.samples).unwrap(), Some(vec![100.0, 200.0, 300.0]));
    assert!(image.frame(0).unwrap().scaling().unwrap().modality_lut);
}

#[test]
fn frames_are_limited_before_memory_is_reserved() {
    let mut ds = module(65535, 65535, 1, "MONOCHROME2", [32, 32, 31], 0);
    ds.put(DataElement::new(tags::NUMBER_OF_FRAMES, VR::IS, "100000"));
    assert_eq!(make::decode_all(&instance(ds, &[0; 16])).unwrap_err().reason(), "limit");
    let short = instance(module(100, 100, 1, "MONOCHROME2", [8, 8, 7], 0), &[0; 16]);
    assert_eq!(make::decode_frame(&short, 0).unwrap_err().reason(), "truncated");
}

#[test]
fn whole_numbers_of_64_bits_are_read() {
    let mut bytes = (u64::MAX - 1).to_le_bytes().to_vec();
    bytes.extend(5u64.to_le_bytes());
    let unsigned = instance(module(1, 2, 1, "MONOCHROME2", [64, 64, 63], 0), &bytes);
    assert_eq!(make::decode_frame(&unsigned, 0).unwrap().samples, make::u64s(vec![u64::MAX - 1, 5]));
    let signed = instance(module(1, 2, 1, "MONOCHROME2", [64, 64, 63], 1), &bytes);
    assert_eq!(make::decode_frame(&signed, 0).unwrap().samples, make::i64s(vec![-2, 5]));
}

#[test]
fn a_frame_goes_into_a_buffer_of_any_type_that_holds_it() {
    let image = instance(module(1, 2, 1, "MONOCHROME2", [16, 12, 11], 1), &[0xFF, 0x1F, 0x01, 0xF0]);
    let (mut same, mut wide, mut real) = ([0i16; 2], [0i64; 2], [0f32; 2]);
    assert!(make::decode_frame_into(&image, 0, &mut same).unwrap().signed);
    make::decode_frame_into(&image, 0, &mut wide).unwrap();
    make::decode_frame_into(&image, 0, &mut real).unwrap();
    assert_eq!((same, wide, real), ([-1, 1], [-1, 1], [-1.0, 1.0]));
    assert_eq!(make::decode_frame_into(&image, 0, &mut [0u16; 2]).unwrap_err().reason(), "unsupported-pixels");
    assert_eq!(make::decode_frame_into(&image, 0, &mut [0i16; 3]).unwrap_err().reason(), "buffer-size");
    let large = instance(module(1, 1, 1, "MONOCHROME2", [32, 32, 31], 0), &16_777_217u32.to_le_bytes());
    assert_eq!(make::decode_frame_into(&large, 0, &mut [0f32; 1]).unwrap_err().reason(), "unsupported-pixels");
    make::decode_frame_into(&large, 0, &mut [0f64; 1]).unwrap();
}

#[test]
fn real_values_are_those_of_the_rescale() {
    for (slope, intercept) in [("1", "-1024"), ("0.3", "-7.25"), ("-2", "0")] {
        let mut ds = module(1, 3, 1, "MONOCHROME2", [16, 12, 11], 1);
        ds.put(DataElement::new(tags::RESCALE_SLOPE, VR::DS, slope));
        ds.put(DataElement::new(tags::RESCALE_INTERCEPT, VR::DS, intercept));
        let image = instance(ds, &[0xFF, 0x0F, 0x64, 0, 0xFF, 0x07]);
        let (slope, intercept): (f64, f64) = (slope.parse().unwrap(), intercept.parse().unwrap());
        let wanted: Vec<f32> = [-1.0, 100.0, 2047.0].iter().map(|x| (x * slope + intercept) as f32).collect();
        assert_eq!(make::real_frame(&image, 0).unwrap(), wanted);
    }
}

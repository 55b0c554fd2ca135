//! What a lossy codec gives beyond Bits Stored: kept as it is, whatever the codec; of streams without loss, masked.

use isocenter_dcm::dicom_core::{DataElement, VR};
use isocenter_dcm::isocenter_volume::{Ctx, DynSamples};
use isocenter_dcm::pixel::{self, DecodeOptions, DecodedPixels, EncodeOptions, Photometric, PixelInfo};
use isocenter_dcm::{Dataset, Instance, tags};

use super::encapsulated::instance;
use super::htj2k_streams::GRAY_12;
use super::make;
use super::make::module;

const JPEG_LS_NEAR: &str = "1.2.840.10008.1.2.4.81";
const JPEG_2000: &str = "1.2.840.10008.1.2.4.90";
const JPEG_2000_LOSSY: &str = "1.2.840.10008.1.2.4.91";

/// A row of samples of so many bits, coded.
fn coded(options: &EncodeOptions, bits: u16, signed: bool, samples: DynSamples) -> Vec<u8> {
    let allocated = if bits <= 8 { 8 } else { 16 };
    let mut info = PixelInfo::new([1, samples.len() as u16], allocated, Photometric::Monochrome2);
    (info.bits_stored, info.high_bit, info.signed) = (bits, bits - 1, signed);
    options.encode_frame(&DecodedPixels::new(info, samples)).unwrap()
}

fn header(columns: u16, stored: u16, signed: u16) -> Dataset {
    module(1, columns, 1, "MONOCHROME2", [if stored <= 8 { 8 } else { 16 }, stored, stored - 1], signed)
}

fn lossy(mut ds: Dataset, said: &str) -> Dataset {
    ds.put(DataElement::new(tags::LOSSY_IMAGE_COMPRESSION, VR::CS, said));
    ds
}

fn samples(ds: Dataset, syntax: &str, stream: &[u8]) -> (DynSamples, u16) {
    let frame = make::decode_frame(&instance(ds, syntax, vec![], vec![stream.to_vec()]), 0).unwrap();
    (frame.samples, frame.info.bits_stored)
}

#[test]
fn jpeg_2000_white_that_swings_over_stays_white() {
    let options = EncodeOptions::new(JPEG_2000).unwrap();
    for (stored, values) in
        [(12, [4095, 4123, 0, 27]), (10, [1023, 1030, 5, 65_535]), (15, [32_767, 32_768, 40_000, 1])]
    {
        let stream = coded(&options, 16, false, make::u16s(values.to_vec()));
        let kept = (make::u16s(values.to_vec()), 16);
        assert_eq!(samples(header(4, stored, 0), JPEG_2000_LOSSY, &stream), kept);
        assert_eq!(samples(lossy(header(4, stored, 0), "01"), JPEG_2000_LOSSY, &stream), kept);
        // The same bits without loss are stray ones.
        let masked = (make::u16s(values.map(|v| v & ((1 << stored) - 1)).to_vec()), stored);
        assert_eq!(samples(header(4, stored, 0), JPEG_2000, &stream), masked);
        assert_eq!(samples(lossy(header(4, stored, 0), "00"), JPEG_2000_LOSSY, &stream), masked);
    }
    let stream = coded(&options, 8, false, make::u8s(vec![63, 64, 70, 0]));
    assert_eq!(samples(header(4, 6, 0), JPEG_2000_LOSSY, &stream), (make::u8s(vec![63, 64, 70, 0]), 8));
}

#[test]
fn signed_values_of_jpeg_2000_swing_over_at_both_ends() {
    let options = EncodeOptions::new(JPEG_2000).unwrap();
    for (stored, values) in
        [(12, [2047, 2050, -2048, -2055]), (10, [511, 600, -512, -513]), (15, [16_384, -16_400, -1, 0])]
    {
        let stream = coded(&options, 16, true, make::i16s(values.to_vec()));
        let image = instance(header(4, stored, 1), JPEG_2000_LOSSY, vec![], vec![stream]);
        for header_sign in [false, true] {
            let frame = image.frame(0).unwrap().decode(&DecodeOptions::default().header_sign(header_sign)).unwrap();
            assert_eq!(frame.samples, make::i16s(values.to_vec()), "{header_sign}");
        }
    }
}

#[test]
fn near_lossless_jpeg_ls_keeps_what_is_near_the_top_near_the_top() {
    for (near, stored, values) in
        [(3, 12, [4095, 4097, 4090, 0]), (1, 10, [1023, 1024, 1022, 512]), (7, 14, [16_383, 16_390, 3, 16_384])]
    {
        let options = EncodeOptions::new(JPEG_LS_NEAR).unwrap();
        let exact = coded(&options, 16, false, make::u16s(values.to_vec()));
        let masked = values.map(|v| v & ((1 << stored) - 1));
        assert_eq!(samples(header(4, stored, 0), JPEG_LS_NEAR, &exact).0, make::u16s(masked.to_vec()));
        let stream = coded(&options.near(near).unwrap(), 16, false, make::u16s(values.to_vec()));
        let (DynSamples::U16(found), 16) = samples(header(4, stored, 0), JPEG_LS_NEAR, &stream) else { panic!() };
        for (&found, wanted) in found.iter().zip(values) {
            assert!(found.abs_diff(wanted) <= u16::from(near), "{found} {wanted}");
        }
    }
}

#[test]
fn patterns_of_negative_numbers_do_not_turn_positive() {
    // Patterns of -1 in so many bits, what swings over it, and -3.
    for (near, stored) in [(1, 12), (2, 10), (1, 14)] {
        let top = (1u16 << stored) - 1;
        let patterns = vec![top, top + 1 + u16::from(near), top - 2, 5];
        let options = EncodeOptions::new(JPEG_LS_NEAR).unwrap().near(near).unwrap();
        let stream = coded(&options, 16, false, make::u16s(patterns));
        let (DynSamples::I16(found), _) = samples(header(4, stored, 1), JPEG_LS_NEAR, &stream) else { panic!() };
        for (&found, wanted) in found.iter().zip([-1, -1, -3, 5]) {
            assert!(found.abs_diff(wanted) <= u16::from(near), "{found} {wanted}");
        }
    }
}

#[test]
fn high_throughput_jpeg_2000_follows_the_same_rule() {
    let stream: Vec<u8> = GRAY_12
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect();
    // Columns and rows 13 and 9, as the formula of its image says.
    let formula = |x: u16, y: u16| (7 * x + 13 * y + x * y) % 4096;
    for stored in [7, 6, 5] {
        let ds = || module(9, 13, 1, "MONOCHROME2", [16, stored, stored - 1], 0);
        let values: Vec<u16> = (0..9).flat_map(|y| (0..13).map(move |x| formula(x, y))).collect();
        assert!(values.iter().any(|&v| v >> stored > 0));
        assert_eq!(samples(ds(), "1.2.840.10008.1.2.4.203", &stream), (make::u16s(values.clone()), 12));
        let masked = values.iter().map(|v| v & ((1 << stored) - 1)).collect();
        assert_eq!(samples(ds(), "1.2.840.10008.1.2.4.201", &stream), (make::u16s(masked), stored));
    }
}

#[test]
fn frames_with_and_without_an_overshoot_are_of_one_format() {
    let options = EncodeOptions::new(JPEG_2000).unwrap();
    let rows = [[1u16, 2, 3, 4], [4095, 4096, 4123, 0], [9, 9, 9, 9]];
    let streams: Vec<Vec<u8>> = rows.iter().map(|row| coded(&options, 16, false, make::u16s(row.to_vec()))).collect();
    let mut ds = header(4, 12, 0);
    ds.put(DataElement::new(tags::NUMBER_OF_FRAMES, VR::IS, "3"));
    let mut image: Instance = instance(ds, JPEG_2000_LOSSY, vec![], streams);
    let wanted = make::u16s(rows.concat());
    assert_eq!(make::decode_all(&image).unwrap().samples, wanted);
    let mut out = [0f32; 4];
    assert_eq!(make::decode_frame_into(&image, 1, &mut out).unwrap().bits_stored, 16);
    assert_eq!(out, [4095.0, 4096.0, 4123.0, 0.0]);
    pixel::transcode(&mut image, pixel::best_for(JPEG_2000_LOSSY), &Ctx::default()).unwrap();
    assert_eq!(make::decode_all(&image).unwrap().samples, wanted);
}

//! What an encoder wrote, the decoder gives back.

use isocenter_dcm::dicom_core::DicomValue;
use isocenter_dcm::isocenter_volume::Ctx;
use isocenter_dcm::pixel::{self, DecodedPixels, EncodeOptions, Photometric, PixelInfo, SampleKind};
use isocenter_dcm::{Dataset, FileMeta, Instance, tags};
use proptest::prelude::*;

use super::make;

const RLE: &str = "1.2.840.10008.1.2.5";
const JPEG_LS: &str = "1.2.840.10008.1.2.4.80";
const JPEG_LS_NEAR: &str = "1.2.840.10008.1.2.4.81";
const JPEG_LOSSLESS: &str = "1.2.840.10008.1.2.4.70";
const JPEG_2000: &str = "1.2.840.10008.1.2.4.90";
const LOSSLESS: [&str; 10] = [
    "1.2.840.10008.1.2",
    "1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2.1.98",
    "1.2.840.10008.1.2.8.1",
    RLE,
    JPEG_LS,
    JPEG_LS_NEAR,
    "1.2.840.10008.1.2.4.57",
    JPEG_LOSSLESS,
    JPEG_2000,
];

/// How a frame is made.
#[derive(Clone, Debug)]
struct Recipe {
    size: [u16; 2],
    components: u16,
    bits: u16,
    signed: bool,
    /// Of 4: how often a sample differs from the one before.
    busy: u32,
    seed: u32,
}

fn recipe(bits: std::ops::RangeInclusive<u16>) -> impl Strategy<Value = Recipe> {
    (1u16..24, 1u16..40, prop::bool::ANY, bits, prop::bool::ANY, 0u32..5, 1u32..).prop_map(
        |(rows, columns, colour, bits, signed, busy, seed)| Recipe {
            size: [rows, columns],
            components: if colour { 3 } else { 1 },
            bits,
            signed: signed && !colour,
            busy,
            seed,
        },
    )
}

impl Recipe {
    fn info(&self) -> PixelInfo {
        let bits_allocated = if self.bits == 1 { 1 } else { self.bits.next_multiple_of(8).next_power_of_two() };
        let photometric = if self.components == 3 { Photometric::Rgb } else { Photometric::Monochrome2 };
        let mut info = PixelInfo::new(self.size, bits_allocated, photometric);
        (info.bits_stored, info.high_bit, info.signed) = (self.bits, self.bits - 1, self.signed);
        info
    }

    /// Flat runs, small steps and jumps over the whole range.
    fn frame(&self) -> DecodedPixels {
        let info = self.info();
        let (low, mask) = (if self.signed { -1i64 << (self.bits - 1) } else { 0 }, (1i64 << self.bits) - 1);
        let (mut state, mut last) = (self.seed, 0i64);
        let values = (0..info.samples()).map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            if state >> 8 & 3 < self.busy {
                let step = if state >> 10 & 7 == 0 { i64::from(state) } else { i64::from(state >> 20 & 7) - 3 };
                last = (last + step) & mask;
            }
            low + last
        });
        let samples = match (info.bits_allocated, self.signed) {
            (..=8, false) => make::u8s(values.map(|v| v as u8).collect()),
            (..=8, true) => make::i8s(values.map(|v| v as i8).collect()),
            (16, false) => make::u16s(values.map(|v| v as u16).collect()),
            (16, true) => make::i16s(values.map(|v| v as i16).collect()),
            (_, false) => make::u32s(values.map(|v| v as u32).collect()),
            (_, true) => make::i32s(values.map(|v| v as i32).collect()),
        };
        DecodedPixels::new(info, samples)
    }
}

fn empty() -> Instance {
    Instance::new(FileMeta::default(), Dataset::new_empty())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn lossless_coding_gives_the_frame_back(recipe in recipe(2..=16), syntax in prop::sample::select(&LOSSLESS[..])) {
        let frame = recipe.frame();
        let mut image = empty();
        pixel::replace(&mut image, std::slice::from_ref(&frame), syntax, &Ctx::default()).unwrap();
        prop_assert_eq!(&image.meta.transfer_syntax_uid, syntax);
        prop_assert_eq!(make::decode_frame(&image, 0).unwrap(), frame);
    }

    #[test]
    fn other_widths_go_where_they_fit(recipe in recipe(17..=32), syntax in prop::sample::select(&LOSSLESS[..5])) {
        let frame = recipe.frame();
        let mut image = empty();
        pixel::replace(&mut image, std::slice::from_ref(&frame), syntax, &Ctx::default()).unwrap();
        prop_assert_eq!(make::decode_frame(&image, 0).unwrap(), frame);
    }

    #[test]
    fn single_bits_survive_where_the_standard_has_a_form_for_them(
        recipe in recipe(1..=1), syntax in prop::sample::select(&LOSSLESS[..4]),
    ) {
        let recipe = Recipe { components: 1, signed: false, ..recipe };
        let frames: Vec<DecodedPixels> = (0..3).map(|more| Recipe { seed: recipe.seed ^ more << 9 | 1, ..recipe.clone() }.frame()).collect();
        let mut image = empty();
        pixel::replace(&mut image, &frames, syntax, &Ctx::default()).unwrap();
        for (index, frame) in frames.iter().enumerate() {
            prop_assert_eq!(&make::decode_frame(&image, index).unwrap().samples, &frame.samples);
        }
    }

    #[test]
    fn near_lossless_coding_stays_within_its_bound(recipe in recipe(3..=16), near in 1u8..=3) {
        let frame = Recipe { signed: false, ..recipe }.frame();
        let mut image = empty();
        let options = EncodeOptions::new(JPEG_LS_NEAR).unwrap().near(near).unwrap();
        options.replace(&mut image, std::slice::from_ref(&frame), &Ctx::default()).unwrap();
        let back = make::decode_frame(&image, 0).unwrap();
        let pairs = frame.to_f64().into_iter().zip(back.to_f64());
        prop_assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() <= f64::from(near)));
    }
}

#[test]
fn streams_cut_short_are_errors() {
    let recipe = Recipe { size: [6, 7], components: 3, bits: 12, signed: false, busy: 3, seed: 5 };
    for syntax in [RLE, JPEG_LS, "1.2.840.10008.1.2.8.1"] {
        let stream = EncodeOptions::new(syntax).unwrap().encode_frame(&recipe.frame()).unwrap();
        let mut image = empty();
        pixel::replace(&mut image, &[recipe.frame()], syntax, &Ctx::default()).unwrap();
        for length in 0..stream.len() / 2 {
            let mut cut = image.clone();
            cut.dataset.update_value(tags::PIXEL_DATA, |value| {
                let DicomValue::PixelSequence(pixels) = value else { panic!("no fragments") };
                pixels.fragments_mut()[0].truncate(length);
            });
            assert_eq!(make::decode_frame(&cut, 0).unwrap_err().reason(), "damaged-pixel-data", "{syntax} {length}");
        }
    }
}

#[test]
fn what_a_codec_cannot_hold_is_refused() {
    let frame = |bits, signed| Recipe { size: [2, 2], components: 1, bits, signed, busy: 4, seed: 9 }.frame();
    let encode = |syntax: &str, frame: &DecodedPixels| EncodeOptions::new(syntax).unwrap().encode_frame(frame);
    assert_eq!(encode(JPEG_LS, &frame(17, false)).unwrap_err().reason(), "unsupported-codec");
    assert_eq!(encode(JPEG_LS, &frame(1, false)).unwrap_err().reason(), "unsupported-codec");
    assert_eq!(encode(RLE, &frame(1, false)).unwrap_err().reason(), "unsupported-codec");
    let mut float = frame(32, false);
    (float.info.kind, float.samples) = (SampleKind::Float, make::f32s(vec![0.5; 4]));
    assert_eq!(encode(JPEG_LS, &float).unwrap_err().reason(), "unsupported-pixels");
    let mut wide = frame(12, false);
    wide.samples = make::u16s(vec![0, 1, 4095, 4096]);
    assert_eq!(encode(RLE, &wide).unwrap_err().reason(), "malformed");
    // Near-lossless coding may turn the largest signed value into the smallest.
    let near = EncodeOptions::new(JPEG_LS_NEAR).unwrap().near(1).unwrap();
    let mut signed = frame(12, true);
    signed.samples = make::i16s(vec![2046, -2047, 0, 0]);
    assert!(near.encode_frame(&signed).is_ok());
    signed.samples = make::i16s(vec![2047, 0, 0, 0]);
    assert_eq!(near.encode_frame(&signed).unwrap_err().reason(), "unsupported-codec");
    assert_eq!(EncodeOptions::new(JPEG_LS).unwrap().near(1).unwrap_err().reason(), "unsupported-transfer-syntax");
}

//! Samples of 12 bits, two in three bytes.

use isocenter_dcm::isocenter_volume::{Ctx, DynSamples};
use isocenter_dcm::pixel::{DecodeOptions, transcode};
use isocenter_dcm::{Bytes, Lazy, OpenOptions, Warning, tags, value};
use proptest::prelude::*;

use super::make::{self, EXPLICIT, explicit, file, ids, image};

/// The samples one after the other, from the lowest bit of each on.
fn pack(samples: &[u16]) -> Vec<u8> {
    let bits: Vec<bool> = samples.iter().flat_map(|sample| (0..12).map(move |bit| sample >> bit & 1 == 1)).collect();
    let bytes = bits.chunks(8).map(|byte| byte.iter().enumerate().map(|(bit, &set)| u8::from(set) << bit).sum());
    let mut bytes: Vec<u8> = bytes.collect();
    bytes.resize(bytes.len().next_multiple_of(2), 0);
    bytes
}

fn packed(size: [u16; 2], frames: u16, stored: u16, signed: u16, pixels: &[u8]) -> Vec<u8> {
    let count = match frames {
        1 => Vec::new(),
        _ => explicit(tags::NUMBER_OF_FRAMES, "IS", format!("{frames:2}").as_bytes()),
    };
    let module = image(size[0], size[1], [12, stored], signed);
    file(EXPLICIT, &[ids(), count, module, explicit(tags::PIXEL_DATA, "OW", pixels)].concat())
}

fn all(bytes: &[u8]) -> DynSamples {
    let whole = OpenOptions::new().parse(bytes).unwrap();
    let decoded = make::decode_all(&whole).unwrap();
    let lazy = Lazy::new(Bytes(bytes.to_vec()), &OpenOptions::new()).unwrap();
    assert_eq!(lazy.decode_all(&DecodeOptions::default(), &Ctx::default()).unwrap(), decoded);
    assert_eq!(decoded.info.bits_allocated, 16);
    decoded.samples
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn packed_samples_come_back(rows in 1u16..6, columns in 1u16..6, frames in 1u16..4, seed in any::<u64>(), signed in 0u16..2, stored in 9u16..=12) {
        let count = usize::from(rows) * usize::from(columns) * usize::from(frames);
        let raw: Vec<u16> = (0..count as u64)
            .map(|n| (seed.wrapping_mul(2 * n + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as u16 & 0xFFF)
            .collect();
        let found = all(&packed([rows, columns], frames, stored, signed, &pack(&raw)));
        let kept: Vec<i32> = raw.iter().map(|&v| {
            let v = i32::from(v) & ((1 << stored) - 1);
            if signed == 1 && v >> (stored - 1) == 1 { v - (1 << stored) } else { v }
        }).collect();
        let found: Vec<i32> = match found {
            DynSamples::U16(v) => v.iter().map(|&v| i32::from(v)).collect(),
            DynSamples::I16(v) => v.iter().map(|&v| i32::from(v)).collect(),
            _ => vec![],
        };
        prop_assert_eq!(found, kept);
    }
}

#[test]
fn two_samples_stand_in_three_bytes() {
    let bytes = packed([1, 4], 1, 12, 0, &[0x21, 0x43, 0x65, 0xCB, 0xED, 0x0F]);
    assert_eq!(all(&bytes), make::u16s(vec![0x321, 0x654, 0xDCB, 0x0FE]));
    let whole = OpenOptions::new().parse(&bytes).unwrap();
    assert_eq!(whole.warnings, []);
    let mut into = [0i32; 4];
    make::decode_frame_into(&whole, 0, &mut into).unwrap();
    assert_eq!(into, [0x321, 0x654, 0xDCB, 0x0FE]);
    assert_eq!(make::real_frame(&whole, 0).unwrap(), [801.0, 1620.0, 3531.0, 254.0]);
}

#[test]
fn words_are_words_whatever_bits_allocated_says() {
    for (stored, signed) in [(12, 0), (10, 0)] {
        let samples = [0x0123u16, 0x0FFF, 0x03FF, 0x0200, 7, 8];
        let pixels: Vec<u8> = samples.iter().flat_map(|v| v.to_le_bytes()).collect();
        let bytes = packed([2, 3], 1, stored, signed, &pixels);
        let mask = (1u16 << stored) - 1;
        assert_eq!(all(&bytes), make::u16s(samples.iter().map(|v| v & mask).collect()));
        assert_eq!(OpenOptions::new().parse(&bytes).unwrap().warnings, [Warning::WordsForPackedPixels]);
    }
}

#[test]
fn a_length_that_fits_neither_is_refused() {
    // 6 samples: 9 bytes packed, 10 with padding, 12 as words
    for (length, reason) in
        [(8, Some("truncated")), (9, None), (10, None), (11, Some("malformed")), (12, None), (14, Some("malformed"))]
    {
        let bytes = packed([2, 3], 1, 12, 0, &vec![0; length]);
        assert_eq!(OpenOptions::new().parse(&bytes).err().map(|error| error.reason()), reason, "{length}");
    }
}

#[test]
fn big_endian_words_are_turned_before_they_are_unpacked() {
    let be = |tag: isocenter_dcm::Tag, vr: &[u8; 2], value: &[u8]| {
        let head = [tag.group().to_be_bytes(), tag.element().to_be_bytes()].concat();
        [&head[..], vr, &(value.len() as u16).to_be_bytes(), value].concat()
    };
    let pixels = [&[0x7F, 0xE0, 0x00, 0x10][..], b"OW\0\0", &6u32.to_be_bytes(), &[0x43, 0x21, 0xCB, 0x65, 0x0F, 0xED]];
    let numbers = [(tags::ROWS, 1u8), (tags::COLUMNS, 4), (tags::BITS_ALLOCATED, 12)];
    let numbers = numbers.map(|(tag, v)| be(tag, b"US", &[0, v])).concat();
    let dataset = [be(tags::SOP_INSTANCE_UID, b"UI", b"1.2.3\0"), numbers, pixels.concat()].concat();
    let bytes = file("1.2.840.10008.1.2.2", &dataset);
    assert_eq!(all(&bytes), make::u16s(vec![0x321, 0x654, 0xDCB, 0x0FE]));
}

#[test]
fn what_is_coded_anew_has_words() {
    let raw: Vec<u16> = (0..15).map(|n| n * 273).collect();
    let whole = OpenOptions::new().parse(&packed([3, 5], 1, 12, 0, &pack(&raw))).unwrap();
    for syntax in [EXPLICIT, "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.80"] {
        let mut coded = whole.clone();
        match transcode(&mut coded, syntax, &Ctx::default()) {
            // the same syntax: nothing is touched
            Ok(_) if syntax == EXPLICIT => {}
            coded_now => {
                coded_now.unwrap();
                assert_eq!(value::u16(&coded.dataset, tags::BITS_ALLOCATED), Some(16));
            }
        }
        let again = OpenOptions::new().parse(&coded.to_bytes().unwrap()).unwrap();
        assert_eq!(make::decode_frame(&again, 0).unwrap().samples, make::u16s(raw.clone()), "{syntax}");
    }
}

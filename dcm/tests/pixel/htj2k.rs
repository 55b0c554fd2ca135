//! High-throughput JPEG 2000: formula images that public encoders made, and broken streams.

use isocenter_dcm::Instance;
use isocenter_dcm::isocenter_volume::DynSamples;

use super::encapsulated::instance;
use super::htj2k_streams::*;
use super::make;
use super::make::module;

const LOSSLESS: &str = "1.2.840.10008.1.2.4.201";
const LOSSY: &str = "1.2.840.10008.1.2.4.203";

/// Columns, rows, samples of a pixel, bits stored, sign.
type Shape = (u16, u16, u16, u16, u16);

const ALL: [(&str, Shape); 8] = [
    (GRAY_12, (13, 9, 1, 12, 0)),
    (SIGNED_16, (9, 11, 1, 16, 1)),
    (RGB_8, (8, 6, 3, 8, 0)),
    (TILES, (20, 14, 1, 8, 0)),
    (LOSSY_8, (16, 12, 1, 8, 0)),
    (LOSSY_RGB, (10, 7, 3, 8, 0)),
    (REFINED_3, (8, 8, 1, 12, 0)),
    (REFINED_2_CAUSAL, (8, 8, 1, 12, 0)),
];

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().map(|b| (b as char).to_digit(16).unwrap() as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

fn image(stream: Vec<u8>, syntax: &str, (columns, rows, samples, bits, signed): Shape) -> Instance {
    let photometric = if samples == 3 { "RGB" } else { "MONOCHROME2" };
    let bits = [if bits <= 8 { 8 } else { 16 }, bits, bits - 1];
    instance(module(rows, columns, samples, photometric, bits, signed), syntax, vec![], vec![stream])
}

fn decode(stream: Vec<u8>, shape: Shape) -> Result<Vec<i32>, &'static str> {
    let frame = make::decode_frame(&image(stream, LOSSLESS, shape), 0).map_err(|error| error.reason())?;
    Ok(match frame.samples {
        DynSamples::U8(values) => values.iter().map(|&v| i32::from(v)).collect(),
        DynSamples::U16(values) => values.iter().map(|&v| i32::from(v)).collect(),
        DynSamples::I16(values) => values.iter().map(|&v| i32::from(v)).collect(),
        _ => return Err("another type of samples"),
    })
}

/// The image of all streams here.
fn formula((columns, rows, samples, _, _): Shape, modulus: i32) -> Vec<i32> {
    let mut values = Vec::new();
    for y in 0..i32::from(rows) {
        for x in 0..i32::from(columns) {
            values.extend((0..i32::from(samples)).map(|c| (7 * x + 13 * y + x * y * (c + 1) + 40 * c) % modulus));
        }
    }
    values
}

#[test]
fn lossless_images_are_exact() {
    for ((stream, shape), modulus) in ALL.into_iter().zip([4096, 3001, 256, 256]) {
        let offset = if shape.4 == 1 { 1500 } else { 0 };
        let wanted: Vec<i32> = formula(shape, modulus).into_iter().map(|v| v - offset).collect();
        assert_eq!(decode(bytes(stream), shape).unwrap(), wanted, "{shape:?}");
    }
}

#[test]
fn lossy_images_are_those_of_another_decoder() {
    // Both compute in f32, in another order: a value between two whole numbers may fall to either side.
    const TOLERANCE: i32 = 1;
    for ((stream, shape), differences) in ALL[4..6].iter().zip([LOSSY_8_DIFFERENCES, LOSSY_RGB_DIFFERENCES]) {
        // The digit 4, number 52, is no difference.
        let wanted = formula(*shape, 256).into_iter().zip(differences.bytes()).map(|(v, d)| v + i32::from(d) - 52);
        let found = decode(bytes(stream), *shape).unwrap();
        assert_eq!(found.len(), differences.len());
        assert!(found.iter().zip(wanted).all(|(a, b)| (a - b).abs() <= TOLERANCE), "{shape:?}");
    }
}

#[test]
fn refinement_passes_add_a_plane() {
    for ((stream, shape), values) in ALL[6..].iter().zip([REFINED_3_VALUES, REFINED_2_CAUSAL_VALUES]) {
        assert_eq!(decode(bytes(stream), *shape).unwrap(), values.map(|v| v + 2048));
    }
}

#[test]
fn the_stream_tells_which_coder_it_went_through() {
    let shape = (5, 3, 1, 8, 0);
    assert_eq!(decode(bytes(PART_1), shape).unwrap(), formula(shape, 256), "part 1 under the syntax of part 15");
    let (stream, shape) = ALL[3];
    let frame = make::decode_frame(&image(bytes(stream), "1.2.840.10008.1.2.4.90", shape), 0).unwrap();
    let wanted = formula(shape, 256).into_iter().map(|v| v as u8).collect();
    assert_eq!(frame.samples, make::u8s(wanted), "part 15 under the syntax of part 1");
}

#[test]
fn a_stream_in_the_box_of_a_file_format_is_found() {
    let (stream, shape) = ALL[0];
    let boxed = [b"\0\0\0\x0CjP  \r\n\x87\n\0\0\0\0jp2c".to_vec(), bytes(stream)].concat();
    assert_eq!(decode(boxed, shape).unwrap(), formula(shape, 4096));
}

#[test]
fn colour_of_the_component_transform_is_rgb() {
    let (stream, (columns, rows, ..)) = ALL[2];
    let ds = module(rows, columns, 3, "YBR_RCT", [8, 8, 7], 0);
    let frame = make::decode_frame(&instance(ds, LOSSY, vec![], vec![bytes(stream)]), 0).unwrap();
    assert_eq!(frame.info.photometric, isocenter_dcm::pixel::Photometric::Rgb);
    assert_eq!(frame.samples, make::u8s(formula(ALL[2].1, 256).into_iter().map(|v| v as u8).collect()));
}

#[test]
fn each_truncation_is_an_error() {
    for (stream, shape) in ALL {
        let good = bytes(stream);
        // Without the end marker alone nothing is missing.
        assert!(decode(good[..good.len() - 2].to_vec(), shape).is_ok());
        for length in 0..good.len() - 2 {
            assert_eq!(decode(good[..length].to_vec(), shape), Err("damaged-pixel-data"), "{length} of {shape:?}");
        }
    }
}

#[test]
fn an_image_of_another_size_is_refused() {
    let (stream, (columns, rows, samples, bits, signed)) = ALL[0];
    for shape in [(columns + 1, rows, samples, bits, signed), (columns, rows - 1, samples, bits, signed)] {
        assert_eq!(decode(bytes(stream), shape), Err("damaged-pixel-data"));
    }
    assert_eq!(decode(bytes(stream), (columns, rows, 3, bits, signed)), Err("damaged-pixel-data"));
}

#[test]
fn flipped_bits_end_in_an_image_or_an_error() {
    let mut seed = 7u32;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as usize % below
    };
    let mut decoded = 0;
    for (stream, shape) in ALL {
        let good = bytes(stream);
        for _ in 0..400 {
            let mut bad = good.clone();
            for _ in 0..1 + random(3) {
                let at = random(bad.len());
                bad[at] ^= 1 << random(8);
            }
            decoded += usize::from(decode(bad, shape).is_ok());
        }
    }
    // Most of the bits are magnitudes: any value of theirs is one.
    assert!(decoded > 100, "{decoded}");
}

/// Overwrites what follows a marker.
fn with(stream: &str, marker: u8, offset: usize, new: &[u8]) -> Vec<u8> {
    let mut stream = bytes(stream);
    let at = stream.windows(2).position(|pair| pair == [0xFF, marker]).unwrap() + 4 + offset;
    stream[at..at + new.len()].copy_from_slice(new);
    stream
}

#[test]
fn headers_that_ask_for_endless_work_are_refused() {
    let (stream, shape) = ALL[0];
    // 65535 layers; tiles of one sample; the finest precincts.
    assert_eq!(decode(with(stream, 0x52, 2, &[0xFF, 0xFF]), shape), Err("damaged-pixel-data"));
    let tile = [0, 0, 0, 1, 0, 0, 0, 1];
    assert_eq!(decode(with(stream, 0x51, 18, &tile), shape), Err("damaged-pixel-data"));
    let (stream, shape) = ALL[3];
    assert_eq!(decode(with(stream, 0x52, 10, &[0x11, 0x11]), shape), Err("damaged-pixel-data"));
}

#[test]
fn layers_that_add_nothing_cannot_go_on_for_ever() {
    // A thousand blocks of 4x4, of which each of 60000 layers says in one byte that it adds to none.
    let (columns, rows) = (4000u16, 4u16);
    let mut stream = b"\xFF\x4F\xFF\x51\x00\x29\x40\x00".to_vec();
    for word in [u32::from(columns), u32::from(rows), 0, 0, u32::from(columns), u32::from(rows), 0, 0] {
        stream.extend(word.to_be_bytes());
    }
    stream.extend([0, 1, 7, 1, 1]);
    stream.extend(b"\xFF\x52\x00\x0C\x00\x00\xEA\x60\x00\x00\x00\x00\x40\x01");
    stream.extend(b"\xFF\x5C\x00\x04\x40\x40");
    stream.extend(b"\xFF\x90\x00\x0A\x00\x00\x00\x00\x00\x00\x00\x01\xFF\x93");
    stream.extend(std::iter::repeat_n(0x80, 60_000));
    let error = make::decode_frame(&image(stream, LOSSLESS, (columns, rows, 1, 8, 0)), 0).unwrap_err();
    assert_eq!(error.to_string(), "HTJ2K stream is damaged: more layers than there can be");
}

#[test]
fn what_is_not_decoded_is_refused_by_name() {
    let (stream, shape) = ALL[0];
    for (marker, offset, new) in [
        // A mix of both block coders, the other coder, a part 2 stream.
        (0x52, 8, 0xC0),
        (0x52, 8, 0x00),
        (0x51, 0, 0x80),
    ] {
        assert_eq!(decode(with(stream, marker, offset, &[new]), shape), Err("unsupported-codec"), "{marker:x}");
    }
    // Subsampled components.
    let (stream, shape) = ALL[2];
    assert_eq!(decode(with(stream, 0x51, 40, &[2]), shape), Err("unsupported-codec"));
}

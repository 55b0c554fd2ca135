//! Streams that end early: an error in every codec, never an image of which a part is made up.

use isocenter_dcm::isocenter_volume::DynSamples;
use isocenter_dcm::pixel::{DecodedPixels, EncodeOptions, Photometric, PixelInfo};

use super::encapsulated::instance;
use super::make;
use super::make::module;

/// Syntax, error bound, and whether its streams end in a marker.
const CODECS: [(&str, u8, bool); 9] = [
    ("1.2.840.10008.1.2.5", 0, false),
    ("1.2.840.10008.1.2.8.1", 0, false),
    ("1.2.840.10008.1.2.1.98", 0, false),
    ("1.2.840.10008.1.2.4.57", 0, true),
    ("1.2.840.10008.1.2.4.70", 0, true),
    ("1.2.840.10008.1.2.4.80", 0, true),
    ("1.2.840.10008.1.2.4.81", 0, true),
    ("1.2.840.10008.1.2.4.81", 3, true),
    ("1.2.840.10008.1.2.4.90", 0, true),
];

/// Rows, columns, samples of a pixel, bits.
const SHAPES: [(u16, u16, u16, u16); 4] = [(9, 14, 1, 12), (16, 7, 1, 8), (6, 11, 3, 8), (5, 5, 1, 16)];

/// A frame of waves and noise: no codec ends in a long run of it.
fn frame((rows, columns, samples, bits): (u16, u16, u16, u16)) -> DecodedPixels {
    let photometric = if samples == 3 { Photometric::Rgb } else { Photometric::Monochrome2 };
    let mut info = PixelInfo::new([rows, columns], if bits <= 8 { 8 } else { 16 }, photometric);
    (info.bits_stored, info.high_bit) = (bits, bits - 1);
    let mut seed = u32::from(rows) * 7 + u32::from(columns);
    let values = (0..info.samples()).map(|at| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (at as u32 * 5 + (seed >> 20)) % (1 << bits)
    });
    let samples = if bits <= 8 {
        make::u8s(values.map(|v| v as u8).collect())
    } else {
        make::u16s(values.map(|v| v as u16).collect())
    };
    DecodedPixels::new(info, samples)
}

fn decode(frame: &DecodedPixels, syntax: &str, stream: Vec<u8>) -> Result<DynSamples, &'static str> {
    let info = &frame.info;
    let bits = [info.bits_allocated, info.bits_stored, info.high_bit];
    let ds = module(info.rows, info.columns, info.samples_per_pixel, info.photometric.term(), bits, 0);
    let image = instance(ds, syntax, vec![], vec![stream]);
    make::decode_frame(&image, 0).map(|frame| frame.samples).map_err(|error| error.reason())
}

#[test]
fn each_cut_is_an_error_or_the_whole_image() {
    for (syntax, near, marked) in CODECS {
        for shape in SHAPES {
            let frame = frame(shape);
            let stream = EncodeOptions::new(syntax).unwrap().near(near).unwrap().encode_frame(&frame).unwrap();
            let whole = decode(&frame, syntax, stream.clone()).unwrap();
            // Behind the last byte that counts there may be an end marker, and a byte of filling.
            let spare = if marked { 3 } else { 1 };
            for length in 0..stream.len() {
                match decode(&frame, syntax, stream[..length].to_vec()) {
                    Ok(samples) => assert!(
                        length + spare >= stream.len() && samples == whole,
                        "{syntax} {near} {shape:?}: {length} of {}",
                        stream.len()
                    ),
                    Err(reason) => assert!(matches!(reason, "damaged-pixel-data" | "truncated"), "{reason}"),
                }
            }
        }
    }
}

#[test]
fn an_end_marker_does_not_make_a_cut_stream_whole() {
    for (syntax, near, _) in CODECS.into_iter().filter(|codec| codec.2) {
        for shape in SHAPES {
            let frame = frame(shape);
            let stream = EncodeOptions::new(syntax).unwrap().near(near).unwrap().encode_frame(&frame).unwrap();
            for length in 2..stream.len() - 4 {
                let marked = [&stream[..length], &[0xFF, 0xD9]].concat();
                assert!(decode(&frame, syntax, marked).is_err(), "{syntax} {near} {shape:?}: {length}");
            }
        }
    }
}

#[test]
fn zeros_in_place_of_the_rest_do_not_make_a_cut_stream_whole() {
    // In JPEG lossless, zeros are differences as good as others: there they may take as many bits by chance.
    for (syntax, near, _) in CODECS.into_iter().skip(5) {
        for shape in SHAPES {
            let frame = frame(shape);
            let stream = EncodeOptions::new(syntax).unwrap().near(near).unwrap().encode_frame(&frame).unwrap();
            for length in 2..stream.len() * 3 / 4 {
                let mut overwritten = stream.clone();
                overwritten[length..].fill(0);
                assert!(decode(&frame, syntax, overwritten).is_err(), "{syntax} {near} {shape:?}: {length}");
            }
        }
    }
}

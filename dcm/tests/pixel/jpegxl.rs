//! JPEG XL, on streams made by zune-jpegxl (8 and 16 bits) and, once, by libjxl.

use isocenter_dcm::dicom_core::value::PixelFragmentSequence;
use isocenter_dcm::dicom_core::{DataElement, DicomValue, Length, VR};
use isocenter_dcm::isocenter_volume::{Ctx, DynSamples};
use isocenter_dcm::pixel::{DecodeOptions, Photometric};
use isocenter_dcm::{Dataset, Error, FileMeta, Instance, pixel, tags};
use proptest::prelude::*;
use zune_core::{bit_depth::BitDepth, colorspace::ColorSpace, options::EncoderOptions};

use super::jpegxl_streams::*;
use super::make;
use super::make::module;

const LOSSLESS: &str = "1.2.840.10008.1.2.4.110";
/// Five rows of seven, 12 bits, value 117 times index modulo 4096: libjxl 0.11.2 by imagecodecs, `jpegxl_encode(a,
/// lossless=True, bitspersample=12)`.
const TWELVE_BITS: &str = "ff0a204018142d0208040100c8004b188b15c219b24d033aeb4ea8a9a9a9a9a9cbdf417e0c509888ece56ba843bd4052bea8\
    8f839a7a99b37c3d7e04a15ec404";

/// A ramp of 8 by 8 pixels in a JPEG of quality 30, recompressed: libjxl 0.11.2 by imagecodecs, `jpegxl_encode_jpeg`.
const RECOMPRESSED: &str = "0000000c4a584c200d0a870a00000014667479706a786c20000000006a786c20000000136a786c7000000000ff0a414050dc080000003b6a\
    627264c10d20082d030200848008000000a0fe4f500000000035d0ff003f0000000b0880e000104a46494600010100000100010000030000\
    01036a786c7080000001e05b001000c0038c7d8c7d8c7dfeff0e0000180008000100000000008080258974443b4ffa280660d535066fc17d\
    0a04028584141414a6213136c6181b1b636cac6114b01d6b26c32a3700402e98f11a7238201774028831fcbf04f0a215cb00e2441525a953\
    f15342d02e684c4330fc0334fb409b880db2320ee4d793287a75cbb8034c1b2bb89bd2b05534c12e8220e6bdcc11e45772522ee89669a2ca\
    01e4425668661bf2e7b5e4d3bc68c63cca4a39489e08f88eae18b5770764ea37e2f90fbb6752027927882f68334ce0f9081418501b402db2\
    0f0ea4f0522b6aead62830411fa5b8706e010000000000509248d420087a7e2000";

fn instance(mut ds: Dataset, stream: Vec<u8>) -> Instance {
    let value = DicomValue::PixelSequence(PixelFragmentSequence::new(vec![], vec![stream]));
    ds.put(DataElement::new_with_len(tags::PIXEL_DATA, VR::OB, Length::UNDEFINED, value));
    Instance::new(FileMeta::of_syntax(LOSSLESS), ds)
}

fn encode(bytes: &[u8], rows: u16, columns: u16, space: ColorSpace, depth: BitDepth) -> Vec<u8> {
    let options = EncoderOptions::new(usize::from(columns), usize::from(rows), space, depth);
    let mut stream = Vec::new();
    zune_jpegxl::JxlSimpleEncoder::new(bytes, options).encode(&mut stream).unwrap();
    stream
}

/// The stream in boxes, as files have it.
fn boxed(stream: &[u8]) -> Vec<u8> {
    let mut file = b"\0\0\0\x0CJXL \r\n\x87\n\0\0\0\x14ftypjxl \0\0\0\0jxl ".to_vec();
    let (first, second) = stream.split_at(stream.len() / 2);
    for (index, part) in [(0u32, first), (0x8000_0001, second)] {
        file.extend((12 + part.len() as u32).to_be_bytes());
        file.extend(b"jxlp");
        file.extend(index.to_be_bytes());
        file.extend(part);
    }
    file
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn words_are_read_exactly(
        (rows, columns, words) in (2u16..30, 2u16..30).prop_flat_map(|(rows, columns)| {
            let words = prop::collection::vec(any::<u16>(), usize::from(rows) * usize::from(columns));
            (Just(rows), Just(columns), words)
        }),
    ) {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_ne_bytes()).collect();
        let stream = encode(&bytes, rows, columns, ColorSpace::Luma, BitDepth::Sixteen);
        let gray = module(rows, columns, 1, "MONOCHROME2", [16, 16, 15], 0);
        prop_assert_eq!(make::decode_frame(&instance(gray, boxed(&stream)), 0).unwrap().samples, make::u16s(words.clone()));
        // The pattern is the stream's, the sign the header's.
        let signed = module(rows, columns, 1, "MONOCHROME2", [16, 16, 15], 1);
        let wanted = words.iter().map(|&word| word as i16).collect();
        prop_assert_eq!(make::decode_frame(&instance(signed, stream), 0).unwrap().samples, make::i16s(wanted));
    }

    #[test]
    fn colour_of_bytes_is_read_exactly(bytes in prop::collection::vec(any::<u8>(), 4 * 9 * 3)) {
        let stream = encode(&bytes, 4, 9, ColorSpace::RGB, BitDepth::Eight);
        let image = instance(module(4, 9, 3, "RGB", [8, 8, 7], 0), stream.clone());
        prop_assert_eq!(make::decode_frame(&image, 0).unwrap().samples, make::u8s(bytes.clone()));
        // Three components without loss are what the header says they are.
        let image = instance(module(4, 9, 3, "YBR_FULL", [8, 8, 7], 0), stream);
        let frame = image.frame(0).unwrap().decode(&DecodeOptions::default().rgb(false)).unwrap();
        prop_assert_eq!((frame.info.photometric, frame.samples), (Photometric::YbrFull, make::u8s(bytes)));
    }
}

fn unhex(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn twelve_bits() -> Vec<u8> {
    unhex(TWELVE_BITS)
}

#[test]
fn a_recompressed_jpeg_is_decoded_as_the_jpeg_it_was() {
    let gray = || module(8, 8, 1, "MONOCHROME2", [8, 8, 7], 0);
    let DynSamples::U8(values) = make::decode_frame(&instance(gray(), unhex(RECOMPRESSED)), 0).unwrap().samples else {
        panic!()
    };
    // As libjpeg decodes the JPEG; libjxl, without going that way, ends in 39 and 102.
    assert_eq!(values.as_slice(), [4, 19, 40, 61, 80, 101, 123, 137].repeat(8));
    let mut cut = unhex(RECOMPRESSED);
    cut.truncate(250);
    assert_eq!(error(gray(), cut).reason(), "damaged-pixel-data");
}

/// Whether a test's own thread panicked meanwhile: that is what ends up on standard error, caught or not.
fn panics(work: impl FnOnce()) -> usize {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let (here, before) = (std::thread::current().id(), std::panic::take_hook());
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().id() == here {
            COUNT.fetch_add(1, Ordering::Relaxed);
        }
        before(info);
    }));
    work();
    COUNT.load(Ordering::Relaxed)
}

#[test]
fn jpegs_with_comments_of_several_scans_and_with_metadata_are_read() {
    // The fixed point of the transform, and how colour differences are spread, leave a level or two.
    const TOLERANCE: u8 = 3;
    let rows = |stream: &str, side: u16, photometric: &str, wanted: &[&[u8]; 2]| {
        let samples = if photometric == "MONOCHROME2" { 1 } else { 3 };
        let ds = module(side, side, samples, photometric, [8, 8, 7], 0);
        let DynSamples::U8(found) = make::decode_frame(&instance(ds, unhex(stream)), 0).unwrap().samples else {
            panic!()
        };
        let mut lines = found.chunks_exact(usize::from(side * samples));
        let ends = [lines.next().unwrap(), lines.next_back().unwrap()];
        for (found, wanted) in ends.into_iter().zip(wanted) {
            assert!(found.iter().zip(*wanted).all(|(a, b)| a.abs_diff(*b) <= TOLERANCE), "{found:?} {wanted:?}");
        }
    };
    let [first, last] = &COMMENT_ROWS;
    let count = panics(|| {
        rows(COMMENT, 8, "MONOCHROME2", &[first, last]);
        rows(EXIF, 8, "MONOCHROME2", &[&EXIF_ROWS[0], &EXIF_ROWS[1]]);
        rows(PROGRESSIVE, 16, "YBR_FULL_422", &[&PROGRESSIVE_ROWS[0], &PROGRESSIVE_ROWS[1]]);
        rows(BOTH, 16, "YBR_FULL", &[&BOTH_ROWS[0], &BOTH_ROWS[1]]);
        rows(RED_GREEN_BLUE, 16, "RGB", &[&RED_GREEN_BLUE_ROWS[0], &RED_GREEN_BLUE_ROWS[1]]);
    });
    assert_eq!(count, 0);
    for (stream, side, samples) in [(COMMENT, 8, 1), (PROGRESSIVE, 16, 3), (BOTH, 16, 3)] {
        let good = unhex(stream);
        for length in (0..good.len() - 1).step_by(7) {
            let photometric = if samples == 1 { "MONOCHROME2" } else { "RGB" };
            let ds = module(side, side, samples, photometric, [8, 8, 7], 0);
            assert_eq!(error(ds, good[..length].to_vec()).reason(), "damaged-pixel-data", "{length}");
        }
    }
}

/// A container with this code stream, and a box that says how to rebuild a JPEG.
fn with_jbrd(jbrd: &[u8], stream: &[u8]) -> Vec<u8> {
    let mut file = b"\0\0\0\x0CJXL \r\n\x87\n\0\0\0\x14ftypjxl \0\0\0\0jxl ".to_vec();
    for (name, content) in [(b"jbrd", jbrd), (b"jxlc", stream)] {
        file.extend((8 + content.len() as u32).to_be_bytes());
        file.extend(name);
        file.extend(content);
    }
    file
}

/// The parts of the code stream in a container, joined.
fn codestream(file: &[u8]) -> Vec<u8> {
    let (mut at, mut stream) = (0, Vec::new());
    while at + 8 <= file.len() {
        let length = u32::from_be_bytes(file[at..at + 4].try_into().unwrap()) as usize;
        let end = if length == 0 { file.len() } else { at + length };
        if &file[at + 4..at + 8] == b"jxlp" {
            stream.extend(&file[at + 12..end]);
        }
        at = end;
    }
    stream
}

#[test]
fn the_pixels_of_a_jpeg_do_not_hang_on_how_it_was_written() {
    let gray = || module(8, 8, 1, "MONOCHROME2", [8, 8, 7], 0);
    let wanted = make::u8s([4, 19, 40, 61, 80, 101, 123, 137].repeat(8));
    let stream = codestream(&unhex(RECOMPRESSED));
    let boxes: [&[u8]; 5] = [&[], &[0], &[0xFF; 9], &[0x33, 0x4C, 0x00, 0x01], &[0x5A; 400]];
    let count = panics(|| {
        for jbrd in boxes {
            let image = instance(gray(), with_jbrd(jbrd, &stream));
            assert_eq!(make::decode_frame(&image, 0).unwrap().samples, wanted, "{jbrd:?}");
        }
        // An image that was never a JPEG.
        let ds = module(5, 7, 1, "MONOCHROME2", [16, 12, 11], 0);
        let found = make::decode_frame(&instance(ds, with_jbrd(&[0x33, 0x4C], &twelve_bits())), 0).unwrap();
        assert_eq!(found.samples, make::u16s((0..35).map(|index| index * 117 % 4096).collect()));
    });
    assert_eq!(count, 0);
}

#[test]
fn values_above_bits_stored_are_kept_where_there_may_be_loss() {
    for (stored, words) in [(12, [4095u16, 4123, 0, 27]), (10, [1023, 1024, 9, 65_535]), (15, [32_767, 32_768, 1, 2])] {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_ne_bytes()).collect();
        let stream = encode(&bytes, 2, 2, ColorSpace::Luma, BitDepth::Sixteen);
        for (syntax, kept) in [(LOSSLESS, false), ("1.2.840.10008.1.2.4.112", true)] {
            let mut image = instance(module(2, 2, 1, "MONOCHROME2", [16, stored, stored - 1], 0), stream.clone());
            image.meta.transfer_syntax_uid = syntax.to_owned();
            let wanted = words.map(|word| if kept { word } else { word & ((1 << stored) - 1) });
            assert_eq!(make::decode_frame(&image, 0).unwrap().samples, make::u16s(wanted.to_vec()), "{syntax}");
        }
    }
}

#[test]
fn twelve_bits_in_sixteen_are_read_and_transcoded() {
    let wanted = make::u16s((0..35).map(|index| index * 117 % 4096).collect());
    let mut image = instance(module(5, 7, 1, "MONOCHROME2", [16, 12, 11], 0), twelve_bits());
    assert_eq!(make::decode_frame(&image, 0).unwrap().samples, wanted);
    pixel::transcode(&mut image, pixel::best_for(LOSSLESS), &Ctx::default()).unwrap();
    assert_eq!(image.meta.transfer_syntax_uid, "1.2.840.10008.1.2.4.80");
    assert_eq!(make::decode_frame(&image, 0).unwrap().samples, wanted);
}

fn error(ds: Dataset, stream: Vec<u8>) -> Error {
    make::decode_frame(&instance(ds, stream), 0).unwrap_err()
}

#[test]
fn streams_cut_short_are_damaged() {
    let gray = || module(5, 7, 1, "MONOCHROME2", [16, 12, 11], 0);
    for good in [twelve_bits(), boxed(&twelve_bits())] {
        for length in 0..good.len() {
            assert_eq!(error(gray(), good[..length].to_vec()).reason(), "damaged-pixel-data", "{length}");
        }
    }
}

#[test]
fn a_header_of_another_size_is_refused_before_it_is_decoded() {
    // 2^30 rows and as many columns.
    let huge = [0xFF, 0x0A, 0xFE, 0xFF, 0xFF, 0xFF, 0xC7, 0xFF, 0xFF, 0xFF, 0x3F];
    assert_eq!(error(module(5, 7, 1, "MONOCHROME2", [8, 8, 7], 0), huge.to_vec()).reason(), "damaged-pixel-data");
    let other = module(7, 5, 1, "MONOCHROME2", [16, 12, 11], 0);
    assert_eq!(error(other, twelve_bits()).reason(), "damaged-pixel-data");
    let colour = module(5, 7, 3, "RGB", [16, 12, 11], 0);
    assert_eq!(error(colour, twelve_bits()).reason(), "damaged-pixel-data");
}

#[test]
fn extra_channels_are_refused_by_name() {
    let stream = encode(&[9; 2 * 2 * 4], 2, 2, ColorSpace::RGBA, BitDepth::Eight);
    assert_eq!(error(module(2, 2, 3, "RGB", [8, 8, 7], 0), stream).reason(), "unsupported-codec");
}

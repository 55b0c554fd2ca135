//! JPEG XL, on streams made by zune-jpegxl (8 and 16 bits) and, once, by libjxl.

use isocenter_dcm::dicom_core::value::PixelFragmentSequence;
use isocenter_dcm::dicom_core::{DataElement, DicomValue, Length, VR};
use isocenter_dcm::isocenter_volume::{Ctx, DynSamples};
use isocenter_dcm::pixel::{DecodeOptions, Photometric};
use isocenter_dcm::{Dataset, Error, FileMeta, Instance, pixel, tags};
use proptest::prelude::*;
use zune_core::{bit_depth::BitDepth, colorspace::ColorSpace, options::EncoderOptions};

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

use isocenter_dcm::dicom_core::{DataElement, DicomValue, Length, PrimitiveValue, VR, value::PixelFragmentSequence};
use isocenter_dcm::{Dataset, FileMeta, Instance, tags};

use super::make;
use super::make::module;

const RLE: &str = "1.2.840.10008.1.2.5";
const J2K: &str = "1.2.840.10008.1.2.4.90";

pub(crate) fn instance(mut ds: Dataset, syntax: &str, table: Vec<u32>, fragments: Vec<Vec<u8>>) -> Instance {
    let value = DicomValue::PixelSequence(PixelFragmentSequence::new(table, fragments));
    ds.put(DataElement::new_with_len(tags::PIXEL_DATA, VR::OB, Length::UNDEFINED, value));
    Instance::new(FileMeta::of_syntax(syntax), ds)
}

/// A run-length frame of the given segments, each made of one literal.
fn rle(segments: &[&[u8]]) -> Vec<u8> {
    let mut header = vec![segments.len() as u32];
    let mut body = Vec::new();
    for segment in segments {
        header.push(64 + body.len() as u32);
        body.push(segment.len() as u8 - 1);
        body.extend(*segment);
    }
    header.resize(16, 0);
    header.iter().flat_map(|word| word.to_le_bytes()).chain(body).collect()
}

#[test]
fn rle_of_32_bits_is_read() {
    let stream = rle(&[&[0, 1], &[0, 2], &[1, 3], &[2, 4]]);
    let image = instance(module(1, 2, 1, "MONOCHROME2", [32, 32, 31], 0), RLE, vec![], vec![stream]);
    assert_eq!(make::decode_frame(&image, 0).unwrap().samples, make::u32s(vec![0x0000_0102, 0x0102_0304]));
}

#[test]
fn rle_keeps_its_colour_model() {
    let stream = rle(&[&[100], &[128], &[128]]);
    let image = instance(module(1, 1, 3, "YBR_FULL", [8, 8, 7], 0), RLE, vec![], vec![stream]);
    assert_eq!(make::decode_frame(&image, 0).unwrap().samples, make::u8s(vec![100, 100, 100]));
}

#[test]
fn rle_that_ends_early_is_damaged() {
    let good = rle(&[&[1, 2, 3, 4]]);
    for length in 0..good.len() {
        let image = instance(module(1, 4, 1, "MONOCHROME2", [8, 8, 7], 0), RLE, vec![], vec![good[..length].to_vec()]);
        assert_eq!(make::decode_frame(&image, 0).unwrap_err().reason(), "damaged-pixel-data", "{length}");
    }
}

/// Two frames of two bytes, three fragments: the first frame is split.
fn split() -> (Dataset, Vec<Vec<u8>>) {
    let mut ds = module(1, 2, 1, "MONOCHROME2", [8, 8, 7], 0);
    ds.put(DataElement::new(tags::NUMBER_OF_FRAMES, VR::IS, "2"));
    let (first, second) = (rle(&[&[1, 2]]), rle(&[&[3, 4]]));
    (ds, vec![first[..10].to_vec(), first[10..].to_vec(), second])
}

#[test]
fn a_frame_in_several_fragments_is_found_by_either_offset_table() {
    let (ds, fragments) = split();
    let offset = (fragments[0].len() + fragments[1].len() + 16) as u32;
    let wanted = make::u8s(vec![1, 2, 3, 4]);
    let basic = instance(ds.clone(), RLE, vec![0, offset], fragments.clone());
    assert_eq!(make::decode_all(&basic).unwrap().samples, wanted);
    let mut extended = ds.clone();
    let table = PrimitiveValue::U64(vec![0, u64::from(offset)].into());
    extended.put(DataElement::new(tags::EXTENDED_OFFSET_TABLE, VR::OV, table));
    assert_eq!(make::decode_all(&instance(extended, RLE, vec![], fragments.clone())).unwrap().samples, wanted);
    // Without a table, run-length fragments cannot be told apart: refused, not guessed.
    assert_eq!(make::decode_all(&instance(ds, RLE, vec![], fragments)).unwrap_err().reason(), "malformed");
}

#[test]
fn a_wrong_offset_table_is_not_believed() {
    let (ds, fragments) = split();
    let two = vec![fragments[..2].concat(), fragments[2].clone()];
    let image = instance(ds, RLE, vec![0, 7], two);
    assert_eq!(make::decode_all(&image).unwrap().samples, make::u8s(vec![1, 2, 3, 4]));
}

#[test]
fn a_jpeg_2000_header_cannot_ask_for_memory() {
    let mut stream = b"\xFF\x4F\xFF\x51\x00\x29\x00\x00".to_vec();
    for word in [0xFFFF_FFF0u32, 0xFFFF_FFF0, 0, 0, 1, 1, 0, 0] {
        stream.extend(word.to_be_bytes());
    }
    stream.extend([0, 1, 7, 1, 1]);
    let image = instance(module(2, 2, 1, "MONOCHROME2", [8, 8, 7], 0), J2K, vec![], vec![stream]);
    assert_eq!(make::decode_frame(&image, 0).unwrap_err().reason(), "damaged-pixel-data");
}

#[test]
fn jpeg_of_12_bits_is_read() {
    // One step of 8 for all coefficients; size 9 has the code word 0, the end of a block 0. 300 * 8 / 8 + 2048 = 2348.
    let mut stream = b"\xFF\xD8\xFF\xDB\x00\x43\x00".to_vec();
    stream.extend([8; 64]);
    stream.extend(b"\xFF\xC1\x00\x0B\x0C\x00\x01\x00\x01\x01\x01\x11\x00");
    for (table, symbol) in [(0, 9), (0x10, 0)] {
        stream.extend([0xFF, 0xC4, 0, 20, table, 1]);
        stream.extend([0; 15]);
        stream.push(symbol);
    }
    stream.extend(b"\xFF\xDA\x00\x08\x01\x01\x00\x00\x3F\x00");
    // 0, then 300 in 9 bits, then 0.
    stream.extend([0b0100_1011, 0b0001_1111, 0xFF, 0xD9]);
    // Bits Stored below those of the stream do not cut values off.
    for bits in [[16, 12, 11], [16, 10, 9], [8, 8, 7]] {
        let ds = module(1, 1, 1, "MONOCHROME2", bits, 0);
        let image = instance(ds, "1.2.840.10008.1.2.4.51", vec![], vec![stream.clone()]);
        assert_eq!(make::decode_frame(&image, 0).unwrap().samples, make::u16s(vec![2348]));
    }
}

#[test]
fn syntaxes_without_a_decoder_are_refused_by_name() {
    for syntax in ["1.2.840.10008.1.2.4.102", "1.2.840.10008.1.2.4.103", "1.2.3"] {
        let image = instance(module(1, 1, 1, "MONOCHROME2", [8, 8, 7], 0), syntax, vec![], vec![vec![0; 4]]);
        assert_eq!(make::decode_frame(&image, 0).unwrap_err().reason(), "unsupported-transfer-syntax");
    }
}

#[test]
fn deflated_and_plain_frames_are_read() {
    use std::io::Write;
    let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(&[5, 6]).unwrap();
    let ds = module(1, 2, 1, "MONOCHROME2", [8, 8, 7], 0);
    let deflated = instance(ds.clone(), "1.2.840.10008.1.2.8.1", vec![], vec![packed.finish().unwrap()]);
    assert_eq!(make::decode_frame(&deflated, 0).unwrap().samples, make::u8s(vec![5, 6]));
    let plain = instance(ds, "1.2.840.10008.1.2.1.98", vec![], vec![vec![5, 6]]);
    assert_eq!(make::decode_frame(&plain, 0).unwrap().samples, make::u8s(vec![5, 6]));
}

use std::path::Path;

use isocenter_dcm::dicom_core::{DataElement, PrimitiveValue, VR};
use isocenter_dcm::isocenter_volume::{Ctx, Observer};
use isocenter_dcm::pixel::DecodeOptions;
use isocenter_dcm::{Bytes, Instance, Lazy, OpenOptions, Tag, Tolerance, tags, value};

use super::make;
use super::make::{EXPLICIT, IMPLICIT, explicit, file, ids, image, implicit};

const PLAIN_FRAGMENTS: &str = "1.2.840.10008.1.2.1.98";
const TAIL: Tag = Tag(0xFFFC, 0xFFFC);

fn frames() -> Vec<u8> {
    explicit(tags::NUMBER_OF_FRAMES, "IS", b"3 ")
}

fn tail() -> Vec<u8> {
    explicit(TAIL, "OB", &[9, 9])
}

/// Three frames of two pixels, and an element behind them.
fn native() -> Vec<u8> {
    let pixels = explicit(tags::PIXEL_DATA, "OW", &[1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0]);
    file(EXPLICIT, &[ids(), frames(), image(1, 2, [16, 12], 0), pixels, tail()].concat())
}

/// The same in fragments, the second frame in two of them.
fn fragments(table: &[u32]) -> Vec<u8> {
    let mut body = explicit(tags::PIXEL_DATA, "OB", &[]);
    body.truncate(8);
    body.extend([0xFF; 4]);
    let table: Vec<u8> = table.iter().flat_map(|entry| entry.to_le_bytes()).collect();
    for part in [table.as_slice(), &[1, 0, 2, 0], &[3, 0], &[4, 0], &[5, 0, 6, 0]] {
        body.extend([0xFE, 0xFF, 0x00, 0xE0]);
        body.extend((part.len() as u32).to_le_bytes());
        body.extend(part);
    }
    body.extend([0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]);
    file(PLAIN_FRAGMENTS, &[ids(), frames(), image(1, 2, [16, 12], 0), body, tail()].concat())
}

/// Explicit big endian: the header by hand, words swapped.
fn big(vr: &str, allocated: u16, pixels: &[u8]) -> Vec<u8> {
    let element = |tag: Tag, vr: &str, value: &[u8]| {
        let mut out = [tag.group().to_be_bytes(), tag.element().to_be_bytes()].concat();
        out.extend(vr.as_bytes());
        if matches!(vr, "OB" | "OW") {
            out.extend([0, 0]);
            out.extend((value.len() as u32).to_be_bytes());
        } else {
            out.extend((value.len() as u16).to_be_bytes());
        }
        out.extend(value);
        out
    };
    let us = |tag: Tag, v: u16| element(tag, "US", &v.to_be_bytes());
    let dataset = [
        element(tags::SOP_CLASS_UID, "UI", b"1.2.840.10008.5.1.4.1.1.7\0"),
        element(tags::SOP_INSTANCE_UID, "UI", b"1.2.3\0"),
        us(tags::SAMPLES_PER_PIXEL, 1),
        element(tags::NUMBER_OF_FRAMES, "IS", b"3 "),
        us(tags::ROWS, 1),
        us(tags::COLUMNS, if allocated == 8 { 3 } else { 1 }),
        us(tags::BITS_ALLOCATED, allocated),
        us(tags::BITS_STORED, allocated),
        element(tags::PIXEL_DATA, vr, pixels),
    ];
    file("1.2.840.10008.1.2.2", &dataset.concat())
}

fn open(bytes: &[u8]) -> (Lazy<Bytes<&[u8]>>, Instance) {
    (Lazy::new(Bytes(bytes), &OpenOptions::new()).unwrap(), OpenOptions::new().parse(bytes).unwrap())
}

fn same_everywhere(bytes: &[u8]) {
    let (lazy, eager) = open(bytes);
    let options = DecodeOptions::default();
    assert!(lazy.header().dataset.get(tags::PIXEL_DATA).is_none());
    assert_eq!(lazy.decode_all(&options, &Ctx::default()).unwrap(), make::decode_all(&eager).unwrap());
    for index in 0..3 {
        assert_eq!(lazy.frame(index).unwrap().decode(&options).unwrap(), make::decode_frame(&eager, index).unwrap());
        let mut real = vec![0.0; make::real_frame(&eager, index).unwrap().len()];
        lazy.frame(index).unwrap().real_into(&mut real).unwrap();
        assert_eq!(real, make::real_frame(&eager, index).unwrap());
    }
    assert_eq!(lazy.frame(3).unwrap_err().reason(), "no-such-frame");
}

#[test]
fn frames_left_in_the_file_are_those_in_memory() {
    same_everywhere(&native());
    same_everywhere(&fragments(&[0, 12, 32]));
    same_everywhere(&big("OW", 16, &[0, 1, 2, 3, 4, 5]));
    same_everywhere(&big("OW", 32, &[0, 0, 0, 1, 0, 0, 2, 0, 0, 3, 0, 0]));
    // Nine bytes in words: the second frame starts within one.
    same_everywhere(&big("OW", 8, &[2, 1, 4, 3, 6, 5, 8, 7, 10, 9]));
    same_everywhere(&big("OB", 8, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
}

#[test]
fn thirty_two_bit_big_endian_words_are_not_pairs_of_swapped_halves() {
    let (_, eager) = open(&big("OW", 32, &[0, 0, 0, 1, 0, 0, 2, 0, 0, 3, 0, 0]));
    assert_eq!(make::decode_all(&eager).unwrap().samples, make::u32s(vec![1, 0x200, 0x3_0000]));
}

#[test]
fn what_stands_behind_the_pixels_is_in_the_header() {
    for bytes in [native(), fragments(&[0, 12, 32])] {
        let (lazy, _) = open(&bytes);
        assert_eq!(lazy.header().dataset.get(TAIL).map(value::bytes), Some(vec![9, 9]));
    }
}

fn copied(bytes: &[u8], folder: &Path) -> Instance {
    let (mut lazy, _) = open(bytes);
    let name = DataElement::new(tags::PATIENT_NAME, VR::PN, PrimitiveValue::from("Neu^Größer"));
    lazy.header_mut().dataset.put(name);
    let path = folder.join("copy.dcm");
    lazy.write(&path).unwrap();
    OpenOptions::new().open(&path).unwrap()
}

#[test]
fn a_changed_header_is_written_with_the_pixels_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let odd = big("OB", 8, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for bytes in [native(), fragments(&[0, 12, 32]), big("OW", 32, &[7; 12]), odd] {
        let (_, eager) = open(&bytes);
        let copy = copied(&bytes, folder.path());
        assert_eq!(value::string(&copy.dataset, tags::PATIENT_NAME).as_deref(), Some("Neu^Größer"));
        assert_eq!(make::decode_all(&copy).unwrap(), make::decode_all(&eager).unwrap());
        assert_eq!(copy.dataset.get(TAIL).is_some(), eager.dataset.get(TAIL).is_some());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }
}

#[test]
fn implicit_and_deflated_files_are_copied_too() {
    use std::io::Write;
    let folder = tempfile::tempdir().unwrap();
    let us = |tag, v: u16| implicit(tag, &v.to_le_bytes());
    let dataset = [
        implicit(tags::SOP_CLASS_UID, b"1.2.840.10008.5.1.4.1.1.7\0"),
        us(tags::ROWS, 1),
        us(tags::COLUMNS, 3),
        us(tags::BITS_ALLOCATED, 8),
        implicit(tags::PIXEL_DATA, &[1, 2, 3, 0]),
    ];
    let copy = copied(&file(IMPLICIT, &dataset.concat()), folder.path());
    assert_eq!(make::decode_all(&copy).unwrap().samples, make::u8s(vec![1, 2, 3]));

    let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    let pixels = explicit(tags::PIXEL_DATA, "OB", &[4, 5]);
    packed.write_all(&[ids(), image(1, 2, [8, 8], 0), pixels].concat()).unwrap();
    let deflated = file("1.2.840.10008.1.2.1.99", &packed.finish().unwrap());
    let copy = copied(&deflated, folder.path());
    assert_eq!(make::decode_all(&copy).unwrap().samples, make::u8s(vec![4, 5]));
}

#[test]
fn a_cut_in_fragments_is_told() {
    let bytes = fragments(&[0, 12, 32]);
    let eager = OpenOptions::new();
    for length in bytes.len() - 60..bytes.len() {
        let cut = &bytes[..length];
        let lazily = Lazy::new(Bytes(cut), &eager).err().map(|error| error.reason());
        assert_eq!(lazily, eager.parse(cut).err().map(|error| error.reason()), "cut at {length}");
    }
}

#[test]
fn strict_reading_sees_what_stands_behind_the_pixels() {
    let strict = OpenOptions::new().tolerance(Tolerance::Strict);
    // Longer than the first block, so that the file is not read as a whole.
    let long = explicit(tags::PIXEL_DATA, "OW", &[0; 40_000]);
    let plain = file(EXPLICIT, &[ids(), image(100, 200, [16, 12], 0), long].concat());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.dcm");
    std::fs::write(&path, &plain).unwrap();
    assert!(strict.open(&path).is_ok());
    std::fs::write(&path, [plain.as_slice(), &[0; 16]].concat()).unwrap();
    assert_eq!(strict.open(&path).unwrap_err().reason(), "not-conforming");
    assert!(OpenOptions::new().open(&path).is_ok());
}

#[test]
fn what_was_not_asked_for_behind_the_pixels_is_not_lost_by_writing() {
    let bytes = native();
    let lazy = Lazy::new(Bytes(bytes.as_slice()), &OpenOptions::new().until(TAIL)).unwrap();
    assert_eq!(lazy.write("nowhere").unwrap_err().reason(), "partly-read");
    assert!(lazy.load().unwrap().is_header_only());
}

#[test]
fn what_goes_to_a_file_goes_to_memory_too_and_can_be_stopped() {
    struct Stop;
    impl Observer for Stop {
        fn is_cancelled(&self) -> bool {
            true
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copy.dcm");
    for bytes in [native(), fragments(&[0, 12, 32])] {
        let (lazy, eager) = open(&bytes);
        lazy.write(&path).unwrap();
        let mut out = Vec::new();
        lazy.write_to(&mut out, &Ctx::default()).unwrap();
        assert!(out == std::fs::read(&path).unwrap());
        let back = OpenOptions::new().read_at(&Bytes(&out), &Ctx::default()).unwrap();
        assert_eq!(make::decode_all(&back).unwrap(), make::decode_all(&eager).unwrap());
        std::fs::remove_file(&path).unwrap();
        let stopped = Ctx::default().with_observer(&Stop);
        let options = DecodeOptions::default();
        assert_eq!(lazy.write_with(&path, &stopped).unwrap_err().reason(), "cancelled");
        assert_eq!(eager.write_with(&path, &stopped).unwrap_err().reason(), "cancelled");
        assert_eq!(OpenOptions::new().read_at(&Bytes(&bytes), &stopped).unwrap_err().reason(), "cancelled");
        assert_eq!(lazy.decode_all(&options, &stopped).unwrap_err().reason(), "cancelled");
        assert_eq!(lazy.load_with(&stopped).unwrap_err().reason(), "cancelled");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left");
    }
}

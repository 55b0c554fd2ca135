//! Sound files: made here, or small ones of the corpus.

use std::io::Write;
use std::path::{Path, PathBuf};

use isocenter_dcm::dicom_core::{DataElement, DicomValue, Length, PrimitiveValue, VR, value::PixelFragmentSequence};
use isocenter_dcm::{Dataset, FileMeta, Instance, Tag, tags};

use super::make::{self, EXPLICIT, IMPLICIT, explicit, implicit};
use super::{Files, streams};

/// Files up to this size are taken from the corpus: thousands of mutants must not take minutes.
const LARGEST: u64 = 320 << 10;

/// Each small file of the corpus, in the order of their names; `None` where there is no corpus.
pub(crate) fn corpus() -> Option<Files> {
    let folder = isocenter_testing::corpus::part("")?;
    let mut paths = Vec::new();
    for part in ["dcm", "deid/cases/cases"] {
        find(&folder.join(part), &mut paths);
    }
    paths.sort();
    let read =
        |path: &PathBuf| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap());
    let files: Vec<_> = paths.iter().map(read).collect();
    assert!(files.len() >= 20, "{}", files.len());
    Some(files)
}

fn find(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            find(&path, out);
        } else if path.extension().is_none_or(|ext| ext == "dcm")
            && (132..=LARGEST).contains(&path.metadata().unwrap().len())
        {
            out.push(path);
        }
    }
}

/// A file of each kind that this crate reads.
pub(crate) fn generated() -> Files {
    let mut files = native();
    files.extend(coded());
    files.extend(structured());
    files.into_iter().map(|(name, file)| (name.to_owned(), file)).collect()
}

/// Every native format, and palettes.
fn native() -> Vec<(&'static str, Vec<u8>)> {
    let ramp = |count: usize| (0..count).map(|at| (at * 37 % 251) as u8).collect::<Vec<u8>>();
    let one = |photometric, samples, bits, signed, bytes: Vec<u8>| {
        let mut ds = image(samples, photometric, bits, signed);
        make::put_bytes(&mut ds, &bytes);
        ds
    };
    let mono = "MONOCHROME2";
    let mut planar = one("RGB", 3, [8, 8, 7], 0, ramp(576));
    planar.put(DataElement::new(tags::PLANAR_CONFIGURATION, VR::US, PrimitiveValue::from(1u16)));
    let mut multi = one(mono, 1, [16, 12, 11], 1, ramp(3 * 384));
    multi.put(DataElement::new(tags::NUMBER_OF_FRAMES, VR::IS, "3"));
    let mut float = image(1, mono, [32, 32, 31], 0);
    float.put(DataElement::new(tags::FLOAT_PIXEL_DATA, VR::OF, PrimitiveValue::F32(vec![0.5; 192].into())));
    let mut double = image(1, mono, [64, 64, 63], 0);
    double.put(DataElement::new(tags::DOUBLE_FLOAT_PIXEL_DATA, VR::OD, PrimitiveValue::F64(vec![0.5; 192].into())));
    [
        ("bits", one(mono, 1, [1, 1, 0], 0, ramp(24))),
        ("bytes", one(mono, 1, [8, 8, 7], 0, ramp(192))),
        ("12 in 16", one(mono, 1, [16, 12, 11], 0, ramp(384))),
        ("long", one(mono, 1, [32, 32, 31], 0, ramp(768))),
        ("colour", one("RGB", 3, [8, 8, 7], 0, ramp(576))),
        ("422", one("YBR_FULL_422", 3, [8, 8, 7], 0, ramp(384))),
        ("plain palette", palette(false)),
        ("segmented palette", palette(true)),
        ("planar", planar),
        ("frames", multi),
        ("float", float),
        ("double", double),
    ]
    .map(|(name, ds)| (name, file(EXPLICIT, &ds)))
    .into()
}

/// Every codec, and both offset tables.
fn coded() -> Vec<(&'static str, Vec<u8>)> {
    let mono = "MONOCHROME2";
    let coded = |photometric, bits, syntax, streams: Vec<Vec<u8>>| {
        let samples = if photometric == mono { 1 } else { 3 };
        let mut ds = image(samples, photometric, bits, 0);
        if streams.len() > 1 {
            ds.put(DataElement::new(tags::NUMBER_OF_FRAMES, VR::IS, streams.len().to_string()));
        }
        encapsulate(ds, syntax, streams)
    };
    let hex = |digits: &str| vec![streams::bytes(digits)];
    let rle = |planes: &[u8]| [rle_header(planes.len()), planes.iter().flat_map(|&v| rle_plane(v)).collect()].concat();
    let deflated: Vec<u8> = {
        let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(&[7; 192]).unwrap();
        packed.finish().unwrap()
    };
    vec![
        ("rle", coded(mono, [16, 12, 11], "1.2.840.10008.1.2.5", vec![rle(&[1, 200])])),
        ("rle frames", coded("RGB", [8, 8, 7], "1.2.840.10008.1.2.5", vec![rle(&[1, 2, 3]), rle(&[4, 5, 6])])),
        ("jpeg-ls", coded(mono, [8, 8, 7], "1.2.840.10008.1.2.4.80", hex(streams::JPEG_LS))),
        ("jpeg-ls 16", coded(mono, [16, 16, 15], "1.2.840.10008.1.2.4.80", hex(streams::JPEG_LS_16))),
        ("lossless", coded(mono, [16, 12, 11], "1.2.840.10008.1.2.4.70", hex(streams::JPEG_LOSSLESS))),
        ("jpeg", coded(mono, [8, 8, 7], "1.2.840.10008.1.2.4.50", hex(streams::JPEG))),
        ("jpeg colour", coded("YBR_FULL_422", [8, 8, 7], "1.2.840.10008.1.2.4.50", hex(streams::JPEG_COLOUR))),
        ("jpeg 2000", coded(mono, [16, 12, 11], "1.2.840.10008.1.2.4.90", hex(streams::JPEG_2000))),
        ("jpeg 2000 colour", coded("YBR_ICT", [8, 8, 7], "1.2.840.10008.1.2.4.91", hex(streams::JPEG_2000_COLOUR))),
        ("deflated frames", coded(mono, [8, 8, 7], "1.2.840.10008.1.2.8.1", vec![deflated.clone(), deflated])),
        ("plain frames", coded(mono, [8, 8, 7], "1.2.840.10008.1.2.1.98", vec![vec![1; 192], vec![2; 192]])),
    ]
}

/// Sequences of every kind, private elements, other layouts.
fn structured() -> Vec<(&'static str, Vec<u8>)> {
    let length = |n: usize| (n as u32).to_le_bytes();
    let item = |inner: &[u8]| [&[0xFE, 0xFF, 0x00, 0xE0][..], &length(inner.len()), inner].concat();
    let open_item = |inner: &[u8]| [b"\xFE\xFF\x00\xE0\xFF\xFF\xFF\xFF", inner, b"\xFE\xFF\x0D\xE0\0\0\0\0"].concat();
    let open_sequence = |tag: Tag, vr: &str, inner: &[u8]| {
        let mut out = explicit(tag, vr, &[]);
        out.splice(8.., [0xFF; 4]);
        [&out, inner, b"\xFE\xFF\xDD\xE0\0\0\0\0"].concat()
    };
    let meaning = explicit(tags::CODE_MEANING, "LO", b"Sch\xe4del ");
    let plain = implicit(tags::CODE_MEANING, b"Skull ");
    let nested = explicit(tags::CONCEPT_CODE_SEQUENCE, "SQ", &item(&meaning));
    let sequences = [
        make::ids(),
        explicit(tags::SPECIFIC_CHARACTER_SET, "CS", b"ISO_IR 100"),
        explicit(tags::ANATOMIC_REGION_SEQUENCE, "SQ", &[item(&meaning), open_item(&nested)].concat()),
        open_sequence(tags::PRIMARY_ANATOMIC_STRUCTURE_SEQUENCE, "SQ", &[open_item(&meaning), item(&[])].concat()),
        open_sequence(tags::VIEW_CODE_SEQUENCE, "UN", &open_item(&plain)),
        explicit(tags::ACQUISITION_CONTEXT_SEQUENCE, "UN", &item(&plain)),
        explicit(Tag(0x0041, 0x0010), "LO", b"ISOCENTER "),
        explicit(Tag(0x0041, 0x1001), "UN", &item(&plain)),
    ]
    .concat();
    let names = [
        explicit(tags::SPECIFIC_CHARACTER_SET, "CS", b"\\ISO 2022 IR 87\\ISO 2022 IR 149 "),
        explicit(tags::PATIENT_NAME, "PN", b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$)C\xfb\xf3 "),
    ]
    .concat();
    let image: Vec<u8> = implicit_image();
    let big = b"\x00\x08\x00\x60CS\x00\x02MR\x00\x28\x00\x10US\x00\x02\x00\x01\x00\x28\x00\x11US\x00\x02\x00\x02\
        \x00\x28\x01\x00US\x00\x02\x00\x10\x7F\xE0\x00\x10OW\x00\x00\x00\x00\x00\x04\x01\x02\x03\x04";
    let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    deflate.write_all(&[&sequences[..], &make::image(2, 2, [8, 8], 0)].concat()).unwrap();
    vec![
        ("sequences", make::file(EXPLICIT, &sequences)),
        ("names", make::file(EXPLICIT, &names)),
        ("implicit", make::file(IMPLICIT, &image)),
        ("implicit under explicit", make::file(EXPLICIT, &image)),
        ("big endian", make::file("1.2.840.10008.1.2.2", big)),
        ("deflated", make::file("1.2.840.10008.1.2.1.99", &deflate.finish().unwrap())),
        ("bare", [make::ids(), make::image(2, 2, [8, 8], 0), explicit(tags::PIXEL_DATA, "OB", &[1, 2, 3, 4])].concat()),
    ]
}

fn implicit_image() -> Vec<u8> {
    let us = |tag: Tag, v: u16| implicit(tag, &v.to_le_bytes());
    [
        implicit(tags::SOP_CLASS_UID, b"1.2.840.10008.5.1.4.1.1.7\0"),
        us(tags::ROWS, 2),
        us(tags::COLUMNS, 4),
        us(tags::BITS_ALLOCATED, 16),
        us(tags::BITS_STORED, 12),
        us(tags::HIGH_BIT, 11),
        us(tags::PIXEL_REPRESENTATION, 1),
        implicit(tags::RESCALE_SLOPE, b"2 "),
        implicit(tags::PIXEL_DATA, &[9; 16]),
    ]
    .concat()
}

fn image(samples: u16, photometric: &str, bits: [u16; 3], signed: u16) -> Dataset {
    let [columns, rows] = streams::SIZE;
    make::module(rows, columns, samples, photometric, bits, signed)
}

fn palette(segmented: bool) -> Dataset {
    let mut ds = image(1, "PALETTE COLOR", [8, 8, 7], 0);
    let table: Vec<u16> = if segmented {
        vec![0, 2, 0, 256, 1, 200, 65535, 2, 1, 0, 0, 0, 2, 7, 9]
    } else {
        (0..256).map(|v| v * 257).collect()
    };
    let count = if segmented { 204 } else { 256 };
    for channel in 0..3 {
        let descriptor = PrimitiveValue::U16(vec![count, 0, 16].into());
        ds.put(DataElement::new(Tag(0x0028, 0x1101 + channel), VR::US, descriptor));
        let tag = Tag(0x0028, if segmented { 0x1221 } else { 0x1201 } + channel);
        ds.put(DataElement::new(tag, VR::OW, PrimitiveValue::U16(table.clone().into())));
    }
    make::put_bytes(&mut ds, &(0..192).collect::<Vec<u8>>());
    ds
}

/// Two fragments a frame where there are several frames, and both offset tables.
fn encapsulate(mut ds: Dataset, syntax: &str, frames: Vec<Vec<u8>>) -> Vec<u8> {
    let (mut offsets, mut at, mut fragments) = (Vec::new(), 0u32, Vec::new());
    for frame in &frames {
        offsets.push(at);
        let half = if frames.len() > 1 { frame.len() / 4 * 2 } else { frame.len() };
        for part in [&frame[..half], &frame[half..]].into_iter().filter(|part| !part.is_empty()) {
            let mut part = part.to_vec();
            part.resize(part.len().next_multiple_of(2), 0);
            at += 8 + part.len() as u32;
            fragments.push(part);
        }
    }
    let longs = offsets.iter().map(|&offset| u64::from(offset)).collect::<Vec<_>>();
    ds.put(DataElement::new(tags::EXTENDED_OFFSET_TABLE, VR::OV, PrimitiveValue::U64(longs.into())));
    let pixels = DicomValue::PixelSequence(PixelFragmentSequence::new(offsets, fragments));
    ds.put(DataElement::new_with_len(tags::PIXEL_DATA, VR::OB, Length::UNDEFINED, pixels));
    file(syntax, &ds)
}

fn file(syntax: &str, ds: &Dataset) -> Vec<u8> {
    Instance::new(FileMeta::of_syntax(syntax), ds.clone()).to_bytes().unwrap()
}

fn rle_header(planes: usize) -> Vec<u8> {
    let mut header = vec![planes as u32];
    header.extend((0..planes as u32).map(|plane| 64 + 8 * plane));
    header.resize(16, 0);
    header.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// 192 samples: a run of 128, one of 62, two by themselves.
fn rle_plane(value: u8) -> [u8; 8] {
    [129, value, 195, value.wrapping_add(1), 1, 8, 9, 128]
}

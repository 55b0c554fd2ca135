//! Sequences, items and delimiters that are not where they should be, elements without a VR, pixel data without a byte.

use isocenter_dcm::dicom_core::VR;
use isocenter_dcm::pixel::DecodeOptions;
use isocenter_dcm::{Bytes, Instance, Lazy, OpenOptions, Tag, Tolerance, Warning, tags, value};

use super::make;
use super::make::{EXPLICIT, IMPLICIT, explicit, file, ids, image, implicit};

const RLE: &str = "1.2.840.10008.1.2.5";
const SEQUENCE: Tag = tags::REFERENCED_IMAGE_SEQUENCE;
const SEQUENCE_END: [u8; 8] = [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0];
const ITEM_END: [u8; 8] = [0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0];
const PIXELS: [u8; 6] = [1, 2, 3, 4, 5, 6];

fn item(body: &[u8]) -> Vec<u8> {
    [&[0xFE, 0xFF, 0x00, 0xE0][..], &(body.len() as u32).to_le_bytes(), body].concat()
}

/// An item that ends with its delimiter.
fn open_item(body: &[u8]) -> Vec<u8> {
    [&[0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF][..], body, &ITEM_END].concat()
}

/// An element of undefined length, without its delimiter.
fn open(tag: Tag, vr: &str, body: &[u8]) -> Vec<u8> {
    let mut out = explicit(tag, "SQ", &[]);
    out[4..6].copy_from_slice(vr.as_bytes());
    out[8..].fill(0xFF);
    out.extend(body);
    out
}

/// A single frame of run lengths, with its offset table.
fn frame() -> Vec<u8> {
    let mut stream = vec![0; 64];
    (stream[0], stream[4]) = (1, 64);
    stream.push(5);
    stream.extend(PIXELS);
    stream.push(0);
    [item(&[]), item(&stream)].concat()
}

fn code(text: &[u8]) -> Vec<u8> {
    explicit(tags::CODE_VALUE, "SH", text)
}

/// `what` between the identifiers and a small image.
fn around(what: &[u8]) -> Vec<u8> {
    let behind = [explicit(tags::PATIENT_ID, "LO", b"ID"), image(2, 3, [8, 8], 0)].concat();
    file(EXPLICIT, &[&ids(), what, &behind, &explicit(tags::PIXEL_DATA, "OB", &PIXELS)].concat())
}

/// Opens a file, whole and lazily; checks that what stands behind the fault came through, and that strict reading refuses it.
fn read(bytes: &[u8], warning: &Warning) -> Instance {
    let whole = OpenOptions::new().parse(bytes).unwrap();
    assert!(whole.warnings.contains(warning), "{:?}", whole.warnings);
    assert_eq!(make::decode_frame(&whole, 0).unwrap().samples, make::u8s(PIXELS.to_vec()));
    assert_eq!(value::string(&whole.dataset, tags::PATIENT_ID).as_deref(), Some("ID"));
    let lazy = Lazy::new(Bytes(bytes.to_vec()), &OpenOptions::new()).unwrap();
    assert_eq!(lazy.header().warnings, whole.warnings);
    let lazily = lazy.frame(0).unwrap().decode(&DecodeOptions::default()).unwrap();
    assert_eq!(lazily.samples, make::u8s(PIXELS.to_vec()));
    let strict = OpenOptions::new().tolerance(Tolerance::Strict).parse(bytes).unwrap_err();
    assert_eq!(strict.reason(), "not-conforming");
    // What was repaired is written as it should be.
    let again = OpenOptions::new().parse(&whole.to_bytes().unwrap()).unwrap();
    assert!(!again.warnings.contains(warning), "{:?}", again.warnings);
    whole
}

fn refused(bytes: &[u8]) {
    for tolerance in [Tolerance::Strict, Tolerance::Standard, Tolerance::Salvage] {
        assert_eq!(OpenOptions::new().tolerance(tolerance).parse(bytes).unwrap_err().reason(), "malformed");
    }
}

fn codes(instance: &Instance) -> Vec<String> {
    let items = value::sequence(&instance.dataset, SEQUENCE).unwrap_or_default();
    items.iter().filter_map(|item| value::string(item, tags::CODE_VALUE)).collect()
}

#[test]
fn fragments_that_are_closed_twice_are_read() {
    let head = [ids(), explicit(tags::PATIENT_ID, "LO", b"ID"), image(2, 3, [8, 8], 0)].concat();
    let pixels = |ends: &[u8]| open(tags::PIXEL_DATA, "OB", &[&frame()[..], ends].concat());
    let warning = Warning::StrayDelimiter { tag: tags::PIXEL_DATA };
    let behind = explicit(Tag(0xFFFC, 0xFFFC), "OB", &[0; 4]);
    let twice = [SEQUENCE_END, SEQUENCE_END].concat();
    let shapes = [
        (twice.clone(), vec![]),
        ([&twice[..], &SEQUENCE_END].concat(), vec![]),
        ([SEQUENCE_END, ITEM_END, SEQUENCE_END].concat(), vec![]),
        (twice.clone(), behind.clone()),
    ];
    for (ends, behind) in shapes {
        let bytes = file(RLE, &[head.clone(), pixels(&ends), behind.clone()].concat());
        let whole = read(&bytes, &warning);
        assert_eq!(whole.dataset.get(Tag(0xFFFC, 0xFFFC)).is_some(), !behind.is_empty());
    }
    // a delimiter that closes nothing again
    refused(&file(RLE, &[head, pixels(&SEQUENCE_END), behind, SEQUENCE_END.to_vec()].concat()));
}

#[test]
fn sequences_and_items_that_are_closed_twice_are_read() {
    let warning = Warning::StrayDelimiter { tag: SEQUENCE };
    let one = open_item(&code(b"A "));
    let shapes = [
        open(SEQUENCE, "SQ", &[&one[..], &SEQUENCE_END, &SEQUENCE_END].concat()),
        open(SEQUENCE, "SQ", &[&one[..], &ITEM_END, &SEQUENCE_END].concat()),
        open(SEQUENCE, "SQ", &[&item(&code(b"A "))[..], &ITEM_END, &SEQUENCE_END].concat()),
        explicit(SEQUENCE, "SQ", &[&one[..], &ITEM_END].concat()),
        [explicit(SEQUENCE, "SQ", &item(&code(b"A "))), SEQUENCE_END.to_vec()].concat(),
    ];
    for shape in shapes {
        assert_eq!(codes(&read(&around(&shape), &warning)), ["A"]);
    }
    // an item whose length is given, and a delimiter in it
    let inner = explicit(SEQUENCE, "SQ", &item(&[&code(b"A ")[..], &ITEM_END].concat()));
    let told = Warning::StrayDelimiter { tag: tags::CODE_VALUE };
    assert_eq!(codes(&read(&around(&inner), &told)), ["A"]);
    // within another sequence's item
    let twice = open(SEQUENCE, "SQ", &[&one[..], &SEQUENCE_END, &SEQUENCE_END].concat());
    for outer in [item(&twice), open_item(&twice)] {
        let outer = open(tags::REFERENCED_SERIES_SEQUENCE, "SQ", &[&outer[..], &SEQUENCE_END].concat());
        let whole = read(&around(&outer), &warning);
        let items = value::sequence(&whole.dataset, tags::REFERENCED_SERIES_SEQUENCE).unwrap();
        assert_eq!(value::sequence(&items[0], SEQUENCE).unwrap().len(), 1);
    }
}

#[test]
fn a_delimiter_that_may_close_something_else_is_refused() {
    let plain = explicit(tags::CODE_VALUE, "SH", b"A ");
    // behind an element that is no sequence
    refused(&around(&SEQUENCE_END));
    refused(&around(&ITEM_END));
    // in an item that ends with a delimiter: its own may be missing
    let inner = open(SEQUENCE, "SQ", &[&open_item(&plain)[..], &SEQUENCE_END, &SEQUENCE_END].concat());
    let outer = open(tags::REFERENCED_SERIES_SEQUENCE, "SQ", &open_item(&[inner, plain].concat()));
    refused(&around(&[outer, SEQUENCE_END.to_vec()].concat()));
}

#[test]
fn items_behind_an_empty_sequence_are_its_own() {
    let warning = Warning::UnsizedSequence { tag: SEQUENCE };
    let empty = explicit(SEQUENCE, "SQ", &[]);
    let (a, b) = (code(b"A "), code(b"B "));
    let bodies = [
        [item(&a), item(&b), SEQUENCE_END.to_vec()].concat(),
        [item(&a), item(&b)].concat(),
        [open_item(&a), open_item(&b), SEQUENCE_END.to_vec()].concat(),
        [item(&a), item(&[]), open_item(&b)].concat(),
    ];
    for body in &bodies {
        assert_eq!(codes(&read(&around(&[&empty[..], body].concat()), &warning)), ["A", "B"]);
        // within an item of either kind
        let inner = [&empty[..], body].concat();
        for outer in [item(&inner), open_item(&inner)] {
            let outer = open(tags::REFERENCED_SERIES_SEQUENCE, "SQ", &[&outer[..], &SEQUENCE_END].concat());
            let whole = read(&around(&outer), &warning);
            let items = value::sequence(&whole.dataset, tags::REFERENCED_SERIES_SEQUENCE).unwrap();
            assert!(value::sequence(&items[0], SEQUENCE).unwrap().len() >= 2);
        }
    }
    // a sequence that is empty stays so
    let whole = OpenOptions::new().parse(&around(&empty)).unwrap();
    assert_eq!((whole.warnings.len(), codes(&whole).len()), (0, 0));
}

/// The same in implicit VR.
fn around_implicit(what: &[u8]) -> Vec<u8> {
    let us = |tag: Tag, v: u16| implicit(tag, &v.to_le_bytes());
    let dataset = [
        implicit(tags::SOP_CLASS_UID, b"1.2.840.10008.5.1.4.1.1.7\0"),
        implicit(tags::SOP_INSTANCE_UID, b"1.2.3\0"),
        what.to_vec(),
        implicit(tags::PATIENT_ID, b"ID"),
        us(tags::SAMPLES_PER_PIXEL, 1),
        us(tags::ROWS, 2),
        us(tags::COLUMNS, 3),
        us(tags::BITS_ALLOCATED, 8),
        implicit(tags::PIXEL_DATA, &PIXELS),
    ];
    file(IMPLICIT, &dataset.concat())
}

#[test]
fn items_behind_an_empty_sequence_are_its_own_in_implicit_vr() {
    let a = implicit(tags::CODE_VALUE, b"A ");
    let body = [implicit(SEQUENCE, &[]), item(&a), open_item(&a), SEQUENCE_END.to_vec()].concat();
    assert_eq!(codes(&read(&around_implicit(&body), &Warning::UnsizedSequence { tag: SEQUENCE })), ["A", "A"]);
    // a private one, which no dictionary knows
    let tag = Tag(0x0009, 0x1001);
    let private = [implicit(Tag(0x0009, 0x0010), b"ME"), implicit(tag, &[]), item(&a)].concat();
    let whole = read(&around_implicit(&private), &Warning::UnsizedSequence { tag });
    assert_eq!(whole.dataset.get(tag).unwrap().items().unwrap().len(), 1);
}

#[test]
fn items_that_no_sequence_holds_are_passed_over() {
    let told = |tag| Warning::OrphanItem { tag };
    let body = code(b"A ");
    let shapes = [
        item(&body),
        [item(&body), SEQUENCE_END.to_vec()].concat(),
        [open_item(&body), open_item(&body), SEQUENCE_END.to_vec()].concat(),
        item(&[]),
        open_item(&explicit(SEQUENCE, "SQ", &item(&body))),
    ];
    for shape in shapes {
        let whole = read(&around(&shape), &told(tags::SOP_INSTANCE_UID));
        assert!(whole.dataset.get(tags::CODE_VALUE).is_none());
        // within an item whose length is given
        let inner = [explicit(tags::SERIES_INSTANCE_UID, "UI", b"1\0"), shape].concat();
        let outer = explicit(tags::REFERENCED_SERIES_SEQUENCE, "SQ", &item(&inner));
        let whole = read(&around(&outer), &told(tags::SERIES_INSTANCE_UID));
        assert_eq!(value::sequence(&whole.dataset, tags::REFERENCED_SERIES_SEQUENCE).unwrap().len(), 1);
    }
    read(&around_implicit(&item(&implicit(tags::CODE_VALUE, b"A "))), &told(tags::SOP_INSTANCE_UID));
    // behind the pixels
    let bytes = [around(&[]), item(&body)].concat();
    read(&bytes, &told(tags::PIXEL_DATA));
    // in an item that ends with a delimiter, its own may be what is missing
    let outer = open(tags::REFERENCED_SERIES_SEQUENCE, "SQ", &open_item(&[body.clone(), item(&body)].concat()));
    refused(&around(&[outer, SEQUENCE_END.to_vec()].concat()));
}

#[test]
fn text_in_place_of_a_sequence_is_kept_as_bytes() {
    for text in [&b"a text of somebody"[..], b"AB", b"SHORT\\2 ", &[0; 10], b"more than eight bytes "] {
        let warning = Warning::NotASequence { tag: SEQUENCE, length: text.len() as u32 };
        let whole = read_bytes(&around_implicit(&implicit(SEQUENCE, text)), &warning);
        let element = whole.dataset.get(SEQUENCE).unwrap();
        assert_eq!((element.vr(), value::bytes(element)), (VR::UN, text.to_vec()));
        // within an item
        let outer = implicit(tags::REFERENCED_SERIES_SEQUENCE, &item(&implicit(SEQUENCE, text)));
        let whole = read_bytes(&around_implicit(&outer), &warning);
        let items = value::sequence(&whole.dataset, tags::REFERENCED_SERIES_SEQUENCE).unwrap();
        assert_eq!(value::bytes(items[0].get(SEQUENCE).unwrap()), text);
    }
    // under an explicit syntax, and without a VR among elements that have one
    let among = around(&implicit(SEQUENCE, b"text"));
    read_bytes(&among, &Warning::NotASequence { tag: SEQUENCE, length: 4 });
    // a sequence whose first item is damaged is not taken for text
    let mut damaged = item(&implicit(tags::CODE_VALUE, b"A "));
    damaged[4] += 8;
    refused(&around_implicit(&implicit(SEQUENCE, &damaged)));
}

/// As [`read`]; bytes of VR UN stay what they are when they are written.
fn read_bytes(bytes: &[u8], warning: &Warning) -> Instance {
    let whole = read(bytes, warning);
    let again = OpenOptions::new().parse(&whole.to_bytes().unwrap()).unwrap();
    assert_eq!(again.to_bytes().unwrap(), whole.to_bytes().unwrap());
    whole
}

/// An element with two blanks for a VR.
fn blank(tag: Tag, value: &[u8], long: bool) -> Vec<u8> {
    let mut out = explicit(tag, if long { "UN" } else { "LO" }, value);
    out[4..6].copy_from_slice(b"  ");
    out
}

#[test]
fn blanks_for_a_vr_are_none() {
    let warning = |tag| Warning::MissingVr { tag };
    let name = tags::MANUFACTURER;
    for (value, long) in
        [(&b"MAKER "[..], false), (b"", false), (b"AT", false), (b"MAKER ", true), (b"PN  LO  UL  ", true)]
    {
        let whole = read(&around(&blank(name, value, long)), &warning(name));
        assert_eq!(value::string(&whole.dataset, name).unwrap_or_default().as_bytes(), value.trim_ascii_end());
    }
    // a number, a private element, a sequence, two in a row, one within an item
    let rows = [blank(tags::PATIENT_ID, b"ID", false), blank(tags::ROWS, &[2, 0], false)].concat();
    let columns = image(2, 3, [8, 8], 0);
    let rows_at = columns.windows(4).position(|w| w == [0x28, 0, 0x10, 0]).unwrap();
    let image = [&columns[..rows_at], &rows[10..], &columns[rows_at + 10..]].concat();
    let bytes = [ids(), rows[..10].to_vec(), image, explicit(tags::PIXEL_DATA, "OB", &PIXELS)].concat();
    read(&file(EXPLICIT, &bytes), &warning(tags::ROWS));
    let private = [explicit(Tag(0x0009, 0x0010), "LO", b"ME"), blank(Tag(0x0009, 0x1001), b"abcd", false)].concat();
    read(&around(&private), &warning(Tag(0x0009, 0x1001)));
    let sequence = blank(SEQUENCE, &item(&[blank(tags::CODE_VALUE, b"A ", false)].concat()), true);
    assert_eq!(codes(&read(&around(&sequence), &warning(SEQUENCE))), ["A"]);
    // the first element, with a meta group and without
    let first =
        [blank(tags::SPECIFIC_CHARACTER_SET, b"ISO_IR 100", false), around(&[])[meta_end()..].to_vec()].concat();
    let whole = read(&file(EXPLICIT, &first), &warning(tags::SPECIFIC_CHARACTER_SET));
    assert_eq!(value::string(&whole.dataset, tags::SPECIFIC_CHARACTER_SET).as_deref(), Some("ISO_IR 100"));
    read(&first, &warning(tags::SPECIFIC_CHARACTER_SET));
    // zeros, and what else is no letter
    for vr in [b"\0\0", b"??", b"\x01 "] {
        let mut element = explicit(name, "LO", b"MAKER ");
        element[4..6].copy_from_slice(vr);
        let whole = read(&around(&element), &warning(name));
        assert_eq!(value::string(&whole.dataset, name).as_deref(), Some("MAKER"));
    }
    // in the meta group
    let mut bytes = around(&[]);
    let at = bytes.windows(6).position(|w| w == b"\x02\0\x10\0UI").unwrap();
    bytes[at + 4..at + 6].copy_from_slice(b"  ");
    read(&bytes, &warning(tags::TRANSFER_SYNTAX_UID));
}

fn meta_end() -> usize {
    132 + make::meta(EXPLICIT).len()
}

#[test]
fn an_element_without_a_vr_may_be_long() {
    // 0x2020 bytes: a length that looks like two blanks
    let long = implicit(tags::PATIENT_COMMENTS, &[b'x'; 0x2020]);
    let bytes = [ids(), explicit(tags::PATIENT_ID, "LO", b"ID"), long, image(2, 3, [8, 8], 0)].concat();
    let bytes = file(EXPLICIT, &[bytes, explicit(tags::PIXEL_DATA, "OB", &PIXELS)].concat());
    let whole = read(&bytes, &Warning::MissingVr { tag: tags::PATIENT_COMMENTS });
    assert_eq!(value::string(&whole.dataset, tags::PATIENT_COMMENTS).unwrap().len(), 0x2020);
    let long = implicit(Tag(0x0009, 0x1001), &vec![7; 70_000]);
    let whole = read(&around(&long), &Warning::MissingVr { tag: Tag(0x0009, 0x1001) });
    assert_eq!(value::bytes(whole.dataset.get(Tag(0x0009, 0x1001)).unwrap()).len(), 70_000);
}

#[test]
fn an_image_without_a_byte_of_pixels_is_a_header() {
    let head = |bits| [ids(), explicit(tags::PATIENT_ID, "LO", b"ID"), image(2, 3, [bits, bits], 0)].concat();
    let told = [Warning::EmptyPixelData];
    let empty = |vr: &str| explicit(tags::PIXEL_DATA, vr, &[]);
    let files = [
        (file(EXPLICIT, &[head(8), empty("OB")].concat()), &told[..]),
        (file(EXPLICIT, &[head(16), empty("OW")].concat()), &told),
        (file(RLE, &[head(8), empty("OB")].concat()), &told),
        (file(RLE, &[head(8), open(tags::PIXEL_DATA, "OB", &SEQUENCE_END)].concat()), &[]),
        (
            file(RLE, &[head(8), open(tags::PIXEL_DATA, "OB", &[item(&[]), SEQUENCE_END.to_vec()].concat())].concat()),
            &[],
        ),
    ];
    for (bytes, told) in files {
        let whole = OpenOptions::new().parse(&bytes).unwrap();
        assert_eq!(whole.warnings, told);
        assert_eq!(value::string(&whole.dataset, tags::PATIENT_ID).as_deref(), Some("ID"));
        assert_eq!(make::decode_frame(&whole, 0).unwrap_err().reason(), "no-pixel-data");
        let lazy = Lazy::new(Bytes(bytes.clone()), &OpenOptions::new()).unwrap();
        let error = lazy.frame(0).unwrap().decode(&DecodeOptions::default()).unwrap_err();
        assert_eq!(error.reason(), "no-pixel-data");
        let header = OpenOptions::new().header_only(true).parse(&bytes).unwrap();
        assert_eq!(header.has_pixels(), told.is_empty());
        let strict = OpenOptions::new().tolerance(Tolerance::Strict).parse(&bytes);
        assert_eq!(strict.is_ok(), told.is_empty());
        assert!(whole.to_bytes().is_ok());
    }
}

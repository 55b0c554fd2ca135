//! `DICM` at byte 128 that belongs to a value.

use isocenter_dcm::{OpenOptions, Tag, Tolerance, Warning, tags, value};

use super::make;
use super::make::{EXPLICIT, IMPLICIT, explicit, file, ids, image, implicit, meta};

const PIXELS: [u8; 6] = [1, 2, 3, 4, 5, 6];

fn rest() -> Vec<u8> {
    [explicit(tags::PATIENT_ID, "LO", b"ID"), image(2, 3, [8, 8], 0), explicit(tags::PIXEL_DATA, "OB", &PIXELS)]
        .concat()
}

/// A value so long that `DICM` in it comes to stand at byte 128, `before` bytes after the file's start.
fn value_at(before: usize, tail: &[u8]) -> Vec<u8> {
    [vec![b'x'; 128 - before], b"DICM".to_vec(), tail.to_vec()].concat()
}

fn read(bytes: &[u8]) {
    assert_eq!(&bytes[128..132], b"DICM");
    let whole = OpenOptions::new().parse(bytes).unwrap();
    assert!(whole.warnings.contains(&Warning::MissingPreamble));
    assert_eq!(value::string(&whole.dataset, tags::SOP_INSTANCE_UID).as_deref(), Some("1.2.3"));
    assert_eq!(value::string(&whole.dataset, tags::PATIENT_ID).as_deref(), Some("ID"));
    assert_eq!(make::decode_frame(&whole, 0).unwrap().samples, make::u8s(PIXELS.to_vec()));
    let header = OpenOptions::new().header_only(true).parse(bytes).unwrap();
    assert_eq!(value::string(&header.dataset, tags::SOP_INSTANCE_UID).as_deref(), Some("1.2.3"));
    let strict = OpenOptions::new().tolerance(Tolerance::Strict).parse(bytes).unwrap_err();
    assert_eq!(strict.reason(), "not-conforming");
}

#[test]
fn a_bare_data_set_is_read_from_its_first_byte() {
    let name = tags::STUDY_DESCRIPTION;
    let before = ids().len() + 8;
    for tail in [&b""[..], b" and more", b"\x02\0\x10\0UI"] {
        let mut text = value_at(before, tail);
        text.resize(text.len().next_multiple_of(2), b' ');
        read(&[ids(), explicit(name, "LO", &text), rest()].concat());
    }
    // in an item, in private bytes of the long form, in implicit VR
    let item = |body: &[u8]| [&[0xFE, 0xFF, 0, 0xE0][..], &(body.len() as u32).to_le_bytes(), body].concat();
    let text = explicit(tags::CODE_MEANING, "LO", &value_at(before + 4 + 8 + 8, b""));
    read(&[ids(), explicit(tags::PROCEDURE_CODE_SEQUENCE, "SQ", &item(&text)), rest()].concat());
    let mut open = explicit(tags::PROCEDURE_CODE_SEQUENCE, "SQ", &item(&text));
    open[8..12].fill(0xFF);
    read(&[ids(), open, vec![0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0], rest()].concat());
    let creator = explicit(Tag(0x0009, 0x0010), "LO", b"ME");
    let private = explicit(Tag(0x0009, 0x1001), "UN", &value_at(before + creator.len() + 4, b"yz"));
    read(&[ids(), creator, private, rest()].concat());
}

#[test]
fn an_implicit_one_too() {
    let us = |tag: Tag, v: u16| implicit(tag, &v.to_le_bytes());
    let ids =
        [implicit(tags::SOP_CLASS_UID, b"1.2.840.10008.5.1.4.1.1.7\0"), implicit(tags::SOP_INSTANCE_UID, b"1.2.3\0")];
    let rest = [
        implicit(tags::PATIENT_ID, b"ID"),
        us(tags::ROWS, 2),
        us(tags::COLUMNS, 3),
        us(tags::BITS_ALLOCATED, 8),
        implicit(tags::PIXEL_DATA, &PIXELS),
    ];
    let (ids, rest) = (ids.concat(), rest.concat());
    for tail in [&b""[..], b" or so.."] {
        read(&[&ids[..], &implicit(tags::STUDY_DESCRIPTION, &value_at(ids.len() + 8, tail)), &rest].concat());
    }
    // the meta group alone is explicit
    let mut group = meta(IMPLICIT);
    let before = group.len() + 8;
    group.extend(explicit(tags::IMPLEMENTATION_VERSION_NAME, "SH", &value_at(before, b"")));
    read(&[group, ids, rest].concat());
}

#[test]
fn a_meta_group_without_a_preamble_is_one() {
    let mut group = meta(EXPLICIT);
    let before = group.len() + 8;
    let version = explicit(tags::IMPLEMENTATION_VERSION_NAME, "SH", &value_at(before, b""));
    let title = explicit(tags::SOURCE_APPLICATION_ENTITY_TITLE, "AE", b"ME");
    group.extend([version, title].concat());
    let bytes = [group, ids(), rest()].concat();
    read(&bytes);
    assert_eq!(OpenOptions::new().parse(&bytes).unwrap().meta.source_application_entity_title(), "ME");
}

#[test]
fn a_preamble_that_holds_something_stays_one() {
    let whole = file(EXPLICIT, &[ids(), rest()].concat());
    let data_set = [ids(), rest()].concat();
    for preamble in [&b"II*\0\x08\0\0\0"[..], b"DICM", &data_set[..128], &[0xFF; 128], b"\x08\0\x05\0CS\x78\0"] {
        let mut bytes = whole.clone();
        bytes[..preamble.len()].copy_from_slice(preamble);
        let read = OpenOptions::new().parse(&bytes).unwrap();
        assert_eq!(read.warnings, []);
        assert_eq!(make::decode_frame(&read, 0).unwrap().samples, make::u8s(PIXELS.to_vec()));
    }
}

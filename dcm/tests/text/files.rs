//! Specific Character Set of files that are written back.

use isocenter_dcm::{Dataset, Instance, OpenOptions, Tag, Warning, tags, value};

use super::make::{EXPLICIT, explicit, file};

fn open(parts: &[Vec<u8>]) -> Instance {
    OpenOptions::new().parse(&file(EXPLICIT, &parts.concat())).unwrap()
}

fn written(instance: &Instance) -> Vec<u8> {
    instance.to_bytes().unwrap()
}

fn set(name: &[u8]) -> Vec<u8> {
    explicit(tags::SPECIFIC_CHARACTER_SET, "CS", &even(name))
}

/// With a space where the length is odd.
fn even(value: &[u8]) -> Vec<u8> {
    [value, &b" "[..value.len() % 2]].concat()
}

fn item(inner: &[u8]) -> Vec<u8> {
    [&[0xFE, 0xFF, 0x00, 0xE0][..], &(inner.len() as u32).to_le_bytes(), inner].concat()
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

fn set_of(ds: &Dataset) -> Vec<String> {
    value::strings(ds, tags::SPECIFIC_CHARACTER_SET)
}

#[test]
fn elements_come_back_byte_by_byte() {
    for (name, value) in [
        (&b"ISO_IR 100"[..], &b"Buc^J\xe9r\xf4me"[..]),
        (b"ISO_IR 144", b"\xbb\xee\xdace\xdc\xd1yp\xd3"),
        (b"\\ISO 2022 IR 87", b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B"),
        (b"ISO 2022 IR 13\\ISO 2022 IR 87", b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J"),
        (b"\\ISO 2022 IR 149", b"\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce"),
        // A backslash as the second byte of a character does not part values, one by itself does.
        (b"GBK", b"\x81\x5c^A\\\xcd\xf5"),
        (b"GB18030", b"\x81\x5c\\\xcd\xf5"),
    ] {
        let element = explicit(tags::OTHER_PATIENT_NAMES, "PN", &even(value));
        let bytes = written(&open(&[set(name), element.clone()]));
        assert!(holds(&bytes, &set(name)) && holds(&bytes, &element), "{}", name.escape_ascii());
    }
}

#[test]
fn an_item_keeps_its_own_set() {
    let own = [set(b"ISO_IR 144"), explicit(tags::CODE_MEANING, "LO", b"\xbb\xee\xda ")].concat();
    let inherited = explicit(tags::CODE_MEANING, "LO", b"Sch\xe4del ");
    let instance = open(&[
        set(b"ISO_IR 100"),
        explicit(tags::ANATOMIC_REGION_SEQUENCE, "SQ", &[item(&own), item(&inherited)].concat()),
    ]);
    let bytes = written(&instance);
    assert!(holds(&bytes, &own) && holds(&bytes, &inherited));
    let back = OpenOptions::new().parse(&bytes).unwrap().dataset;
    let items = value::sequence(&back, tags::ANATOMIC_REGION_SEQUENCE).unwrap();
    assert_eq!(value::string(&items[0], tags::CODE_MEANING).as_deref(), Some("Люк"));
    assert_eq!(value::string(&items[1], tags::CODE_MEANING).as_deref(), Some("Schädel"));
    assert_eq!((set_of(&back), set_of(&items[0])), (vec!["ISO_IR 100".to_owned()], vec!["ISO_IR 144".to_owned()]));
}

#[test]
fn one_character_without_a_place_turns_the_whole_file_to_utf8() {
    let own = [set(b"ISO_IR 144"), explicit(tags::CODE_MEANING, "LO", b"\xbb\xee\xda ")].concat();
    let mut instance = open(&[set(b"ISO_IR 100"), explicit(tags::ANATOMIC_REGION_SEQUENCE, "SQ", &item(&own))]);
    instance.dataset.put(isocenter_dcm::dicom_core::DataElement::new(
        tags::PATIENT_NAME,
        isocenter_dcm::VR::PN,
        "Łukasz",
    ));
    let back = OpenOptions::new().parse(&written(&instance)).unwrap().dataset;
    let item = value::item(&back, tags::ANATOMIC_REGION_SEQUENCE).unwrap();
    assert_eq!((set_of(&back), set_of(item)), (vec!["ISO_IR 192".to_owned()], vec!["ISO_IR 192".to_owned()]));
    assert_eq!(value::string(&back, tags::PATIENT_NAME).as_deref(), Some("Łukasz"));
    assert_eq!(value::string(item, tags::CODE_MEANING).as_deref(), Some("Люк"));
}

#[test]
fn bytes_that_nothing_declares_are_told_and_written_as_declared_utf8() {
    let instance = open(&[explicit(tags::PATIENT_NAME, "PN", b"J\xe9r\xf4me")]);
    assert!(instance.warnings.contains(&Warning::UndeclaredCharacterSet { tag: tags::PATIENT_NAME }));
    let back = OpenOptions::new().parse(&written(&instance)).unwrap();
    assert_eq!(set_of(&back.dataset), ["ISO_IR 192"]);
    assert_eq!(value::string(&back.dataset, tags::PATIENT_NAME).as_deref(), Some("Jérôme"));
    assert!(!back.warnings.iter().any(|w| w.tag() == Some(tags::PATIENT_NAME)));
}

#[test]
fn bytes_that_are_no_characters_are_told_and_stay_marked() {
    // 0xA1 stands for nothing in ISO 8859-6.
    let instance = open(&[set(b"ISO_IR 127"), explicit(tags::PATIENT_NAME, "PN", b"\xc7\xa1")]);
    assert!(instance.warnings.contains(&Warning::UndecodableText { tag: tags::PATIENT_NAME }));
    let back = OpenOptions::new().parse(&written(&instance)).unwrap().dataset;
    assert_eq!(set_of(&back), ["ISO_IR 192"]);
    assert_eq!(value::string(&back, tags::PATIENT_NAME).as_deref(), Some("ا\u{FFFD}"));
}

#[test]
fn a_file_without_text_beyond_ascii_keeps_whatever_set_it_names() {
    let plain = explicit(Tag(0x0010, 0x0020), "LO", b"4711");
    for name in [&b"ISO_IR 100"[..], b"\\ISO 2022 IR 87", b"KLINGON", b"ISO_IR 192"] {
        assert!(holds(&written(&open(&[set(name), plain.clone()])), &set(name)));
    }
}

#[test]
fn text_that_will_stand_before_the_character_set_is_not_written_in_it() {
    // Out of order in the file: written, it comes first, where nothing is declared yet.
    let tag = Tag(0x0001, 0x1030);
    let instance = open(&[set(b"ISO_IR 13"), explicit(tag, "PN", b"\xd4\xcf^\xc0\xdb ")]);
    let back = OpenOptions::new().parse(&written(&instance)).unwrap().dataset;
    assert_eq!(value::string(&back, tag).as_deref(), Some("ﾔﾏ^ﾀﾛ"));
}

use isocenter_dcm::{OpenOptions, tags, text, value};

use super::make::{EXPLICIT, explicit, file};

fn dataset(charset: &[u8], name: &[u8]) -> isocenter_dcm::Instance {
    let dataset =
        [explicit(tags::SPECIFIC_CHARACTER_SET, "CS", charset), explicit(tags::PATIENT_NAME, "PN", name)].concat();
    OpenOptions::new().parse(&file(EXPLICIT, &dataset)).unwrap()
}

#[test]
fn escaped_names_are_found_by_the_visitor() {
    let instance = dataset(b"\\ISO 2022 IR 87 ", b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B");
    let found = text::all_strings(&instance.dataset);
    assert!(found.iter().any(|(_, text)| text == "Yamada^Tarou=山田^太郎"), "{found:?}");
    assert_eq!(instance.warnings.len(), 2, "the ids are missing, the text is not damaged");
}

#[test]
fn a_backslash_within_a_two_byte_character_does_not_split() {
    // GBK 0x81 0x5C is one character.
    let instance = dataset(b"GBK ", b"\x81\x5c^A ");
    assert_eq!(value::strings(&instance.dataset, tags::PATIENT_NAME), ["乗^A"]);
}

#[test]
fn items_inherit_the_character_set_of_their_data_set() {
    let inner = explicit(tags::CODE_MEANING, "LO", b"Sch\xe4del ");
    let item = [&[0xFE, 0xFF, 0x00, 0xE0][..], &(inner.len() as u32).to_le_bytes(), &inner].concat();
    let bytes = [
        explicit(tags::SPECIFIC_CHARACTER_SET, "CS", b"ISO_IR 100"),
        explicit(tags::ANATOMIC_REGION_SEQUENCE, "SQ", &item),
    ]
    .concat();
    let instance = OpenOptions::new().parse(&file(EXPLICIT, &bytes)).unwrap();
    let (path, text) = text::all_strings(&instance.dataset).pop().unwrap();
    assert_eq!((path.to_string().as_str(), text.as_str()), ("(0008,2218)[0]/(0008,0104)", "Schädel"));
}

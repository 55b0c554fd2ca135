//! A reading that holds a part of the elements.

use isocenter_dcm::{
    Dataset, FileMeta, Instance, OpenOptions, Selection, Tag, VR,
    dicom_core::{DataElement, PrimitiveValue, value::DataSetSequence},
    digest, tags, value,
};

const GROUPS: [u16; 2] = [0x0018, 0x0019];

const EVEN: Selection = Selection::new(|tag| tag.group().is_multiple_of(2)).digest(&GROUPS);

fn text(tag: Tag, vr: VR, text: &str) -> DataElement<Dataset> {
    DataElement::new(tag, vr, text)
}

/// Public and private elements, among them a sequence, in a syntax.
fn bytes(syntax: &str, echo: &str, nested: &str) -> Vec<u8> {
    let item = Dataset::from_element_iter([text(tags::ECHO_TIME, VR::DS, nested)]);
    let ds = Dataset::from_element_iter([
        text(tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.4"),
        text(tags::SOP_INSTANCE_UID, VR::UI, "1.2.3"),
        text(tags::PATIENT_NAME, VR::PN, "Roe^Jane"),
        text(tags::ECHO_TIME, VR::DS, echo),
        text(Tag(0x0019, 0x0010), VR::LO, "ACME"),
        DataElement::new(Tag(0x0019, 0x1001), VR::US, PrimitiveValue::from(7u16)),
        DataElement::new(Tag(0x0019, 0x1002), VR::SQ, DataSetSequence::from(vec![item])),
        DataElement::new(tags::ROWS, VR::US, PrimitiveValue::from(1u16)),
        DataElement::new(tags::COLUMNS, VR::US, PrimitiveValue::from(1u16)),
        DataElement::new(tags::BITS_ALLOCATED, VR::US, PrimitiveValue::from(8u16)),
        DataElement::new(tags::PIXEL_DATA, VR::OB, PrimitiveValue::from(vec![1u8, 0])),
    ]);
    let mut meta = FileMeta::default();
    meta.transfer_syntax_uid = syntax.to_owned();
    Instance::new(meta, ds).to_bytes().unwrap()
}

const EXPLICIT: &str = "1.2.840.10008.1.2.1";
const IMPLICIT: &str = "1.2.840.10008.1.2";
const BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";

#[test]
fn the_elements_that_are_wanted_are_those_of_the_whole_file() {
    for syntax in [EXPLICIT, IMPLICIT] {
        let bytes = bytes(syntax, "30", "40");
        for header_only in [true, false] {
            let open = OpenOptions::new().header_only(header_only);
            let (whole, part) = (open.parse(&bytes).unwrap(), open.select(EVEN).parse(&bytes).unwrap());
            let wanted = Dataset::from_element_iter(
                whole.dataset.iter().filter(|e| e.header().tag.group().is_multiple_of(2)).cloned(),
            );
            assert_eq!(part.dataset, wanted);
            assert_eq!((part.pixel_element(), part.warnings), (whole.pixel_element(), whole.warnings));
        }
    }
}

#[test]
fn what_was_left_out_is_not_written_back() {
    let part = OpenOptions::new().select(EVEN).parse(&bytes(EXPLICIT, "30", "40")).unwrap();
    assert!(part.is_header_only());
    assert_eq!(part.to_bytes().unwrap_err().reason(), "partly-read");
}

#[test]
fn the_digest_is_of_values_whatever_they_are_written_in_and_of_nothing_else() {
    let of = |bytes: &[u8]| OpenOptions::new().select(EVEN).parse(bytes).unwrap().digest().unwrap();
    let first = of(&bytes(EXPLICIT, "30", "40"));
    assert_eq!(of(&bytes(IMPLICIT, "30 ", "40")), first);
    assert_eq!(of(&bytes(BIG_ENDIAN, "30", "40")), first);
    assert_ne!(of(&bytes(EXPLICIT, "31", "40")), first);
    assert_ne!(of(&bytes(EXPLICIT, "30", "41")), first);
    let whole = OpenOptions::new().parse(&bytes(EXPLICIT, "30", "40")).unwrap();
    assert_eq!((digest::of(&whole.dataset, &GROUPS), whole.digest()), (first, None));
    let mut other = whole.dataset;
    other.put(text(tags::PATIENT_NAME, VR::PN, "Roe^Joan"));
    assert_eq!(digest::of(&other, &GROUPS), first);
}

#[test]
fn elements_that_lay_out_others_are_held_whatever_is_wanted() {
    let ds = Dataset::from_element_iter([
        text(tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192"),
        text(tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.4"),
        text(tags::SOP_INSTANCE_UID, VR::UI, "1.2.3"),
        text(tags::PATIENT_NAME, VR::PN, "Müller^Jürgen"),
    ]);
    let bytes = Instance::new(FileMeta::default(), ds).to_bytes().unwrap();
    let only = Selection::new(|tag| tag == tags::PATIENT_NAME);
    let part = OpenOptions::new().select(only).parse(&bytes).unwrap();
    assert_eq!(value::string(&part.dataset, tags::PATIENT_NAME).as_deref(), Some("Müller^Jürgen"));
    let held: Vec<Tag> = part.dataset.iter().map(|element| element.header().tag).collect();
    assert_eq!(held, [tags::SPECIFIC_CHARACTER_SET, tags::PATIENT_NAME]);
}

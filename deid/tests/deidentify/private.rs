//! Retain Safe Private: what stays, with whom, and what does not.

use isocenter_dcm::{Dataset, Instance, Tag, VR, value};
use isocenter_deid::{Override, Profile, ProfileOption};

use crate::build::{CT, bytes, dataset, deidentify, instance, sequence, text};

fn safe() -> Profile {
    Profile::basic().with(ProfileOption::RetainSafePrivate)
}

/// A block of GE's and one of a maker that nobody knows, each with a name in it.
fn original() -> Instance {
    instance(
        CT,
        vec![
            text(Tag(0x0019, 0x0010), VR::LO, "GEMS_ACQU_01"),
            text(Tag(0x0019, 0x1023), VR::DS, "55.0"),
            text(Tag(0x0019, 0x10FE), VR::LO, "Plantedname"),
            text(Tag(0x0019, 0x0011), VR::LO, "UNKNOWN MAKER"),
            text(Tag(0x0019, 0x1123), VR::DS, "1.5"),
            text(Tag(0x0043, 0x0010), VR::LO, "GEMS_PARM_01"),
            text(Tag(0x0043, 0x1099), VR::LO, "Plantedname"),
        ],
    )
}

#[test]
fn listed_elements_stay_with_their_creator_and_all_others_go() {
    let out = deidentify(&original(), safe()).0.dataset;
    let private: Vec<Tag> = out.tags().filter(|tag| tag.group() % 2 == 1).collect();
    assert_eq!(private, [Tag(0x0019, 0x0010), Tag(0x0019, 0x1023)]);
    assert_eq!(value::string(&out, Tag(0x0019, 0x1023)).as_deref(), Some("55.0"));
    assert!(deidentify(&original(), Profile::basic()).0.dataset.tags().all(|tag| tag.group() % 2 == 0));
}

#[test]
fn a_block_may_stand_anywhere() {
    let moved = instance(
        CT,
        vec![
            text(Tag(0x0019, 0x00B2), VR::LO, "GEMS_ACQU_01"),
            text(Tag(0x0019, 0xB223), VR::DS, "55.0"),
            // a block without a creator
            text(Tag(0x0019, 0x1023), VR::DS, "Plantedname"),
        ],
    );
    let out = deidentify(&moved, safe()).0.dataset;
    assert!(out.get(Tag(0x0019, 0xB223)).is_some() && out.get(Tag(0x0019, 0x1023)).is_none());
}

#[test]
fn bytes_of_a_listed_element_stay_if_they_can_be_its_numbers_or_text() {
    let with = |value: &[u8]| {
        let original = instance(
            CT,
            vec![text(Tag(0x0019, 0x0010), VR::LO, "GEMS_ACQU_01"), bytes(Tag(0x0019, 0x1023), VR::UN, value)],
        );
        value::string(&deidentify(&original, safe()).0.dataset, Tag(0x0019, 0x1023))
    };
    assert_eq!(with(b"55.0").as_deref().map(str::trim), Some("55.0"));
    assert_eq!(with(b"Plantedname^Quentina").filter(|text| !text.is_empty()), None);
    assert_eq!(with(b"\xF0\x9F\x00\x01").filter(|text| !text.is_empty()), None);
}

#[test]
fn an_instance_may_declare_its_own_elements_safe_or_not() {
    let declared = |status: &str, elements: Option<u16>, element: Tag| {
        let mut item = dataset(vec![
            text(Tag(0x0008, 0x0302), VR::LO, "UNKNOWN MAKER"),
            text(Tag(0x0008, 0x0303), VR::CS, status),
        ]);
        put_u16(&mut item, Tag(0x0008, 0x0301), 0x0019);
        if let Some(number) = elements {
            put_u16(&mut item, Tag(0x0008, 0x0304), number);
        }
        let mut original = original();
        original.dataset.put(sequence(Tag(0x0008, 0x0300), vec![item]));
        deidentify(&original, safe()).0.dataset.get(element).is_some()
    };
    let own = Tag(0x0019, 0x1123);
    assert!(declared("SAFE", None, own));
    assert!(!declared("UNSAFE", None, own));
    assert!(declared("MIXED", Some(0x0023), own));
    assert!(!declared("MIXED", Some(0x0024), own));
    // it speaks for its own block
    assert!(!declared("SAFE", None, Tag(0x0043, 0x1099)));
}

#[test]
fn a_creator_that_names_the_patient_takes_its_block_along() {
    let mut item =
        dataset(vec![text(Tag(0x0008, 0x0302), VR::LO, "PLANTEDNAME"), text(Tag(0x0008, 0x0303), VR::CS, "SAFE")]);
    put_u16(&mut item, Tag(0x0008, 0x0301), 0x0019);
    let original = instance(
        CT,
        vec![
            text(Tag(0x0019, 0x0010), VR::LO, "PLANTEDNAME"),
            text(Tag(0x0019, 0x1023), VR::DS, "1.5"),
            sequence(Tag(0x0008, 0x0300), vec![item]),
        ],
    );
    assert!(deidentify(&original, safe()).0.dataset.tags().all(|tag| tag.group() % 2 == 0));
}

fn put_u16(dataset: &mut Dataset, tag: Tag, number: u16) {
    use isocenter_dcm::dicom_core::{DataElement, value::PrimitiveValue};
    dataset.put(DataElement::new(tag, VR::US, PrimitiveValue::from(number)));
}

#[test]
fn items_of_a_kept_private_sequence_are_judged_one_by_one() {
    let item = dataset(vec![
        text(Tag(0x0010, 0x0010), VR::PN, "Plantedname^Quentina"),
        text(Tag(0x0018, 0x0060), VR::DS, "120"),
        text(Tag(0x2005, 0x0010), VR::LO, "UNKNOWN MAKER"),
        text(Tag(0x2005, 0x1001), VR::LO, "Plantedname"),
    ]);
    let original = instance(
        CT,
        vec![text(Tag(0x2005, 0x0014), VR::LO, "Philips MR Imaging DD 005"), sequence(Tag(0x2005, 0x1402), vec![item])],
    );
    let keep = "2005,02,Philips MR Imaging DD 005".parse().unwrap();
    let out = deidentify(&original, safe().with_override(keep, Override::Keep)).0.dataset;
    let [item] = value::sequence(&out, Tag(0x2005, 0x1402)).unwrap() else { panic!("one item") };
    assert_eq!(value::string(item, Tag(0x0018, 0x0060)).as_deref(), Some("120"));
    assert!(item.tags().all(|tag| tag.group() % 2 == 0));
    assert_ne!(value::string(item, Tag(0x0010, 0x0010)).as_deref(), Some("Plantedname^Quentina"));
}

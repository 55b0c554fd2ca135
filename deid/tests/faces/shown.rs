//! Which instances may show a face.

use isocenter_dcm::dicom_core::value::{DataSetSequence, PrimitiveValue};
use isocenter_dcm::dicom_core::{DataElement, Length};
use isocenter_dcm::{Dataset, FileMeta, Instance, Tag, VR, tags};
use isocenter_deid::faces::{Shown, judge};

const CT: &str = "1.2.840.10008.5.1.4.1.1.2";

fn image(class: &str, elements: &[(Tag, VR, &str)]) -> Instance {
    let mut dataset = Dataset::new_empty();
    dataset.put(DataElement::new(tags::SOP_CLASS_UID, VR::UI, class));
    for &(tag, vr, text) in elements {
        dataset.put(DataElement::new(tag, vr, text));
    }
    dataset.put(DataElement::new(tags::PIXEL_DATA, VR::OB, PrimitiveValue::from(vec![0u8; 2])));
    Instance::new(FileMeta::default(), dataset)
}

fn part(term: &str) -> (Tag, VR, &str) {
    (tags::BODY_PART_EXAMINED, VR::CS, term)
}

fn sequence(tag: Tag, item: Dataset) -> DataElement<Dataset> {
    DataElement::new_with_len(tag, VR::SQ, Length::UNDEFINED, DataSetSequence::new(vec![item], Length::UNDEFINED))
}

#[test]
fn a_part_that_is_not_known_counts_as_a_head() {
    for elements in [
        &[][..],
        &[part("HEAD")],
        &[part("NECK")],
        &[part("CSPINE")],
        &[part("WHOLEBODY")],
        &[part("KNEE2")],
        &[part("")],
    ] {
        assert_eq!(judge(&image(CT, elements)), Shown::Face, "{elements:?}");
    }
    for term in ["CHEST", "knee", "PELVIS ", "LSPINE"] {
        assert_eq!(judge(&image(CT, &[part(term)])), Shown::OtherPart, "{term}");
    }
}

#[test]
fn a_text_that_speaks_of_the_head_overrules_the_part_and_so_does_nuclear_medicine() {
    let with = |tag, text| judge(&image(CT, &[part("CHEST"), (tag, VR::LO, text)]));
    for text in ["CT Head/Chest", "Polytrauma", "PET-CT WB", "Kopf nativ", "neck+thorax", "angio_carotids"] {
        assert_eq!(with(tags::STUDY_DESCRIPTION, text), Shown::Face, "{text}");
        assert_eq!(with(tags::PROTOCOL_NAME, text), Shown::Face, "{text}");
    }
    assert_eq!(with(tags::SERIES_DESCRIPTION, "Thorax 1.0 lung"), Shown::OtherPart);
    for modality in ["PT", "NM"] {
        assert_eq!(judge(&image(CT, &[part("CHEST"), (tags::MODALITY, VR::CS, modality)])), Shown::Face);
    }
}

#[test]
fn codes_of_regions_count_at_the_top_and_in_functional_groups() {
    let region = |code: &str| {
        let item = Dataset::from_element_iter([DataElement::new(tags::CODE_VALUE, VR::SH, code)]);
        Dataset::from_element_iter([sequence(tags::ANATOMIC_REGION_SEQUENCE, item)])
    };
    let shared = |code: &str| {
        let group = Dataset::from_element_iter([sequence(tags::FRAME_ANATOMY_SEQUENCE, region(code))]);
        sequence(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, group)
    };
    let mut enhanced = image("1.2.840.10008.5.1.4.1.1.4.1", &[]);
    for (code, wanted) in
        [("51185008", Shown::OtherPart), ("T-D3000", Shown::OtherPart), ("69536005", Shown::Face), ("1", Shown::Face)]
    {
        enhanced.dataset.put(shared(code));
        assert_eq!(judge(&enhanced), wanted, "{code}");
    }
    // one word for the chest, another for the head
    enhanced.dataset.put(DataElement::new(tags::BODY_PART_EXAMINED, VR::CS, "CHEST"));
    assert_eq!(judge(&enhanced), Shown::Face);
}

#[test]
fn kinds_without_a_face_and_outlines_are_known_by_class() {
    let storage = |class: &str| format!("1.2.840.10008.5.1.4.1.1.{class}");
    for class in ["6.1", "3.1", "1.2", "13.1.3", "14.1", "77.1.6"] {
        assert_eq!(judge(&image(&storage(class), &[])), Shown::OtherKind, "{class}");
    }
    assert_eq!(judge(&image("1.2.3", &[(tags::MODALITY, VR::CS, "US")])), Shown::OtherKind);
    // photographs, screens and radiographs may show one
    for class in ["77.1.4", "7", "1.1"] {
        assert_eq!(judge(&image(&storage(class), &[])), Shown::Face, "{class}");
    }
    let bare = |class: &str, elements: &[(Tag, VR, &str)]| {
        let mut instance = image(&storage(class), elements);
        instance.dataset.remove_element(tags::PIXEL_DATA);
        judge(&instance)
    };
    assert_eq!(bare("88.11", &[]), Shown::NoImage);
    for class in ["481.3", "66.5", "104.3"] {
        assert_eq!(bare(class, &[]), Shown::Outline, "{class}");
        assert_eq!(bare(class, &[part("PROSTATE")]), Shown::OtherPart, "{class}");
    }
}

//! Generated instances.

use isocenter_dcm::dicom_core::value::{DataSetSequence, PrimitiveValue};
use isocenter_dcm::dicom_core::{DataElement, Length};
use isocenter_dcm::{Dataset, Element, FileMeta, Instance, OpenOptions, Tag, VR, tags};
use isocenter_deid::{Audit, Ctx, Deidentifier, Key, Profile};

pub(crate) const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
pub(crate) const PET: &str = "1.2.840.10008.5.1.4.1.1.128";
pub(crate) const SR: &str = "1.2.840.10008.5.1.4.1.1.88.11";

pub(crate) fn text(tag: Tag, vr: VR, value: &str) -> Element {
    let parts = value.split('\\').map(str::to_owned).collect();
    DataElement::new(tag, vr, PrimitiveValue::Strs(parts))
}

pub(crate) fn bytes(tag: Tag, vr: VR, value: &[u8]) -> Element {
    DataElement::new(tag, vr, PrimitiveValue::U8(value.to_vec().into()))
}

pub(crate) fn sequence(tag: Tag, items: Vec<Dataset>) -> Element {
    DataElement::new_with_len(tag, VR::SQ, Length::UNDEFINED, DataSetSequence::new(items, Length::UNDEFINED))
}

pub(crate) fn dataset(elements: Vec<Element>) -> Dataset {
    Dataset::from_element_iter(elements)
}

/// An instance of a class with the identifiers that every class has.
pub(crate) fn instance(class: &str, more: Vec<Element>) -> Instance {
    let mut all = dataset(vec![
        text(tags::SOP_CLASS_UID, VR::UI, class),
        text(tags::SOP_INSTANCE_UID, VR::UI, "1.2.826.1.1"),
        text(tags::STUDY_INSTANCE_UID, VR::UI, "1.2.826.1.2"),
        text(tags::SERIES_INSTANCE_UID, VR::UI, "1.2.826.1.3"),
        text(tags::PATIENT_NAME, VR::PN, "Plantedname^Quentina"),
        text(tags::PATIENT_ID, VR::LO, "MRN55501"),
    ]);
    more.into_iter().for_each(|element| drop(all.put(element)));
    Instance::new(FileMeta::default(), all)
}

/// Written, read back, de-identified, written and read again, as a file would be.
pub(crate) fn deidentify(instance: &Instance, profile: Profile) -> (Instance, Audit) {
    let open = OpenOptions::new();
    let mut read = open.parse(&instance.to_bytes().unwrap()).unwrap();
    let audit = Deidentifier::new(profile, &Key::demo()).apply(&mut read, "MRN55501", &Ctx::default()).unwrap();
    let written = read.to_bytes().unwrap();
    (open.parse(&written).unwrap(), audit)
}

pub(crate) fn basic(instance: &Instance) -> Dataset {
    deidentify(instance, Profile::basic()).0.dataset
}

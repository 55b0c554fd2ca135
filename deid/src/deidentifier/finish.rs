//! What de-identification writes: new ids, the markers of PS3.15 E.1.1 step 6, a meta group of our own.

use dicom_core::header::Header;
use dicom_core::{DataElement, Tag, VR};
use dicom_dictionary_std::tags;
use isocenter_dcm::{Dataset, Element, FileMeta, Instance, text, value};

use crate::audit::{Action, Audit, AuditEntry};
use crate::dummy;
use crate::element::name;
use crate::faces::Defaced;
use crate::pixels::Cleaned;
use crate::profile::{Profile, ProfileOption};
use crate::rules::Rules;

/// The ids that an instance gets.
pub(super) struct Ids {
    pub(super) patient: String,
    pub(super) class: String,
    pub(super) instance: String,
}

/// Writes ids, markers and meta group.
pub(super) fn finish(
    instance: &mut Instance,
    profile: &Profile,
    rules: &dyn Rules,
    ids: &Ids,
    pixels: Option<&Cleaned>,
    face: Option<Defaced>,
    audit: &mut Audit,
) {
    // how much of what was read stays: never what
    let labels = pixels.filter(|cleaned| cleaned.read).map_or(0, |cleaned| cleaned.kept.iter().flatten().count());
    let changes = [
        (Action::PixelsBlanked, pixels.is_some_and(|cleaned| cleaned.changed), 0),
        (Action::LabelsKept, labels > 0, labels as u64),
        (Action::FaceRemoved, face.is_some_and(|defaced| defaced.voxels > 0), face.map_or(0, |defaced| defaced.voxels)),
    ];
    for (action, _, count) in changes.into_iter().filter(|(_, done, _)| *done) {
        let (tag, vr) = instance.pixel_element().map_or((tags::PIXEL_DATA, VR::OW), |pixels| (pixels.tag, pixels.vr));
        audit.entries.push(AuditEntry::of(name(tag), action, vr, count));
    }
    let is_cleaned_image = pixels
        .is_some_and(|cleaned| cleaned.searched || !rules.writes(tags::DEIDENTIFICATION_METHOD))
        && instance.has_pixels();
    let is_faceless_image = face.is_some() && instance.has_pixels();
    let own_uid = || value::string(&instance.dataset, tags::SOP_INSTANCE_UID).filter(|uid| is_uid(uid));
    // an instance has to have one
    let uid = rules.writes(tags::SOP_INSTANCE_UID).then(own_uid).flatten().unwrap_or_else(|| ids.instance.clone());
    insert(&mut instance.dataset, DataElement::new(tags::SOP_INSTANCE_UID, VR::UI, uid.as_str()), audit);
    let mut put = |element: Element| match rules.writes(element.tag()) {
        true => {}
        false => insert(&mut instance.dataset, element, audit),
    };
    put(DataElement::new(tags::SOP_CLASS_UID, VR::UI, ids.class.as_str()));
    put(DataElement::new(tags::PATIENT_ID, VR::LO, ids.patient.as_str()));
    put(DataElement::new(tags::PATIENT_NAME, VR::PN, ids.patient.as_str()));
    put(DataElement::new(tags::PATIENT_IDENTITY_REMOVED, VR::CS, "YES"));
    put(DataElement::new(tags::DEIDENTIFICATION_METHOD, VR::LO, method()));
    put(codes(profile));
    let times = match () {
        () if profile.has(ProfileOption::RetainLongitudinalModifiedDates) => "MODIFIED",
        () if profile.has(ProfileOption::RetainLongitudinalFullDates) => "UNMODIFIED",
        () => "REMOVED",
    };
    put(DataElement::new(tags::LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED, VR::CS, times));
    if is_cleaned_image {
        put(DataElement::new(tags::BURNED_IN_ANNOTATION, VR::CS, "NO"));
    }
    if is_faceless_image {
        put(DataElement::new(tags::RECOGNIZABLE_VISUAL_FEATURES, VR::CS, "NO"));
    }
    // One encoding for all text that is not ASCII, nested too: in any other, a search of the bytes would miss a name.
    text::declare_utf8(&mut instance.dataset);
    let mut meta = FileMeta::of_syntax(&instance.meta.transfer_syntax_uid);
    meta.media_storage_sop_class_uid.clone_from(&ids.class);
    meta.media_storage_sop_instance_uid = uid;
    instance.meta = meta;
}

fn is_uid(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// Puts an element that the de-identifier writes.
pub(super) fn insert(dataset: &mut Dataset, element: Element, audit: &mut Audit) {
    let path = name(element.tag());
    let same = dataset.get(element.tag()).is_some_and(|old| old.value() == element.value());
    if same {
        return;
    }
    let id: [Tag; 3] = [tags::PATIENT_ID, tags::PATIENT_NAME, tags::SOP_INSTANCE_UID];
    let (action, told) = match id.contains(&element.tag()) {
        // The walk has told of the original already.
        true => (Action::Pseudonym, audit.entries.iter_mut().find(|entry| entry.path == path)),
        false => (Action::Inserted, None),
    };
    match told {
        Some(entry) => entry.action = action,
        None => audit.entries.push(AuditEntry::of(path, action, element.vr(), 0)),
    }
    dataset.put(element);
}

/// De-identification Method, at most 64 characters.
fn method() -> String {
    format!("isocenter-deid {}, DICOM PS3.15 2026c Annex E", env!("CARGO_PKG_VERSION"))
}

fn codes(profile: &Profile) -> Element {
    let items = profile.codes().map(|(code, meaning)| {
        Dataset::from_element_iter([
            DataElement::new(tags::CODE_VALUE, VR::SH, code),
            DataElement::new(tags::CODING_SCHEME_DESIGNATOR, VR::SH, "DCM"),
            DataElement::new(tags::CODE_MEANING, VR::LO, meaning),
        ])
    });
    dummy::sequence(tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE, items.collect())
}

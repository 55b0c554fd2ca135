//! The way back: a returned object gets the originals of its ids.
//!
//! Whoever worked on de-identified images returns segmentations, structures, reports that refer to them. [`Reidentifier`] gives such an object the
//! patient, the UIDs and the other ids of the originals, by a [`Crosswalk`]; what the object has of its own stays.
//!
//! - **Patient**: ID, issuer, name, birth date and sex, at the top level.
//! - **UIDs** anywhere, and **other ids** by their keyword. UIDs that the crosswalk does not know are the object's own.
//! - **Dates**: an object that was in the run has all of its dates moved back; one that was made later has its own, and Study Date alone is moved back.
//! - **Markers**: Patient Identity Removed is `NO`, the method and its codes go.
//!
//! What was removed does not come back.
//!
//! # Examples
//! ```
//! use std::sync::Arc;
//! use isocenter_dcm::{Dataset, FileMeta, Instance, tags, value, dicom_core::{DataElement, VR}};
//! use isocenter_deid::{Crosswalk, Ctx, Deidentifier, Key, Profile, Pseudonyms, Reidentifier, pseudonym::Told};
//!
//! let mut ds = Dataset::new_empty();
//! for (tag, vr, text) in [
//!     (tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.2"),
//!     (tags::SOP_INSTANCE_UID, VR::UI, "1.2.3.4"),
//!     (tags::PATIENT_ID, VR::LO, "MRN1"),
//!     (tags::PATIENT_NAME, VR::PN, "Doe^Jane"),
//! ] {
//!     ds.put(DataElement::new(tag, vr, text));
//! }
//! let mut instance = Instance::new(FileMeta::default(), ds);
//! let told = Arc::new(Told::new());
//! let names = Pseudonyms::new(&Key::demo()).telling(told.clone());
//! Deidentifier::new(Profile::basic(), &Key::demo()).with_pseudonyms(names).apply(&mut instance, "MRN1", &Ctx::default())?;
//!
//! let mut crosswalk = Crosswalk::new();
//! crosswalk.add(&told);
//! Reidentifier::new(&crosswalk).apply(&mut instance)?;
//! assert_eq!(value::string(&instance.dataset, tags::PATIENT_NAME).as_deref(), Some("Doe^Jane"));
//! assert_eq!(value::string(&instance.dataset, tags::SOP_INSTANCE_UID).as_deref(), Some("1.2.3.4"));
//! # Ok::<_, isocenter_deid::Error>(())
//! ```

use dicom_core::header::Header;
use dicom_core::value::PrimitiveValue;
use dicom_core::{DataElement, Tag, VR};
use dicom_dictionary_std::tags;
use isocenter_dcm::{Dataset, Element, Instance, value};

use crate::crosswalk::Crosswalk;
use crate::element::{all_text, first_text};
use crate::error::Error;
use crate::pseudonym::Patient;
use crate::{shift, table};

/// Gives back originals.
#[derive(Clone, Copy, Debug)]
pub struct Reidentifier<'c> {
    crosswalk: &'c Crosswalk,
}

/// What was given back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Restored {
    /// Values that are UIDs.
    pub uids: usize,
    /// Other ids, those of the patient among them.
    pub values: usize,
    /// Dates that moved back.
    pub dates: usize,
}

impl<'c> Reidentifier<'c> {
    /// Gives back what a crosswalk holds.
    pub fn new(crosswalk: &'c Crosswalk) -> Self {
        Self { crosswalk }
    }

    /// Re-identifies an instance in place. Its pixel data is not looked at; a header alone will do.
    ///
    /// # Errors
    /// [`Error::UnknownPatient`]; the instance is then as it was.
    pub fn apply(&self, instance: &mut Instance) -> Result<Restored, Error> {
        let id = value::string(&instance.dataset, tags::PATIENT_ID).unwrap_or_default();
        let patient = self.crosswalk.patient_of(id.trim()).ok_or(Error::UnknownPatient)?;
        let own = instance.sop_instance_uid().unwrap_or_default();
        let was_there = self.crosswalk.uid_of(&own).is_some();
        let mut walk = Walk { crosswalk: self.crosswalk, patient, moves_all: was_there, restored: Restored::default() };
        walk.dataset(&mut instance.dataset, true);
        let mut restored = walk.restored;
        restored.values += identify(&mut instance.dataset, patient);
        if let Some(original) = self.crosswalk.uid_of(&own) {
            instance.meta.media_storage_sop_instance_uid = original.to_owned();
        }
        Ok(restored)
    }
}

struct Walk<'a> {
    crosswalk: &'a Crosswalk,
    patient: &'a Patient,
    moves_all: bool,
    restored: Restored,
}

impl Walk<'_> {
    fn dataset(&mut self, dataset: &mut Dataset, is_top: bool) {
        for tag in dataset.tags().collect::<Vec<_>>() {
            let Some(mut element) = dataset.take(tag) else { continue };
            match element.items_mut() {
                Some(items) => items.iter_mut().for_each(|item| self.dataset(item, false)),
                None => {
                    if let Some(new) = self.element(&element, is_top) {
                        element = new;
                    }
                }
            }
            dataset.put(element);
        }
    }

    fn element(&mut self, element: &Element, is_top: bool) -> Option<Element> {
        let (tag, vr) = (element.tag(), element.vr());
        match vr {
            VR::UI => {
                let old = all_text(element);
                let new: Vec<String> =
                    old.iter().map(|uid| self.crosswalk.uid_of(uid).unwrap_or(uid).to_owned()).collect();
                let count = old.iter().zip(&new).filter(|(old, new)| old != new).count();
                self.restored.uids += count;
                (count > 0).then(|| texts(tag, vr, new))
            }
            VR::DA | VR::DT if self.patient.date_shift_days != 0 => {
                let moves = self.moves_all || (is_top && tag == tags::STUDY_DATE);
                let values = all_text(element);
                if !moves || values.iter().all(String::is_empty) {
                    return None;
                }
                let days = -self.patient.date_shift_days;
                let new: Option<Vec<String>> = values.iter().map(|value| shift::date(value, days)).collect();
                self.restored.dates += 1;
                new.map(|new| texts(tag, vr, new))
            }
            VR::LO | VR::SH | VR::CS | VR::PN | VR::UT | VR::UC | VR::LT | VR::ST | VR::AE | VR::DS | VR::IS => {
                let value = first_text(element);
                let is_patient = tag == tags::PATIENT_ID || tag == tags::PATIENT_NAME;
                let original = match is_patient {
                    true if value != self.patient.pseudonym => return None,
                    true if tag == tags::PATIENT_ID => self.patient.id.as_str(),
                    true => self.patient.name.as_str(),
                    false => self.crosswalk.value_of(table::dictionary(tag)?.1, &value)?,
                };
                self.restored.values += 1;
                Some(DataElement::new(tag, vr, original))
            }
            _ => None,
        }
    }
}

/// What the object says of its patient; says of how many elements.
fn identify(dataset: &mut Dataset, patient: &Patient) -> usize {
    let mut count = 0;
    let given = [
        (tags::ISSUER_OF_PATIENT_ID, VR::LO, &patient.issuer),
        (tags::PATIENT_BIRTH_DATE, VR::DA, &patient.birth_date),
        (tags::PATIENT_SEX, VR::CS, &patient.sex),
    ];
    for (tag, vr, value) in given {
        if !value.is_empty() {
            dataset.put(DataElement::new(tag, vr, value.as_str()));
            count += 1;
        }
    }
    dataset.put(DataElement::new(tags::PATIENT_IDENTITY_REMOVED, VR::CS, "NO"));
    for tag in [
        tags::DEIDENTIFICATION_METHOD,
        tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE,
        tags::LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED,
    ] {
        dataset.remove_element(tag);
    }
    count
}

fn texts(tag: Tag, vr: VR, values: Vec<String>) -> Element {
    DataElement::new(tag, vr, PrimitiveValue::Strs(values.into_iter().collect()))
}

//! What is kept of one instance.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dicom_dictionary_std::tags;

use super::intern::Intern;
use crate::scan::Scanned;
use crate::{FunctionalGroups, Instance, value};

/// What grouping needs of one instance.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    folder: Arc<Path>,
    name: Box<OsStr>,
    /// Bytes of the file.
    pub bytes: u64,
    /// SOP Instance UID; empty where there is none, as are the texts below.
    pub sop_instance_uid: Box<str>,
    /// SOP Class UID.
    pub sop_class_uid: Arc<str>,
    /// Transfer Syntax UID.
    pub transfer_syntax_uid: Arc<str>,
    /// Modality.
    pub modality: Arc<str>,
    /// Frame of Reference UID.
    pub frame_of_reference_uid: Arc<str>,
    /// Instance Number.
    pub number: Option<i32>,
    /// Number of Frames, 1 where the file does not say it.
    pub frames: u32,
    /// Rows and columns; `None` for what is no image.
    pub size: Option<[u16; 2]>,
    /// Whether the file holds pixels.
    pub has_pixels: bool,
    /// Image Position (Patient) of the first frame, LPS mm.
    pub position: Option<[f64; 3]>,
    /// Image Orientation (Patient) of the first frame, as bits; see [`Facts::orientation`].
    orientation: Option<Arc<[u64; 6]>>,
}

impl Facts {
    /// Where the file is, as the scan had it; [`crate::scan::open`] opens it.
    pub fn path(&self) -> PathBuf {
        self.folder.join(&*self.name)
    }

    /// Image Orientation (Patient) of the first frame: the directions along a row and along a column, in LPS.
    pub fn orientation(&self) -> Option<[f64; 6]> {
        self.orientation.as_ref().map(|bits| bits.map(f64::from_bits))
    }

    pub(super) fn place(&self) -> (&Path, &OsStr) {
        (&self.folder, &self.name)
    }

    fn of(scanned: &Scanned, instance: &Instance, intern: &Intern) -> Self {
        let ds = &instance.dataset;
        let text = |tag| intern.text(value::string(ds, tag));
        let groups = FunctionalGroups::new(ds);
        let numbers = |group, tag| groups.item(0, group).map(|item| value::f64s(item, tag)).unwrap_or_default();
        let orientation = numbers(tags::PLANE_ORIENTATION_SEQUENCE, tags::IMAGE_ORIENTATION_PATIENT);
        let orientation: Option<[f64; 6]> = orientation.try_into().ok();
        // A path without a last name (`..`) keeps all of itself as the folder.
        let name = scanned.path.file_name();
        let folder = if name.is_some() { scanned.path.parent().unwrap_or(Path::new("")) } else { &scanned.path };
        Self {
            folder: intern.folder(folder),
            name: name.unwrap_or_default().into(),
            bytes: scanned.bytes,
            sop_instance_uid: instance.sop_instance_uid().unwrap_or_default().into(),
            sop_class_uid: intern.text(instance.sop_class_uid()),
            transfer_syntax_uid: intern.text(Some(instance.meta.transfer_syntax_uid.clone())),
            modality: text(tags::MODALITY),
            frame_of_reference_uid: text(tags::FRAME_OF_REFERENCE_UID),
            number: value::i64(ds, tags::INSTANCE_NUMBER).and_then(|number| number.try_into().ok()),
            frames: groups.frames().try_into().unwrap_or(u32::MAX),
            size: value::u16(ds, tags::ROWS).zip(value::u16(ds, tags::COLUMNS)).map(<[u16; 2]>::from),
            has_pixels: instance.has_pixels(),
            position: numbers(tags::PLANE_POSITION_SEQUENCE, tags::IMAGE_POSITION_PATIENT).try_into().ok(),
            orientation: orientation.map(|all| intern.directions(all.map(f64::to_bits))),
        }
    }
}

/// An instance, and where it belongs.
pub(super) struct Row {
    pub(super) patient_id: Arc<str>,
    pub(super) issuer: Arc<str>,
    pub(super) study_uid: Arc<str>,
    pub(super) study_date: Arc<str>,
    pub(super) series_uid: Arc<str>,
    pub(super) facts: Facts,
}

impl Row {
    pub(super) fn of(scanned: &Scanned, instance: &Instance, intern: &Intern) -> Self {
        let text = |tag| intern.text(value::string(&instance.dataset, tag));
        Self {
            patient_id: text(tags::PATIENT_ID),
            issuer: text(tags::ISSUER_OF_PATIENT_ID),
            study_uid: text(tags::STUDY_INSTANCE_UID),
            study_date: text(tags::STUDY_DATE),
            series_uid: text(tags::SERIES_INSTANCE_UID),
            facts: Facts::of(scanned, instance, intern),
        }
    }

    /// Who the patient is: without an ID, the one of this study.
    pub(super) fn patient(&self) -> (&str, &str, Option<&str>) {
        (&self.patient_id, &self.issuer, self.patient_id.is_empty().then_some(&*self.study_uid))
    }

    /// What rows are sorted by.
    pub(super) fn key(&self) -> impl Ord + '_ {
        let instance = (&*self.facts.sop_instance_uid, self.facts.place());
        (self.patient(), &*self.study_uid, &*self.series_uid, instance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_small() {
        assert!(size_of::<Facts>() <= 200, "{}", size_of::<Facts>());
        assert!(size_of::<Row>() <= 280, "{}", size_of::<Row>());
    }
}

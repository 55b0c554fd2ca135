//! The object around the matrices.

use isocenter_dcm::{
    Dataset, Element, FileMeta, Instance, Tag, VR,
    dicom_core::{
        DataElement, DicomValue, Length, PrimitiveValue,
        value::{C, DataSetSequence},
    },
    tags, value,
};
use isocenter_volume::Affine;

use super::{Error, MatrixType, SOP_CLASS_UID, SpatialRegistration, decimal::decimal};

/// What an object must be given beside its matrices; this crate makes no UIDs and reads no clock.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    /// UID of the series that the object is to be in, which holds nothing but registrations.
    pub series_instance_uid: &'a str,
    /// UID of the object.
    pub sop_instance_uid: &'a str,
    /// Date of the content, `YYYYMMDD`.
    pub date: &'a str,
    /// Time of the content, `HHMMSS`.
    pub time: &'a str,
}

/// Elements of the patient and of the study, taken over from an image of theirs; those of type 2 are empty where it has none.
const TAKEN_OVER: [(Tag, VR); 10] = [
    (tags::PATIENT_NAME, VR::PN),
    (tags::PATIENT_ID, VR::LO),
    (tags::PATIENT_BIRTH_DATE, VR::DA),
    (tags::PATIENT_SEX, VR::CS),
    (tags::STUDY_DATE, VR::DA),
    (tags::STUDY_TIME, VR::TM),
    (tags::ACCESSION_NUMBER, VR::SH),
    (tags::REFERRING_PHYSICIAN_NAME, VR::PN),
    (tags::STUDY_ID, VR::SH),
    (tags::STUDY_INSTANCE_UID, VR::UI),
];

impl SpatialRegistration {
    /// The object, explicit little endian, with patient and study of `like`, an image of the same study.
    ///
    /// Each matrix is of the narrowest type that holds for it. The modules are those of PS3.3 A.39; what says how the registration was
    /// found, and the references to images, are left for the caller to add.
    ///
    /// # Errors
    /// [`Error::BadArgument`] where a UID, date or time is none, or `like` names no study.
    pub fn to_instance(&self, like: &Dataset, identity: &Identity<'_>) -> Result<Instance, Error> {
        let bad = |what| Error::BadArgument { what };
        if ![identity.series_instance_uid, identity.sop_instance_uid].into_iter().all(is_uid) {
            return Err(bad("series and object must have UIDs"));
        }
        let is_digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
        if !is_digits(identity.date, 8) || !is_digits(identity.time, 6) {
            return Err(bad("the content must have a date YYYYMMDD and a time HHMMSS"));
        }
        if !value::string(like, tags::STUDY_INSTANCE_UID).is_some_and(|uid| is_uid(&uid)) {
            return Err(bad("the image whose study the object is to be in names no study"));
        }
        let mut set = Dataset::new_empty();
        for (tag, vr) in TAKEN_OVER {
            let value = like.get(tag).and_then(|found| found.value().primitive().cloned());
            set.put(DataElement::new(tag, vr, value.unwrap_or(PrimitiveValue::Empty)));
        }
        if let Some(characters) = like.get(tags::SPECIFIC_CHARACTER_SET) {
            set.put(characters.clone());
        }
        let registered = self.registered.clone().unwrap_or_default();
        let texts = [
            (tags::SOP_CLASS_UID, VR::UI, SOP_CLASS_UID),
            (tags::SOP_INSTANCE_UID, VR::UI, identity.sop_instance_uid),
            (tags::SERIES_INSTANCE_UID, VR::UI, identity.series_instance_uid),
            (tags::SERIES_NUMBER, VR::IS, "1"),
            (tags::MODALITY, VR::CS, "REG"),
            (tags::MANUFACTURER, VR::LO, "isocenter"),
            (tags::MANUFACTURER_MODEL_NAME, VR::LO, "isocenter-register"),
            (tags::DEVICE_SERIAL_NUMBER, VR::LO, "0"),
            (tags::SOFTWARE_VERSIONS, VR::LO, env!("CARGO_PKG_VERSION")),
            (tags::FRAME_OF_REFERENCE_UID, VR::UI, registered.as_str()),
            (tags::POSITION_REFERENCE_INDICATOR, VR::LO, ""),
            (tags::CONTENT_DATE, VR::DA, identity.date),
            (tags::CONTENT_TIME, VR::TM, identity.time),
            (tags::INSTANCE_NUMBER, VR::IS, "1"),
            (tags::CONTENT_LABEL, VR::CS, "REGISTRATION"),
            (tags::CONTENT_DESCRIPTION, VR::LO, ""),
            (tags::CONTENT_CREATOR_NAME, VR::PN, ""),
        ];
        for (tag, vr, text) in texts {
            set.put(DataElement::new(tag, vr, text));
        }
        let items = self.frames.iter().map(|(uid, way)| item(uid, way)).collect();
        set.put(sequence(tags::REGISTRATION_SEQUENCE, items));
        Ok(Instance::new(FileMeta::default(), set))
    }
}

fn item(uid: &str, way: &Affine) -> Dataset {
    let mut matrix = Dataset::new_empty();
    let numbers = way.rows().into_iter().flatten().chain([0.0, 0.0, 0.0, 1.0]).map(decimal).collect::<C<String>>();
    let tag = tags::FRAME_OF_REFERENCE_TRANSFORMATION_MATRIX;
    matrix.put(DataElement::new(tag, VR::DS, PrimitiveValue::Strs(numbers)));
    let tag = tags::FRAME_OF_REFERENCE_TRANSFORMATION_MATRIX_TYPE;
    matrix.put(DataElement::new(tag, VR::CS, MatrixType::of(way).name()));
    let mut registration = Dataset::new_empty();
    registration.put(sequence(tags::REGISTRATION_TYPE_CODE_SEQUENCE, Vec::new()));
    registration.put(sequence(tags::MATRIX_SEQUENCE, vec![matrix]));
    let mut item = Dataset::new_empty();
    item.put(DataElement::new(tags::FRAME_OF_REFERENCE_UID, VR::UI, uid));
    item.put(sequence(tags::MATRIX_REGISTRATION_SEQUENCE, vec![registration]));
    item
}

fn sequence(tag: Tag, items: Vec<Dataset>) -> Element {
    Element::new(tag, VR::SQ, DicomValue::Sequence(DataSetSequence::new(items, Length::UNDEFINED)))
}

/// Digits and dots, up to 64.
pub(super) fn is_uid(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

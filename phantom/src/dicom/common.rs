//! The modules that every image has: patient, study, series, equipment, frame of reference, SOP common.

use dicom_dictionary_std::tags;
use isocenter_volume::{Geometry, affine};

use super::{
    Header,
    header::code_item,
    person::{Study, time_of},
    pet::Injection,
    vendor::Vendor,
};
use crate::{
    Contrast,
    series::{Modality, Stored},
};

/// What the headers of one series are made from.
pub(crate) struct Context<'a> {
    pub(crate) study: &'a Study,
    pub(crate) vendor: Vendor,
    pub(crate) modality: Modality,
    pub(crate) contrast: Contrast,
    pub(crate) series_uid: &'a str,
    pub(crate) frame_uid: &'a str,
    pub(crate) number: u32,
    pub(crate) description: &'a str,
    pub(crate) body_part: &'a str,
    pub(crate) protocol: &'a str,
    pub(crate) geometry: &'a Geometry,
    pub(crate) localizer: bool,
    pub(crate) tilt_deg: f64,
    /// Beginning of the series, seconds since midnight.
    pub(crate) seconds: u32,
    pub(crate) injection: Option<&'a Injection>,
    pub(crate) stored: &'a Stored,
    /// Whether identifiers are planted beyond those that the standard asks for.
    pub(crate) plant: bool,
}

impl Context<'_> {
    /// Patient, general study, general series, frame of reference, general equipment and SOP common.
    pub(crate) fn modules(&self, class: &str, sop_uid: &str) -> Header {
        let mut header = Header::default();
        header
            .put(tags::SPECIFIC_CHARACTER_SET, self.study.person.character_set())
            .put(tags::SOP_CLASS_UID, class)
            .put(tags::SOP_INSTANCE_UID, sop_uid)
            .put(tags::INSTANCE_CREATION_DATE, self.study.date.as_str())
            .put(tags::INSTANCE_CREATION_TIME, time_of(self.seconds + 90))
            .put(tags::MODALITY, self.modality.code())
            .put(tags::FRAME_OF_REFERENCE_UID, self.frame_uid)
            .put(tags::POSITION_REFERENCE_INDICATOR, "");
        self.patient(&mut header);
        self.visit(&mut header);
        self.series(&mut header);
        self.equipment(&mut header);
        if self.plant {
            self.planted(&mut header);
            self.vendor.private(&mut header, self.study, self.modality, self.stored.slope(0));
        }
        header
    }

    fn patient(&self, header: &mut Header) {
        let person = &self.study.person;
        header
            .secret(tags::PATIENT_NAME, person.name())
            .secret(tags::PATIENT_ID, person.id.clone())
            .secret(tags::PATIENT_BIRTH_DATE, person.birth_date.clone())
            .put(tags::PATIENT_SEX, person.sex)
            .put(tags::PATIENT_AGE, person.age_on(&self.study.date))
            .decimals(tags::PATIENT_WEIGHT, &[person.weight_kg])
            .decimals(tags::PATIENT_SIZE, &[person.size_m]);
    }

    fn visit(&self, header: &mut Header) {
        let study = self.study;
        header
            .secret(tags::STUDY_INSTANCE_UID, study.uid.clone())
            .secret(tags::STUDY_DATE, study.date.clone())
            .put(tags::STUDY_TIME, time_of(study.seconds))
            .secret(tags::ACCESSION_NUMBER, study.accession.clone())
            .secret(tags::STUDY_ID, study.id.clone())
            .secret(tags::REFERRING_PHYSICIAN_NAME, study.person.physician.clone())
            .put(tags::STUDY_DESCRIPTION, study.description.clone());
    }

    fn series(&self, header: &mut Header) {
        header
            .secret(tags::SERIES_INSTANCE_UID, self.series_uid)
            .put(tags::SERIES_NUMBER, self.number.to_string())
            .put(tags::SERIES_DESCRIPTION, self.description)
            .put(tags::SERIES_DATE, self.study.date.as_str())
            .put(tags::SERIES_TIME, time_of(self.seconds))
            .put(tags::PROTOCOL_NAME, self.protocol)
            .put(tags::BODY_PART_EXAMINED, self.body_part)
            .secret(tags::OPERATORS_NAME, self.study.person.operator.clone());
        if self.modality != Modality::Pet {
            header.put(tags::PATIENT_POSITION, "HFS");
        } else {
            let mut supine = code_item(["102538003", "SCT", "recumbent"]);
            supine.code(tags::PATIENT_ORIENTATION_MODIFIER_CODE_SEQUENCE, ["40199007", "SCT", "supine"]);
            header
                .sequence(tags::PATIENT_ORIENTATION_CODE_SEQUENCE, vec![supine])
                .code(tags::PATIENT_GANTRY_RELATIONSHIP_CODE_SEQUENCE, ["102540008", "SCT", "headfirst"]);
        }
    }

    fn equipment(&self, header: &mut Header) {
        header
            .put(tags::MANUFACTURER, self.vendor.manufacturer())
            .put(tags::MANUFACTURER_MODEL_NAME, self.vendor.model(self.modality))
            .put(tags::SOFTWARE_VERSIONS, self.vendor.software(self.modality))
            .secret(tags::INSTITUTION_NAME, self.study.person.institution.clone())
            .secret(tags::STATION_NAME, format!("{}STATION{}", self.modality.code(), self.study.stream.below(40, 900)))
            .secret(tags::DEVICE_SERIAL_NUMBER, format!("SN{:06}", 100_000 + self.study.stream.below(41, 899_999)));
    }

    /// Identifiers in optional, free-text and nested places.
    fn planted(&self, header: &mut Header) {
        let person = &self.study.person;
        let mut other = Header::default();
        other.secret(tags::PATIENT_ID, person.other_id.clone()).put(tags::TYPE_OF_PATIENT_ID, "TEXT");
        let mut request = Header::default();
        request
            .secret(tags::REQUESTED_PROCEDURE_ID, format!("RP{}", &self.study.accession[3..]))
            .put(tags::SCHEDULED_PROCEDURE_STEP_ID, "1")
            .secret(tags::SCHEDULED_PROCEDURE_STEP_DESCRIPTION, format!("for {}", person.family));
        let mut code = code_item([&person.id[3..], "99LOCAL", "operator"]);
        code.secret(tags::CODE_MEANING, person.operator.replace('^', " "));
        let mut who = Header::default();
        who.sequence(tags::PERSON_IDENTIFICATION_CODE_SEQUENCE, vec![code])
            .secret(tags::INSTITUTION_NAME, person.institution.clone());
        header
            .secret(tags::PATIENT_ADDRESS, person.address.clone())
            .secret(tags::PATIENT_TELEPHONE_NUMBERS, person.phone.clone())
            .secret(tags::PATIENT_COMMENTS, format!("{} {} wears glasses", person.given, person.family))
            .secret(tags::IMAGE_COMMENTS, format!("call {} about {}", person.phone, person.id))
            .sequence(tags::OTHER_PATIENT_I_DS_SEQUENCE, vec![other])
            .sequence(tags::REQUEST_ATTRIBUTES_SEQUENCE, vec![request])
            .sequence(tags::OPERATOR_IDENTIFICATION_SEQUENCE, vec![who]);
    }

    /// Image Plane and Pixel Spacing of one plane.
    pub(crate) fn plane(&self, header: &mut Header, plane: usize) {
        header
            .decimals(tags::IMAGE_POSITION_PATIENT, &self.geometry.world_of([0.0, 0.0, plane as f64]))
            .decimals(tags::IMAGE_ORIENTATION_PATIENT, &self.orientation())
            .decimals(tags::PIXEL_SPACING, &self.pixel_spacing())
            .decimals(tags::SLICE_THICKNESS, &[self.thickness_mm()]);
    }

    /// Image Orientation (Patient): the directions of a row and of a column.
    pub(crate) fn orientation(&self) -> [f64; 6] {
        let [i, j, _] = self.geometry.direction();
        [i[0], i[1], i[2], j[0], j[1], j[2]]
    }

    /// Pixel Spacing: between rows, then between columns, mm.
    pub(crate) fn pixel_spacing(&self) -> [f64; 2] {
        let spacing = self.geometry.spacing_mm();
        [spacing[1], spacing[0]].map(tidy)
    }

    /// Slice thickness: the distance between planes along their normal, mm.
    pub(crate) fn thickness_mm(&self) -> f64 {
        let [i, j, _] = self.geometry.direction();
        tidy(affine::dot(self.geometry.affine().column(2), affine::cross(i, j)).abs())
    }

    /// Image Pixel, but for the pixels.
    pub(crate) fn image_pixel(&self, header: &mut Header) {
        let [columns, rows, _] = self.geometry.shape();
        header
            .shorts(tags::SAMPLES_PER_PIXEL, &[1])
            .put(tags::PHOTOMETRIC_INTERPRETATION, "MONOCHROME2")
            .shorts(tags::ROWS, &[rows as u16])
            .shorts(tags::COLUMNS, &[columns as u16])
            .shorts(tags::BITS_ALLOCATED, &[16])
            .shorts(tags::BITS_STORED, &[self.stored.bits])
            .shorts(tags::HIGH_BIT, &[self.stored.bits - 1])
            .shorts(tags::PIXEL_REPRESENTATION, &[u16::from(self.stored.signed)]);
    }
}

/// Takes the last digits of rounding off a length, which came out of a square root.
pub(crate) fn tidy(mm: f64) -> f64 {
    (mm * 1e9).round() / 1e9
}

//! Scanner, institution, patient, study: what is public and the same for every modality.

use isocenter_dcm::tags;

use super::{clock, header::Header, out::Out};
use crate::facts::maker::{self, Maker};

/// Writes scanner and institution.
pub(super) fn write(header: &Header<'_>, out: &mut Out) {
    out.text("Modality", header.modality.clone());
    let stated = header.string(tags::MANUFACTURER);
    match stated.as_deref().and_then(maker::name_of).or(header.by(Maker::Siemens).then_some("Siemens")) {
        Some(known) => out.put("Manufacturer", known),
        // any other name may be that of a place or a person
        None => out.put_private("Manufacturer", stated),
    }
    for (key, tag) in [
        ("ManufacturersModelName", tags::MANUFACTURER_MODEL_NAME),
        ("InstitutionName", tags::INSTITUTION_NAME),
        ("InstitutionAddress", tags::INSTITUTION_ADDRESS),
        ("DeviceSerialNumber", tags::DEVICE_SERIAL_NUMBER),
        ("StationName", tags::STATION_NAME),
        ("SoftwareVersions", tags::SOFTWARE_VERSIONS),
        ("BodyPart", tags::BODY_PART_EXAMINED),
        ("PatientPosition", tags::PATIENT_POSITION),
        ("ProcedureStepDescription", tags::PERFORMED_PROCEDURE_STEP_DESCRIPTION),
        ("StudyDescription", tags::STUDY_DESCRIPTION),
        ("SeriesDescription", tags::SERIES_DESCRIPTION),
        ("ImageComments", tags::IMAGE_COMMENTS),
    ] {
        out.text(key, header.text(tag));
    }
    // what tools that read dcm2niix' sidecars ask for is always there
    let department = header.text(tags::INSTITUTIONAL_DEPARTMENT_NAME);
    out.text("InstitutionalDepartmentName", department.or_else(|| Some("None".to_owned())));
    let description = || header.text(tags::SERIES_DESCRIPTION);
    // the name of a sequence of Siemens varies within a series
    let sequence = || header.text(tags::SEQUENCE_NAME).filter(|_| !header.by(Maker::Siemens));
    out.text("ProtocolName", header.text(tags::PROTOCOL_NAME).or_else(description).or_else(sequence));
    let quadruped = header.string(tags::ANATOMICAL_ORIENTATION_TYPE).is_some_and(|kind| kind == "QUADRUPED");
    out.flag("Quadruped", quadruped.then_some(true));
    patient(header, out);
    deidentified(header, out);
}

fn patient(header: &Header<'_>, out: &mut Out) {
    for (key, tag) in [
        ("SeriesInstanceUID", tags::SERIES_INSTANCE_UID),
        ("StudyInstanceUID", tags::STUDY_INSTANCE_UID),
        ("ReferringPhysicianName", tags::REFERRING_PHYSICIAN_NAME),
        ("StudyID", tags::STUDY_ID),
        ("PatientName", tags::PATIENT_NAME),
        ("PatientID", tags::PATIENT_ID),
        ("AccessionNumber", tags::ACCESSION_NUMBER),
    ] {
        // those of the series, not of one that a group refers to
        out.text(key, isocenter_dcm::value::string(header.top, tag));
    }
    out.text("PatientBirthDate", header.string(tags::PATIENT_BIRTH_DATE).and_then(|text| clock::date(&text)));
    let sex = header.string(tags::PATIENT_SEX).map(|sex| sex.to_uppercase());
    out.text("PatientSex", sex.filter(|sex| ["M", "F", "O"].contains(&sex.as_str())));
    out.positive("PatientSize", header.number(tags::PATIENT_SIZE));
    out.positive("PatientWeight", header.number(tags::PATIENT_WEIGHT));
    out.number("PatientAge", header.string(tags::PATIENT_AGE).and_then(|text| clock::years(&text)));
}

/// What was done to the file against identification.
fn deidentified(header: &Header<'_>, out: &mut Out) {
    out.texts("DeidentificationMethod", header.strings(tags::DEIDENTIFICATION_METHOD));
    let codes = isocenter_dcm::value::sequence(header.top, tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE);
    let codes: Vec<serde_json::Value> = codes.unwrap_or_default().iter().map(code).collect();
    if !codes.is_empty() {
        out.put("DeidentificationMethodCodeSequence", codes);
    }
}

fn code(item: &isocenter_dcm::Dataset) -> serde_json::Value {
    let named = [
        ("CodeMeaning", tags::CODE_MEANING),
        ("CodeValue", tags::CODE_VALUE),
        ("CodingSchemeDesignator", tags::CODING_SCHEME_DESIGNATOR),
        ("CodingSchemeVersion", tags::CODING_SCHEME_VERSION),
    ];
    let entries = named.into_iter().filter_map(|(key, tag)| {
        Some((key.to_owned(), serde_json::Value::from(isocenter_dcm::value::string(item, tag)?)))
    });
    serde_json::Value::Object(entries.collect())
}

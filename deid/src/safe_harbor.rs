//! Which identifier of the HIPAA Safe Harbor list an attribute holds.
//!
//! Source: 45 CFR 164.514(b)(2)(i), letters A to R.

use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;

use crate::table;

/// The letter of the Safe Harbor list for what an attribute of the standard holds, `A` to `R`; `None` where it holds none of them, or text in which any may
/// stand. What is a number of a person's is H; any other that tells a person apart is R.
///
/// ```
/// use isocenter_dcm::tags;
/// use isocenter_deid::safe_harbor::letter;
/// assert_eq!(letter(tags::PATIENT_NAME), Some('A'));
/// assert_eq!(letter(tags::STUDY_DATE), Some('C'));
/// assert_eq!(letter(tags::DEVICE_SERIAL_NUMBER), Some('M'));
/// assert_eq!(letter(tags::STUDY_INSTANCE_UID), Some('R'));
/// assert_eq!(letter(tags::ROWS), None);
/// ```
pub fn letter(tag: Tag) -> Option<char> {
    let (vr, keyword) = table::dictionary(tag)?;
    let named = |words: &[&str]| words.iter().any(|word| keyword.contains(word));
    let listed = || table::attributes::row(tag).is_some();
    Some(match tag {
        tags::PATIENT_ID | tags::OTHER_PATIENT_I_DS_SEQUENCE | tags::ADMISSION_ID => 'H',
        _ if matches!(keyword, "OtherPatientIDs" | "MedicalRecordLocator") => 'H',
        _ if keyword == "InsurancePlanIdentification" => 'I',
        // an age above 89 years tells the year of birth
        tags::PATIENT_AGE => 'C',
        _ if vr == VR::PN => 'A',
        _ if named(&["Telephone", "Telecom"]) => 'D',
        _ if named(&["Email"]) => 'F',
        _ if vr == VR::UR => 'N',
        _ if named(&[
            "Address",
            "InstitutionName",
            "Residence",
            "InstitutionalDepartment",
            "CurrentPatientLocation",
            "InstitutionCode",
        ]) =>
        {
            'B'
        }
        _ if matches!(vr, VR::DA | VR::DT) || (vr == VR::TM && listed()) => 'C',
        _ if listed()
            && named(&[
                "SerialNumber",
                "StationName",
                "Device",
                "DetectorID",
                "GantryID",
                "CassetteID",
                "PlateID",
                "GeneratorID",
                "MachineName",
            ]) =>
        {
            'M'
        }
        _ if vr == VR::UI && listed() => 'R',
        _ if listed()
            && (keyword.ends_with("ID")
                || keyword.ends_with("Number")
                || keyword.ends_with("IDs")
                || named(&["Identifi"])) =>
        {
            'R'
        }
        _ if listed() && vr == VR::AE => 'R',
        _ => return None,
    })
}

/// The letter for an entry of an audit, by its path.
pub(crate) fn of_path(path: &str) -> Option<char> {
    let last = path.rsplit('>').next()?;
    letter(table::parse_tag(last.split('#').next()?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_a_person_a_place_or_a_number_has_its_letter() {
        for (tag, wanted) in [
            (tags::OPERATORS_NAME, Some('A')),
            (tags::INSTITUTION_ADDRESS, Some('B')),
            (tags::PATIENT_BIRTH_DATE, Some('C')),
            (tags::STUDY_TIME, Some('C')),
            (tags::PATIENT_TELEPHONE_NUMBERS, Some('D')),
            (tags::ACCESSION_NUMBER, Some('R')),
            (tags::STATION_NAME, Some('M')),
            (tags::SOP_INSTANCE_UID, Some('R')),
            (tags::SERIES_DESCRIPTION, None),
            (tags::MODALITY, None),
            (tags::SOP_CLASS_UID, None),
        ] {
            assert_eq!(letter(tag), wanted, "{tag}");
        }
        assert_eq!(of_path("00400275#0>00400009"), letter(tags::SCHEDULED_PROCEDURE_STEP_ID));
    }
}

//! Without leave to identify, nothing of an identifying element is anywhere in the text.

use isocenter_convert::sidecar::{Class, Identity, KEYS};
use isocenter_dcm::{Dataset, VR, tags, value};

use super::made::{private, sidecar, two};
use crate::support::{CT, MR, PET, text};

/// Elements that the Basic Profile removes, replaces or cleans, with a value of each that is nowhere else.
const PLANTED: [(isocenter_dcm::Tag, VR, &str); 28] = [
    (tags::PATIENT_NAME, VR::PN, "PLANTED-name"),
    (tags::PATIENT_ID, VR::LO, "PLANTED-id"),
    (tags::OTHER_PATIENT_NAMES, VR::PN, "PLANTED-other"),
    (tags::PATIENT_COMMENTS, VR::LT, "PLANTED-remark"),
    (tags::PATIENT_BIRTH_DATE, VR::DA, "19610203"),
    (tags::PATIENT_SEX, VR::CS, "O"),
    (tags::PATIENT_AGE, VR::AS, "061Y"),
    (tags::PATIENT_SIZE, VR::DS, "1.8317"),
    (tags::PATIENT_WEIGHT, VR::DS, "83.17"),
    (tags::ACCESSION_NUMBER, VR::SH, "PLANTED-acc"),
    (tags::STUDY_ID, VR::SH, "PLANTED-study"),
    (tags::INSTITUTION_NAME, VR::LO, "PLANTED-clinic"),
    (tags::INSTITUTION_ADDRESS, VR::ST, "PLANTED-street"),
    (tags::INSTITUTIONAL_DEPARTMENT_NAME, VR::LO, "PLANTED-ward"),
    (tags::STATION_NAME, VR::SH, "PLANTED-station"),
    (tags::DEVICE_SERIAL_NUMBER, VR::LO, "PLANTED-serial"),
    (tags::REFERRING_PHYSICIAN_NAME, VR::PN, "PLANTED-doctor"),
    (tags::OPERATORS_NAME, VR::PN, "PLANTED-operator"),
    (tags::STUDY_DESCRIPTION, VR::LO, "PLANTED-studydesc"),
    (tags::SERIES_DESCRIPTION, VR::LO, "PLANTED-seriesdesc"),
    (tags::PROTOCOL_NAME, VR::LO, "PLANTED-protocol"),
    (tags::IMAGE_COMMENTS, VR::LT, "PLANTED-comment"),
    (tags::PERFORMED_PROCEDURE_STEP_DESCRIPTION, VR::LO, "PLANTED-step"),
    (tags::ACQUISITION_DATE, VR::DA, "20170605"),
    (tags::ACQUISITION_TIME, VR::TM, "131719.2"),
    (tags::SERIES_TIME, VR::TM, "131718.1"),
    (tags::ACQUISITION_DATE_TIME, VR::DT, "20170605131719.2"),
    (tags::STUDY_DATE, VR::DA, "20170604"),
];

fn plant(ds: &mut Dataset) {
    for (tag, vr, words) in PLANTED {
        text(ds, tag, vr, words);
    }
    text(ds, tags::MANUFACTURER, VR::LO, "PLANTED-maker");
    let creators = [
        (0x0051, "SIEMENS MR HEADER", [0x0E, 0x0F, 0x11]),
        (0x0021, "SIEMENS MR SDS 01", [0x5A, 0x5B, 0x5C]),
        (0x0021, "SIEMENS MR SDI 02", [0x75, 0x76, 0x4F]),
        (0x0043, "GEMS_PARM_01", [0x95, 0xA4, 0xCA]),
        (0x0019, "GEMS_ACQU_01", [0x9C, 0x9E, 0xE2]),
        (0x0065, "Image Private Header", [0x05, 0x0D, 0x06]),
    ];
    for (group, creator, elements) in creators {
        for element in elements {
            private(ds, group, creator, element, VR::LO, "PLANTED-private");
        }
    }
    let lines = "### ASCCONV BEGIN ###\ntSequenceFileName = \"%CustomerSeq%\\PLANTED_seq\"\ntProtocolName = \"PLANTED-p\"\n\
        sProtConsistencyInfo.tBaselineString = \"PLANTED-b\"\nsWipMemBlock.tFree = \"PLANTED-w\"\n\
        sCoilElementID.tCoilID = \"PLANTED-c\"\nsCoilSelectMeas.sCoilStringForConversion = \"PLANTED-e\"\n### ASCCONV END ###";
    value::put_private(ds, 0x0021, "SIEMENS MR SDS 01", 0x19, VR::LT, lines).unwrap();
}

#[test]
fn nothing_planted_is_in_the_text() {
    let makers = ["PLANTED-maker", "SIEMENS", "GE MEDICAL SYSTEMS", "Philips", "UIH", "Canon"];
    for class in [MR, CT, PET] {
        for maker in makers {
            let datasets = two(class, |ds| {
                plant(ds);
                text(ds, tags::MANUFACTURER, VR::LO, maker);
                if class == PET {
                    text(ds, tags::RESCALE_SLOPE, VR::DS, "1");
                    text(ds, tags::RESCALE_INTERCEPT, VR::DS, "0");
                }
            });
            let made = sidecar(datasets.clone(), Identity::Drop);
            let written = made.to_string();
            assert!(!written.contains("PLANTED"), "{class} {maker} {written}");
            for (tag, _, words) in PLANTED.iter().filter(|(_, _, words)| words.len() > 3) {
                assert!(!written.contains(words), "{tag} {maker} {written}");
            }
            for form in ["1961-02-03", "2017-06-05", "13:17:19", "13:17:18", "1.2.4", "1.2.5", "\"O\"", "61"] {
                assert!(!written.contains(form), "{form} {maker} {written}");
            }
            let identifying = |name: &str| KEYS.iter().any(|k| k.name == name && k.class == Class::Identifying);
            assert!(made.iter().all(|(name, _)| !identifying(name)));
            // the test would see it
            assert!(sidecar(datasets, Identity::Keep).to_string().contains("PLANTED-name"));
        }
    }
}

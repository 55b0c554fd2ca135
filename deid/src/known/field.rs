//! What the name of a field says of its text.
//!
//! Volume files and the JSON files beside them name their texts as they like: `PatientName`, `0010|0010` (ITK copies a DICOM header
//! so), `DICOM_0010_0020`, `patient_id`, `modality`, `descrip`. Where the name is a DICOM tag or keyword, the standard's tables say what the
//! text is; else a word in it does; else it is free text. A field of defined terms that holds one says nothing of a patient.

use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_core::{Tag, VR};
use dicom_dictionary_std::StandardDataDictionary;
use isocenter_files::term;

use super::kind::Kind;
use super::words;
use crate::table;

/// What the name of a field says of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It is of one kind.
    Of(Kind),
    /// It is one of a list of words, or several of them.
    Terms,
    /// Nothing.
    Free,
}

/// The tag that a name spells, in numbers or by its keyword; a keyword may follow a prefix (`DICOM.PatientName`).
pub(super) fn tag(name: &str) -> Option<Tag> {
    let known = |tag: &Tag| table::dictionary(*tag).is_some();
    let keyword = |word: &str| StandardDataDictionary.by_name(word).map(|entry| entry.tag());
    let last = name.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    numbers(name).filter(known).or_else(|| keyword(name)).or_else(|| keyword(last))
}

/// Two groups of four hexadecimal digits with one sign between them.
fn numbers(name: &str) -> Option<Tag> {
    let hex = |at: usize| {
        let digits = name.get(at..at + 4)?;
        let alone =
            |at: Option<usize>| at.and_then(|at| name.as_bytes().get(at)).is_none_or(|b| !b.is_ascii_alphanumeric());
        let whole = digits.bytes().all(|b| b.is_ascii_hexdigit()) && alone(at.checked_sub(1)) && alone(Some(at + 4));
        u16::from_str_radix(digits, 16).ok().filter(|_| whole)
    };
    let group = |at: &usize| name.get(at + 4..at + 5).is_some_and(|c| "|,_.:-".contains(c));
    (0..name.len().saturating_sub(8)).filter(group).find_map(|at| Some(Tag(hex(at)?, hex(at + 5)?)))
}

/// What a name says that is no tag.
pub(super) fn meaning(name: &str, text: &str) -> Meaning {
    let name: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if TERMS.contains(&name.as_str()) {
        return Meaning::Terms;
    }
    if has(&NUMBERS) {
        return Meaning::Of(Kind::Number);
    }
    if has(&PERSONS) || matches!(name.as_str(), "name" | "patient" | "person") {
        return Meaning::Of(Kind::Name);
    }
    if has(&["date", "birth"]) {
        // a text without a year is none
        return if digits >= 4 { Meaning::Of(Kind::Date) } else { Meaning::Free };
    }
    if name.ends_with("time") || name.contains("timestamp") {
        return if digits >= 4 { Meaning::Of(Kind::Time) } else { Meaning::Free };
    }
    if has(&["institution", "hospital", "clinic", "department", "address"]) {
        return Meaning::Of(Kind::Place);
    }
    if has(&["stationname", "serialnumber", "deviceid"]) {
        return Meaning::Of(Kind::Device);
    }
    if name.contains("uid") && text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return Meaning::Of(Kind::Uid);
    }
    if has(&IDENTIFIERS) {
        return Meaning::Of(Kind::Identifier);
    }
    Meaning::Free
}

/// Whether a text is what a field of defined terms holds.
pub(super) fn is_terms(text: &str) -> bool {
    term::are_terms(text)
}

/// What kind a text under a tag is, where it counts whatever its words are.
pub(super) fn kind_of_vr(vr: VR) -> Meaning {
    if vr == VR::CS { Meaning::Terms } else { Meaning::Free }
}

/// A name that may be told: a keyword of the standard, or known words. A field may be named after a person.
pub(super) fn told(name: &str) -> String {
    if let Some((_, keyword)) = tag(name).and_then(table::dictionary) {
        return keyword.to_owned();
    }
    let known = words::all_known(name, |word| FIELD_WORDS.contains(&word));
    if known { name.to_owned() } else { "a key-value".to_owned() }
}

const TERMS: [&str; 16] = [
    "modality",
    "bodypart",
    "bodypartexamined",
    "contrast",
    "unit",
    "units",
    "sampleunits",
    "orientation",
    "space",
    "laterality",
    "imagetype",
    "patientposition",
    "patientorientation",
    "scanningsequence",
    "sequencevariant",
    "kind",
];

const NUMBERS: [&str; 5] = ["patientsex", "patientage", "patientweight", "patientsize", "patientheight"];

const PERSONS: [&str; 15] = [
    "patientname",
    "patientsname",
    "personname",
    "subjectname",
    "physician",
    "operatorname",
    "operatorsname",
    "radiologist",
    "technologist",
    "technician",
    "annotator",
    "surname",
    "familyname",
    "firstname",
    "lastname",
];

const IDENTIFIERS: [&str; 12] = [
    "patient",
    "accession",
    "studyid",
    "subject",
    "participant",
    "medicalrecord",
    "mrn",
    "phone",
    "email",
    "insurance",
    "socialsecurity",
    "person",
];

/// Words of field names beside those of the lists.
const FIELD_WORDS: [&str; 44] = [
    "accession",
    "acquisition",
    "address",
    "annotator",
    "aux",
    "birth",
    "comment",
    "comments",
    "content",
    "db",
    "department",
    "descrip",
    "description",
    "descriptions",
    "device",
    "dicom",
    "email",
    "examined",
    "extension",
    "family",
    "given",
    "id",
    "institution",
    "institutional",
    "intent",
    "medical",
    "mrn",
    "note",
    "notes",
    "operators",
    "part",
    "patients",
    "performing",
    "person",
    "phone",
    "record",
    "referring",
    "sample",
    "serial",
    "sex",
    "social",
    "station",
    "uid",
    "weight",
];

#[cfg(test)]
mod tests {
    use dicom_dictionary_std::tags;

    use super::*;

    #[test]
    fn tags_are_found_in_numbers_and_by_keyword() {
        for name in
            ["0010|0010", "(0010,0010)", "DICOM_0010_0010", "PatientName", "dicom:PatientName", "0010.0010 PatientName"]
        {
            assert_eq!(tag(name), Some(tags::PATIENT_NAME), "{name}");
        }
        for name in ["", "descrip", "12010|0010", "0010|00100", "2019_1203", "patient_name", "é0010|0010x"] {
            assert_eq!(tag(name), None, "{name}");
        }
    }

    #[test]
    fn words_of_a_name_say_what_it_holds() {
        for (name, text, wanted) in [
            ("modality", "CT", Meaning::Terms),
            ("Body_Part", "CHEST", Meaning::Terms),
            ("patient_name", "Roe", Meaning::Of(Kind::Name)),
            ("Referring physician", "Roe", Meaning::Of(Kind::Name)),
            ("patient", "Roe, Jane", Meaning::Of(Kind::Name)),
            ("subject", "x", Meaning::Of(Kind::Identifier)),
            ("scan_date", "2023-04-05", Meaning::Of(Kind::Date)),
            ("update", "unknown", Meaning::Free),
            ("hospital", "x", Meaning::Of(Kind::Place)),
            ("fluid", "yes", Meaning::Free),
            ("study_uid", "1.2.3", Meaning::Of(Kind::Uid)),
            ("intent_name", "gallbladder", Meaning::Free),
            ("content", "x", Meaning::Free),
        ] {
            assert_eq!(meaning(name, text), wanted, "{name}");
        }
    }

    #[test]
    fn a_name_that_may_be_a_persons_is_not_told() {
        assert_eq!(told("0010|0010"), "PatientName");
        for name in ["descrip", "aux_file", "patient_id", "extension.0.6", "comments", "Segment0_Name", "PatientName"] {
            assert_eq!(told(name), name);
        }
        assert_eq!(told("Roesler"), "a key-value");
    }
}

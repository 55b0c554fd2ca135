//! How scripts name elements.

use dicom_core::Tag;
use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_dictionary_std::StandardDataDictionary;
use isocenter_dcm::{Dataset, value};

/// The tag of a keyword of the standard, of an older name of it (`RefStudySeq`), or of hexadecimal digits: `gggg,eeee`, eight or fewer in a row, in any
/// brackets.
pub(crate) fn tag_of(name: &str) -> Option<Tag> {
    let name = unwrapped(name);
    if let Some(tag) = by_keyword(name) {
        return Some(tag);
    }
    let number = |text: &str, longest: usize| {
        let digits = (1..=longest).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit());
        digits.then(|| u32::from_str_radix(text, 16).ok()).flatten()
    };
    let number = match name.split_once([',', '-']) {
        Some((group, element)) => number(group.trim(), 4)? << 16 | number(element.trim(), 4)?,
        None => number(name, 8)?,
    };
    Some(Tag((number >> 16) as u16, number as u16))
}

/// The tag of a keyword, in today's spelling or that of older dictionaries.
pub(super) fn by_keyword(name: &str) -> Option<Tag> {
    if let Some(entry) = StandardDataDictionary.by_name(name) {
        return Some(entry.tag());
    }
    if let Some((_, tag)) = OLD.iter().find(|(old, _)| *old == name) {
        return Some(*tag);
    }
    // the dictionary of dcm4che 1, which CTP's scripts are written with, has Ref and Seq
    let name = match name.strip_suffix("Seq") {
        Some(start) => format!("{start}Sequence"),
        None => name.to_owned(),
    };
    let name = match name.strip_prefix("Ref").filter(|rest| rest.starts_with(char::is_uppercase)) {
        Some(rest) => format!("Referenced{rest}"),
        None => name,
    };
    StandardDataDictionary.by_name(&name).map(DataDictionaryEntry::tag)
}

/// Names of dcm4che 1 that differ by more than an abbreviation.
const OLD: [(&str, Tag); 12] = [
    ("ContentDateTime", Tag(0x0008, 0x0023)),
    ("AcquisitionDatetime", Tag(0x0008, 0x002A)),
    ("PhysicianOfRecord", Tag(0x0008, 0x1048)),
    ("PerformingPhysicianName", Tag(0x0008, 0x1050)),
    ("OperatorName", Tag(0x0008, 0x1070)),
    ("PhysicianReadingStudy", Tag(0x0008, 0x1060)),
    ("DeIdentificationMethod", Tag(0x0012, 0x0063)),
    ("DeIdentificationMethodCodeSeq", Tag(0x0012, 0x0064)),
    ("SoftwareVersion", Tag(0x0018, 0x1020)),
    ("PatientMotherBirthName", Tag(0x0010, 0x1060)),
    ("InstanceUID", Tag(0x0008, 0x0018)),
    ("SOPInstanceUIDs", Tag(0x0008, 0x0018)),
];

/// A name without the brackets around it.
pub(super) fn unwrapped(name: &str) -> &str {
    let name = name.trim();
    let pairs = [('[', ']'), ('(', ')'), ('{', '}')];
    let inner = pairs.iter().find_map(|(open, close)| name.strip_prefix(*open)?.strip_suffix(*close));
    inner.unwrap_or(name).trim()
}

/// The creator of a private element, by the data set it stands in.
pub(super) fn creator_of(dataset: &Dataset, tag: Tag) -> Option<String> {
    let is_private = tag.group() % 2 == 1 && tag.element() > 0xFF;
    is_private.then(|| value::string(dataset, Tag(tag.group(), tag.element() >> 8))).flatten()
}

/// `GGGG,EEEE`, for messages.
pub(super) fn shown(tag: Tag) -> String {
    match crate::table::dictionary(tag) {
        Some((_, keyword)) => format!("{keyword} ({:04X},{:04X})", tag.group(), tag.element()),
        None => format!("({:04X},{:04X})", tag.group(), tag.element()),
    }
}

#[cfg(test)]
mod tests {
    use dicom_dictionary_std::tags;

    use super::*;

    #[test]
    fn elements_are_named_by_old_and_new_keywords_and_by_digits() {
        for (name, tag) in [
            ("PatientID", tags::PATIENT_ID),
            ("RefStudySeq", tags::REFERENCED_STUDY_SEQUENCE),
            ("DeIdentificationMethodCodeSeq", tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE),
            ("[0010,0020]", tags::PATIENT_ID),
            ("(10, 20)", tags::PATIENT_ID),
            ("0010-0020", tags::PATIENT_ID),
            ("100020", tags::PATIENT_ID),
        ] {
            assert_eq!(tag_of(name), Some(tag), "{name}");
        }
        for name in ["", "[]", "Nobody", "12345678,1", "0010,002g", "é,1", "123456789"] {
            assert_eq!(tag_of(name), None, "{name}");
        }
    }
}

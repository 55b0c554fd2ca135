//! Text that is cleaned, files of rules for pixels, and scripts of other programs.

use std::sync::OnceLock;

use isocenter_dcm::{
    Dataset, FileMeta, Instance, Tag, VR,
    dicom_core::{DataElement, Length, value::DataSetSequence},
    tags, value,
};
use isocenter_deid::{
    Ctx, Deidentifier, Key, KnownValues, LeakScan, Profile, Script,
    pixels::Rules,
    scripts::{Compat, Format, Lookup, Settings},
};

/// The id that no cleaned text may hold.
const ID: &str = "MRN4471123";

/// A text as the comment of an image: cleaned, it holds no id, and to clean it again changes nothing.
pub fn deid_text(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    static SEARCH: OnceLock<LeakScan> = OnceLock::new();
    let search = SEARCH.get_or_init(|| {
        let mut known = KnownValues::new();
        known.gather_text("PatientName", "Papadopoulou^Kim");
        known.gather_text("PatientID", ID);
        LeakScan::identities(&known).expect("a few values")
    });
    let once = cleaned(text, search);
    assert!(!once.contains(ID) && !once.contains("Papadopoulou"), "an identifier is left");
    // dates would move again
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        assert_eq!(cleaned(&once, search), once);
    }
}

fn cleaned(text: &str, search: &LeakScan) -> String {
    let mut dataset = Dataset::new_empty();
    for (tag, vr, text) in [
        (tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.2"),
        (tags::SOP_INSTANCE_UID, VR::UI, "1.2.3"),
        (tags::IMAGE_COMMENTS, VR::LT, text),
    ] {
        dataset.put(DataElement::new(tag, vr, text));
    }
    let mut instance = Instance::new(FileMeta::default(), dataset);
    let deidentifier = Deidentifier::new(Profile::research(), &Key::demo());
    deidentifier.apply_with(&mut instance, ID, search, &Ctx::default()).expect("an instance with its ids");
    value::string(&instance.dataset, tags::IMAGE_COMMENTS).unwrap_or_default()
}

/// A file of rules for pixels, as TOML and as a script of CTP: read or refused, and what is read is no more than the text says.
pub fn pixel_rules(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for rules in [Rules::from_toml(text), Rules::from_ctp(text)].into_iter().flatten() {
        let mut dataset = Dataset::new_empty();
        dataset.put(DataElement::new(tags::MODALITY, VR::CS, "US"));
        let applied = rules.matching(&dataset, [640, 480]).len();
        assert!(applied <= text.len());
    }
}

/// A script in every format: read or refused, and what is read runs over a small instance or refuses it. What comes out can be written, and has its ids.
pub fn deid_scripts(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let table = Lookup::parse("id/MRN4471123=S1\nd/MRN4471123=5").expect("two lines");
    let settings = Settings::default().lookup(table).variable("id", "x").variable("UIDROOT", "1.2").variable("SITEID", "3");
    for settings in [settings.clone(), settings.compat(Compat::CtpMd5).now("20240229101112")] {
        for format in Format::ALL {
            let Ok(script) = Script::read(text, Some(format), &settings) else { continue };
            let mut instance = small();
            let deidentifier = Deidentifier::of_script(&script, &Key::demo());
            if deidentifier.apply(&mut instance, ID, &Ctx::default()).is_ok() {
                assert!(value::string(&instance.dataset, tags::SOP_INSTANCE_UID).is_some());
                instance.to_bytes().expect("what was read can be written");
            }
        }
    }
}

/// An instance with a sequence, a private block and values of several kinds.
fn small() -> Instance {
    let mut dataset = Dataset::new_empty();
    for (tag, vr, text) in [
        (tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.2"),
        (tags::SOP_INSTANCE_UID, VR::UI, "1.2.3"),
        (tags::STUDY_DATE, VR::DA, "20240115"),
        (tags::PATIENT_NAME, VR::PN, "Papadopoulou^Kim"),
        (tags::PATIENT_ID, VR::LO, ID),
        (tags::PATIENT_AGE, VR::AS, "043Y"),
        (tags::IMAGE_COMMENTS, VR::LT, "of Papadopoulou"),
        (Tag(0x0019, 0x0010), VR::LO, "GEMS_ACQU_01"),
        (Tag(0x0019, 0x1023), VR::DS, "5"),
    ] {
        dataset.put(DataElement::new(tag, vr, text));
    }
    let item = dataset.clone();
    dataset.put(DataElement::new(tags::ROWS, VR::US, isocenter_dcm::dicom_core::PrimitiveValue::from(2u16)));
    dataset.put(DataElement::new_with_len(
        tags::REFERENCED_STUDY_SEQUENCE,
        VR::SQ,
        Length::UNDEFINED,
        DataSetSequence::new(vec![item], Length::UNDEFINED),
    ));
    Instance::new(FileMeta::default(), dataset)
}

//! Text that is cleaned, and files of rules for pixels.

use std::sync::OnceLock;

use isocenter_dcm::{
    Dataset, FileMeta, Instance, VR,
    dicom_core::DataElement,
    tags, value,
};
use isocenter_deid::{Ctx, Deidentifier, Key, KnownValues, LeakScan, Profile, pixels::Rules};

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

//! The text is JSON, whatever the header holds.

use std::collections::BTreeSet;

use isocenter_convert::sidecar::{Identity, KEYS, Sidecar};
use isocenter_dcm::{
    Dataset, VR,
    dicom_core::{DataElement, PrimitiveValue},
    tags,
};
use proptest::prelude::*;

use super::made::{at, kept, sidecar, two};
use crate::support::{MR, text};

/// The names of the keys, as the text has them.
fn names(text: &str) -> Vec<String> {
    let parsed: serde_json::Value = serde_json::from_str(text).unwrap();
    let count = parsed.as_object().unwrap().len();
    let names: Vec<String> =
        text.lines().filter_map(|line| Some(line.strip_prefix("\t\"")?.split_once("\": ")?.0.to_owned())).collect();
    assert_eq!(names.len(), count, "a key stands twice, or a line is none");
    names
}

#[test]
fn character_sets_become_utf_8() {
    // the bytes of the file, its character set, and what they say
    for (set, bytes, wanted) in [
        ("ISO_IR 192", "Äneas^Ürban".as_bytes().to_vec(), "Äneas^Ürban"),
        ("ISO_IR 100", b"\xC4neas^\xDCrban".to_vec(), "Äneas^Ürban"),
        ("\\ISO 2022 IR 87", b"Yamada^Tarou=\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B".to_vec(), "Yamada^Tarou=山田^太郎"),
    ] {
        let mut study = crate::support::Study::new();
        let mark = "@".repeat(bytes.len());
        let datasets = two(MR, |ds| {
            text(ds, tags::SPECIFIC_CHARACTER_SET, VR::CS, set);
            text(ds, tags::PATIENT_NAME, VR::PN, &mark);
        });
        for ds in &datasets {
            let path = study.add(ds);
            let mut raw = std::fs::read(&path).unwrap();
            let at = raw.windows(mark.len()).position(|window| window == mark.as_bytes()).unwrap();
            raw[at..at + bytes.len()].copy_from_slice(&bytes);
            std::fs::write(path, raw).unwrap();
        }
        let (plan, files) = study.plan();
        let options = isocenter_convert::sidecar::SidecarOptions::default().identity(Identity::Keep);
        let made = Sidecar::of(&plan.series[0], &files, &options, &Default::default()).unwrap();
        assert_eq!(at(&made, "PatientName"), format!("{wanted:?}"), "{set}");
        names(&made.to_string());
    }
}

#[test]
fn control_characters_and_quotes_are_escaped() {
    let comment = "a\r\nb\tc \"d\" \\ \u{1}\u{b}";
    let made = kept(two(MR, |ds| {
        ds.put(DataElement::new(tags::IMAGE_COMMENTS, VR::LT, PrimitiveValue::from(comment)));
    }));
    let parsed: serde_json::Value = serde_json::from_str(&made.to_string()).unwrap();
    let found = parsed["ImageComments"].as_str().unwrap();
    assert!(found.starts_with("a\r\nb\tc \"d\"") && found.contains('\u{1}'), "{found:?}");
}

#[test]
fn keys_come_in_the_order_of_the_table() {
    let made = kept(two(MR, |ds| {
        text(ds, tags::SERIES_DESCRIPTION, VR::LO, "x");
        text(ds, tags::REPETITION_TIME, VR::DS, "5");
    }));
    let places: Vec<usize> = made.iter().map(|(key, _)| KEYS.iter().position(|k| k.name == key).unwrap()).collect();
    assert!(places.is_sorted() && places.len() > 10);
    assert_eq!(
        made.to_string(),
        kept(two(MR, |ds| {
            text(ds, tags::REPETITION_TIME, VR::DS, "5");
            text(ds, tags::SERIES_DESCRIPTION, VR::LO, "x");
        }))
        .to_string()
    );
}

/// A text element of any tag that is read here, with any text.
fn elements() -> impl Strategy<Value = Vec<(usize, String)>> {
    prop::collection::vec(
        (0..TAGS.len(), prop_oneof!["\\PC{0,24}", "[0-9.\\\\eE+-]{0,12}", "[\u{0}-\u{1f}\"\\\\]{0,8}"]),
        0..12,
    )
}

const TAGS: [(isocenter_dcm::Tag, VR); 20] = [
    (tags::REPETITION_TIME, VR::DS),
    (tags::ECHO_TIME, VR::DS),
    (tags::FLIP_ANGLE, VR::DS),
    (tags::SAR, VR::DS),
    (tags::IMAGING_FREQUENCY, VR::DS),
    (tags::SERIES_NUMBER, VR::IS),
    (tags::SCANNING_SEQUENCE, VR::CS),
    (tags::SEQUENCE_VARIANT, VR::CS),
    (tags::SEQUENCE_NAME, VR::SH),
    (tags::IMAGE_COMMENTS, VR::LT),
    (tags::INSTITUTION_NAME, VR::LO),
    (tags::MANUFACTURER, VR::LO),
    (tags::PATIENT_NAME, VR::PN),
    (tags::PATIENT_AGE, VR::AS),
    (tags::PATIENT_BIRTH_DATE, VR::DA),
    (tags::ACQUISITION_TIME, VR::TM),
    (tags::ACQUISITION_DATE_TIME, VR::DT),
    (tags::SOFTWARE_VERSIONS, VR::LO),
    (tags::SPOILING, VR::CS),
    (tags::DEIDENTIFICATION_METHOD, VR::LO),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn the_text_always_parses_and_no_key_stands_twice(found in elements(), keep: bool) {
        let complete = |ds: &mut Dataset| {
            text(ds, tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192");
            for (at, words) in &found {
                let (tag, vr) = TAGS[*at];
                text(ds, tag, vr, words);
            }
        };
        let datasets = two(MR, complete).into_iter().take(1).collect();
        let made = sidecar(datasets, if keep { Identity::Keep } else { Identity::Drop });
        let names = names(&made.to_string());
        prop_assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    }
}

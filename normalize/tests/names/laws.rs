//! Laws of names: folding, case and spacing, texts that mean nothing, texts that are no texts.

use isocenter_normalize::names::{
    body_part, fold,
    series::{self, Facts},
    study,
};
use proptest::prelude::*;

/// Descriptions put together from words that the lists know.
fn description() -> impl Strategy<Value = String> {
    let words = [
        "CT", "XR", "CHEST", "ABDOMEN", "PELVIS", "W", "WO", "CONTRAST", "1 VIEW", "LEFT", "KNEE", "PORTABLE", "T1",
        "FLAIR", "DWI", "ANGIO",
    ];
    proptest::collection::vec(proptest::sample::select(words.to_vec()), 0..8).prop_map(|words| words.join(" "))
}

/// Any characters, with the marks that rules look at among them.
fn anything() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[0-9VWO/+^& \\\\_.-]{0,40}"]
}

proptest! {
    #[test]
    fn folding_twice_is_folding_once(text in anything()) {
        prop_assert_eq!(fold(&fold(&text)), fold(&text));
    }

    #[test]
    fn case_and_spacing_change_nothing(text in description(), modality in "(CT|MR|DX|)") {
        let other = format!("  {}\t", text.to_lowercase().replace(' ', "   "));
        let (one, two) = (study::name(&study::Facts::new(&modality, &text)), study::name(&study::Facts::new(&modality, &other)));
        prop_assert_eq!(one, two);
        prop_assert_eq!(body_part::name(&text), body_part::name(&other));
        let facts = |description| Facts { description, echo_time_ms: Some(80.0), ..Facts::default() };
        prop_assert_eq!(series::name(&facts(&text)), series::name(&facts(&other)));
    }

    #[test]
    fn unknown_words_are_no_answer(text in "[JQXZ]{4,9}( [JQXZ]{4,9}){0,3}") {
        for modality in ["CT", "MR", "DX", "US", ""] {
            prop_assert_eq!(study::name(&study::Facts::new(modality, &text)).code(), None);
        }
        prop_assert_eq!(body_part::name(&text).concept(), None);
        prop_assert_eq!(series::name(&Facts { description: &text, ..Facts::default() }).kind(), None);
    }

    #[test]
    fn any_text_and_number_is_answered_without_a_panic(text in anything(), other in anything(), number in any::<f64>()) {
        let _ = study::name(&study::Facts { modality: &other, description: &text, body_part: &other });
        let _ = body_part::name(&text);
        let facts = Facts {
            description: &text,
            image_type: &other,
            sequence_name: &text,
            scanning_sequence: &other,
            echo_time_ms: Some(number),
            repetition_time_ms: Some(number),
            flip_angle_deg: Some(number),
            b_value: Some(number),
            ..Facts::default()
        };
        let found = series::name(&facts);
        prop_assert!((0.0..=1.0).contains(&found.confidence()));
    }

    #[test]
    fn evidence_repeats_no_word_that_the_lists_do_not_know(name in "[JQXZ]{4,9}") {
        let text = format!("CT CHEST {name} WO CONTRAST");
        let found = study::name(&study::Facts::new("CT", &text));
        prop_assert!(found.code().is_some());
        let shown = format!("{found:?}");
        prop_assert!(!shown.contains(&name), "{}", shown);
    }
}

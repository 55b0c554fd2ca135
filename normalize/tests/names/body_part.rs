//! Body parts in words, to concepts.

use isocenter_normalize::names::{
    Abstained,
    body_part::{self, Side},
};

#[test]
fn terms_of_body_part_examined_are_concepts() {
    // DICOM PS3.16 Annex L
    let terms = [
        ("ABDOMEN", "818981001"),
        ("ABDOMENPELVIS", "818982008"),
        ("ANKLE", "70258002"),
        ("BRAIN", "12738006"),
        ("CHEST", "816094009"),
        ("CHESTABDPELVIS", "416775004"),
        ("CSPINE", "122494005"),
        ("HEADNECK", "774007"),
        ("LSSPINE", "1217253001"),
        ("TMJ", "53620006"),
        ("WHOLEBODY", "38266002"),
    ];
    for (term, code) in terms {
        let found = body_part::name(term);
        assert_eq!(found.concept().map(|concept| concept.code), Some(code), "{term}");
        assert!(found.confidence() > 0.9);
    }
}

#[test]
fn free_words_are_the_same_concepts_with_less_confidence() {
    let code = |words| body_part::name(words).concept().map(|concept| concept.code);
    assert_eq!(code("c-spine"), Some("122494005"));
    assert_eq!(code("Chest, Abdomen & Pelvis"), Some("416775004"));
    assert_eq!(code("abd pelvis"), Some("818982008"));
    assert_eq!(code("pelvis and abdomen"), Some("818982008"));
    let knee = body_part::name("right knee");
    assert_eq!((knee.concept().map(|concept| concept.meaning), knee.side()), (Some("Knee"), Some(Side::Right)));
    assert!(knee.confidence() < body_part::name("KNEE").confidence());
}

#[test]
fn parts_without_a_concept_together_are_two_readings() {
    assert_eq!(body_part::name("LIVER FOOT").abstained(), Some(Abstained::TwoReadings));
    assert_eq!(body_part::name("").abstained(), Some(Abstained::NothingUnderstood));
}

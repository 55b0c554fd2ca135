//! Invented patients in several alphabets, named in every way that a technician writes: what holds whoever they are.

use std::collections::BTreeSet;

use isocenter_dcm::{Element, Instance, Tag, VR, tags, value};
use isocenter_deid::{Ctx, Deidentifier, Key, KnownValues, LeakScan, Profile};
use proptest::prelude::*;

use crate::build::{CT, PET, SR, dataset, instance, sequence, text};

/// Syllables that no word of any list is made of, by alphabet.
const SYLLABLES: [[&str; 8]; 5] = [
    ["vrek", "zol", "quan", "tibb", "oxu", "jerv", "kwil", "phur"],
    ["жуг", "вемр", "щод", "фырк", "цуль", "эмб", "юзг", "ыхр"],
    ["ψευ", "ζογρ", "ξαμ", "φθυλ", "κβερ", "γνωτ", "ρπου", "θλιβ"],
    ["ğür", "şöv", "çıb", "ılz", "ünk", "öyb", "şıv", "zğö"],
    ["嶌", "齋", "邊", "髙", "濵", "槗", "纐", "纈"],
];

#[derive(Clone, Debug)]
struct Patient {
    family: String,
    given: String,
    id: String,
    days: Vec<u32>,
}

fn patient() -> impl Strategy<Value = Patient> {
    let word =
        |alphabet: usize| prop::collection::vec(0..8usize, 2..4).prop_map(move |parts| capital(alphabet, &parts));
    (0..SYLLABLES.len()).prop_flat_map(move |alphabet| {
        (word(alphabet), word(alphabet), "[A-Z]{1,3}[0-9]{5,8}", prop::collection::vec(0..3000u32, 3))
            .prop_map(|(family, given, id, days)| Patient { family, given, id, days })
    })
}

fn capital(alphabet: usize, parts: &[usize]) -> String {
    let word: String = parts.iter().map(|part| SYLLABLES[alphabet][*part]).collect();
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

fn day(number: u32) -> String {
    let start: jiff::civil::Date = "2010-01-01".parse().unwrap();
    start.saturating_add(jiff::ToSpan::days(i64::from(number))).strftime("%Y%m%d").to_string()
}

/// How somebody writes of a patient, and what else stands there.
fn remark(patient: &Patient, style: usize) -> String {
    let Patient { family, given, id, .. } = patient;
    match style % 8 {
        0 => format!("CT chest of {given} {family}, 5 mm"),
        1 => format!("{} HEAD ROUTINE", family.to_uppercase()),
        2 => format!("see {id} for prior"),
        3 => format!("lungs_{family}_2 axial"),
        4 => format!("{family}plan liver"),
        5 => format!("{}, {given}: motion artefact", family.to_lowercase()),
        6 => format!("prior of {}", day(patient.days[0])),
        _ => format!("seen with {given}^{family}"),
    }
}

fn scan(patient: &Patient, class: &str, styles: &[usize]) -> Instance {
    let said = |n: usize| remark(patient, styles[n % styles.len()]);
    let dates = [tags::STUDY_DATE, tags::SERIES_DATE, tags::ACQUISITION_DATE];
    let mut more: Vec<Element> = vec![
        text(tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192"),
        text(tags::PATIENT_NAME, VR::PN, &format!("{}^{}", patient.family, patient.given)),
        text(tags::PATIENT_ID, VR::LO, &patient.id),
        text(tags::STUDY_DESCRIPTION, VR::LO, &said(0)),
        text(tags::SERIES_DESCRIPTION, VR::LO, &said(1)),
        text(tags::IMAGE_COMMENTS, VR::LT, &said(2)),
        text(tags::FRAME_COMMENTS, VR::LT, &said(3)), // listed nowhere
        text(Tag(0x0019, 0x0010), VR::LO, "GEMS_ACQU_01"),
        text(Tag(0x0019, 0x1023), VR::DS, "55.0"),
        text(Tag(0x0019, 0x10E2), VR::LO, &said(4)),
        text(Tag(0x0033, 0x0010), VR::LO, &patient.family),
        sequence(
            tags::REFERENCED_STUDY_SEQUENCE,
            vec![dataset(vec![
                text(tags::REFERENCED_SOP_CLASS_UID, VR::UI, "1.2.840.10008.3.1.2.3.1"),
                text(tags::REFERENCED_SOP_INSTANCE_UID, VR::UI, "1.2.826.1.77.1234567"),
            ])],
        ),
        sequence(
            tags::REQUEST_ATTRIBUTES_SEQUENCE,
            vec![dataset(vec![
                text(tags::REQUESTED_PROCEDURE_DESCRIPTION, VR::LO, &said(5)),
                text(tags::SCHEDULED_PROCEDURE_STEP_ID, VR::SH, &patient.id),
            ])],
        ),
    ];
    more.extend(dates.iter().zip(&patient.days).map(|(tag, number)| text(*tag, VR::DA, &day(*number))));
    instance(class, more)
}

fn cleaned(original: &Instance, profile: &Profile, known: &LeakScan, patient: &str) -> Instance {
    let mut instance = original.clone();
    let deidentifier = Deidentifier::new(profile.clone(), &Key::demo());
    deidentifier.apply_with(&mut instance, patient, known, &Ctx::default()).unwrap();
    instance
}

fn days_between(a: &str, b: &str) -> i64 {
    let date = |text: &str| -> jiff::civil::Date {
        format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..8]).parse().unwrap()
    };
    i64::from(date(b).since(date(a)).unwrap().get_days())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_patient_is_left_and_what_is_nobodys_stays(
        patient in patient(), other in patient(), styles in prop::collection::vec(0..8usize, 6), class in 0..3usize,
    ) {
        let class = [CT, PET, SR][class];
        let original = scan(&patient, class, &styles);
        let mut known = KnownValues::new();
        for one in [&original, &scan(&other, CT, &styles)] {
            known.gather(&one.dataset, &one.meta);
        }
        let search = LeakScan::identities(&known).unwrap();
        for profile in [Profile::basic(), Profile::research()] {
            let out = cleaned(&original, &profile, &search, &patient.id);
            let bytes = String::from_utf8_lossy(&out.to_bytes().unwrap()).to_lowercase();
            for name in [&patient.family, &patient.given, &patient.id] {
                // a name of one or two letters occurs by chance
                prop_assert!(name.len() < 5 || !bytes.contains(&name.to_lowercase()), "{name} in {styles:?}");
            }
            prop_assert!(!bytes.contains("1.2.826.1."));
            for number in &patient.days {
                let moved: BTreeSet<String> = [tags::STUDY_DATE, tags::SERIES_DATE, tags::ACQUISITION_DATE]
                    .iter().filter_map(|tag| value::string(&out.dataset, *tag)).collect();
                prop_assert!(moved.contains(&day(*number)) || !bytes.contains(&day(*number)));
            }
            prop_assert_eq!(value::string(&out.dataset, tags::SOP_CLASS_UID), Some(class.to_owned()));
        }
        let out = cleaned(&original, &Profile::research(), &search, &patient.id).dataset;
        prop_assert_eq!(value::string(&out, Tag(0x0019, 0x1023)), Some("55.0".to_owned()));
        prop_assert!(out.get(Tag(0x0019, 0x10E2)).is_none() && out.get(Tag(0x0033, 0x0010)).is_none());
        let date = |dataset, tag| value::string(dataset, tag).unwrap();
        prop_assert_eq!(
            days_between(&date(&out, tags::STUDY_DATE), &date(&out, tags::SERIES_DATE)),
            days_between(&day(patient.days[0]), &day(patient.days[1]))
        );
        for (tag, style, kept) in [(tags::STUDY_DESCRIPTION, styles[0], 0), (tags::SERIES_DESCRIPTION, styles[1], 1)] {
            let words = [["chest", "5 mm"], ["HEAD", "ROUTINE"], ["see", "prior"], ["lungs", "axial"], ["liver", "liver"],
                ["motion", "artefact"], ["prior", "of"], ["seen", "with"]];
            let said = value::string(&out, tag).unwrap();
            prop_assert!(words[style].iter().all(|word| said.contains(word)), "{kept}: {said}");
        }
    }

    #[test]
    fn the_order_of_files_and_a_second_pass_change_nothing_but_what_is_keyed(
        patient in patient(), styles in prop::collection::vec(0..8usize, 6),
    ) {
        let originals = [scan(&patient, CT, &styles), scan(&patient, PET, &styles)];
        let search = |order: [usize; 2]| {
            let mut known = KnownValues::new();
            order.iter().for_each(|n| known.gather(&originals[*n].dataset, &originals[*n].meta));
            LeakScan::identities(&known).unwrap()
        };
        let profile = Profile::research();
        let once = cleaned(&originals[0], &profile, &search([0, 1]), &patient.id);
        let other = cleaned(&originals[0], &profile, &search([1, 0]), &patient.id);
        prop_assert!(once.to_bytes().unwrap() == other.to_bytes().unwrap());
        let mut known = KnownValues::new();
        known.gather(&once.dataset, &once.meta);
        let twice = cleaned(&once, &profile, &LeakScan::identities(&known).unwrap(), &patient.id);
        let tags = |instance: &Instance| instance.dataset.tags().collect::<Vec<_>>();
        prop_assert_eq!(tags(&once), tags(&twice));
        for tag in [tags::SERIES_DESCRIPTION, tags::IMAGE_COMMENTS] {
            let text = |instance: &Instance| value::string(&instance.dataset, tag);
            // dates move again
            let digits = |text: Option<String>| text.unwrap_or_default().replace(|c: char| c.is_ascii_digit(), "");
            prop_assert_eq!(digits(text(&once)), digits(text(&twice)));
        }
    }
}

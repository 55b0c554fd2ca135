//! Recipes of pydicom's deid.

use isocenter_dcm::{Instance, Tag, VR, tags, value};
use isocenter_deid::scripts::{Format, Settings};
use isocenter_deid::{Error, Key, ProfileOption, Pseudonyms, Refusal, Script};

use crate::build::{CT, dataset, instance, sequence, text};
use crate::run::{self, run, run_with};

fn subject() -> Instance {
    let item = dataset(vec![
        text(tags::PATIENT_ID, VR::LO, "MRN55501"),
        text(tags::REFERENCED_SOP_INSTANCE_UID, VR::UI, "1.2.9"),
    ]);
    instance(
        CT,
        vec![
            text(tags::STUDY_DATE, VR::DA, "20240115"),
            text(tags::ACQUISITION_DATE_TIME, VR::DT, "20240115101112"),
            text(tags::STUDY_TIME, VR::TM, "101112"),
            text(tags::SERIES_TIME, VR::TM, "101112"),
            text(tags::OPERATORS_NAME, VR::PN, "Somebody^Else"),
            text(tags::STUDY_DESCRIPTION, VR::LO, "seen by somebody"),
            text(tags::MODALITY, VR::CS, "CT"),
            text(Tag(0x0033, 0x0010), VR::LO, "MITRA OBJECT"),
            text(Tag(0x0033, 0x101E), VR::LO, "x"),
            sequence(tags::REFERENCED_STUDY_SEQUENCE, vec![item]),
        ],
    )
}

fn header(lines: &str) -> String {
    format!("FORMAT dicom\n\n%header\n\n{lines}\n")
}

#[test]
fn each_action_does_what_it_says() {
    let out = run(
        &header(
            "ADD PatientIdentityRemoved YES\nADD PatientSex F # a comment\nBLANK PatientID\nREMOVE endswith:Time\nKEEP StudyTime\n\
             REPLACE PatientName Anon^One\nJITTER StudyDate -15\nJITTER AcquisitionDateTime 1\nREPLACE SOPInstanceUID deid_func:pydicom_uuid\n\
             REMOVE (0033,\"MITRA OBJECT\",1E)",
        ),
        &subject(),
    );
    for (tag, wanted) in [
        (tags::PATIENT_IDENTITY_REMOVED, Some("YES")),
        (tags::PATIENT_SEX, Some("F")),
        (tags::PATIENT_ID, Some("")),
        (tags::STUDY_TIME, Some("101112")), // kept before all
        (tags::SERIES_TIME, None),
        (tags::ACQUISITION_DATE_TIME, Some("20240116101112")), // jittered, so not removed
        (tags::PATIENT_NAME, Some("Anon^One")),
        (tags::STUDY_DATE, Some("20231231")),
        (tags::MODALITY, Some("CT")),
        (Tag(0x0033, 0x101E), None),
    ] {
        assert_eq!(run::text(&out, tag).as_deref(), wanted, "{tag}");
    }
    assert_eq!(run::text(&out, tags::SOP_INSTANCE_UID), Some(Pseudonyms::new(&Key::demo()).uid("1.2.826.1.1")));
    // items too
    let item = value::item(&out, tags::REFERENCED_STUDY_SEQUENCE).unwrap();
    assert_eq!(run::text(item, tags::PATIENT_ID).as_deref(), Some(""));
}

#[test]
fn lists_of_fields_and_values_are_looked_up_in_the_instance() {
    let recipe = "FORMAT dicom\n%values people\nSPLIT startswith:Operator by=\"^\";minlength=4\nFIELD PatientName\n\
        %fields dates\nFIELD endswith:Date\nFIELD select:VR:TM\n%header\nREPLACE values:people var:who\nREMOVE fields:dates";
    let settings = Settings::default().variable("who", "nobody");
    let out = run_with(recipe, &settings, &subject()).unwrap().dataset;
    for tag in [tags::OPERATORS_NAME, tags::PATIENT_NAME, tags::STUDY_DESCRIPTION] {
        assert_eq!(run::text(&out, tag).as_deref(), Some("nobody"), "{tag}");
    }
    for tag in [tags::STUDY_DATE, tags::STUDY_TIME, tags::SERIES_TIME] {
        assert!(out.get(tag).is_none(), "{tag}");
    }
    assert!(out.get(tags::ACQUISITION_DATE_TIME).is_some());
}

#[test]
fn names_are_expressions_in_any_case() {
    let gone = |line: &str, tag| run(&header(line), &subject()).get(tag).is_none();
    assert!(gone("REMOVE contains:study", tags::STUDY_DATE) && !gone("REMOVE contains:study", tags::SERIES_TIME));
    assert!(gone("REMOVE startswith:ser", tags::SERIES_TIME));
    assert!(gone("REMOVE ALL", tags::MODALITY));
    assert!(gone("REMOVE except:Modality", tags::STUDY_DATE) && !gone("REMOVE except:Modality", tags::MODALITY));
    assert!(gone("REMOVE select:group:0x0033", Tag(0x0033, 0x101E)));
    assert!(gone("REMOVE 00080020", tags::STUDY_DATE) && gone("REMOVE (0008,0020)", tags::STUDY_DATE));
    // an element that another line changes is not removed
    assert!(!gone("REMOVE ALL\nREPLACE Modality MR", tags::MODALITY));
    let nested = run(&header("REMOVE ReferencedStudySequence__PatientID"), &subject());
    assert!(nested.get(tags::PATIENT_ID).is_some());
    assert!(value::item(&nested, tags::REFERENCED_STUDY_SEQUENCE).unwrap().get(tags::PATIENT_ID).is_none());
}

#[test]
fn filters_blank_rectangles_or_keep_instances_out() {
    let recipe = "FORMAT dicom\n%filter graylist\nLABEL dose page # (somebody)\n  contains Modality CT|MR\n  \
        + equals Rows 512 || missing Rows\n  coordinates 0,0,512,110\n  ctpcoordinates 0,200,512,20\nLABEL flag only\n  present Modality\n\
        %filter blacklist\nLABEL films\n  equals Modality RF\n%header\nREMOVE PatientID";
    let script = Script::read(recipe, None, &Settings::default()).unwrap();
    assert_eq!(script.format(), Format::Deid);
    assert!(script.cleaning().is_some() && script.profile().has(ProfileOption::CleanPixelData));
    assert!(script.remarks().iter().any(|remark| remark.starts_with("1 labels")), "{:?}", script.remarks());
    assert!(run(recipe, &subject()).get(tags::PATIENT_ID).is_none());
    let mut film = subject();
    film.dataset.put(text(tags::MODALITY, VR::CS, "RF"));
    let refused = run_with(recipe, &Settings::default(), &film);
    assert!(matches!(refused, Err(Error::Refused(Refusal::Filtered { place })) if place == "films"));
}

#[test]
fn a_field_that_names_nothing_is_told() {
    let script = Script::read(&header("REMOVE PatientsName\nREMOVE PatientName"), None, &Settings::default()).unwrap();
    assert_eq!(script.remarks(), ["line 5, PatientsName: no element is called so"]);
}

//! What a script keeps, and what is searched for afterwards.

use isocenter_dcm::{FileMeta, Instance, VR, tags};
use isocenter_deid::scripts::Settings;
use isocenter_deid::{Ctx, KnownValues, LeakScan, Script};

use crate::build::{CT, instance, text};
use crate::run::{self, run};

const SCRIPT: &str = "<script>\n\
    <e en=\"T\" t=\"00100010\" n=\"PatientName\">@hash(this,8)</e>\n\
    <e en=\"T\" t=\"00100020\" n=\"PatientID\">@keep()</e>\n\
    <e en=\"T\" t=\"00080020\" n=\"StudyDate\">@incrementdate(this,-7)</e>\n\
    <e en=\"T\" t=\"00081030\" n=\"StudyDescription\">@keep()</e></script>";

fn subject() -> Instance {
    instance(
        CT,
        vec![
            text(tags::STUDY_DATE, VR::DA, "20240115"),
            text(tags::STUDY_DESCRIPTION, VR::LO, "HEAD of Plantedname"),
            text(tags::SERIES_DESCRIPTION, VR::LO, "HEAD of Plantedname, MRN55501"),
            text(tags::PERFORMING_PHYSICIAN_NAME, VR::PN, "Roesler^Hannelore"),
            text(tags::INSTITUTION_NAME, VR::LO, "Quuxhausen Clinic"),
        ],
    )
}

#[test]
fn unnamed_text_loses_what_the_script_takes_away_and_names() {
    let out = run(SCRIPT, &subject());
    assert_eq!(run::text(&out, tags::SERIES_DESCRIPTION).as_deref(), Some("HEAD of ***, MRN55501"));
    assert_eq!(run::text(&out, tags::STUDY_DESCRIPTION).as_deref(), Some("HEAD of Plantedname")); // named: to the letter
    assert_eq!(run::text(&out, tags::INSTITUTION_NAME).as_deref(), Some("Quuxhausen Clinic"));
    assert!(!run::text(&out, tags::PERFORMING_PHYSICIAN_NAME).unwrap().contains("Roesler"));
}

#[test]
fn the_search_of_what_is_written_finds_what_the_script_takes_away() {
    let script = Script::read(SCRIPT, None, &Settings::default()).unwrap();
    let mut known = KnownValues::new();
    known.gather(&subject().dataset, &FileMeta::default());
    let scan = LeakScan::of_script(&known, &script).unwrap();
    let found = |text: &str| scan.scan(text.as_bytes()).iter().map(|hit| hit.source.clone()).collect::<Vec<_>>();
    assert_eq!(found("of Plantedname"), ["PatientName"]);
    assert_eq!(found("Roesler"), ["PerformingPhysicianName"]); // kept by no line
    for kept in ["MRN55501", "20240115", "Quuxhausen Clinic", "1.2.826.1.2"] {
        assert!(found(kept).is_empty(), "{kept}");
    }
    // what a line keeps is the user's: here it gives the name away, and the instance is told by the search
    let mut out = subject();
    let deidentifier = isocenter_deid::Deidentifier::of_script(&script, &isocenter_deid::Key::demo());
    deidentifier.apply(&mut out, "MRN55501", &Ctx::default()).unwrap();
    assert!(!scan.scan_content(&out.to_bytes().unwrap(), &Ctx::default()).unwrap().is_empty());
}

#[test]
fn a_name_that_a_line_keeps_is_not_found() {
    let script = "<script><e en=\"T\" t=\"00100010\" n=\"PatientName\">@keep()</e><r en=\"T\" t=\"unspecifiedelements\"/></script>";
    let read = Script::read(script, None, &Settings::default()).unwrap();
    let mut known = KnownValues::new();
    known.gather(&subject().dataset, &FileMeta::default());
    let scan = LeakScan::of_script(&known, &read).unwrap();
    assert!(scan.scan(b"Plantedname^Quentina").is_empty());
    assert!(!scan.scan(b"Quuxhausen Clinic").is_empty());
    assert_eq!(run::text(&run(script, &subject()), tags::PATIENT_NAME).as_deref(), Some("Plantedname^Quentina"));
}

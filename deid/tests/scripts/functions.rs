//! One case for every function of CTP's scripts.

use isocenter_dcm::{Instance, VR, tags};
use isocenter_deid::scripts::{Lookup, Settings};
use isocenter_deid::{Error, Refusal};

use crate::build::{CT, instance, text};
use crate::run::{self, run_with};

/// The element at hand; `None` where it is not there.
type Given = Option<&'static str>;

/// Value at hand, expression, what comes of it: `None` where the element goes.
const CASES: [(Given, &str, Given); 62] = [
    (Some("old"), "new text", Some("new text")),
    (Some("old"), r"a\@b\\c", Some(r"a@b\c")),
    (Some("old"), "", Some("")),
    (Some("old"), "@keep()", Some("old")),
    (Some("old"), "@remove()", None),
    (Some("old"), "x@remove()y", None),
    (Some("old"), "@empty()", Some("")),
    (Some("old"), "@blank(3)", Some("")),
    (Some("old"), "@contents(PatientID)", Some("MRN55501")),
    (Some("old"), "@contents(this)-@contents([0010,0020])", Some("old-MRN55501")),
    (Some("old"), r#"@contents(PatientID,"[A-Z]+")"#, Some("55501")),
    (Some("old"), r#"@contents(PatientID,"MRN(\\d)(\\d+)","$2/$1")"#, Some("5501/5")),
    (Some("old"), "@contents(ReferencedStudySequence::ReferencedSOPInstanceUID)", Some("1.2.9")),
    (Some("old"), "@contents(root:RefStudySeq::RefSOPInstanceUID)", Some("1.2.9")),
    (Some("old"), "@contents(ImageType)", Some(r"ORIGINAL\PRIMARY")),
    (Some("old"), "[@contents(PatientBirthDate)]", Some("[]")),
    (Some("old"), r#"@value(PatientBirthDate,"none")"#, Some("none")),
    (Some("old"), "@value(PatientID,x)", Some("MRN55501")),
    (Some("old"), "@truncate(PatientID,3)", Some("MRN")),
    (Some("old"), "@truncate(PatientID,-3)", Some("501")),
    (Some("old"), "@lowercase(PatientID)", Some("mrn55501")),
    (Some("old"), "@uppercase(this)", Some("OLD")),
    (Some("a/b/c"), "@pathelement(this,-1)", Some("c")),
    (Some("a/b/c"), "@pathelement(this,0)", Some("a")),
    (Some("a/b/c"), "@pathelement(this,9)", Some("a/b/c")),
    (Some("old"), "@initials(PatientName)", Some("QP")),
    (Some("old"), "@initials(PatientName,1)", Some("RQ")),
    (Some("old"), "@param(@SITE)", Some("north")),
    (Some("old"), "@round(PatientAge,5)", Some("045Y")),
    (Some("old"), "@date()", Some("20240229")),
    (Some("old"), "@date(-)", Some("2024-02-29")),
    (Some("old"), "@time(:)", Some("10:11:12")),
    (Some("old"), "@incrementdate(StudyDate,-15)", Some("20231231")),
    (Some("old"), "@incrementdate(StudyDate,@DAYS)", Some("20240116")),
    (Some("old"), "@incrementdate(StudyDate,PatientID,shift)", Some("20240105")),
    (Some("old"), "@incrementdate(PatientBirthDate,1)", None),
    (Some("soon"), "@incrementdate(this,1)", Some("")),
    (Some("old"), "@modifydate(StudyDate,*,1,1)", Some("20240101")),
    (Some("old"), "@modifydate(StudyDate,1900,*,40)", Some("19000209")),
    (Some("old"), "@dateinterval(StudyDate,base,PatientID)", Some("14")),
    (Some("old"), "@dateinterval(StudyDate,base,PatientID,20000101)", Some("20000115")),
    (Some("old"), "@lookup(PatientID,ptid)", Some("S-1")),
    (Some("old"), "@lookup(this,ptid,default,nobody)", Some("nobody")),
    (Some("old"), "@lookup(this,ptid,remove)", None),
    (Some("old"), "@lookup(this,ptid,empty)", Some("")),
    (Some("old"), "@lookup(this,ptid,keep)", Some("old")),
    (Some("old"), r#"@lookup(this,ptid,ignore,"o.*")"#, Some("old")),
    (Some("old"), "@lookup(PatientID|this,both)", Some("S-2")),
    (Some("old"), "@if(PatientBirthDate,isblank){A}{B}", Some("A")),
    (Some("old"), "@if(PatientID,contains,mrn){A}{B}", Some("A")),
    (Some("old"), "@if(PatientID,equals,mrn55501){A}{B}", Some("A")),
    (Some("old"), "@if(PatientID,equals,@SITE){A}{B}", Some("B")),
    (Some("old"), r#"@if(PatientID,matches,"M.*1"){A}{B}"#, Some("A")),
    (Some("old"), "@if(PatientBirthDate,exists){A}{@remove()}", None),
    (Some("old"), "@if(PatientAge,greaterthan,42){A}{B}", Some("A")),
    (Some("old"), "@if(this,isblank){A}{@if(PatientID,contains,x){B}{C}}", Some("C")),
    (Some("old"), "@select(){top}{item}", Some("top")),
    (Some("old"), "@append(){more}", Some(r"old\more")),
    (None, "@always()@append(){first}", Some("first")),
    (None, "@always()@require(PatientID)", Some("MRN55501")),
    (None, "@require(PatientID)", None),
    (Some("old"), "@always()@require(PatientID)", Some("old")),
];

fn subject(given: Given) -> Instance {
    let item = crate::build::dataset(vec![text(tags::REFERENCED_SOP_INSTANCE_UID, VR::UI, "1.2.9")]);
    let mut subject = instance(
        CT,
        vec![
            text(tags::IMAGE_TYPE, VR::CS, r"ORIGINAL\PRIMARY"),
            text(tags::STUDY_DATE, VR::DA, "20240115"),
            text(tags::PATIENT_AGE, VR::AS, "043Y"),
            crate::build::sequence(tags::REFERENCED_STUDY_SEQUENCE, vec![item]),
        ],
    );
    if let Some(given) = given {
        subject.dataset.put(isocenter_dcm::dicom_core::DataElement::new(tags::SERIES_DESCRIPTION, VR::LO, given));
    }
    subject
}

fn script(expression: &str) -> String {
    let expression = expression.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<script><p t=\"SITE\">north</p><p t=\"DAYS\">1</p><p t=\"UIDROOT\">1.2.3</p>\n\
         <e en=\"T\" t=\"0008103e\" n=\"SeriesDescription\">{expression}</e></script>"
    )
}

fn settings() -> Settings {
    let table = "ptid/MRN55501=S-1\nboth/MRN55501|old=S-2\nshift/MRN55501=-10\nbase/MRN55501=1/1/2024";
    Settings::default().lookup(Lookup::parse(table).unwrap()).now("20240229101112")
}

fn value(given: Given, expression: &str) -> Result<Option<String>, Error> {
    let out = run_with(&script(expression), &settings(), &subject(given))?;
    Ok(run::text(&out.dataset, tags::SERIES_DESCRIPTION))
}

#[test]
fn every_function_gives_what_ctp_gives() {
    for (given, expression, wanted) in CASES {
        assert_eq!(value(given, expression).unwrap().as_deref(), wanted, "{given:?} {expression}");
    }
}

#[test]
fn hashes_are_keyed_and_have_the_length_that_was_asked_for() {
    let of = |expression: &str| value(Some("old"), expression).unwrap();
    let digits = |text: &Option<String>| text.as_ref().is_some_and(|text| text.bytes().all(|b| b.is_ascii_digit()));
    for (expression, length) in [
        ("@hash(this,8)", 8),
        ("@hash(PatientID,16)", 16),
        ("@hashname(PatientName,6)", 6),
        ("@hashname(PatientName,x)", 4),
        ("@hashptid(@SITE,PatientID,10)", 10),
        ("@integer(PatientID,ptid,4)", 15),
    ] {
        let found = of(expression);
        assert!(digits(&found) && found.as_ref().map(String::len) == Some(length), "{expression}: {found:?}");
        assert_eq!(found, of(expression));
    }
    assert_ne!(of("@hashptid(a,PatientID,10)"), of("@hashptid(b,PatientID,10)"));
    assert_eq!(of("@hashname(PatientName,6,1)"), of("@hashname(PatientName,6,1)"));
    assert_ne!(of("@hashname(PatientName,6,1)"), of("@hashname(PatientName,6,2)"));
    assert!(of("@hashuid(@UIDROOT,SOPInstanceUID)").unwrap().starts_with("1.2.3."));
    assert_eq!(of("@hashuid(@UIDROOT,SOPClassUID)").as_deref(), Some(CT)); // names of the standard are nobody's
    assert_eq!(of("@hashuid(@UIDROOT,PatientBirthName)"), None);
    assert_eq!(of("@hash(PatientBirthName)"), None);
    let moved = of("@hashdate(StudyDate,PatientID)").unwrap();
    assert!(moved.len() == 8 && moved.as_str() < "20240115");
    assert_eq!(of("@hashdate(StudyDate,PatientBirthName)"), None);
}

#[test]
fn a_script_refuses_an_instance_by_name_and_what_cannot_be_computed_does_too() {
    let refused = |expression: &str| match value(Some("old"), expression) {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("{expression}: {other:?}"),
    };
    assert!(matches!(refused("@skip()"), Refusal::Skipped { .. }));
    assert!(matches!(refused("@if(PatientID,contains,MRN){@quarantine()}{}"), Refusal::Quarantined { .. }));
    for (expression, name) in [
        ("@lookup(this,ptid)", "lookup"),
        ("@dateinterval(PatientID,base,PatientID)", "dateinterval"),
        ("@round(PatientName,5)", "round"),
        ("@hashuid(none,SOPInstanceUID)", "hashuid"),
        ("@incrementdate(StudyDate,soon)", "incrementdate"),
    ] {
        let Refusal::Failed { place, function, .. } = refused(expression) else { panic!("{expression}") };
        assert_eq!((place.as_str(), function), ("SeriesDescription (0008,103E)", name));
    }
    assert!(matches!(refused("a@keep()"), Refusal::Failed { .. }));
}

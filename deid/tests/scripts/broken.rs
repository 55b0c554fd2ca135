//! Scripts that cannot be used tell the place and what is wrong.

use isocenter_deid::Script;
use isocenter_deid::scripts::{Error, Format, Settings};

fn error(script: &str, format: Option<Format>) -> Error {
    match Script::read(script, format, &Settings::default()) {
        Ok(read) => panic!("{script}: read as {read:?}"),
        Err(error) => error,
    }
}

/// A script of one element on the second line.
fn ctp(expression: &str) -> String {
    format!("<script>\n<e en=\"T\" t=\"00100010\" n=\"PatientName\">{expression}</e>\n</script>")
}

#[test]
fn what_cannot_be_honoured_is_named_with_its_place() {
    for (script, place, function) in [
        (ctp("@encrypt(this,@KEY)"), "line 2, PatientName", "encrypt"),
        (ctp("@decrypt(this,key)"), "line 2, PatientName", "decrypt"),
        (ctp("@call(plugin)"), "line 2, PatientName", "call"),
        (ctp("@if(this,isblank){@soundex(this)}{}"), "line 2, PatientName", "`soundex`"),
        (ctp("@if(this,rhymes,x){}{}"), "line 2, PatientName", "if(rhymes)"),
        ("FORMAT dicom\n%header\nREPLACE PatientID func:mine".to_owned(), "line 3, PatientID", "func:mine"),
        (
            "FORMAT dicom\n%header\nREPLACE PatientID deid_func:basic_uuid".to_owned(),
            "line 3, PatientID",
            "deid_func:basic_uuid",
        ),
        ("FORMAT dicom\n%filter graylist\nLABEL x\nkeepcoordinates from:X".to_owned(), "line 4", "keepcoordinates"),
        (r#"{"rules": [{"tag": "PatientID", "method": "encrypt"}]}"#.to_owned(), "rules[0], PatientID", "encrypt"),
        (r#"{"rules": [{"tag": "LO", "method": "dateshift"}]}"#.to_owned(), "rules[0], LO", "dateshift"),
        (r#"{"Keep": [], "Transcode": "1.2.840.10008.1.2"}"#.to_owned(), "the script", "Transcode"),
        (r#"{"KeepSource": false}"#.to_owned(), "KeepSource", "false"),
        (r#"{"Keep": [], "Colour": 1}"#.to_owned(), "the script", "`Colour`"),
        (r#"{"dicom": {}, "text": {"transformations": []}}"#.to_owned(), "the script", "text"),
        (r#"{"dicom": {"keepTags": []}}"#.to_owned(), "the script, dicom", "`keepTags`"),
    ] {
        let Error::Unsupported { place: found, function: named, .. } = error(&script, None) else {
            panic!("{script}: {:?}", error(&script, None))
        };
        assert_eq!((found.as_str(), named.as_str()), (place, function), "{script}");
    }
}

#[test]
fn what_is_needed_and_not_given_is_named() {
    for (script, what) in [
        (ctp("@lookup(this,ptid)"), "the table that lookup looks into"),
        (ctp("@hashuid(@UIDROOT,this)"), "the parameter UIDROOT"),
        ("FORMAT dicom\n%header\nREPLACE PatientID var:id".to_owned(), "the value of the variable id"),
        ("FORMAT dicom\n%header\nREMOVE fields:none".to_owned(), "the list that it names"),
        (
            r#"{"rules": [{"tag": "DA", "method": "dateshift", "setting": "none"}]}"#.to_owned(),
            "the custom setting that the rule names",
        ),
    ] {
        assert!(matches!(error(&script, None), Error::Missing { what: found, .. } if found == what), "{script}");
    }
}

#[test]
fn broken_scripts_tell_a_line_or_an_element() {
    for (script, format, place) in [
        (ctp("@keep("), None, "line 2, PatientName"),
        (ctp("@"), None, "line 2, PatientName"),
        (ctp("@round(this)"), None, "line 2, PatientName"),
        (ctp("@if(this,isblank){x}"), None, "line 2, PatientName"),
        (ctp("@contents(Nobody)"), None, "line 2, PatientName"),
        (ctp("@contents(this,\"(\")"), None, "line 2, PatientName"),
        ("<script>\n<e en=\"T\" t=\"zz\">x</e></script>".to_owned(), None, "line 2"),
        ("<script>\n<q/></script>".to_owned(), None, "line 2"),
        ("<script>\n<e>".to_owned(), None, "the end"),
        ("<script>\n</e></script>".to_owned(), None, "line 2"),
        ("<other/>".to_owned(), None, "line 1"),
        ("remove.everything".to_owned(), Some(Format::CtpFilter), "line 1"),
        ("Modality.sounds(\"x\")".to_owned(), Some(Format::CtpFilter), "line 1"),
        ("FORMAT dicom\nREMOVE PatientID".to_owned(), None, "line 2"),
        ("FORMAT dicom\n%header\nSHRED PatientID".to_owned(), None, "line 3"),
        ("FORMAT dicom\n%pixels\n".to_owned(), None, "line 2"),
        ("FORMAT dicom\n%header\nJITTER StudyDate soon".to_owned(), None, "line 3, StudyDate"),
        ("FORMAT dicom\n%header\nREMOVE contains:(".to_owned(), None, "line 3, contains:("),
        ("FORMAT dicom\n%filter graylist\nLABEL x\ncoordinates 1,2,3".to_owned(), None, "line 4"),
        (r#"{"rules": [{"tag": "Nobody", "method": "keep"}]}"#.to_owned(), None, "rules[0], Nobody"),
        (r#"{"rules": [{"method": "keep"}]}"#.to_owned(), None, "rules[0]"),
        (r#"{"rules": 1}"#.to_owned(), None, "the script, rules"),
        (r#"{"Keep": ["Nobody"]}"#.to_owned(), None, "Keep, Nobody"),
        (r#"{"Keep": "PatientID"}"#.to_owned(), None, "the script, Keep"),
        (r#"{"filterProfile": "NICE"}"#.to_owned(), None, "filterProfile"),
        ("{\n\"Keep\": [}".to_owned(), Some(Format::Orthanc), "line 2"),
    ] {
        match error(&script, format) {
            Error::Malformed { place: found, .. } => assert_eq!(found, place, "{script}"),
            other => panic!("{script}: {other:?}"),
        }
    }
    for nothing in ["", "{}", "hello", "[1]"] {
        assert_eq!(error(nothing, None), Error::Unrecognized, "{nothing}");
    }
}

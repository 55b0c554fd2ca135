//! Whatever text a script is, it is read or refused, and what is read runs or refuses the instance.

use isocenter_dcm::{Instance, Tag, VR, tags, value};
use isocenter_deid::scripts::{Compat, Format, Lookup, Settings};
use isocenter_deid::{Ctx, Deidentifier, Key, Script};
use proptest::prelude::*;

use crate::build::{CT, dataset, instance, sequence, text};

/// Scripts with every function and action, to be changed.
const SEEDS: [&str; 8] = [
    "<script><p t=\"UIDROOT\">1.2.3</p><e en=\"T\" t=\"00100010\" n=\"PatientName\">@if(this,contains,x){@lookup(PatientID|this,ptid,default,x)}\
     {@select(){@hashdate(StudyDate,PatientID)}{@append(){@modifydate(StudyDate,*,13,-4)}}}</e>\
     <e en=\"T\" t=\"00081110\" n=\"S\">@process()</e><k en=\"T\" t=\"0018\"/><r en=\"T\" t=\"curves\"/></script>",
    "<script><e en=\"T\" t=\"0008103e\" n=\"D\">@always()@contents(this,\"[a-z]+\",\"$1x\")@truncate(PatientName,-3)@initials(PatientName,99)\
     @round(PatientAge,7)@blank(9)@hashuid(1.2,this,PatientID)@dateinterval(StudyDate,d,PatientID)@incrementdate(StudyDate,-99999)</e></script>",
    "<script><e t=\"00100020\" n=\"P\">@ptid</e><e t=\"00080020\" n=\"D\">@hashdate</e><e t=\"00101010\" n=\"A\">@round(this,5)</e></script>",
    "FORMAT dicom\n%filter blacklist\nLABEL x\ncontains Modality C.* || missing Rows + empty PatientID\ncoordinates 0,0,9,9\n%values v\n\
     SPLIT PatientName by=\"^\";minlength=2\n%fields f\nFIELD except:a(b|c)\n%header\nADD PatientSex F\nREMOVE values:v\nBLANK fields:f\nJITTER StudyDate -9\n\
     REPLACE select:VR:UI deid_func:pydicom_uuid\nKEEP (0019,\"GEMS_ACQU_01\",23)\nREMOVE ALL",
    "!Modality.matches(\"C.*\") * ([0010,0020].equalsIgnoreCase(\"x\") + Rows.isLessThan(\"9\"))",
    r#"{"Keep": ["RefStudySeq[0].PatientID"], "Replace": {"PatientName": "x", "Rows": 5}, "Remove": ["0008-0060"], "Force": true}"#,
    r#"{"dicomTagConfig": {"profileType": "DEIDENTIFY_TAG_CONTENTS", "actions": [{"queries": ["DA", "50xxxxxx"], "resetTag": {}}]}}"#,
    r#"{"rules": [{"tag": "(00xx,xx10)", "method": "perturb", "params": {"span": 1e300}}, {"tag": "DA", "method": "dateShift"},
        {"tag": "PN", "method": "cryptoHash"}, {"tag": "AS", "method": "redact", "params": {"enablePartialAgesForRedact": true}}]}"#,
];

fn subject() -> Instance {
    let item = dataset(vec![
        text(tags::PATIENT_ID, VR::LO, "MRN55501"),
        text(tags::STUDY_DATE, VR::DA, "2024-01-15\\é20240115"),
    ]);
    instance(
        CT,
        vec![
            text(tags::STUDY_DATE, VR::DA, "20240115"),
            text(tags::PATIENT_AGE, VR::AS, "é43Y"),
            text(tags::SERIES_DESCRIPTION, VR::LO, "a\\b(c"),
            text(tags::MODALITY, VR::CS, "CT"),
            text(Tag(0x0019, 0x0010), VR::LO, "GEMS_ACQU_01"),
            text(Tag(0x0019, 0x1023), VR::DS, "5"),
            sequence(tags::REFERENCED_STUDY_SEQUENCE, vec![item]),
        ],
    )
}

/// A seed with some of its characters taken away, put in, or repeated.
fn changed(seed: &str, edits: &[(u8, usize, usize, char)]) -> String {
    let mut text: Vec<char> = seed.chars().collect();
    for &(kind, at, length, c) in edits {
        let at = at % (text.len() + 1);
        let end = (at + length % 12).min(text.len());
        match kind % 3 {
            0 => drop(text.drain(at..end)),
            1 => text.insert(at, c),
            _ => {
                let part: Vec<char> = text[at..end].to_vec();
                let to = length.wrapping_mul(31) % (text.len() + 1);
                text.splice(to..to, part);
            }
        }
    }
    text.into_iter().collect()
}

fn is_read_or_refused(text: &str) {
    let table = Lookup::parse("ptid/MRN55501=S1\nd/MRN55501=1/1/2024").unwrap();
    let plain = Settings::default().lookup(table).variable("UIDROOT", "1.2").variable("SITEID", "3");
    for settings in [plain.clone(), plain.compat(Compat::CtpMd5).now("20240229101112")] {
        for format in Format::ALL {
            let Ok(script) = Script::read(text, Some(format), &settings) else { continue };
            let mut subject = subject();
            let deidentifier = Deidentifier::of_script(&script, &Key::demo());
            if deidentifier.apply(&mut subject, "MRN55501", &Ctx::default()).is_ok() {
                assert!(value::string(&subject.dataset, tags::SOP_INSTANCE_UID).is_some());
                subject.to_bytes().unwrap();
            }
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(
        seed in 0..SEEDS.len(),
        edits in prop::collection::vec((any::<u8>(), any::<usize>(), any::<usize>(), prop_oneof![
            prop::sample::select("@(){}[],\"\\|:/<>&;%+*!.-0123456789xé\n".chars().collect::<Vec<_>>()),
            any::<char>(),
        ]), 0..12),
    ) {
        is_read_or_refused(&changed(SEEDS[seed], &edits));
    }
}

#[test]
fn the_seeds_themselves_are_read() {
    let table = Lookup::parse("ptid/MRN55501=S1").unwrap();
    for seed in SEEDS {
        Script::read(seed, None, &Settings::default().lookup(table.clone()))
            .unwrap_or_else(|error| panic!("{seed}: {error}"));
        is_read_or_refused(seed);
    }
}

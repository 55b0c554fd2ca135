//! The script of RSNA's Anonymizer.

use isocenter_dcm::{Tag, VR, tags, value};
use isocenter_deid::scripts::{Format, Settings};
use isocenter_deid::{Key, Pseudonyms, Script};

use crate::build::{CT, dataset, instance, sequence, text};
use crate::run::{self, run};

const SCRIPT: &str = r#"<script>
 <e en="T" t="00080016" n="SOPClassUID"></e>
 <e en="T" t="00080018" n="SOPInstanceUID">@uid</e>
 <e en="T" t="0020000D" n="StudyInstanceUID">@uid</e>
 <e en="F" t="00080020" n="StudyDate">@hashdate</e>
 <e en="T" t="00080050" n="AccessionNumber">@acc</e>
 <e en="T" t="00080060" n="Modality"></e>
 <e en="T" t="00081110" n="RefStudySeq"></e>
 <e en="T" t="00081155" n="RefSOPInstanceUID">@uid</e>
 <e en="T" t="00100010" n="PatientName">@ptid</e>
 <e en="T" t="00100020" n="PatientID">@ptid</e>
 <e en="T" t="00101010" n="PatientAge">@round(this,5)</e>
 <e en="T" t="00120062" n="PatientIdentityRemoved">YES</e>
 <e en="T" t="00120010" n="ClinicalTrialSponsorName">@empty()</e>
 <e en="T" t="00181030" n="ProtocolName">@remove()</e>
 <r en="T" t="privategroups">Remove private groups</r>
</script>"#;

#[test]
fn what_the_script_does_not_name_goes_at_every_depth() {
    let item = dataset(vec![
        text(tags::REFERENCED_SOP_INSTANCE_UID, VR::UI, "1.2.826.1.1"),
        text(tags::PATIENT_COMMENTS, VR::LT, "x"),
    ]);
    let subject = instance(
        CT,
        vec![
            text(tags::STUDY_DATE, VR::DA, "20240115"),
            text(tags::ACCESSION_NUMBER, VR::SH, "ACC-1"),
            text(tags::MODALITY, VR::CS, "CT"),
            text(tags::PATIENT_AGE, VR::AS, "043Y"),
            text(tags::CLINICAL_TRIAL_SPONSOR_NAME, VR::LO, "ACME"),
            text(tags::PROTOCOL_NAME, VR::LO, "HEAD"),
            text(tags::KVP, VR::DS, "120"),
            text(Tag(0x0009, 0x0010), VR::LO, "ACME"),
            text(Tag(0x0009, 0x1001), VR::LO, "x"),
            sequence(tags::REFERENCED_STUDY_SEQUENCE, vec![item]),
        ],
    );
    let out = run(SCRIPT, &subject);
    let names = Pseudonyms::new(&Key::demo());
    let id = names.patient_id("MRN55501", "");
    for (tag, wanted) in [
        (tags::SOP_INSTANCE_UID, names.uid("1.2.826.1.1")),
        (tags::STUDY_INSTANCE_UID, names.uid("1.2.826.1.2")),
        (tags::MODALITY, "CT".to_owned()),
        (tags::PATIENT_NAME, id.clone()),
        (tags::PATIENT_ID, id),
        (tags::PATIENT_AGE, "045Y".to_owned()),
        (tags::CLINICAL_TRIAL_SPONSOR_NAME, String::new()),
        (tags::PATIENT_IDENTITY_REMOVED, "YES".to_owned()),
    ] {
        assert_eq!(run::text(&out, tag), Some(wanted), "{tag}");
    }
    for gone in [tags::SERIES_INSTANCE_UID, tags::PROTOCOL_NAME, tags::KVP, Tag(0x0009, 0x1001), Tag(0x0009, 0x0010)] {
        assert!(out.get(gone).is_none(), "{gone}");
    }
    assert_ne!(run::text(&out, tags::STUDY_DATE).as_deref(), Some("20240115"));
    assert!(!run::text(&out, tags::ACCESSION_NUMBER).unwrap().contains("ACC"));
    let item = value::item(&out, tags::REFERENCED_STUDY_SEQUENCE).unwrap();
    assert_eq!(item.tags().collect::<Vec<_>>(), [tags::REFERENCED_SOP_INSTANCE_UID]);
    assert_eq!(run::text(item, tags::REFERENCED_SOP_INSTANCE_UID), Some(names.uid("1.2.826.1.1")));
}

#[test]
fn the_script_is_told_from_ctps_by_its_functions() {
    assert_eq!(Format::of(SCRIPT), Some(Format::Rsna));
    let script = Script::read(SCRIPT, None, &Settings::default()).unwrap();
    assert_eq!(script.format(), Format::Rsna);
    assert!(script.remarks().iter().any(|remark| remark.contains("keyed")));
}

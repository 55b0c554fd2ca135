//! CTP's scripts as a whole: switches, private elements, items, markers, the old form, filters.

use isocenter_dcm::{Tag, VR, tags, value};
use isocenter_deid::scripts::{Format, Settings};
use isocenter_deid::{Error, Refusal, Script};

use crate::build::{CT, bytes, dataset, instance, sequence, text};
use crate::run::{self, run, run_with};

fn private() -> Vec<isocenter_dcm::Element> {
    vec![
        text(Tag(0x0019, 0x0010), VR::LO, "GEMS_ACQU_01"),
        text(Tag(0x0019, 0x1023), VR::DS, "5"),
        text(Tag(0x0019, 0x10F0), VR::LO, "unknown"),
    ]
}

#[test]
fn switches_decide_about_what_has_no_line() {
    let subject = || {
        let mut more = private();
        more.extend([
            text(tags::STUDY_DESCRIPTION, VR::LO, "HEAD"),
            text(tags::KVP, VR::DS, "120"),
            text(tags::ROWS, VR::US, "2"),
            bytes(Tag(0x6000, 0x3000), VR::OW, b"ab"),
            bytes(Tag(0x5000, 0x3000), VR::OW, b"ab"),
        ]);
        let mut subject = instance(CT, more);
        subject.dataset.put(isocenter_dcm::dicom_core::DataElement::new(
            tags::ROWS,
            VR::US,
            isocenter_dcm::dicom_core::PrimitiveValue::from(2u16),
        ));
        subject
    };
    let has = |script: &str, tag| run(script, &subject()).get(tag).is_some();
    let all = "<script><e en=\"F\" t=\"00081030\" n=\"StudyDescription\">@remove()</e></script>";
    for tag in [tags::STUDY_DESCRIPTION, tags::KVP, Tag(0x6000, 0x3000), Tag(0x5000, 0x3000), Tag(0x0019, 0x1023)] {
        assert!(has(all, tag), "{tag}");
    }
    let r = |what: &str| format!("<script><r en=\"T\" t=\"{what}\"/></script>");
    assert!(!has(&r("overlays"), Tag(0x6000, 0x3000)) && has(&r("overlays"), tags::KVP));
    assert!(!has(&r("curves"), Tag(0x5000, 0x3000)));
    assert!(!has(&r("privategroups"), Tag(0x0019, 0x1023)) && !has(&r("privategroups"), Tag(0x0019, 0x0010)));
    let only = r("unspecifiedelements");
    assert!(!has(&only, tags::KVP) && has(&only, tags::ROWS) && has(&only, tags::STUDY_INSTANCE_UID));
    let group = "<script><k en=\"T\" t=\"0018\"/><r en=\"T\" t=\"unspecifiedelements\"/></script>";
    assert!(has(group, tags::KVP) && !has(group, tags::STUDY_DESCRIPTION));
    let safe = "<script><k en=\"T\" t=\"safeprivateelements\"/><r en=\"T\" t=\"privategroups\"/></script>";
    assert!(has(safe, Tag(0x0019, 0x1023)) && !has(safe, Tag(0x0019, 0x10F0)));
}

#[test]
fn items_are_judged_where_the_script_processes_a_sequence_and_kept_else() {
    let item = || {
        dataset(vec![
            text(tags::PATIENT_ID, VR::LO, "MRN55501"),
            text(tags::STUDY_DATE, VR::DA, "20240115"),
            text(tags::ACCESSION_NUMBER, VR::SH, "ACC"),
        ])
    };
    let subject = instance(CT, vec![sequence(tags::REFERENCED_STUDY_SEQUENCE, vec![item(), item()])]);
    let script = |what: &str| {
        format!(
            "<script><e en=\"T\" t=\"00081110\" n=\"RefStudySeq\">{what}</e>\n\
             <e en=\"T\" t=\"00080050\" n=\"AccessionNumber\">@select(){{top}}{{@contents(StudyDate)}}</e>\n\
             <e en=\"T\" t=\"00080020\" n=\"StudyDate\">@remove()</e></script>"
        )
    };
    let out = run(&script("@process()"), &subject);
    for item in value::sequence(&out, tags::REFERENCED_STUDY_SEQUENCE).unwrap() {
        assert_eq!(run::text(item, tags::ACCESSION_NUMBER).as_deref(), Some("20240115")); // of its own item
        assert!(item.get(tags::STUDY_DATE).is_none());
    }
    let out = run(&script("@keep()"), &subject);
    let kept = value::item(&out, tags::REFERENCED_STUDY_SEQUENCE).unwrap();
    assert_eq!(run::text(kept, tags::STUDY_DATE).as_deref(), Some("20240115"));
    assert!(run(&script("@remove()"), &subject).get(tags::REFERENCED_STUDY_SEQUENCE).is_none());
    let out = run(&script("@empty()"), &subject);
    assert_eq!(value::sequence(&out, tags::REFERENCED_STUDY_SEQUENCE).map(<[_]>::len), Some(0));
}

#[test]
fn a_script_writes_a_private_block_of_its_own() {
    let script = "<script><p t=\"TRIAL\">ABC</p>\n\
        <e en=\"T\" t=\"00130010\" n=\"BlockOwner\">@always()CTP</e>\n\
        <e en=\"T\" t=\"00131010\" n=\"ProjectName\">@always()@param(@TRIAL)</e>\n\
        <r en=\"T\" t=\"privategroups\"/></script>";
    let out = run(script, &instance(CT, private()));
    assert_eq!(run::text(&out, Tag(0x0013, 0x1010)).as_deref(), Some("ABC"));
    assert!(value::private(&out, 0x0013, "CTP", 0x10).is_some());
    assert!(out.get(Tag(0x0019, 0x1023)).is_none());
    // found by its creator, whatever block it has
    let by_creator = "<script><e en=\"T\" t=\"0019[GEMS_ACQU_01]23\" n=\"\">7</e></script>";
    assert_eq!(run::text(&run(by_creator, &instance(CT, private())), Tag(0x0019, 0x1023)).as_deref(), Some("7"));
}

#[test]
fn markers_and_ids_are_as_the_script_sets_them() {
    let script = "<script>\n\
        <e en=\"T\" t=\"00120062\" n=\"PatientIdentityRemoved\">@always()YES</e>\n\
        <e en=\"T\" t=\"00120063\" n=\"DeIdentificationMethod\">@always()@append(){CTP @date()}</e>\n\
        <e en=\"T\" t=\"00120064\" n=\"DeIdentificationMethodCodeSeq\">113100/113105/X</e>\n\
        <e en=\"T\" t=\"00100010\" n=\"PatientName\">@keep()</e>\n\
        <e en=\"T\" t=\"00100020\" n=\"PatientID\">@remove()</e>\n\
        <e en=\"T\" t=\"00080018\" n=\"SOPInstanceUID\">@hashuid(1.2.3,this)</e></script>";
    let found = run_with(script, &Settings::default(), &instance(CT, vec![])).unwrap();
    let out = &found.dataset;
    assert_eq!(run::text(out, tags::PATIENT_IDENTITY_REMOVED).as_deref(), Some("YES"));
    assert_eq!(run::text(out, tags::DEIDENTIFICATION_METHOD).as_deref(), Some("CTP 19000101"));
    let codes: Vec<_> = value::sequence(out, tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE)
        .unwrap()
        .iter()
        .map(|item| {
            (run::text(item, tags::CODE_VALUE).unwrap(), run::text(item, tags::CODING_SCHEME_DESIGNATOR).unwrap())
        })
        .collect();
    let wanted = [("113100", "DCM"), ("113105", "DCM"), ("X", "UNKNOWN")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    assert_eq!(codes, wanted);
    assert_eq!(run::text(out, tags::PATIENT_NAME).as_deref(), Some("Plantedname^Quentina"));
    assert!(out.get(tags::PATIENT_ID).is_none());
    // nothing of our own is claimed
    assert!(out.get(tags::LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED).is_none());
    let uid = run::text(out, tags::SOP_INSTANCE_UID).unwrap();
    assert!(uid.starts_with("1.2.3."));
    assert_eq!(found.meta.media_storage_sop_instance_uid, uid);
}

#[test]
fn an_instance_always_has_a_uid() {
    let out = run("<script><e en=\"T\" t=\"00080018\" n=\"\">@remove()</e></script>", &instance(CT, vec![]));
    assert!(run::text(&out, tags::SOP_INSTANCE_UID).unwrap().starts_with("2.25."));
}

#[test]
fn the_old_form_says_the_same() {
    let script = "param.SITE=north\n\
        set.[0010,0010]PatientName=@param(@SITE)\n\
        #set.[0010,0020]PatientID=@remove()\n\
        set.[0008,1030]StudyDescription=@contents(PatientID)\n\
        keep.group18=\n\
        remove.unspecifiedelements=\n";
    assert_eq!(Format::of(script), Some(Format::Ctp));
    let out =
        run(script, &instance(CT, vec![text(tags::STUDY_DESCRIPTION, VR::LO, "x"), text(tags::KVP, VR::DS, "90")]));
    assert_eq!(run::text(&out, tags::PATIENT_NAME).as_deref(), Some("north"));
    assert_eq!(run::text(&out, tags::STUDY_DESCRIPTION).as_deref(), Some("MRN55501"));
    assert!(out.get(tags::PATIENT_ID).is_none() && out.get(tags::KVP).is_some());
}

#[test]
fn a_filter_keeps_instances_out_and_the_basic_profile_does_the_rest() {
    let script = "!ImageType.contains(\"SECONDARY\") * // no captures\n(Modality.equals(\"CT\") + [0018,0060].isGreaterThan(\"100\"))";
    let subject =
        |kind: &str, kvp: &str| instance(CT, vec![text(tags::IMAGE_TYPE, VR::CS, kind), text(tags::KVP, VR::DS, kvp)]);
    let run = |subject| run_with(script, &Settings::default(), &subject);
    let out = run(subject("ORIGINAL", "120")).unwrap().dataset;
    assert_ne!(run::text(&out, tags::PATIENT_NAME).as_deref(), Some("Plantedname^Quentina"));
    assert_eq!(run::text(&out, tags::PATIENT_IDENTITY_REMOVED).as_deref(), Some("YES"));
    for refused in [subject(r"DERIVED\SECONDARY", "120"), subject("ORIGINAL", "80")] {
        assert!(matches!(run(refused), Err(Error::Refused(Refusal::Filtered { .. }))));
    }
    assert_eq!(Script::read(script, None, &Settings::default()).unwrap().format(), Format::CtpFilter);
}

#[test]
fn what_no_script_can_keep_goes_all_the_same() {
    let subject = instance(
        CT,
        vec![
            text(Tag(0x0004, 0x1500), VR::CS, "DIR\\FILE"),
            bytes(Tag(0x0009, 0x1001), VR::UN, b"Plantedname "),
            text(Tag(0x0009, 0x0010), VR::LO, "ACME"),
            text(tags::MIME_TYPE_OF_ENCAPSULATED_DOCUMENT, VR::LO, "application/pdf"),
            bytes(tags::ENCAPSULATED_DOCUMENT, VR::OB, b"%PDF Plantedname"),
        ],
    );
    let out = run_with(
        "<script><k en=\"T\" t=\"0009\"/><k en=\"T\" t=\"0042\"/><k en=\"T\" t=\"0004\"/></script>",
        &Settings::default(),
        &subject,
    );
    let bytes = out.unwrap().to_bytes().unwrap();
    let name = b"Plantedname";
    // the name itself is in an element that no line names, and is cut from it
    assert!(!bytes.windows(name.len()).any(|window| window == name));
}

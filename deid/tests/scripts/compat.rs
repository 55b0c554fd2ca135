//! Hashes as the original programs make them: values computed apart, with Python's hashlib.

use isocenter_dcm::{VR, tags};
use isocenter_deid::Script;
use isocenter_deid::scripts::{Compat, Settings};

use crate::build::{CT, instance, text};
use crate::run::{self, run_with};

const HASHES: &str = "<script><p t=\"ROOT\">1.2.3</p>\n\
    <e en=\"T\" t=\"00100010\" n=\"PatientName\">@hashname(PatientName,6,1)</e>\n\
    <e en=\"T\" t=\"00100020\" n=\"PatientID\">@hashptid(site,PatientID)</e>\n\
    <e en=\"T\" t=\"00080050\" n=\"AccessionNumber\">@hash(this,16)</e>\n\
    <e en=\"T\" t=\"00080020\" n=\"StudyDate\">@hashdate(this,PatientID)</e>\n\
    <e en=\"T\" t=\"00080018\" n=\"SOPInstanceUID\">@hashuid(@ROOT,this)</e></script>";

#[test]
fn ctp_md5_gives_ctps_values() {
    let subject =
        instance(CT, vec![text(tags::ACCESSION_NUMBER, VR::SH, "ACC-1"), text(tags::STUDY_DATE, VR::DA, "20240115")]);
    let settings = Settings::default().compat(Compat::CtpMd5);
    let out = run_with(HASHES, &settings, &subject).unwrap().dataset;
    for (tag, wanted) in [
        (tags::PATIENT_NAME, "215931"),
        (tags::PATIENT_ID, "318988982874650723021433465051012648706"),
        (tags::ACCESSION_NUMBER, "2104780534450793"),
        (tags::STUDY_DATE, "20180703"),
        (tags::SOP_INSTANCE_UID, "1.2.3.164622467096500073012187038663416969235"),
    ] {
        assert_eq!(run::text(&out, tag).as_deref(), Some(wanted), "{tag}");
    }
}

#[test]
fn only_md5_is_insecure_and_only_where_something_is_hashed() {
    let read = |script: &str, settings: &Settings| Script::read(script, None, settings).unwrap().is_insecure();
    let md5 = Settings::default().compat(Compat::CtpMd5);
    assert!(!read(HASHES, &Settings::default()));
    assert!(read(HASHES, &md5));
    let other = Script::read(r#"{"Keep": []}"#, None, &md5);
    assert!(
        matches!(other, Err(isocenter_deid::scripts::Error::Unsupported { function, .. }) if function == "ctp-md5")
    );
    assert!(!read("<script><r en=\"T\" t=\"overlays\"/></script>", &md5));
}

#[test]
fn rsna_md5_gives_rsnas_uids_and_dates() {
    let script = "<script><e en=\"T\" t=\"00080018\" n=\"SOPInstanceUID\">@uid</e>\n\
        <e en=\"T\" t=\"00080020\" n=\"StudyDate\">@hashdate</e><e en=\"T\" t=\"00080016\" n=\"SOPClassUID\"></e></script>";
    let settings = Settings::default().compat(Compat::RsnaMd5);
    assert!(Script::read(script, None, &settings).is_err()); // the project's root is not known
    let settings = settings.variable("UIDROOT", "1.2.826.0.1.3680043.10.474").variable("SITEID", "12345");
    let out = run_with(script, &settings, &instance(CT, vec![text(tags::STUDY_DATE, VR::DA, "20240115")])).unwrap();
    assert_eq!(
        run::text(&out.dataset, tags::SOP_INSTANCE_UID).as_deref(),
        Some("1.2.826.0.1.3680043.10.474.12345.2.96500073012187038663416969235")
    );
    assert_eq!(run::text(&out.dataset, tags::STUDY_DATE).as_deref(), Some("20290102"));
}

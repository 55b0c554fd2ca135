//! What a user of `deid` relies on.
#![allow(missing_docs, clippy::unwrap_used)]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use isocenter_phantom::{
    Contrast, Head, Vendor,
    grid::{Grid, Plane, pose},
    series::{Modality, SeriesBuilder},
};

struct Scans {
    dir: tempfile::TempDir,
    planted: Vec<String>,
}

/// A folder with one MR series of 6 slices, one of them twice, and a text; and what was planted in the headers.
fn scans() -> Scans {
    let dir = tempfile::tempdir().unwrap();
    let grid = Grid::new(Plane::Axial, [24, 24, 6], [8.0, 8.0, 24.0]).geometry().unwrap();
    let t1 = Head::new(1).render(&grid, &pose([0.0; 3], [0.0; 3]), Contrast::T1, 1).unwrap();
    let series = SeriesBuilder::new(Modality::Mr, t1).vendor(Vendor::Siemens).write(&dir.path().join("in")).unwrap();
    let first = tree(&dir.path().join("in")).into_keys().next().unwrap();
    fs::copy(dir.path().join("in").join(&first), dir.path().join("in/zz_copy.dcm")).unwrap();
    fs::write(dir.path().join("in/notes.txt"), "no image").unwrap();
    Scans { planted: series.planted.iter().map(|p| p.value.clone()).collect(), dir }
}

impl Scans {
    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn deid(&self, out: &str, more: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_isocenter"));
        command.args(["deid", "in", "-o", out, "--key-file", "project.key"]).args(more);
        command.current_dir(self.dir.path()).env("NO_COLOR", "1").output().unwrap()
    }
}

/// Every file below a folder, by its relative path.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => drop(found.insert(path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap())),
            }
        }
    }
    found
}

fn said(output: &Output) -> String {
    [&output.stdout[..], &output.stderr[..]].map(String::from_utf8_lossy).concat()
}

#[test]
fn nothing_that_was_planted_is_in_output_report_or_messages() {
    let scans = scans();
    for profile in ["basic", "research"] {
        let report = format!("{profile}.jsonl");
        let output = scans.deid(profile, &["--profile", profile, "--report", &report, "-vv"]);
        assert_eq!(output.status.code(), Some(1), "a text is kept out: {}", said(&output));
        let tree = tree(&scans.path(profile));
        assert_eq!(tree.len(), 7, "six slices, and what they were made with: {:?}", tree.keys());
        let mut bytes: Vec<u8> =
            tree.iter().flat_map(|(path, bytes)| [path.as_os_str().as_encoded_bytes(), bytes].concat()).collect();
        bytes.extend(fs::read(scans.path(&report)).unwrap());
        bytes.extend(said(&output).into_bytes());
        let bytes = bytes.to_ascii_lowercase();
        for value in scans.planted.iter().map(|value| value.to_ascii_lowercase()).filter(|value| value.len() >= 6) {
            assert!(!bytes.windows(value.len()).any(|part| part == value.as_bytes()), "{profile}: {value}");
        }
    }
}

#[test]
fn broken_and_hostile_files_are_kept_out_and_tell_nothing() {
    let scans = scans();
    let originals = tree(&scans.path("in"));
    let (_, slice) = originals.iter().find(|(path, _)| path.extension().is_some_and(|e| e == "dcm")).unwrap();
    let element = |tag: [u8; 4], vr: &[u8; 2], length: u32| [&tag[..], vr, &[0, 0], &length.to_le_bytes()].concat();
    let nested =
        [element([0xE1, 0x7F, 0x10, 0x10], b"SQ", u32::MAX), vec![0xFE, 0xFF, 0, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]];
    let mut contradicting = slice.clone();
    *contradicting.last_mut().unwrap() ^= 1;
    let name = scans.planted.iter().find(|value| value.len() >= 8).unwrap();
    let hostile: [(&str, Vec<u8>); 5] = [
        ("cut", slice[..slice.len() / 2].to_vec()),
        ("contradicting", contradicting),
        ("nested", [slice.clone(), nested.concat().repeat(5000)].concat()),
        ("long", [slice.clone(), element([0xE3, 0x7F, 0x10, 0x10], b"OB", 0xFFFF_FFF0)].concat()),
        ("words", [&[0; 128][..], b"DICM", name.as_bytes()].concat()),
    ];
    for (what, bytes) in &hostile {
        fs::write(scans.path("in").join(format!("zz_{what}_{}.dcm", name.replace(['/', '^'], "_"))), bytes).unwrap();
    }
    let output = scans.deid("out", &["--report", "report.jsonl", "-vv"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("6 instances written, 1 the same as another, 6 kept out"), "{}", said(&output));
    let report = fs::read_to_string(scans.path("report.jsonl")).unwrap();
    let lines = report.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let reasons: Vec<String> = lines.filter_map(|line| Some(line["reason"].as_str()?.to_owned())).collect();
    assert!(reasons.len() == 6 && reasons.contains(&"contradictory-duplicate".to_owned()), "{reasons:?}");
    let mut bytes: Vec<u8> = tree(&scans.path("out")).into_values().flatten().collect();
    bytes.extend(report.into_bytes());
    bytes.extend(said(&output).into_bytes());
    let bytes = bytes.to_ascii_lowercase();
    for value in scans.planted.iter().map(|value| value.to_ascii_lowercase()).filter(|value| value.len() >= 6) {
        assert!(!bytes.windows(value.len()).any(|part| part == value.as_bytes()), "{value}");
    }
}

#[test]
fn every_file_has_its_fate_in_map_and_report() {
    let scans = scans();
    let output = scans.deid("out", &["--map", "map.csv", "--report", "report.jsonl"]);
    assert!(
        said(&output).contains("8 files, 1 patient: 6 instances written, 1 the same as another, 1 kept out"),
        "{}",
        said(&output)
    );
    let map = fs::read_to_string(scans.path("map.csv")).unwrap();
    let rows: Vec<(&str, &str)> = map.lines().skip(1).map(|line| line.rsplit_once(',').unwrap()).collect();
    assert_eq!(rows.len(), 8);
    assert!(rows.iter().all(|(from, _)| scans.path("in").join(from).is_file()));
    for (from, to) in &rows {
        assert_eq!(to.is_empty(), from.ends_with("notes.txt"), "{from} {to}");
        assert!(to.is_empty() || scans.path("out").join(to).is_file(), "{to}");
    }
    let report = fs::read_to_string(scans.path("report.jsonl")).unwrap();
    let lines: Vec<serde_json::Value> = report.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let count = |outcome: &str| lines.iter().filter(|line| line["outcome"] == outcome).count();
    assert_eq!((count("written"), count("repeats"), count("quarantined")), (6, 1, 1));
    assert!(lines.iter().filter(|line| line["outcome"] == "written").all(|line| {
        line["elements"].as_array().unwrap().iter().any(|e| e["path"] == "00100010" && e["action"] == "pseudonym")
    }));
}

#[test]
fn a_run_that_was_cut_off_is_completed_in_the_same_folder() {
    let scans = scans();
    scans.deid("whole", &[]);
    scans.deid("cut", &[]);
    let whole = tree(&scans.path("whole"));
    assert_eq!(tree(&scans.path("cut")), whole, "the same key gives the same files");
    // killed: some are there, one is half
    let gone: Vec<&PathBuf> =
        whole.keys().filter(|path| path.extension().is_some_and(|e| e == "dcm")).take(3).collect();
    gone.iter().for_each(|path| fs::remove_file(scans.path("cut").join(path)).unwrap());
    fs::write(scans.path("cut").join(gone[0]).with_file_name(".isocenter-1-1.part"), "half").unwrap();
    let refused = scans.deid("cut", &[]);
    assert_eq!(refused.status.code(), Some(2), "without --resume it is not touched");
    assert!(said(&refused).contains("--resume goes on with it"), "{}", said(&refused));
    assert_eq!(scans.deid("cut", &["--resume", "--profile", "research"]).status.code(), Some(2), "another profile");
    assert_eq!(scans.deid("cut", &["--resume"]).status.code(), Some(1));
    assert_eq!(tree(&scans.path("cut")), whole);
}

#[test]
fn names_are_kept_where_asked_for() {
    let scans = scans();
    scans.deid("out", &["--keep-names"]);
    let kept = tree(&scans.path("out"));
    let originals = tree(&scans.path("in"));
    let made = kept.keys().filter(|path| path.as_path() != Path::new("deidentified.json"));
    assert!(made.clone().all(|path| originals.contains_key(path)));
    assert_eq!(made.count(), 7);
}

#[test]
fn what_is_not_understood_is_said_before_anything_is_written() {
    let scans = scans();
    fs::write(scans.path("mine.toml"), "options = [\"clean-descriptors\"]\n[overrides]\nEthnicGroup = \"hide\"\n")
        .unwrap();
    for (more, wanted) in [
        (
            &["--option", "clean-everything"][..],
            "the options are clean-pixel-data, clean-recognizable-visual-features, clean-graphics",
        ),
        (&["--profile", "none"], "neither a profile (basic, research) nor a file"),
        (&["--profile", "mine.toml"], "the profile mine.toml cannot be used"),
        (&["--map", "out/map.csv"], "must not lie inside the output folder"),
        (&["--report", "in/report.jsonl"], "must not lie inside an input"),
    ] {
        let output = scans.deid("out", more);
        assert_eq!(output.status.code(), Some(2), "{more:?}");
        assert!(said(&output).contains(wanted), "{more:?}: {}", said(&output));
        assert!(!scans.path("out").exists() && !scans.path("project.key").exists(), "{more:?}");
    }
    fs::write(scans.path("mine.toml"), "options = [\"clean-descriptors\"]\n[overrides]\nModality = \"remove\"\n")
        .unwrap();
    assert_eq!(scans.deid("out", &["--profile", "mine.toml", "--option", "retain-uids"]).status.code(), Some(1));
    let made = fs::read_to_string(scans.path("out/deidentified.json")).unwrap();
    assert!(made.contains("clean-descriptors") && made.contains("retain-uids") && made.contains("0008,0060"), "{made}");
}

impl Scans {
    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_isocenter"));
        command.args(arguments).current_dir(self.dir.path()).env("NO_COLOR", "1").output().unwrap()
    }

    /// The instances below a folder, by SOP Instance UID: Patient ID, Patient's Name, Study Date and the place of the slice.
    fn instances(&self, folder: &str) -> BTreeMap<String, [Option<String>; 4]> {
        let open = |bytes: Vec<u8>| isocenter::dcm::OpenOptions::new().parse(&bytes).ok();
        let all = tree(&self.path(folder)).into_values().filter_map(open);
        all.map(|instance| {
            use isocenter::dcm::{tags, value::string};
            let wanted = [tags::PATIENT_ID, tags::PATIENT_NAME, tags::STUDY_DATE, tags::IMAGE_POSITION_PATIENT];
            (instance.sop_instance_uid().unwrap(), wanted.map(|tag| string(&instance.dataset, tag)))
        })
        .collect()
    }
}

#[test]
fn what_is_returned_finds_its_patient_again() {
    let scans = scans();
    fs::write(scans.path("pass"), "a phrase\n").unwrap();
    let secret = ["--crosswalk", "way.back", "--passphrase-file", "pass"];
    scans.deid("clean", &[&["--profile", "research"], &secret[..]].concat());
    let sealed = fs::read(scans.path("way.back")).unwrap();
    for value in scans.planted.iter().filter(|value| value.len() >= 6) {
        assert!(!sealed.windows(value.len()).any(|part| part == value.as_bytes()), "{value}");
    }
    let back = ["--key-file", "project.key", "--crosswalk", "way.back"];
    let closed = scans.run(&[&["reidentify", "clean", "-o", "closed"], &back[..]].concat());
    assert_eq!(closed.status.code(), Some(2), "the passphrase is missing: {}", said(&closed));
    assert!(!scans.path("closed").exists());
    let opened = scans.run(
        &[&["reidentify", "clean", "-o", "ours", "--table", "all.csv", "--passphrase-file", "pass"], &back[..]]
            .concat(),
    );
    assert_eq!(opened.status.code(), Some(1), "the record of the run is no DICOM: {}", said(&opened));
    let (original, ours) = (scans.instances("in"), scans.instances("ours"));
    assert_eq!(original.len(), 6);
    assert_eq!(ours, original);
    let table = fs::read_to_string(scans.path("all.csv")).unwrap();
    assert!(original.keys().all(|uid| table.contains(&format!("UID,{uid},2.25."))));
    // another run adds to it, and a stranger is told
    scans.deid("again", &secret);
    let stranger =
        scans.run(&[&["reidentify", "in", "-o", "not-ours", "--passphrase-file", "pass"], &back[..]].concat());
    assert!(said(&stranger).contains("7 unknown-patient"), "{}", said(&stranger));
}

#[cfg(feature = "encrypted-attributes")]
#[test]
fn what_is_sealed_in_the_files_comes_back_by_the_private_key() {
    let scans = scans();
    let openssl = |arguments: &str| {
        Command::new("openssl").args(arguments.split(' ')).current_dir(scans.dir.path()).output().ok()
    };
    let request = "req -x509 -newkey rsa:2048 -keyout trial.key -out trial.crt -subj /CN=Trial -passout pass:phrase";
    let Some(made) = openssl(request) else {
        println!("skipped: there is no openssl on this machine");
        return;
    };
    assert!(made.status.success(), "{}", said(&made));
    fs::write(scans.path("pass"), "phrase\n").unwrap();
    let sealed = scans.deid("clean", &["--encrypt-to", "trial.crt"]);
    assert!(said(&sealed).contains("6 instances written"), "{}", said(&sealed));
    let resumed = scans.deid("clean", &["--resume"]);
    assert_eq!(resumed.status.code(), Some(2), "a run does not go on without its certificates: {}", said(&resumed));
    let back = ["reidentify", "clean", "-o", "ours", "--private-key", "trial.key"];
    let closed = scans.run(&back);
    assert_eq!(closed.status.code(), Some(2), "the passphrase is missing: {}", said(&closed));
    let opened = scans.run(&[&back[..], &["--passphrase-file", "pass"]].concat());
    assert_eq!(opened.status.code(), Some(1), "the record of the run is no DICOM: {}", said(&opened));
    assert_eq!(scans.instances("ours"), scans.instances("in"));
    // what was not sealed, and what is sealed to somebody else
    openssl("req -x509 -newkey rsa:2048 -nodes -keyout other.key -out other.crt -subj /CN=Other").unwrap();
    scans.deid("plain", &[]);
    let none = scans.run(&["reidentify", "plain", "-o", "a", "--private-key", "other.key"]);
    assert!(said(&none).contains("6 not-sealed"), "{}", said(&none));
    let other = scans.run(&["reidentify", "clean", "-o", "b", "--private-key", "other.key"]);
    assert!(said(&other).contains("6 other-key"), "{}", said(&other));
    let bad = scans.deid("bad", &["--encrypt-to", "project.key"]);
    assert_eq!(bad.status.code(), Some(2), "{}", said(&bad));
    assert!(!scans.path("bad").exists());
}

#[cfg(not(feature = "encrypted-attributes"))]
#[test]
fn a_build_that_cannot_seal_says_so() {
    let scans = scans();
    let sealed = scans.deid("clean", &["--encrypt-to", "trial.crt"]);
    let opened = scans.run(&["reidentify", "in", "-o", "ours", "--private-key", "trial.key"]);
    for output in [sealed, opened] {
        assert_eq!(output.status.code(), Some(2));
        assert!(said(&output).contains("--features encrypted-attributes"), "{}", said(&output));
    }
    assert!(!scans.path("clean").exists() && !scans.path("ours").exists());
}

#[test]
fn a_run_that_goes_on_keeps_a_whole_crosswalk() {
    let scans = scans();
    scans.deid("clean", &[]);
    scans.deid("clean", &["--resume", "--crosswalk", "way.back"]);
    let table = scans.run(&["reidentify", "--table", "t.csv", "--crosswalk", "way.back", "--key-file", "project.key"]);
    assert_eq!(table.status.code(), Some(0), "{}", said(&table));
    let table = fs::read_to_string(scans.path("t.csv")).unwrap();
    assert!(scans.instances("in").keys().all(|uid| table.contains(uid.as_str())));
}

#[test]
fn subjects_get_their_numbers_and_others_stay_out() {
    let scans = scans();
    let id = scans.instances("in").into_values().next().unwrap()[0].clone().unwrap();
    fs::write(scans.path("subjects.csv"), format!("attribute,original,new\nPatientID,{id},SITE2-007\n")).unwrap();
    scans.deid("clean", &["--assign", "subjects.csv"]);
    let clean = scans.instances("clean");
    assert_eq!(clean.len(), 6);
    assert!(clean.values().all(|found| found[0].as_deref() == Some("SITE2-007")));
    // a number that would lead out of the folder does not
    fs::write(scans.path("out_of.csv"), format!("attribute,original,new\nPatientID,{id},../../SITE 7\n")).unwrap();
    scans.deid("within", &["--assign", "out_of.csv"]);
    assert_eq!(scans.instances("within").len(), 6);
    assert!(tree(&scans.path("within")).keys().any(|path| path.starts_with("_.._.._SITE_7")));
    fs::write(scans.path("others.csv"), "attribute,original,new\nPatientID,NOBODY,SITE2-008\n").unwrap();
    let none = scans.deid("none", &["--assign", "others.csv"]);
    assert!(said(&none).contains("7 not-in-table"), "{}", said(&none));
    let other = scans.deid("clean", &["--resume", "--assign", "others.csv"]);
    assert_eq!(other.status.code(), Some(2), "a run does not go on with another table: {}", said(&other));
    fs::write(scans.path("bad.csv"), "attribute,original,new\nPatientID,A,1\nPatientID,B,1\n").unwrap();
    let bad = scans.deid("bad", &["--assign", "bad.csv"]);
    assert_eq!(bad.status.code(), Some(2));
    assert!(said(&bad).contains("line 3"), "{}", said(&bad));
}

#[test]
fn what_is_left_can_be_read_over() {
    let scans = scans();
    let output = scans.deid("clean", &["--profile", "research", "--review", "review.csv"]);
    assert!(said(&output).contains("1 patient alone, 1 in groups of fewer than five, of 1 group"), "{}", said(&output));
    let review = fs::read_to_string(scans.path("review.csv")).unwrap();
    assert!(review.starts_with("path,keyword,vr,value,count,more\n"));
    assert!(review.contains("00080060,Modality,CS,MR,6,"), "{review}");
    assert!(scans.planted.iter().filter(|value| value.len() >= 6).all(|value| !review.contains(value.as_str())));
}

#[test]
fn a_profile_is_printed_as_data_statement_and_schema() {
    let scans = scans();
    let text = |arguments: &[&str]| String::from_utf8(scans.run(arguments).stdout).unwrap();
    fs::write(scans.path("mine.toml"), text(&["profile", "research", "--option", "retain-uids"])).unwrap();
    let again = text(&["profile", "mine.toml"]);
    assert_eq!(again, fs::read_to_string(scans.path("mine.toml")).unwrap());
    assert!(text(&["profile", "mine.toml", "--statement"]).contains("| 113110 | Retain UIDs Option | yes |"));
    let schema: serde_json::Value = serde_json::from_str(&text(&["profile", "--schema"])).unwrap();
    assert_eq!(schema["additionalProperties"], false);
    let basic = include_str!("../../docs/src/conformance.md");
    assert!(text(&["profile", "basic", "--statement"]) == basic, "write docs/src/conformance.md anew");
}

/// Keeps a few elements, and hashes ids.
const SCRIPT: &str = "<script><p t=\"UIDROOT\">1.2.3</p>\n\
    <e en=\"T\" t=\"00080018\" n=\"SOPInstanceUID\">@hashuid(@UIDROOT,this)</e>\n\
    <e en=\"T\" t=\"0020000d\" n=\"StudyInstanceUID\">@hashuid(@UIDROOT,this)</e>\n\
    <e en=\"T\" t=\"00080060\" n=\"Modality\">@keep()</e>\n\
    <e en=\"T\" t=\"00100020\" n=\"PatientID\">@hashptid(site,this,12)</e>\n\
    <r en=\"T\" t=\"unspecifiedelements\"/><r en=\"T\" t=\"privategroups\"/></script>";

#[test]
fn a_script_of_another_program_stands_in_the_place_of_a_profile() {
    let scans = scans();
    fs::write(scans.path("ctp.script"), SCRIPT).unwrap();
    let output = scans.deid("out", &["--script", "ctp.script"]);
    assert_eq!(output.status.code(), Some(1), "a text is kept out: {}", said(&output));
    assert!(said(&output).contains("6 instances written"), "{}", said(&output));
    let tree = tree(&scans.path("out"));
    let bytes: Vec<u8> = tree.values().flatten().copied().collect::<Vec<u8>>().to_ascii_lowercase();
    for value in scans.planted.iter().map(|value| value.to_ascii_lowercase()).filter(|value| value.len() >= 6) {
        assert!(!bytes.windows(value.len()).any(|part| part == value.as_bytes()), "{value}");
    }
    let record: serde_json::Value = serde_json::from_slice(&tree[Path::new("deidentified.json")]).unwrap();
    assert_eq!(
        (record["script"]["format"].as_str(), record["script"]["insecure"].as_bool()),
        (Some("ctp"), Some(false))
    );
    // what was made with one script is not gone on with by another
    fs::write(scans.path("other.script"), SCRIPT.replace(",12", ",10")).unwrap();
    assert_eq!(scans.deid("out", &["--script", "other.script", "--resume"]).status.code(), Some(2));
    assert_eq!(scans.deid("out", &["--script", "ctp.script", "--resume"]).status.code(), Some(1));
}

#[test]
fn hashes_without_a_key_are_warned_about_and_recorded() {
    let scans = scans();
    fs::write(scans.path("ctp.script"), SCRIPT).unwrap();
    let output = scans.deid("out", &["--script", "ctp.script", "--compat", "ctp-md5", "--quiet"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("INSECURE"), "{}", said(&output));
    let record = fs::read(scans.path("out/deidentified.json")).unwrap();
    let record: serde_json::Value = serde_json::from_slice(&record).unwrap();
    assert_eq!(
        (record["script"]["compat"].as_str(), record["script"]["insecure"].as_bool()),
        (Some("ctp-md5"), Some(true))
    );
}

#[test]
fn a_script_that_cannot_be_used_stops_before_anything_is_written() {
    let scans = scans();
    fs::write(scans.path("bad.script"), SCRIPT.replace("hashptid(site,this,12)", "encrypt(this,key)")).unwrap();
    let output = scans.deid("out", &["--script", "bad.script"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("line 5, PatientID: encrypt is not honoured"), "{}", said(&output));
    fs::write(scans.path("ctp.script"), SCRIPT).unwrap();
    for more in [
        &["--script", "ctp.script", "--profile", "basic"][..],
        &["--script", "ctp.script", "--option", "clean-descriptors"],
        &["--script", "ctp.script", "--crosswalk", "way.back"],
        &["--compat", "ctp-md5"],
        &["--script", "ctp.script", "--compat", "sha1"],
        &["--script", "none.script"],
    ] {
        assert_eq!(scans.deid("out", more).status.code(), Some(2), "{more:?}");
    }
    assert!(!scans.path("out").exists());
}

/// Pixel Data of every instance below a folder, by name.
fn pixels(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let instances = tree(folder).into_iter().filter(|(path, _)| path.extension().is_none_or(|e| e != "json"));
    instances
        .map(|(path, _)| {
            let instance = isocenter::dcm::OpenOptions::new().open(folder.join(&path)).unwrap();
            let element = instance.dataset.element(isocenter::dcm::tags::PIXEL_DATA).unwrap();
            (path, element.to_bytes().unwrap().into_owned())
        })
        .collect()
}

#[test]
fn rules_for_devices_blank_their_rectangles_and_nothing_else() {
    let scans = scans();
    let own =
        "[[rule]]\nname = \"page\"\nwhere = [{ tag = \"Modality\", equals = \"MR\" }]\nareas = [[4, 2, 12, 18]]\n";
    fs::write(scans.path("own.toml"), own).unwrap();
    fs::write(scans.path("ctp.script"), "MR\n{ Modality.equals(\"MR\") }\n(4,2,12,18)\n").unwrap();
    fs::write(
        scans.path("elements.script"),
        "<script><e en=\"T\" t=\"00100010\" n=\"PatientName\">@empty()</e></script>",
    )
    .unwrap();
    let clean = ["--option", "clean-pixel-data", "--keep-names"];
    scans.deid("plain", &clean);
    let plain = pixels(&scans.path("plain"));
    assert_eq!(plain.len(), 7, "six slices and a copy");
    for (out, more) in [
        ("own", [&clean[..], &["--pixel-rules", "own.toml"]].concat()),
        ("ctp", [&clean[..], &["--pixel-rules", "ctp.script"]].concat()),
        ("both", vec!["--keep-names", "--script", "elements.script", "--pixel-rules", "ctp.script"]),
    ] {
        let output = scans.deid(out, &more);
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        let blanked = pixels(&scans.path(out));
        assert_eq!(blanked.len(), 7, "{}", said(&output));
        for (name, before) in &plain {
            let after = &blanked[name];
            let inside = |n: usize| (4..16).contains(&(n / 2 % 24)) && (2..20).contains(&(n / 48));
            let one = after[2 * (2 * 24 + 4)..][..2].to_vec();
            for n in (0..before.len()).step_by(2) {
                let wanted = if inside(n) { &one[..] } else { &before[n..n + 2] };
                assert_eq!(&after[n..n + 2], wanted, "{out}: sample {}", n / 2);
            }
            assert_ne!(after, before, "{out}");
        }
    }
    // another set of rules does not go on with what one set began
    fs::write(scans.path("ctp.script"), "MR\n{ Modality.equals(\"MR\") }\n(0,0,12,18)\n").unwrap();
    let other = scans.deid("ctp", &[&clean[..], &["--pixel-rules", "ctp.script", "--resume"]].concat());
    assert_eq!(other.status.code(), Some(2));
    assert!(said(&other).contains("rules for devices"));
}

#[test]
fn rules_for_devices_that_would_do_nothing_are_refused() {
    let scans = scans();
    fs::write(scans.path("none.script"), "no rule here").unwrap();
    fs::write(scans.path("bad.script"), "{ Modality.soundsLike(\"MR\") }\n(0,0,2,2)").unwrap();
    fs::write(scans.path("bad.toml"), "[[rule]]\nareas = 3\n").unwrap();
    let clean = "--option=clean-pixel-data";
    for (more, expected) in [
        (vec!["--pixel-rules", "bad.script"], "clean-pixel-data"),
        (vec![clean, "--pixel-rules", "none.script"], "holds no signature in braces"),
        (vec![clean, "--pixel-rules", "bad.script"], "line 1"),
        (vec![clean, "--pixel-rules", "bad.toml"], "cannot be used"),
        (vec![clean, "--pixel-rules", "absent"], "absent cannot be read"),
    ] {
        let output = scans.deid("out", &more);
        assert_eq!(output.status.code(), Some(2), "{more:?}");
        assert!(said(&output).contains(expected), "{more:?}: {}", said(&output));
        assert!(!scans.path("out").exists());
    }
}

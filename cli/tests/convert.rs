//! What a user of `convert` relies on, and who calls it by the name and letters of dcm2niix.
#![allow(missing_docs, clippy::unwrap_used)]

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Command, Output},
};

use isocenter_phantom::{
    Contrast, Head, Vendor,
    grid::{Grid, Plane, pose},
    series::{Modality, SeriesBuilder},
};

fn run(program: &Path, args: &[&str]) -> Output {
    Command::new(program).args(args).env("NO_COLOR", "1").output().unwrap()
}

fn isocenter(args: &[&str]) -> Output {
    run(Path::new(env!("CARGO_BIN_EXE_isocenter")), args)
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

/// A folder with one MR series of 12 slices, and a text; and what was planted in the headers.
fn scans() -> (tempfile::TempDir, Vec<String>) {
    let dir = tempfile::tempdir().unwrap();
    let grid = Grid::new(Plane::Axial, [24, 24, 12], [8.0, 8.0, 12.0]).geometry().unwrap();
    let t1 = Head::new(1).render(&grid, &pose([0.0; 3], [0.0; 3]), Contrast::T1, 1).unwrap();
    let series = SeriesBuilder::new(Modality::Mr, t1).vendor(Vendor::Siemens).write(&dir.path().join("in")).unwrap();
    fs::write(dir.path().join("in/notes.txt"), "no image").unwrap();
    fs::create_dir(dir.path().join("out")).unwrap();
    let planted = series.planted.iter().map(|planted| planted.value.clone());
    (dir, planted.filter(|value| value.len() > 4).collect())
}

#[test]
fn a_series_becomes_a_volume_and_a_sidecar_and_is_told() {
    let (dir, planted) = scans();
    let (input, target) = (dir.path().join("in"), dir.path().join("out"));
    let (input, target) = (input.to_str().unwrap(), target.to_str().unwrap());
    let dry = isocenter(&["convert", input, "-o", target, "--dry-run", "--explain"]);
    assert_eq!((dry.status.code(), names(Path::new(target)).len()), (Some(0), 0), "{dry:?}");
    assert!(out(&dry).contains("24 x 24 x 12 of 8.000 x 8.000 x 12.000 mm, 12 images in 12 files"), "{}", out(&dry));
    assert!(out(&dry).contains("together by: ") && out(&dry).contains("notes.txt"), "{}", out(&dry));
    assert!(out(&dry).contains("13 files = 12 in volumes + 0 duplicates + 1 left out; 1 volume would be made"));

    let done = isocenter(&["convert", input, "-o", target, "--to", "nii", "-f", "%v_%q"]);
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    assert_eq!(names(Path::new(target)), ["Si_MR.json", "Si_MR.nii"].map(str::to_owned).into());
    let text = fs::read_to_string(Path::new(target).join("Si_MR.json")).unwrap();
    let sidecar: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(sidecar["Modality"], "MR");
    assert!(!planted.is_empty());
    for value in &planted {
        assert!(!text.contains(value), "{value} in {text}");
    }

    let again = isocenter(&["convert", input, "-o", target, "--to", "nii", "-f", "%v_%q"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&again.stderr).contains("Si_MR.nii is there already"), "{again:?}");
    let json = isocenter(&["convert", input, "-o", target, "--to", "nrrd", "--force", "--json", "--sidecar", "none"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((&json["in_volumes"], json["series"][0]["inputs"].as_array().unwrap().len()), (&12.into(), 12));
}

#[test]
fn a_series_without_a_slice_is_made_even_where_that_is_asked_for_and_a_store_is_one_output() {
    let (dir, _) = scans();
    let (input, target) = (dir.path().join("in"), dir.path().join("out"));
    let mut slices: Vec<_> = fs::read_dir(&input).unwrap().map(|entry| entry.unwrap().path()).collect();
    slices.retain(|path| !path.ends_with("notes.txt"));
    slices.sort();
    fs::remove_file(&slices[5]).unwrap();
    let convert = |more: &[&str]| {
        let all =
            [&["convert", input.to_str().unwrap(), "-o", target.to_str().unwrap(), "--to", "zarr"], more].concat();
        let output = isocenter(&all);
        (output.status.code(), out(&output))
    };
    let (code, told) = convert(&[]);
    assert_eq!((code, names(&target).len()), (Some(1), 0), "{told}");
    assert!(told.contains("missing-slice") && told.contains("--even"), "{told}");

    let (code, told) = convert(&["--even", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!((code, &told["in_volumes"]), (Some(0), &11.into()), "{told}");
    let series = &told["series"][0];
    let outputs: Vec<_> = series["outputs"].as_array().unwrap().iter().filter_map(|path| path.as_str()).collect();
    assert_eq!(outputs.len(), 2, "{series}");
    assert!(outputs[0].ends_with("_Eq.zarr") && target.join(outputs[0]).is_dir(), "{outputs:?}");
    assert_eq!(series["shape"], serde_json::json!([24, 24, 12]), "{series}");
}

#[test]
fn what_cannot_be_asked_for_is_named() {
    let (dir, _) = scans();
    let input = dir.path().join("in");
    let refused = |args: &[&str]| {
        let target = dir.path().join("out");
        let all = [&["convert", input.to_str().unwrap(), "-o", target.to_str().unwrap()], args].concat();
        let output = isocenter(&all);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(names(&target).is_empty(), "{args:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert!(refused(&["-f", "%n"]).contains("--keep-identity"));
    assert!(refused(&["-f", "%d"]).contains("--keep-descriptions"));
    assert!(refused(&["-f", "%s/../%q"]).contains("leads out of the output folder"));
    assert!(refused(&["-f", "%y"]).contains("%y is no token"));
    assert!(refused(&["--to", "docx"]).contains("nii.gz"));
    // of nothing that is an image, one answer
    let empty = tempfile::tempdir().unwrap();
    let said = isocenter(&["convert", empty.path().to_str().unwrap(), "-o", "out", "--json"]);
    let said: serde_json::Value = serde_json::from_slice(&said.stdout).unwrap();
    assert_eq!(said["exit_code"], 2);
}

#[test]
fn programs_that_call_dcm2niix_get_its_lines_and_exit_codes() {
    let (dir, _) = scans();
    let at = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    // heudiconv by way of nipype
    let letters = ["-b", "y", "-z", "y", "-x", "n", "-t", "n", "-m", "n", "-f", "name", "-o"];
    let (input, target) = (at("in"), at("out"));
    let all = [&["dcm2niix"][..], &letters, &[&target, "-s", "n", "-v", "n", &input]].concat();
    let done = isocenter(&all);
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    assert_eq!(names(&dir.path().join("out")), ["name.json", "name.nii.gz"].map(str::to_owned).into());
    let told = format!("Convert 12 DICOM as {}/name (24x24x12x1)", at("out"));
    assert!(out(&done).lines().any(|line| line == told), "{}", out(&done));
    let again = isocenter(&all);
    assert!(out(&again).contains("/namea (24x24x12x1)") && dir.path().join("out/namea.nii.gz").exists());

    let code = |args: &[&str]| isocenter(&[&["dcm2niix"], args].concat()).status.code();
    fs::create_dir(dir.path().join("empty")).unwrap();
    assert_eq!(code(&["-o", &at("out"), &at("empty")]), Some(2));
    assert_eq!(code(&["-o", &at("out"), &at("none")]), Some(5));
    assert_eq!(code(&["-o", &at("none"), &at("in")]), Some(6));
    assert_eq!(code(&["-i", "y", "-o", &at("out"), &at("in")]), Some(1));
    assert_eq!(code(&["-v", "n", "-b", "o", "-f", "alone", "-o", &at("out"), &at("in")]), Some(0));
    let found = names(&dir.path().join("out"));
    assert!(found.contains("alone.json") && !found.iter().any(|name| name.starts_with("alone.nii")), "{found:?}");
}

#[cfg(unix)]
#[test]
fn under_the_name_dcm2niix_the_program_takes_its_letters() {
    let (dir, _) = scans();
    let link = dir.path().join("dcm2niix");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_isocenter"), &link).unwrap();
    let (input, target) = (dir.path().join("in"), dir.path().join("out"));
    let done = run(&link, &["-f", "%s", "-z", "n", "-o", target.to_str().unwrap(), input.to_str().unwrap()]);
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    assert!(out(&done).contains("Convert 12 DICOM as "), "{}", out(&done));
}

#[test]
fn a_mapping_of_dcm2bids_makes_a_data_set() {
    let (dir, planted) = scans();
    let (input, target) = (dir.path().join("in"), dir.path().join("out"));
    let mapping = dir.path().join("mapping.json");
    let convert = |text: &str, more: &[&str]| {
        fs::write(&mapping, text).unwrap();
        let fixed =
            ["convert", input.to_str().unwrap(), "-o", target.to_str().unwrap(), "--bids", mapping.to_str().unwrap()];
        let done = isocenter(&[&fixed, more].concat());
        (done.status.code(), out(&done) + &String::from_utf8_lossy(&done.stderr))
    };
    let t1 = r#"{"dcm2niixOptions": "-b y -ba n -z n -f '%3s_%d'", "by": "us", "descriptions": [
        {"datatype": "anat", "suffix": "T1w", "criteria": {"Modality": "MR", "SidecarFilename": "00*.json"}}]}"#;
    let (code, told) = convert(t1, &["--participant", "01", "--dry-run"]);
    assert_eq!((code, names(&target).len()), (Some(0), 0), "{told}");
    assert!(told.contains("sub-01/anat/sub-01_T1w.nii: series"), "{told}");
    let (code, told) = convert(t1, &["--participant", "01"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("the mapping: by means nothing here") && told.contains("-ba n: --keep-identity"), "{told}");
    assert_eq!(names(&target), ["dataset_description.json", "participants.tsv", "sub-01"].map(str::to_owned).into());
    let anat = target.join("sub-01/anat");
    assert_eq!(names(&anat), ["sub-01_T1w.json", "sub-01_T1w.nii"].map(str::to_owned).into());
    let sidecar = fs::read_to_string(anat.join("sub-01_T1w.json")).unwrap();
    assert!(planted.iter().all(|value| !sidecar.contains(value)), "{sidecar}");

    let nothing = r#"{"descriptions": [{"datatype": "anat", "suffix": "T1w", "criteria": {"Modality": "CT"}}]}"#;
    let (code, told) = convert(nothing, &["--participant", "02"]);
    assert!(code == Some(0) && told.contains("no description of the mapping fits"), "{told}");
    assert!(told.contains("0 volumes were made") && !target.join("sub-02").exists(), "{told}");
    for (text, more, words) in [
        (t1, vec![], "--participant"),
        (t1, vec!["--participant", "../x"], "letters and digits"),
        (t1, vec!["--participant", "01", "-f", "%s"], "--filename"),
        (t1, vec!["--participant", "01", "--to", "nrrd"], "nii or nii.gz"),
        ("{", vec!["--participant", "01"], "no JSON"),
        (r#"{"descriptions": [], "dcm2niixOptions": "-i y"}"#, vec!["--participant", "01"], "-i y is not taken"),
        (r#"{"descriptions": [], "post_op": [{"cmd": "x"}]}"#, vec!["--participant", "01"], "programs are not run"),
    ] {
        let (code, told) = convert(text, &more);
        assert!(code == Some(2) && told.contains(words), "{words}: {told}");
    }
}

#[test]
fn shards_share_the_volumes() {
    let (dir, _) = scans();
    let (input, target) = (dir.path().join("in"), dir.path().join("out"));
    let shard = |which: &str| {
        isocenter(&["convert", input.to_str().unwrap(), "-o", target.to_str().unwrap(), "--shard", which])
    };
    let other = shard("2/2");
    assert!(out(&other).contains("0 volumes were made in shard 2 of 2"), "{other:?}");
    assert_eq!((other.status.code(), names(&target).len()), (Some(0), 0));
    assert!(out(&shard("1/2")).contains("1 volume was made in shard 1 of 2"));
    assert_eq!(names(&target).len(), 2);
    for wrong in ["0/2", "3/2", "2", "a/b"] {
        assert_eq!(shard(wrong).status.code(), Some(2), "{wrong}");
    }
}

#[test]
fn a_saved_plan_is_written_by_shards_as_one_run_writes_it() {
    let (dir, _) = scans();
    let at = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let with = |all: &[&str]| isocenter(&[&["convert"], all].concat());
    let (input, plan, one, shards) = (at("in"), at("a.plan"), at("one"), at("out"));
    let named = ["-f", "%v_%q_%d", "--to", "nii", "--keep-descriptions"];
    assert_eq!(with(&[&[input.as_str(), "-o", &one], &named[..]].concat()).status.code(), Some(0));
    let save = |more: &[&str]| with(&[&[input.as_str(), "--dry-run", "--save-plan", &plan], &named[..], more].concat());
    let saved = save(&[]);
    assert!(out(&saved).contains("13 files = 12 in volumes + 0 duplicates + 1 left out; 1 volume would be made"));
    assert_eq!(save(&[]).status.code(), Some(2), "it is there already");
    assert_eq!(save(&["--force"]).status.code(), Some(0));
    let dry = with(&["--plan", &plan, "-o", &shards, "--dry-run"]);
    assert!(out(&dry).contains("12 files = 12 in volumes + 0 duplicates + 0 left out; 1 volume would be made"));
    for which in ["1/2", "2/2"] {
        let done = with(&["--plan", &plan, "-o", &shards, "--shard", which]);
        assert_eq!(done.status.code(), Some(0), "{done:?}");
    }
    let read = |folder: &str| {
        let folder = Path::new(folder).to_owned();
        names(&folder).into_iter().map(move |name| fs::read(folder.join(name)).unwrap())
    };
    assert_eq!((names(Path::new(&one)), names(Path::new(&one)).len()), (names(Path::new(&shards)), 2));
    assert!(read(&one).eq(read(&shards)));
    // what the plan decides is not said twice
    for more in [["--to", "nii"], ["-f", "%q"], ["--save-plan", "b"], ["--sidecar", "none"]] {
        let twice = with(&[&["--plan", &plan, "-o", &shards, "--force"], &more[..]].concat());
        assert_eq!(twice.status.code(), Some(2), "{more:?}");
    }
    for (all, words) in [
        (vec![input.as_str(), "--plan", &plan, "-o", &shards], "cannot be used with"),
        (vec!["--plan", &plan, "-o", dir.path().to_str().unwrap()], "must not lie inside the output"),
        (vec!["--plan", &at("in/notes.txt"), "-o", &shards], "the file is no plan"),
        (vec![input.as_str(), "--save-plan", &at("b")], "--dry-run"),
        (vec![input.as_str(), "--dry-run", "--save-plan", &at("in/plan")], "must not lie inside an input"),
    ] {
        let refused = with(&all);
        let told = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(refused.status.code() == Some(2) && told.contains(words), "{words}: {told}");
    }
    // a file that went since is told, and its volume is not written
    let mut files = fs::read_dir(&input).unwrap().map(|entry| entry.unwrap().path());
    fs::remove_file(files.find(|path| !path.ends_with("notes.txt")).unwrap()).unwrap();
    let lacks = with(&["--plan", &plan, "-o", &shards, "--force"]);
    assert!(lacks.status.code() == Some(1) && out(&lacks).contains("12 files, io"), "{lacks:?}");
}

#[test]
fn an_archive_without_an_image_and_one_that_is_cut_off_are_named() {
    let (dir, _) = scans();
    let empty = [b"PK\x05\x06".as_slice(), &[0; 18]].concat();
    for (bytes, code) in [(empty, 2), (b"PK\x03\x04 and more".to_vec(), 1)] {
        let given = dir.path().join("given.zip");
        fs::write(&given, bytes).unwrap();
        let done = isocenter(&["convert", given.to_str().unwrap(), "-o", dir.path().join("out").to_str().unwrap()]);
        let told = out(&done) + &String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.code(), Some(code), "{told}");
        assert!(told.contains("left out: 1 file, ") && told.contains("archive"), "{told}");
    }
}

//! What the terminal shows where something goes wrong: which file, what the system said, what to do.
#![allow(missing_docs, clippy::unwrap_used)]

use std::{fs, path::Path, process::Command};

use isocenter_phantom::{
    Contrast, Head, Vendor,
    grid::{Grid, Plane, pose},
    series::{Modality, SeriesBuilder},
};

/// Runs in a folder, and gives the exit code with all that was said, without the folder's own name.
fn said(dir: &Path, args: &[&str]) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_isocenter"))
        .args(args)
        .current_dir(dir)
        .env("NO_COLOR", "1")
        .env_remove("RUST_LOG")
        .output()
        .unwrap();
    let texts = [&out.stdout, &out.stderr].map(|t| String::from_utf8_lossy(t).into_owned());
    let text = texts.concat().replace(dir.canonicalize().unwrap().to_str().unwrap(), "DIR");
    format!("$ isocenter {}\n{text}[exit code {}]\n", args.join(" "), out.status.code().unwrap_or(-1))
}

fn all(dir: &Path, calls: &[&[&str]]) -> String {
    calls.iter().map(|args| said(dir, args)).collect::<Vec<_>>().join("\n")
}

fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    fs::create_dir(at("scans")).unwrap();
    fs::write(at("scans/note.txt"), "not an image").unwrap();
    fs::create_dir(at("folder")).unwrap();
    fs::write(at("file"), "text").unwrap();
    fs::write(at("short.key"), "too short").unwrap();
    fs::write(at("labels.csv"), "label,series\nmasks/liver.nii.gz,1.2.3\n").unwrap();
    fs::write(at("files.csv"), "file,patient\nmasks/liver.nii.gz,P1\n").unwrap();
    fs::write(at("series.csv"), "label,series\nfile,scans/ct_1.dcm\n").unwrap();
    dir
}

#[test]
fn of_prepare_and_demo() {
    let dir = folder();
    let prepare = |more: &[&'static str]| -> Vec<&'static str> {
        let mut args = vec!["prepare", "scans"];
        args.extend(more);
        args
    };
    let with_key = |more: &[&'static str]| prepare(&[&["-o", "out", "--key-file", "k"], more].concat());
    let calls: Vec<Vec<&str>> = vec![
        vec!["prepare", "missing", "-o", "out", "--key-file", "k"],
        prepare(&["-o", "file", "--key-file", "k"]),
        prepare(&["-o", "file/out", "--key-file", "k"]),
        prepare(&["-o", "scans/out", "--key-file", "k"]),
        prepare(&["-o", "scans", "--key-file", "k"]),
        prepare(&["-o", "out", "--key-file", "folder"]),
        prepare(&["-o", "out", "--key-file", "short.key"]),
        prepare(&["-o", "out", "--key-file", "file/k"]),
        with_key(&["--pairs", "none.csv"]),
        with_key(&["--pairs", "labels.csv"]),
        with_key(&["--pairs", "files.csv"]),
        with_key(&["--pairs", "series.csv"]),
        with_key(&["--recipe", "none.toml"]),
        with_key(&["--export", "bids"]),
        vec!["demo", "folder/../scans"],
        vec!["demo", "file/out"],
    ];
    let calls: Vec<&[&str]> = calls.iter().map(Vec::as_slice).collect();
    insta::assert_snapshot!(all(dir.path(), &calls));
}

#[test]
fn of_questions() {
    let dir = folder();
    insta::assert_snapshot!(all(
        dir.path(),
        &[
            &["info", "missing"],
            &["info", "scans", "missing", "--json"],
            &["recipe", "none"],
            &["recipe", "none", "--json"],
            &["verify", "missing"],
            &["verify", "file"],
            &["verify", "scans"],
            &["man", "file"],
            &["completions", "tcsh"],
        ]
    ));
}

#[test]
fn of_register() {
    let dir = folder();
    let at = |name: &str| dir.path().join(name);
    let grid = Grid::new(Plane::Axial, [24, 24, 12], [8.0, 8.0, 12.0]).geometry().unwrap();
    let t1 = Head::new(1).render(&grid, &pose([0.0; 3], [0.0; 3]), Contrast::T1, 1).unwrap();
    let file = isocenter::formats::File::from_volume(t1.clone().into());
    isocenter::formats::write(at("t1.nii"), &file).unwrap();
    let series = SeriesBuilder::new(Modality::Mr, t1).vendor(Vendor::Ge).write(&at("dicom")).unwrap();
    fs::copy(&series.files[0], at("slice.dcm")).unwrap();
    fs::write(at("cut.nii"), &fs::read(at("t1.nii")).unwrap()[..400]).unwrap();
    fs::write(at("there.tfm"), "mine").unwrap();
    let to = ["-t", "new.tfm"];
    let calls: Vec<Vec<&str>> = vec![
        [&["register", "missing.nii", "t1.nii"][..], &to].concat(),
        [&["register", "t1.nii", "dicom"][..], &to].concat(),
        [&["register", "t1.nii", "slice.dcm"][..], &to].concat(),
        [&["register", "t1.nii", "file"][..], &to].concat(),
        [&["register", "t1.nii", "cut.nii"][..], &to].concat(),
        [&["register", "t1.nii", "/dev/null"][..], &to].concat(),
        [&["register", "t1.nii", "t1.nii", "--mask", "none.nii"][..], &to].concat(),
        vec!["register", "t1.nii", "t1.nii", "-t", "there.tfm"],
        vec!["register", "t1.nii", "t1.nii", "-t", "folder", "--transform-format", "itk"],
        vec!["register", "t1.nii", "t1.nii", "-t", "none/new.tfm"],
        vec!["register", "t1.nii", "t1.nii", "-t", "new.mat"],
        vec!["register", "t1.nii", "cut.nii", "-t", "new.tfm", "-o", "./t1.nii", "--force"],
        vec!["register", "t1.nii", "cut.nii", "-t", "t1.nii", "--transform-format", "ras", "--force"],
        vec!["register", "t1.nii", "t1.nii", "-t", "new.tfm", "-o", "new.png"],
        vec!["register", "t1.nii", "t1.nii", "-t", "new.nii", "--transform-format", "ras", "-o", "./new.nii"],
    ];
    let calls: Vec<&[&str]> = calls.iter().map(Vec::as_slice).collect();
    insta::assert_snapshot!(all(dir.path(), &calls));
    assert_eq!(fs::read_to_string(at("there.tfm")).unwrap(), "mine");
    assert!(!at("new.tfm").exists());
}

#[test]
fn a_finished_output_that_was_changed() {
    let dir = folder();
    let at = |name: &str| dir.path().join(name);
    said(dir.path(), &["prepare", "scans", "-o", "out", "--key-file", "k"]);
    let mut text = said(dir.path(), &["verify", "out"]);
    fs::remove_file(at("out/splits.json")).unwrap();
    fs::write(at("out/stray.txt"), "mine").unwrap();
    fs::write(at("out/quarantine.jsonl"), "").unwrap();
    text.push_str(&all(dir.path(), &[&["verify", "out"], &["verify", "out", "--quiet"], &["verify", "out", "--json"]]));
    insta::assert_snapshot!(text);
}

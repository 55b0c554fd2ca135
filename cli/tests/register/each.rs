use std::{fs, path::Path};

use isocenter::{register::transform_file, volume::Volume};
use isocenter_phantom::{Contrast, grid::pose};

use crate::images::{apart_mm, bytes, head, head_grid, map_of, register, write};

/// A quarter of a voxel.
const CLOSE_MM: f64 = 1.0;

/// A T1 where the canonical head lies, and other contrasts that moved.
fn study(dir: &Path) -> [isocenter::volume::Affine; 2] {
    let grid = head_grid();
    let moves = [pose([4.0, -3.0, 6.0], [5.0, -8.0, 3.0]), pose([-6.0, 2.0, 1.0], [-4.0, 2.0, 7.0])];
    write(&dir.join("t1.nii.gz"), head(&grid, &pose([0.0; 3], [0.0; 3]), Contrast::T1, 1));
    fs::create_dir(dir.join("more")).unwrap();
    write(&dir.join("t2.nii.gz"), head(&grid, &moves[0], Contrast::T2, 2));
    write(&dir.join("more/flair.nrrd"), head(&grid, &moves[1], Contrast::Flair, 3));
    let even = Volume::new(vec![5f32; grid.len()], grid).unwrap();
    write(&dir.join("even.nii.gz"), even);
    moves
}

#[test]
fn every_contrast_comes_home_and_one_refused_keeps_none_back() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let moves = study(dir.path());
    let all = ["t1.nii.gz", "--moving", "t2.nii.gz", "even.nii.gz", "more/flair.nrrd"];
    let said = register(dir.path(), &[&all[..], &["-o", "out", "--volumes", "--figures", "--json"]].concat());
    assert_eq!(said.code, Some(7), "{}{}", said.out, said.err);
    let json = said.json();
    assert_eq!((&json["verdict"], &json["exit_code"]), (&"failed".into(), &7.into()));
    let moving = json["moving"].as_array().unwrap();
    let verdicts: Vec<&str> = moving.iter().map(|m| m["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["good", "failed", "good"], "{json:#}");
    assert!(moving[1]["error"].as_str().unwrap().contains("shows nothing"), "{json:#}");
    for (n, (file, truth)) in [("out/t2.tfm", moves[0]), ("out/flair.tfm", moves[1])].into_iter().enumerate() {
        let written = transform_file::read(at(file), None).unwrap();
        assert_eq!(written, map_of(&moving[2 * n]));
        assert!(apart_mm(&written, &truth) < CLOSE_MM, "{file}: {}", apart_mm(&written, &truth));
    }
    assert!(at("out/t2.nii.gz").is_file() && at("out/flair.nii.gz").is_file() && !at("out/even.tfm").exists());

    // one after the other gives the same files
    let one = ["t1.nii.gz", "t2.nii.gz", "-t", "one.tfm", "-o", "one.nii.gz", "--figure", "one.png", "--jobs", "1"];
    assert_eq!(register(dir.path(), &one).code, Some(0));
    assert!(
        bytes(&at("one.tfm")) == bytes(&at("out/t2.tfm")) && bytes(&at("one.nii.gz")) == bytes(&at("out/t2.nii.gz"))
    );

    assert!(bytes(&at("one.png")) == bytes(&at("out/t2.png")) && at("out/flair.png").is_file());

    // what is there is not replaced unasked
    let again = register(dir.path(), &[&all[..3], &["-o", "out"]].concat());
    assert_eq!(again.code, Some(2));
    assert!(again.err.contains("--force"), "{}", again.err);
    let forced = register(
        dir.path(),
        &[&all[..3], &["-o", "out", "--force", "--jobs", "1", "--transform-format", "lta"]].concat(),
    );
    assert_eq!(forced.code, Some(0), "{}", forced.err);
    assert!(forced.out.starts_with("t2.nii.gz: good: ") && at("out/t2.lta").is_file(), "{}", forced.out);
}

#[test]
fn names_that_meet_are_told_before_work_begins() {
    let dir = tempfile::tempdir().unwrap();
    study(dir.path());
    fs::copy(dir.path().join("t2.nii.gz"), dir.path().join("more/T2.nii.gz")).unwrap();
    for (args, word) in [
        (vec!["--moving", "t2.nii.gz", "more/T2.nii.gz", "-o", "out"], "would both become"),
        (vec!["--moving", "t2.nii.gz", "none.nii.gz", "-o", "out"], "none.nii.gz cannot be read"),
        (vec!["--moving", "t2.nii.gz", "-o", "t1.nii.gz"], "a folder is wanted"),
        (vec!["--moving", "t2.nii.gz", "-o", "out", "--volumes=xyz"], "says no format"),
        (vec!["--moving", "t2.nii.gz", "-o", "out", "--volumes=h5", "--transform-format", "itk-h5"], "are one file"),
        (vec!["--moving", "t2.nii.gz", "-o", ".", "--volumes", "--force"], "overwrite an input"),
        (vec!["--moving", "t2.nii.gz"], "--out"),
    ] {
        let said = register(dir.path(), &[&["t1.nii.gz"], &args[..]].concat());
        assert_eq!(said.code, Some(2), "{args:?}: {}", said.err);
        assert!(said.err.contains(word), "{args:?}: {}", said.err);
    }
    assert!(!dir.path().join("out").exists());
}

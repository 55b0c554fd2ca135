//! What a user of the program relies on: help, exit codes, messages.
#![allow(missing_docs, clippy::unwrap_used)]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use isocenter_phantom::{
    Contrast, Head, Vendor,
    grid::{Grid, Plane, pose},
    series::{Modality, SeriesBuilder},
};

fn isocenter(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_isocenter")).args(args).env("NO_COLOR", "1").output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn path(p: &Path) -> &str {
    p.to_str().unwrap()
}

#[test]
fn help_lists_the_commands() {
    let out = isocenter(&["--help"]);
    assert_eq!(out.status.code(), Some(0));
    insta::assert_snapshot!(text(&out.stdout));
}

#[test]
fn wrong_usage_is_exit_code_2_with_one_message() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    fs::create_dir(&input).unwrap();
    let (out, key) = (dir.path().join("out"), dir.path().join("key"));
    let missing = dir.path().join("missing");
    let prepare = |input: &Path, out: &Path, recipe: &str| {
        isocenter(&["prepare", path(input), "-o", path(out), "--recipe", recipe, "--key-file", path(&key)])
    };
    for (output, word) in [
        (prepare(&missing, &out, "generic"), "missing"),
        (prepare(&input, &input.join("out"), "generic"), "inside an input"),
        (prepare(&input, &out, "no-such-recipe"), "neither a preset"),
        (isocenter(&["prepare", path(&input)]), "--out"),
        (isocenter(&["nonsense"]), "nonsense"),
        (isocenter(&["recipe", "nonsense"]), "nonsense"),
        (isocenter(&["--jobs", "0", "recipe"]), "whole number"),
    ] {
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains(word), "{}", text(&output.stderr));
    }
    assert!(!out.exists() && !key.exists());
}

#[test]
fn an_unknown_recipe_key_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let recipe = dir.path().join("r.toml");
    fs::write(&recipe, "name = 'x'\n\n[grid]\nspacing = 1\n").unwrap();
    let input = dir.path().join("in");
    fs::create_dir(&input).unwrap();
    let out = dir.path().join("out");
    let output = isocenter(&[
        "prepare",
        path(&input),
        "-o",
        path(&out),
        "--recipe",
        path(&recipe),
        "--key-file",
        path(&dir.path().join("k")),
    ]);
    assert_eq!(output.status.code(), Some(2));
    let message = text(&output.stderr);
    assert!(message.contains("spacing") && message.contains("line 4"), "{message}");
    assert!(!out.exists());
}

#[test]
fn a_run_says_where_every_file_went_and_verify_agrees() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    fs::create_dir(&input).unwrap();
    fs::write(input.join("note.txt"), "not an image").unwrap();
    let (out, key) = (dir.path().join("out"), dir.path().join("key"));
    let output =
        isocenter(&["prepare", path(&input), "-o", path(&out), "--key-file", path(&key), "--json", "--jobs", "1"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["funnel"]["quarantined"], 1);
    assert_eq!(fs::metadata(&key).unwrap().len(), 32);
    assert_eq!(isocenter(&["verify", path(&out)]).status.code(), Some(0));
    // a second run into the same folder is refused
    let again = isocenter(&["prepare", path(&input), "-o", path(&out), "--key-file", path(&key)]);
    assert_eq!(again.status.code(), Some(2));
    // and a file that was changed is noticed
    fs::write(out.join("report.json"), "{}").unwrap();
    assert_eq!(isocenter(&["verify", path(&out)]).status.code(), Some(3));
}

#[test]
fn every_preset_prints_as_a_recipe_that_loads() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    fs::create_dir(&input).unwrap();
    fs::write(input.join("note.txt"), "not an image").unwrap();
    let names = text(&isocenter(&["recipe", "--json"]).stdout);
    let names: Vec<String> = serde_json::from_str(&names).unwrap();
    assert!(names.len() >= 3);
    for name in names {
        let recipe = dir.path().join(format!("{name}.toml"));
        fs::write(&recipe, isocenter(&["recipe", &name]).stdout).unwrap();
        let out = dir.path().join(&name);
        let output = isocenter(&[
            "prepare",
            path(&input),
            "-o",
            path(&out),
            "--recipe",
            path(&recipe),
            "--key-file",
            path(&dir.path().join("k")),
        ]);
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    }
}

#[test]
fn every_help_has_examples_and_exit_codes_and_every_command_a_version() {
    for command in ["demo", "prepare", "info", "convert", "register", "recipe", "verify", "completions", "man"] {
        let help = text(&isocenter(&[command, "--help"]).stdout);
        let examples = help.lines().filter(|l| l.trim_start().starts_with("isocenter ")).count();
        assert!(examples >= 2 && help.contains("Exit codes:") && help.contains("\n  0 "), "{help}");
        let version = isocenter(&[command, "--version"]);
        assert_eq!(version.status.code(), Some(0));
        assert!(text(&version.stdout).contains(env!("CARGO_PKG_VERSION")));
    }
    let help = text(&isocenter(&["prepare", "--help"]).stdout);
    for preset in ["generic", "ct-segmentation", "multimodal"] {
        assert!(help.contains(&format!("  {preset} ")), "{help}");
    }
    assert!(help.contains("[default: generic]"));
}

#[test]
fn completions_and_manual_pages_are_written() {
    let dir = tempfile::tempdir().unwrap();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        assert!(text(&isocenter(&["completions", shell]).stdout).contains("register"), "{shell}");
    }
    let out = dir.path().join("new/man1");
    assert_eq!(isocenter(&["man", path(&out)]).status.code(), Some(0));
    for page in ["isocenter.1", "isocenter-prepare.1", "isocenter-register.1"] {
        assert!(fs::read_to_string(out.join(page)).unwrap().starts_with(".ie"), "{page}");
    }
}

#[test]
fn a_usage_error_is_json_where_that_was_asked_for() {
    let out = isocenter(&["info", "--json", "--nonsense", "x"]);
    assert_eq!(out.status.code(), Some(2));
    let json: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!((&json["reason"], &json["exit_code"]), (&"usage".into(), &2.into()));
    assert!(json["error"].as_str().unwrap().contains("--nonsense"));
}

#[test]
fn a_question_is_answered_quietly_and_in_numbers() {
    let dir = tempfile::tempdir().unwrap();
    let grid = Grid::new(Plane::Axial, [24, 24, 12], [8.0, 8.0, 12.0]).geometry().unwrap();
    let t1 = Head::new(1).render(&grid, &pose([0.0; 3], [0.0; 3]), Contrast::T1, 1).unwrap();
    SeriesBuilder::new(Modality::Mr, t1).vendor(Vendor::Ge).write(&dir.path().join("head")).unwrap();
    let stripes: Vec<u8> = (0..grid.len()).map(|n| (n % 24 / 8) as u8).collect();
    let layer = isocenter::volume::Volume::new(stripes, grid).unwrap();
    // nothing says that these are labels, but their looks
    let file = isocenter::formats::File::from_volume(layer.into());
    isocenter::formats::write(dir.path().join("x.nii.gz"), &file).unwrap();
    fs::write(dir.path().join("study.7z"), b"7z\xBC\xAF\x27\x1C").unwrap();
    let info = |more: &[&str]| text(&isocenter(&[&["info", path(dir.path())], more].concat()).stdout);
    let quiet = info(&["--quiet"]);
    assert!(quiet.contains("label map, by its looks") && quiet.contains("unpack it and give the folder"), "{quiet}");
    assert!(!quiet.contains("head") && info(&["--paths"]).contains("/head"));
    let json: serde_json::Value = serde_json::from_str(&info(&["--json"])).unwrap();
    let (head, labels) = (&json["series"][0], &json["series"][1]);
    assert_eq!(head["shape"], serde_json::json!([24, 24, 12]));
    assert_eq!(head["spacing_mm"], serde_json::json!([8.0, 8.0, 12.0]));
    assert_eq!((&head["what"], &head["patient"]), (&"image".into(), &1.into()));
    assert_eq!((&labels["what"], &labels["told_by"]), (&"label-map".into(), &"voxels".into()));
    assert_eq!((&labels["patient"], &json["funnel"]["patients"]), (&serde_json::Value::Null, &1.into()));
    assert_eq!(json["rejected"][0]["reason"], "archive");
    assert!(head.get("named").is_none() && json["rejected"][0].get("paths").is_none());
}

#[test]
fn a_failed_registration_is_written_only_where_that_was_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let grid = Grid::new(Plane::Axial, [40, 40, 30], [5.0, 5.0, 6.0]).geometry().unwrap();
    let head = Head::new(1).render(&grid, &pose([0.0; 3], [0.0; 3]), Contrast::T1, 1).unwrap();
    // noise from a fixed generator has nothing in common with a head
    let mut state = 1u32;
    let noise: Vec<f32> = (0..grid.len())
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) as f32
        })
        .collect();
    let noise = isocenter::volume::Volume::new(noise, grid).unwrap();
    let at = |name: &str| dir.path().join(name);
    for (name, volume) in [("head.nii", head), ("noise.nii", noise)] {
        isocenter::formats::write(at(name), &isocenter::formats::File::from_volume(volume.into())).unwrap();
    }
    let (fixed, moving, out, moved) = (at("head.nii"), at("noise.nii"), at("t.tfm"), at("m.nii"));
    let register = |moving: &Path, more: &[&str]| {
        let args = ["register", path(&fixed), path(moving), "-t", path(&out), "-o", path(&moved)];
        isocenter(&[&args[..], more].concat())
    };
    let failed = register(&moving, &[]);
    assert_eq!(failed.status.code(), Some(7), "{}", text(&failed.stdout));
    assert!(text(&failed.stdout).starts_with("failed, not to be used: "), "{}", text(&failed.stdout));
    assert!(!out.exists() && !moved.exists());
    let quiet = register(&moving, &["--quiet"]);
    assert!(quiet.stdout.is_empty() && text(&quiet.stderr).starts_with("isocenter: failed"));
    let json: serde_json::Value = serde_json::from_slice(&register(&moving, &["--json"]).stdout).unwrap();
    assert_eq!((&json["verdict"], &json["written"]["transform"]), (&"failed".into(), &serde_json::Value::Null));
    assert!(!json["doubts"].as_array().unwrap().is_empty());
    assert_eq!(register(&moving, &["--write-failed"]).status.code(), Some(7));
    assert!(out.exists() && moved.exists());
    // what is there is not replaced unasked
    assert_eq!(register(&fixed, &[]).status.code(), Some(2));
    let trusted = register(&fixed, &["--force"]);
    assert_eq!(trusted.status.code(), Some(0), "{}", text(&trusted.stdout));
    assert!(text(&trusted.stdout).starts_with("good: "));
    assert!(text(&trusted.stdout).contains("rotation 0.0") && text(&trusted.stdout).contains("wrote "));
}

#[test]
fn transforms_go_from_convention_to_convention_and_back() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    // a turn about the axis to the head, and a shift
    fs::write(at("a.txt"), "0.8 -0.6 0 5\n0.6 0.8 0 -7\n0 0 1 11\n0 0 0 1\n").unwrap();
    let transform = |args: &[&str]| isocenter(&[&["transform"], args].concat());
    for name in ["b.tfm", "b.h5", "b.lta", "b.xfm", "b.x5", "b.aff12.1D"] {
        assert_eq!(transform(&["convert", path(&at("a.txt")), "-o", path(&at(name))]).status.code(), Some(0), "{name}");
        let back = transform(&["invert", path(&at(name)), "-o", path(&at("back.txt")), "--force"]);
        assert_eq!(back.status.code(), Some(0), "{name}");
        let files = [path(&at("a.txt")).to_owned(), path(&at("back.txt")).to_owned()];
        let whole = transform(&["compose", &files[0], &files[1], "-o", path(&at("whole.txt")), "--force"]);
        assert_eq!(whole.status.code(), Some(0), "{name}");
        let shown = transform(&["show", path(&at("whole.txt")), "--json"]);
        let json: serde_json::Value = serde_json::from_slice(&shown.stdout).unwrap();
        let rows = json["transforms"][0]["fixed_to_moving_lps"].as_array().unwrap();
        for (r, row) in rows.iter().enumerate() {
            for c in 0..4 {
                let wanted = f64::from(u8::from(r == c));
                assert!((row[c].as_f64().unwrap() - wanted).abs() < 1e-9, "{name}: {rows:?}");
            }
        }
    }
    // nothing is replaced unasked, and an input never
    assert_eq!(transform(&["convert", path(&at("a.txt")), "-o", path(&at("b.tfm"))]).status.code(), Some(2));
    assert_eq!(transform(&["invert", path(&at("a.txt")), "-o", path(&at("a.txt")), "--force"]).status.code(), Some(2));
    let unnamed = transform(&["convert", path(&at("a.txt")), "-o", path(&at("b.mat")), "--to", "fsl"]);
    assert_eq!(unnamed.status.code(), Some(2));
    assert!(text(&unnamed.stderr).contains("--fixed and --moving"), "{}", text(&unnamed.stderr));
}

#[test]
fn register_refuses_a_transform_whose_convention_nobody_states() {
    let output = isocenter(&["register", "a.nii", "b.nii", "-t", "x.mat"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("--transform-format"));
}

//! What a user of the program relies on: help, exit codes, messages.
#![allow(missing_docs, clippy::unwrap_used)]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
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
fn register_refuses_a_transform_whose_convention_nobody_states() {
    let output = isocenter(&["register", "a.nii", "b.nii", "-t", "x.mat"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("--transform-format"));
}

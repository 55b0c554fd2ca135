//! A reader that goes away ends nothing, and a disk that is full is told.
#![allow(missing_docs, clippy::unwrap_used)]

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

/// Each sub-command with arguments that print something, and the exit code that it ends with.
fn calls(dir: &Path) -> Vec<(Vec<String>, i32)> {
    let input = dir.join("in");
    fs::create_dir_all(&input).unwrap();
    fs::write(input.join("note.txt"), "not an image").unwrap();
    let at = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    let prepare = |out: &str, more: &[&str]| {
        let mut args: Vec<String> =
            ["prepare", &at("in"), "-o", &at(out), "--key-file", &at("key")].map(str::to_owned).into();
        args.extend(more.iter().map(|m| (*m).to_owned()));
        args
    };
    let done = Command::new(env!("CARGO_BIN_EXE_isocenter")).args(prepare("dataset", &[])).output().unwrap();
    assert_eq!(done.status.code(), Some(1), "{}", String::from_utf8_lossy(&done.stderr));
    let call = |args: &[&str]| args.iter().map(|a| (*a).to_owned()).collect::<Vec<_>>();
    vec![
        (call(&["--help"]), 0),
        (call(&["--version"]), 0),
        (call(&["nonsense"]), 2),
        (call(&["demo", &at("in")]), 2),
        (prepare("dry", &["--dry-run"]), 1),
        (prepare("dataset", &[]), 2),
        (call(&["info", &at("in")]), 0),
        (call(&["info", &at("in"), "--paths"]), 0),
        (call(&["register", &at("in"), &at("in"), "-t", &at("t.tfm")]), 2),
        (call(&["recipe"]), 0),
        (call(&["recipe", "multimodal"]), 0),
        (call(&["recipe", "--keys"]), 0),
        (call(&["verify", &at("dataset")]), 0),
        (call(&["verify", &at("in")]), 2),
        (call(&["completions", "bash"]), 0),
        (call(&["man", &at("man")]), 0),
    ]
}

/// Runs with stdout or stderr, or both, at a pipe that nobody reads.
fn run(args: &[String], closed: [bool; 2]) -> (Option<i32>, String) {
    let end = |is_closed: bool| {
        if is_closed {
            let (reader, writer) = std::io::pipe().unwrap();
            drop(reader);
            Stdio::from(writer)
        } else {
            Stdio::piped()
        }
    };
    let out = Command::new(env!("CARGO_BIN_EXE_isocenter"))
        .args(args)
        .stdout(end(closed[0]))
        .stderr(end(closed[1]))
        .output()
        .unwrap();
    (out.status.code(), String::from_utf8_lossy(&out.stderr).into_owned())
}

#[test]
fn a_closed_pipe_ends_quietly_with_the_code_of_the_work() {
    let dir = tempfile::tempdir().unwrap();
    for (args, code) in calls(dir.path()) {
        for json in [false, true] {
            for closed in [[true, false], [false, true], [true, true]] {
                let mut args = args.clone();
                if json {
                    args.push("--json".to_owned());
                }
                let (found, stderr) = run(&args, closed);
                assert_eq!(found, Some(code), "{args:?} {closed:?} {stderr}");
                assert!(
                    !stderr.contains("panic") && !stderr.to_lowercase().contains("broken pipe"),
                    "{args:?} {stderr}"
                );
            }
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_result_that_cannot_be_written_is_exit_code_5() {
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    for args in [&["recipe"][..], &["recipe", "generic", "--json"], &["completions", "zsh"]] {
        let out = Command::new(env!("CARGO_BIN_EXE_isocenter")).args(args).stdout(full()).output().unwrap();
        let stderr = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(5), "{args:?} {stderr}");
        assert!(stderr.contains("No space left"), "{stderr}");
    }
}

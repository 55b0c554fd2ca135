//! Ctrl-C: said at once, done soon, and what it leaves is marked.
#![cfg(unix)]
#![allow(missing_docs, clippy::unwrap_used)]

use std::{
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

/// Longest that a stop may take on a machine that does other things too; asked is every 100 ms.
const LONGEST: Duration = Duration::from_secs(3);

fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_isocenter"));
    command.args(args).env("NO_COLOR", "1").stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn path(p: &Path) -> &str {
    p.to_str().unwrap()
}

/// Sends SIGINT once a file or folder is there.
fn interrupted(mut child: Child, once: &Path) -> (Output, Duration) {
    while !once.exists() {
        assert!(child.try_wait().unwrap().is_none(), "ended before it was stopped");
        std::thread::sleep(Duration::from_millis(5));
    }
    let started = Instant::now();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    (output, started.elapsed())
}

#[test]
fn a_stopped_demo_says_so_and_is_marked() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let child = program(&["demo", path(&out)]).spawn().unwrap();
    let (output, took) = interrupted(child, &out.join("dataset/images"));
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(took < LONGEST, "{took:?}");
    assert!(said.contains("stopping") && said.contains("again to end at once"), "{said}");
    assert!(said.contains("must not be used") && said.contains("delete"), "{said}");
    for folder in [out.clone(), out.join("dataset")] {
        assert!(folder.join("UNFINISHED").is_file());
        let verified = program(&["verify", path(&folder)]).output().unwrap();
        assert_eq!(verified.status.code(), Some(3));
        assert!(String::from_utf8(verified.stderr).unwrap().contains("not finished"));
    }
    assert!(!out.join("dataset/.staging").exists());
    let again = program(&["demo", path(&out)]).output().unwrap();
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8(again.stderr).unwrap().contains("not finished"));
}

#[test]
fn a_stderr_that_is_closed_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let mut command = program(&["demo", path(&out)]);
    let mut child = command.spawn().unwrap();
    drop(child.stderr.take());
    let (output, _) = interrupted(child, &out.join("UNFINISHED"));
    assert_eq!(output.status.code(), Some(130));
}

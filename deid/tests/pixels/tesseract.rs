//! The system's tesseract, and programs that only pretend to be it.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use isocenter_deid::Ctx;
use isocenter_deid::pixels::read::{Error, Tesseract};
use isocenter_deid::pixels::{Cleaning, Plane, Reader, Verdict};

use crate::image::{ULTRASOUND, of_scenes, stored};
use crate::scene::{Pen, Scene};

/// A program that is a script of a shell.
fn program(folder: &tempfile::TempDir, script: &str) -> PathBuf {
    let path = folder.path().join("reader");
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn line() -> Plane {
    Plane::new(64, 32, vec![255; 64 * 32]).unwrap()
}

#[test]
fn programs_that_are_no_readers_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let head =
        "level\\tpage_num\\tblock_num\\tpar_num\\tline_num\\tword_num\\tleft\\ttop\\twidth\\theight\\tconf\\ttext";
    let row = |page: u32, left: u32| {
        format!("printf '{head}\\n5\\t{page}\\t1\\t1\\t1\\t1\\t{left}\\t0\\t9\\t9\\t90\\tMI\\n'")
    };
    for (script, wanted) in [
        ("exit 1", "failed"),
        ("echo JANE DOE >&2; exit 3", "failed"),
        ("true", "malformed"),
        ("printf '\\377\\376'", "malformed"),
        ("cat", "malformed"),
        ("cat >/dev/null; echo MI 0.8", "malformed"),
        (&row(2, 0), "malformed"),
        ("yes", "limit"),
    ] {
        let error = Tesseract::at(program(&folder, script)).read(&line()).unwrap_err();
        let said = error.to_string();
        let found = match error {
            Error::Failed { .. } => "failed",
            Error::Malformed { .. } => "malformed",
            Error::Limit { .. } => "limit",
            _ => "another",
        };
        assert_eq!(found, wanted, "{script}: {said}");
        assert!(!said.contains("DOE"));
    }
    assert!(Tesseract::at(program(&folder, &row(1, 0))).read(&line()).is_ok());
    let absent = Tesseract::at(folder.path().join("no-such-program")).check().unwrap_err();
    assert!(matches!(absent, Error::Absent { .. }) && absent.to_string().contains("install"));
}

#[test]
fn a_program_that_does_not_end_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    for script in ["exec sleep 600", "sleep 30 & exec sleep 600", "exec >&-; exec sleep 600"] {
        let start = Instant::now();
        let reader = Tesseract::at(program(&folder, script)).time_limit(Duration::from_millis(300));
        assert!(matches!(reader.read(&line()), Err(Error::Late { .. })), "{script}");
        assert!(start.elapsed() < Duration::from_secs(20), "{script}");
    }
}

/// The system's tesseract; a test is skipped, with a line, where it is not.
#[allow(clippy::print_stdout, reason = "a skip is said")]
fn system() -> Option<Arc<dyn Reader>> {
    let tesseract = Tesseract::new();
    match tesseract.check() {
        Ok(()) => Some(Arc::new(tesseract)),
        Err(error) => {
            println!("skipped: {error}");
            None
        }
    }
}

#[test]
fn labels_stay_and_names_go_as_tesseract_reads_them() {
    let Some(reader) = system() else { return };
    let mut scene = Scene::flat(500, 200, 20);
    let pen = Pen { scale: 2, level: 255, upright: false };
    let drawn = ["Gain 60 dB", "Castellanos Anneliese", "Depth 11 cm"];
    let drawn: Vec<_> = drawn.iter().enumerate().map(|(n, line)| scene.write(line, 30, 30 + 50 * n, pen)).collect();
    let mut instance = of_scenes(ULTRASOUND, &[scene]);
    let cleaned = Cleaning::new().reader(reader).apply(&mut instance, &Ctx::default()).unwrap();
    let after = stored(&instance, 0);
    let share = |drawn: &[(usize, usize)], level: f64| {
        drawn.iter().filter(|(x, y)| after[y * 500 + x] == level).count() as f64 / drawn.len() as f64
    };
    assert_eq!(share(&drawn[1], 0.0), 1.0);
    // what it reads is its own affair: one of the two is enough
    assert!(
        cleaned.verdict() == Verdict::LabelsKept && (share(&drawn[0], 255.0) == 1.0 || share(&drawn[2], 255.0) == 1.0)
    );
}

//! What `-v` and `RUST_LOG` tell: stages and ids, and nothing of a patient.
#![allow(missing_docs, clippy::unwrap_used)]

use std::{fs, path::Path, process::Command};

use isocenter_phantom::{
    Contrast, Head, Vendor,
    grid::{Grid, Plane, pose},
    series::{Modality, SeriesBuilder},
};

fn stderr(dir: &Path, args: &[&str], rust_log: Option<&str>) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_isocenter"));
    command.args(args).current_dir(dir).env_remove("RUST_LOG");
    if let Some(filter) = rust_log {
        command.env("RUST_LOG", filter);
    }
    String::from_utf8_lossy(&command.output().unwrap().stderr).into_owned()
}

#[test]
fn stages_and_ids_are_told_and_nothing_of_a_patient() {
    let dir = tempfile::tempdir().unwrap();
    let scans = dir.path().join("scans/Vandermeulen");
    let grid = Grid::new(Plane::Axial, [24, 24, 12], [8.0, 8.0, 12.0]).geometry().unwrap();
    let t1 = Head::new(1).render(&grid, &pose([0.0; 3], [0.0; 3]), Contrast::T1, 1).unwrap();
    let series = SeriesBuilder::new(Modality::Mr, t1).vendor(Vendor::Ge).write(&scans).unwrap();
    fs::write(scans.join("Vandermeulen.txt"), "Vandermeulen").unwrap();
    let run = |out: &str, more: &[&str], filter: Option<&str>| {
        let args = [&["prepare", "scans", "-o", out, "--key-file", "key", "--quiet"], more].concat();
        stderr(dir.path(), &args, filter)
    };
    assert_eq!(run("a", &[], None), "");
    let stages = run("b", &["-v"], None);
    assert!(stages.contains("INFO begins stage=\"reading headers\""), "{stages}");
    assert!(stages.contains("ends stage=\"preparing series\"") && !stages.contains("DEBUG"), "{stages}");
    let all = run("c", &["-vvv"], None) + &run("d", &[], Some("trace")) + &run("e", &[], Some("debug,isocenter=info"));
    assert!(all.contains("kept out") && all.contains("not-dicom") && all.contains("DEBUG"), "{all}");
    assert!(!series.planted.is_empty());
    for planted in series.planted.iter().map(|p| p.value.as_str()).chain(["Vandermeulen"]).filter(|v| v.len() > 4) {
        assert!(!(stages.contains(planted) || all.contains(planted)), "{planted} in {all}");
    }
    let told = stderr(dir.path(), &["recipe"], Some("isocenter=loud"));
    assert!(told.contains("RUST_LOG"), "{told}");
}

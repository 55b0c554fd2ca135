//! Every identifier that the truth lists stands in the files; the truth itself does not stand among them.

use std::path::{Path, PathBuf};

use crate::fixture::cohort;

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, out) } else { out.push(path) }
    }
}

#[test]
fn planted_values_are_in_the_bytes_of_some_file() {
    let fixture = cohort();
    let mut paths = Vec::new();
    files(&fixture.root(), &mut paths);
    let bytes: Vec<Vec<u8>> = paths.iter().map(|p| std::fs::read(p).unwrap()).collect();
    // headers are short: pixels need not be searched; one character a byte, so that a text search finds any encoding
    let heads: Vec<String> =
        bytes.iter().map(|b| b[..b.len().min(8192)].iter().map(|&c| char::from(c)).collect()).collect();
    for planted in fixture.truth.planted.iter().filter(|p| !p.place.starts_with("pixels")) {
        let utf8: String = planted.value.bytes().map(char::from).collect();
        let found = heads.iter().any(|h| h.contains(&utf8) || h.contains(&planted.value));
        assert!(found, "{} is not there", planted.place);
    }
}

#[test]
fn identifiers_are_standard_private_nested_and_burned_in() {
    let planted = &cohort().truth.planted;
    let any = |test: &dyn Fn(&str) -> bool| planted.iter().any(|p| test(&p.place));
    assert!(any(&|p| p.ends_with("PatientName")));
    assert!(any(&|p| p.ends_with("private") && !p.contains('[')));
    assert!(any(&|p| p.ends_with("private") && p.contains('[')));
    assert!(any(&|p| p.matches('[').count() == 2));
    assert!(any(&|p| p.starts_with("pixels")));
    assert!(any(&|p| p.starts_with("NIfTI")));
}

#[test]
fn every_file_is_accounted_for() {
    let fixture = cohort();
    let truth = &fixture.truth;
    let mut paths = Vec::new();
    files(&fixture.root(), &mut paths);
    let mut listed: Vec<PathBuf> = truth
        .series
        .iter()
        .flat_map(|s| &s.files)
        .chain(truth.labels.iter().map(|l| &l.path))
        .chain(truth.faulty.iter().flat_map(|f| &f.files))
        .chain(truth.duplicates.iter().map(|d| &d.file))
        .map(|f| fixture.path(f))
        .collect();
    paths.sort();
    listed.sort();
    assert_eq!(paths, listed);
}

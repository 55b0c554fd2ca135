//! Every file of the corpus: opened, decoded, written and read again, or refused by a known reason.
#![allow(clippy::unwrap_used)]

mod values;

use std::path::PathBuf;

use isocenter_dcm::isocenter_volume::Ctx;
use isocenter_dcm::scan::{Kind, ScanOptions, scan};
use isocenter_dcm::{OpenOptions, pixel::DecodeOptions};
use isocenter_testing::corpus::part as corpus;

/// Opens each file under `folders`; returns how many are DICOM, and the reasons of the others.
fn open_all(folders: &[PathBuf]) -> (usize, Vec<String>) {
    let (mut opened, mut refused) = (0, Vec::new());
    for file in scan(folders, &ScanOptions::default(), &Ctx::default()).unwrap() {
        if let Kind::NotDicom(_) = file.kind {
            continue;
        }
        let name = file.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let instance = match OpenOptions::new().open(&file.path) {
            Ok(instance) => instance,
            Err(error) => {
                refused.push(format!("{} {name}", error.reason()));
                continue;
            }
        };
        opened += 1;
        if instance.has_pixels()
            && let Err(error) = instance.frame(0).and_then(|frame| frame.decode(&DecodeOptions::default()))
        {
            refused.push(format!("{} {name}", error.reason()));
        }
        let written = instance.to_bytes().unwrap();
        let back = OpenOptions::new().parse(&written).unwrap();
        let known = |ds: &isocenter_dcm::Dataset| {
            let plain = ds
                .iter()
                .filter(|e| e.header().tag.1 != 0 && e.header().tag != isocenter_dcm::tags::SPECIFIC_CHARACTER_SET);
            plain.cloned().collect::<Vec<_>>()
        };
        for (before, after) in known(&instance.dataset).iter().zip(&known(&back.dataset)) {
            assert_eq!(before.header().tag, after.header().tag, "{name}");
            let same = before.value() == after.value()
                || isocenter_dcm::value::bytes(before) == isocenter_dcm::value::bytes(after);
            assert!(same || before.items().is_some(), "{name} {}", before.header().tag);
        }
        assert_eq!(known(&instance.dataset).len(), known(&back.dataset).len(), "{name}");
    }
    (opened, refused)
}

#[test]
fn conversion_sets_open_and_decode() {
    let Some(corpus) = corpus("") else { return };
    let mut sets: Vec<PathBuf> =
        std::fs::read_dir(corpus.join("convert")).unwrap().map(|e| e.unwrap().path().join("In")).collect();
    sets.retain(|set| set.is_dir());
    let (opened, refused) = open_all(&sets);
    assert!(opened == 1145, "{opened}");
    assert!(refused.is_empty(), "{refused:?}");
}

#[test]
fn seed_tools_and_privacy_cases_open_and_decode() {
    let Some(corpus) = corpus("") else { return };
    let (opened, refused) = open_all(&[corpus.join("seedtools/e2e-ct/dicom"), corpus.join("deid/cases/cases")]);
    assert!(opened == 84, "{opened}");
    assert_eq!(refused, ["truncated truncated.dcm"]);
}

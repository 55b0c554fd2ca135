//! Ordinary series of eight makers pass the gate, and de-identified they hold none of their own values.

use std::collections::BTreeMap;

use isocenter_dcm::OpenOptions;
use isocenter_deid::burned_in::{Verdict, judge_instance};
use isocenter_deid::{Ctx, Deidentifier, Key, KnownValues, LeakScan, Profile};

use crate::{corpus, files};

#[test]
fn verdicts_on_the_conversion_corpus() {
    let Some(folder) = corpus("convert") else { return };
    let (mut suspects, mut clear) = (BTreeMap::<(String, &str), usize>::new(), 0);
    for path in files(&folder).iter().filter(|path| path.components().any(|part| part.as_os_str() == "In")) {
        let Ok(instance) = OpenOptions::new().header_only(true).open(path) else { continue };
        let set =
            path.strip_prefix(&folder).unwrap().components().next().unwrap().as_os_str().to_string_lossy().into_owned();
        match judge_instance(&instance) {
            Verdict::Clear => clear += 1,
            Verdict::Suspect(reason) => *suspects.entry((set, reason.code())).or_default() += 1,
        }
    }
    println!("{clear} clear; suspect: {suspects:#?}");
    assert!(clear > 900, "{clear}");
}

#[test]
fn no_scanner_leaves_its_own_values() {
    let Some(folder) = corpus("convert") else { return };
    let deidentifier = Deidentifier::new(Profile::basic(), &Key::demo());
    let mut found = Vec::new();
    for set in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        // Two files of each set: headers of one series differ little.
        let paths: Vec<_> =
            files(&set).into_iter().filter(|path| path.components().any(|part| part.as_os_str() == "In")).collect();
        for path in [paths.first(), paths.last()].into_iter().flatten() {
            let Ok(mut instance) = OpenOptions::new().open(path) else { continue };
            let mut known = KnownValues::new();
            known.gather(&instance.dataset, &instance.meta);
            deidentifier.apply(&mut instance, "x", &Ctx::default()).unwrap();
            let bytes = instance.to_bytes().unwrap();
            let hits = LeakScan::new(&known).unwrap().scan_content(&bytes, &Ctx::default()).unwrap();
            if !hits.is_empty() {
                found.push((set.file_name().unwrap().to_owned(), hits));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

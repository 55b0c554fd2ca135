//! The CT with 55 planted values.

use isocenter_dcm::{OpenOptions, PatientKey};
use isocenter_deid::{Ctx, Deidentifier, Key, KnownValues, LeakScan, Profile};

use crate::{corpus, files};

#[test]
fn no_planted_value_is_written() {
    let Some(folder) = corpus("seedtools/e2e-ct") else { return };
    let planted: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("planted.json")).unwrap()).unwrap();
    let planted: Vec<&str> = planted["values"].as_array().unwrap().iter().filter_map(|value| value.as_str()).collect();
    let instances: Vec<_> =
        files(&folder.join("dicom")).iter().map(|path| OpenOptions::new().open(path).unwrap()).collect();
    assert_eq!(instances.len(), 20);
    let mut known = KnownValues::new();
    instances.iter().for_each(|one| known.gather(&one.dataset, &one.meta));
    let scan = LeakScan::new(&known).unwrap();
    for &value in planted.iter().filter(|value| value.len() >= 5) {
        assert!(!scan.scan(value.as_bytes()).is_empty(), "a planted value was not gathered: {value}");
    }
    let identities = LeakScan::identities(&known).unwrap();
    let deidentifier = Deidentifier::new(Profile::basic(), &Key::demo());
    for mut instance in instances {
        let patient = PatientKey::of(&instance.dataset).to_text();
        deidentifier.apply_with(&mut instance, &patient, &identities, &Ctx::default()).unwrap();
        let bytes = instance.to_bytes().unwrap();
        for value in planted.iter().filter(|value| value.len() >= 5) {
            assert!(!bytes.windows(value.len()).any(|window| window == value.as_bytes()), "{value} is left");
        }
        assert_eq!(scan.scan_content(&bytes, &Ctx::default()).unwrap(), []);
    }
}

/// Prints how long an instance takes; run with `--ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn speed() {
    let Some(folder) = corpus("seedtools/e2e-ct") else { return };
    let instance = OpenOptions::new().open(&files(&folder.join("dicom"))[0]).unwrap();
    let deidentifier = Deidentifier::new(Profile::basic(), &Key::demo());
    let mut known = KnownValues::new();
    known.gather(&instance.dataset, &instance.meta);
    let scan = LeakScan::identities(&known).unwrap();
    for (name, own) in [("own values", true), ("patient's values", false)] {
        let start = std::time::Instant::now();
        for _ in 0..500 {
            let mut copy = instance.clone();
            if own {
                deidentifier.apply(&mut copy, "x", &Ctx::default()).unwrap()
            } else {
                deidentifier.apply_with(&mut copy, "x", &scan, &Ctx::default()).unwrap()
            };
        }
        println!("{name}: {:?} each", start.elapsed() / 500);
    }
    let (all, bytes) = (LeakScan::new(&known).unwrap(), vec![7u8; 64 << 20]);
    let start = std::time::Instant::now();
    assert!(all.scan(&bytes).is_empty());
    println!("scan of 64 MiB of sevens for {} patterns: {:?}", all.len(), start.elapsed());
}

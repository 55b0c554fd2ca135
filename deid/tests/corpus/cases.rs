//! The visible case set: odd files of every sort with planted identifiers.

use std::collections::BTreeMap;

use isocenter_dcm::{OpenOptions, PatientKey};
use isocenter_deid::{Ctx, Deidentifier, Key, KnownValues, LeakScan, Profile};

use crate::{corpus, files};

#[test]
fn no_token_of_any_patient_is_written() {
    let Some(folder) = corpus("deid/cases") else { return };
    let key: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("key/key.json")).unwrap()).unwrap();
    let tokens: Vec<String> = key["patients"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|patient| patient["tokens"].as_array().unwrap())
        .map(|pair| pair[0].as_str().unwrap().to_ascii_lowercase())
        .collect();
    let instances: Vec<_> =
        files(&folder.join("cases")).iter().filter_map(|path| OpenOptions::new().open(path).ok()).collect();
    let mut known: BTreeMap<String, KnownValues> = BTreeMap::new();
    for instance in &instances {
        known.entry(PatientKey::of(&instance.dataset).to_text()).or_default().gather(&instance.dataset, &instance.meta);
    }
    let deidentifier = Deidentifier::new(Profile::basic(), &Key::demo());
    let mut written = 0;
    for mut instance in instances {
        let patient = PatientKey::of(&instance.dataset).to_text();
        if deidentifier
            .apply_with(&mut instance, &patient, &LeakScan::identities(&known[&patient]).unwrap(), &Ctx::default())
            .is_err()
        {
            continue;
        }
        written += 1;
        let bytes = instance.to_bytes().unwrap();
        let lower = bytes.to_ascii_lowercase();
        for token in tokens.iter().filter(|token| token.len() >= 5 && token.is_ascii()) {
            assert!(!lower.windows(token.len()).any(|window| window == token.as_bytes()), "{token} is left");
        }
        assert_eq!(LeakScan::new(&known[&patient]).unwrap().scan_content(&bytes, &Ctx::default()).unwrap(), []);
    }
    assert!(written >= 60, "{written} of 66");
}

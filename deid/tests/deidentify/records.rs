//! What is stored comes back through the constructors: what could not have been built does not load.

use isocenter_deid::{Action, Audit, AuditEntry, Profile, ProfileOption};
use proptest::prelude::*;

use crate::build::{CT, deidentify, instance, sequence, text};
use isocenter_dcm::{VR, tags};

const OPTIONS: [ProfileOption; 2] =
    [ProfileOption::RetainLongitudinalModifiedDates, ProfileOption::RetainPatientCharacteristics];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn an_entry_that_loads_could_have_been_built(path in "[0-9A-Fa-f#>^ ]{0,24}", vr in "[A-Z]{1,3}", length in any::<u64>()) {
        let stored = serde_json::json!({ "path": path, "action": "removed", "vr": vr, "length": length });
        let built = AuditEntry::new(&path, Action::Removed, &vr, length);
        match serde_json::from_value::<AuditEntry>(stored) {
            Ok(loaded) => prop_assert_eq!(loaded, built.unwrap()),
            Err(_) => prop_assert!(built.is_err()),
        }
    }

    #[test]
    fn an_entry_is_a_path_of_tags_and_items(items in prop::collection::vec((any::<u32>(), any::<u32>()), 0..4), tag in any::<u32>()) {
        let path: String = items.iter().map(|(tag, item)| format!("{tag:08X}#{item}>")).collect::<String>() + &format!("{tag:08X}");
        prop_assert!(AuditEntry::new(&path, Action::Emptied, "LO", 1).is_ok());
        prop_assert!(AuditEntry::new(&path[1..], Action::Emptied, "LO", 1).is_err());
    }

    #[test]
    fn a_profile_loads_as_a_set_of_options(chosen in prop::collection::vec(0usize..2, 0..5)) {
        let names: Vec<_> = chosen.iter().map(|&at| serde_json::to_value(OPTIONS[at]).unwrap()).collect();
        let loaded: Profile = serde_json::from_value(serde_json::json!({ "options": names })).unwrap();
        let built = chosen.iter().fold(Profile::basic(), |profile, &at| profile.with(OPTIONS[at]));
        prop_assert_eq!(&loaded, &built);
        let again: Profile = serde_json::from_str(&serde_json::to_string(&built).unwrap()).unwrap();
        prop_assert_eq!(again, built);
    }
}

#[test]
fn an_audit_survives_and_says_its_version() {
    let nested = crate::build::dataset(vec![text(tags::SCHEDULED_PROCEDURE_STEP_DESCRIPTION, VR::LO, "of Quentina")]);
    let original = instance(CT, vec![sequence(tags::REQUEST_ATTRIBUTES_SEQUENCE, vec![nested])]);
    let audit = deidentify(&original, Profile::basic()).1;
    assert!(audit.entries.iter().any(|entry| entry.path.contains('#') || entry.path == "00400275"));
    let stored = serde_json::to_value(&audit).unwrap();
    assert_eq!(stored["version"], 1);
    assert_eq!(serde_json::from_value::<Audit>(stored.clone()).unwrap(), audit);
    // stored before there was a version
    let mut older = stored.clone();
    older.as_object_mut().unwrap().remove("version");
    assert_eq!(serde_json::from_value::<Audit>(older).unwrap(), audit);
    let mut newer = stored;
    newer["version"] = 2.into();
    assert!(serde_json::from_value::<Audit>(newer).unwrap_err().to_string().contains("newest that is known is 1"));
    assert!(serde_json::from_str::<Profile>(r#"{"version":2,"options":[]}"#).is_err());
}

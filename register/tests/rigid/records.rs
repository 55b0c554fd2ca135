//! What is stored comes back to the bit, and nothing loads that could not have been built.

use isocenter_register::{Registration, RegistrationOptions, Rigid};
use isocenter_volume::provenance::Operation;
use proptest::prelude::*;
use serde_json::json;

use crate::head::{Contrast, grid, head};

proptest! {
    #[test]
    fn rigid_motions_survive_json(
        turn in [-3.0..3.0f64, -3.0..3.0, -3.0..3.0],
        shift in [-1e3..1e3f64, -1e3..1e3, -1e3..1e3],
        centre in [-1e3..1e3f64, -1e3..1e3, -1e3..1e3],
    ) {
        let rigid = Rigid::new(turn, shift, centre).unwrap();
        let value = serde_json::to_value(rigid).unwrap();
        prop_assert_eq!(serde_json::from_value::<Rigid>(value.clone()).unwrap(), rigid);
        prop_assert_eq!(serde_json::from_str::<Rigid>(&value.to_string()).unwrap(), rigid);
        // a number with more than 15 digits is text, which no reader rounds
        let numbers = value["quaternion_wxyz"].as_array().unwrap();
        prop_assert!(numbers.iter().all(|n| n.is_string() || digits(&n.to_string()) <= 15));
    }
}

/// How many digits a decimal number has from its first that is not zero, its power of ten aside.
fn digits(number: &str) -> usize {
    let mantissa = number.split('e').next().unwrap_or(number);
    mantissa.bytes().filter(u8::is_ascii_digit).skip_while(|&b| b == b'0').count()
}

#[test]
fn what_is_no_motion_does_not_load() {
    let good =
        json!({"quaternion_wxyz": [1.0, 0.0, 0.0, 0.0], "translation_mm": [0, 1, 2], "centre_mm": [0.5, 0, "-3"]});
    assert!(serde_json::from_value::<Rigid>(good.clone()).is_ok());
    for (key, value) in [
        ("quaternion_wxyz", json!([1.0, 0.1, 0.0, 0.0])),
        ("quaternion_wxyz", json!([1.0, 0.0, 0.0])),
        ("translation_mm", json!(["NaN", 0, 0])),
        ("centre_mm", json!(["inf", 0, 0])),
        ("version", json!(2)),
        ("other", json!(2)),
    ] {
        let mut bad = good.clone();
        bad[key] = value;
        assert!(serde_json::from_value::<Rigid>(bad.clone()).is_err(), "{bad}");
    }
}

#[test]
fn a_registration_keeps_both_histories_and_survives_json() {
    let truth = Rigid::new([0.05, 0.0, -0.1], [3.0, -2.0, 4.0], [0.0; 3]).unwrap();
    let grid = grid([40; 3], [6.0; 3], [0.0; 3], [0.0; 3]);
    let still = Rigid::new([0.0; 3], [0.0; 3], [0.0; 3]).unwrap();
    let mut fixed = head(&grid, &still, Contrast::T1, 1);
    fixed.provenance_mut().add(Operation::new("decode", [("bits", 12usize)]));
    let found =
        RegistrationOptions::default().rotations(0).register(&fixed, &head(&grid, &truth, Contrast::T1, 2)).unwrap();
    assert_eq!(found.inputs[0].operations()[0].name(), "decode");
    assert!(found.inputs[1].is_empty());
    let value = serde_json::to_value(&found).unwrap();
    assert_eq!(value["version"], 4);
    assert_eq!(value["start"], "headers");
    assert_eq!(serde_json::from_value::<Registration>(value.clone()).unwrap(), found);
    // what was written before doubts were known has none
    let mut older = value.clone();
    older.as_object_mut().unwrap().retain(|key, _| !["doubts", "mirror", "dof", "start"].contains(&key.as_str()));
    older["version"] = json!(1);
    let older = serde_json::from_value::<Registration>(older).unwrap();
    assert_eq!((older.doubts.len(), older.mirror, older.verdict), (0, 0.0, found.verdict));
    let mut other = value;
    other["fixed_to_moving"][0][3] = json!(1e3);
    assert!(serde_json::from_value::<Registration>(other).is_err());
}

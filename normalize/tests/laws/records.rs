//! What is stored comes back to the bit, older records load, and nothing loads that could not have been built.

use isocenter_normalize::{
    CtWindow, Fingerprint, FingerprintPart, Fitted, FittedRecord, LinearMap, PercentileRescale, Region, Step, ZScore,
};
use isocenter_volume::{Ctx, stats::Cohort};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Every number of a JSON text is one that any reader gets right: it has at most 15 digits and a small power of ten.
fn is_safe(value: &Value) -> bool {
    match value {
        Value::Number(n) => n.is_u64() || format!("{:e}", n.as_f64().unwrap()).split_once('e').unwrap().0.len() <= 17,
        Value::Array(items) => items.iter().all(is_safe),
        Value::Object(fields) => fields.values().all(is_safe),
        _ => true,
    }
}

proptest! {
    #[test]
    fn fits_and_fingerprints_survive_json(voxels in crate::voxels(), low in -1e3..0.0f64, high in 0.1..1e3f64) {
        let (image, ctx) = (crate::image(voxels), Ctx::default());
        let steps = [
            Step::ZScore(ZScore::new(Region::Between(low - 1e4, high + 1e4))),
            Step::PercentileRescale(PercentileRescale::new(high / 20.0, 99.5)),
            Step::CtWindow(CtWindow::range(low, high).unwrap()),
        ];
        for step in steps {
            if let Ok((_, record)) = step.apply(&image, None, &ctx) {
                let value = serde_json::to_value(&record).unwrap();
                prop_assert!(is_safe(&value), "{value}");
                prop_assert_eq!(&serde_json::from_value::<FittedRecord>(value).unwrap(), &record);
                let text = serde_json::to_string(&record).unwrap();
                prop_assert_eq!(serde_json::from_str::<FittedRecord>(&text).unwrap(), record);
            }
        }
        let found = Fingerprint::of(&image, Region::All, None, &ctx).unwrap();
        let text = serde_json::to_string(&found).unwrap();
        prop_assert_eq!(serde_json::from_str::<Fingerprint>(&text).unwrap(), found);
    }

    #[test]
    fn a_map_that_loads_could_have_been_built(
        clip in proptest::option::of((-3..3i32, -3..3i32)),
        scale in prop_oneof![Just(json!(1.5)), Just(json!("NaN")), Just(json!("inf")), Just(json!("0.5"))],
        fill in prop_oneof![Just(json!(null)), Just(json!(0.0)), Just(json!("-inf"))],
    ) {
        let value = json!({
            "clip": clip.map(|(a, b)| [a, b]), "shift": 0.5, "scale": scale, "offset": 0, "keep_zeros": false, "fill": fill,
        });
        let built = match scale.as_f64().or_else(|| scale.as_str().and_then(|s| s.parse().ok())) {
            Some(scale) => LinearMap::new(0.5, scale, 0.0).and_then(|map| match clip {
                Some((a, b)) => map.clipping([f64::from(a), f64::from(b)]),
                None => Ok(map),
            }),
            None => LinearMap::new(0.5, f64::NAN, 0.0),
        };
        let built = built.and_then(|map| if fill.is_null() { Ok(map) } else { map.filling(fill.as_f64().unwrap_or(f64::NAN)) });
        prop_assert_eq!(serde_json::from_value::<LinearMap>(value).ok(), built.ok());
    }

    #[test]
    fn a_cohort_has_the_fingerprint_of_its_items_whoever_came_first(parts in proptest::collection::vec(crate::voxels(), 1..5)) {
        let ctx = Ctx::default();
        let part = |v: &Vec<f32>| FingerprintPart::of(&crate::image(v.clone()), Region::All, None, &ctx).unwrap();
        let (mut one, mut other) = (Cohort::new(), Cohort::new());
        for (n, v) in parts.iter().enumerate() {
            one.insert(n.to_string(), part(v));
        }
        for (n, v) in parts.iter().enumerate().rev() {
            // parts come from workers as text
            let text = serde_json::to_string(&part(v)).unwrap();
            other.insert(n.to_string(), serde_json::from_str(&text).unwrap());
        }
        let found = Fingerprint::of_cohort(&one).unwrap();
        prop_assert_eq!(found, Fingerprint::of_cohort(&other).unwrap());
        let whole = Fingerprint::of(&crate::image(parts.concat()), Region::All, None, &ctx).unwrap();
        prop_assert_eq!((found.min, found.max), (whole.min, whole.max));
        prop_assert!((found.mean - whole.mean).abs() < 1e-6 && (found.std - whole.std).abs() < 1e-6);
    }
}

#[test]
fn records_of_the_first_version_load() {
    let text = r#"{"step":{"name":"zscore","region":"non_zero","ddof":0,"keep_zeros":false},"fitted":{"map":{"linear":
        {"clip":null,"shift":3.0,"scale":0.3333333333333333,"offset":0.0,"keep_zeros":false,"fill":null}},
        "unit":"StandardDeviations","measured":{"mean":3.0,"sd":3.0000000000000004},"samples":2,"not_finite":1}}"#;
    let record: FittedRecord = serde_json::from_str(text).unwrap();
    assert_eq!((record.fitted().samples(), record.fitted().measured()["sd"]), (2, 3.000_000_000_000_000_4));
    let again = serde_json::to_value(&record).unwrap();
    assert_eq!(again["fitted"]["version"], 1);
    assert_eq!(serde_json::from_value::<FittedRecord>(again.clone()).unwrap(), record);
    let mut newer = again;
    newer["fitted"]["version"] = json!(2);
    assert!(serde_json::from_value::<FittedRecord>(newer).unwrap_err().to_string().contains("version 2"));
    let nnunet =
        r#"{"mean":1.5,"std":2.0,"median":1.0,"percentile_00_5":0.5,"percentile_99_5":9.0,"min":0.0,"max":10.0}"#;
    assert!(serde_json::from_str::<Fingerprint>(nnunet).is_ok());
}

#[test]
fn what_could_not_have_been_measured_does_not_load() {
    let disordered =
        r#"{"mean":1.5,"std":2.0,"median":1.0,"percentile_00_5":5.0,"percentile_99_5":9.0,"min":0.0,"max":10.0}"#;
    assert!(serde_json::from_str::<Fingerprint>(disordered).is_err());
    let unmeasured = r#"{"map":{"linear":{"shift":0,"scale":1,"offset":0,"keep_zeros":false}},"measured":{"mean":"NaN"},
        "samples":1,"not_finite":0}"#;
    assert!(serde_json::from_str::<Fitted>(unmeasured).is_err());
    assert!(serde_json::from_str::<Fitted>(&unmeasured.replace("\"NaN\"", "2")).is_ok());
    let part = FingerprintPart::of(&crate::image(vec![1.0, 2.0]), Region::All, None, &Ctx::default()).unwrap();
    let mut value = serde_json::to_value(&part).unwrap();
    value["moments"]["count"] = json!(3);
    assert!(serde_json::from_value::<FingerprintPart>(value).is_err());
}

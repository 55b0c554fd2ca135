//! The synthetic cohort: faults caught, heads in place, uptake as known.

use isocenter::{
    Export, KeySource, Prepare, Recipe, formats, manifest,
    prepare::PlannedRegistration,
    volume::{Affine, Ctx, affine},
};
use isocenter_phantom::{Cohort, Truth, truth::Kind};

struct Prepared {
    _dir: tempfile::TempDir,
    out: std::path::PathBuf,
    truth: Truth,
    outcome: isocenter::Outcome,
    told: isocenter::Outcome,
}

fn prepared() -> Prepared {
    let dir = tempfile::tempdir().unwrap();
    let cohort = dir.path().join("cohort");
    let truth = Cohort::demo(1).write(&cohort, &Ctx::default()).unwrap();
    let out = dir.path().join("out");
    let job = Prepare::new(vec![cohort], out.clone(), Recipe::load("multimodal").unwrap(), KeySource::Demo)
        .exports(vec![Export::NnUnet]);
    let told = job.clone().dry_run(true).run(&Ctx::default()).unwrap();
    assert!(!out.exists());
    let outcome = job.run(&Ctx::default()).unwrap();
    Prepared { _dir: dir, out, truth, outcome, told }
}

#[test]
fn the_demo_catches_its_faults_places_its_heads_and_knows_its_uptake() {
    let run = prepared();
    faults(&run);
    dry_run(&run);
    heads(&run);
    uptake(&run);
    page(&run);
}

// the page is small enough to send, asks for nothing, and its numbers are the manifest's
fn page(run: &Prepared) {
    let html = std::fs::read_to_string(run.out.join("report.html")).unwrap();
    assert!(html.len() <= 3_000_000, "{} bytes", html.len());
    assert!(!html.contains("http:") && !html.contains("https:"));
    let report: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(run.out.join("report.json")).unwrap()).unwrap();
    let items = manifest::read(&run.out).unwrap();
    assert_eq!(report["items"].as_array().unwrap().len(), items.len());
    for (told, item) in report["items"].as_array().unwrap().iter().zip(&items) {
        let row = serde_json::to_value(item).unwrap();
        for field in
            ["item_id", "patient", "part", "fold", "shape", "spacing_mm", "statistics", "registration", "warnings"]
        {
            assert_eq!(told[field], row[field], "{field}");
        }
        let volumes: Vec<_> =
            told["labels"].as_array().unwrap().iter().map(|l| l["volume_ml"].as_f64().unwrap()).collect();
        assert_eq!(volumes, item.label_volumes_ml.values().copied().collect::<Vec<_>>());
        assert_eq!(volumes.len(), item.labels.len());
        assert!(volumes.iter().all(|v| *v > 0.0));
        assert!(html.contains(&format!("alt=\"Item {}, ", item.item_id)));
        let window = &told["pictures"][0]["window"]["name"];
        match (item.modality.as_deref(), item.body_part.as_deref()) {
            (Some("CT"), Some("HEAD")) => assert_eq!(window, "brain"),
            (Some("CT"), _) => assert_eq!(window, "soft tissue"),
            _ => assert!(window.is_null()),
        }
        let verdict = item.registration.as_ref().map(|r| r.verdict.as_str());
        assert!(verdict.is_none_or(|v| v == "good" || v == "doubtful"));
    }
}

fn faults(run: &Prepared) {
    let mut expected = std::collections::BTreeMap::<String, usize>::new();
    for fault in &run.truth.faulty {
        *expected.entry(fault.expected_reason.clone()).or_default() += fault.files.len();
    }
    let planning = run.truth.series.iter().filter(|s| s.kind == Kind::Localizer).map(|s| s.files.len()).sum();
    assert_eq!(planning, 3);
    expected.insert("localizer".to_owned(), planning);
    assert_eq!(run.outcome.funnel.reasons, expected, "{:#?}", run.outcome.quarantine);
    assert_eq!(run.outcome.funnel.duplicates, run.truth.duplicates.len());
}

// what a dry run tells is what the run does: who is registered to whom, channels, labels, data sets, every count
fn dry_run(run: &Prepared) {
    let items = manifest::read(&run.out).unwrap();
    assert_eq!(items.len(), run.told.planned.len());
    for item in &items {
        let told = run.told.planned.iter().find(|p| p.item == item.item_id).unwrap();
        assert_eq!((&told.patient, &told.study), (&item.patient, &item.study));
        let kind = item.contrast.as_ref().or(item.modality.as_ref()).unwrap();
        assert_eq!((&told.kind, told.files, &told.body_part), (kind, item.sources.len(), &item.body_part));
        let to = item.registration.as_ref().map(|r| PlannedRegistration::To(r.fixed.clone()));
        assert_eq!(matches!(told.registration, PlannedRegistration::To(_)).then(|| told.registration.clone()), to);
        let named: Vec<&String> = item.labels.values().collect();
        assert_eq!(told.labels.iter().collect::<Vec<_>>(), named);
        let doubts: Vec<_> = item.warnings.iter().filter(|w| !w.starts_with("registration-")).cloned().collect();
        assert!(told.warnings.iter().all(|w| doubts.contains(w)), "{:?} {:?}", told.warnings, doubts);
    }
    let references = run.told.planned.iter().filter(|p| p.registration == PlannedRegistration::Reference).count();
    let fixed: std::collections::BTreeSet<_> =
        items.iter().filter_map(|i| i.registration.as_ref().map(|r| r.fixed.as_str())).collect();
    assert!(references >= fixed.len() && !fixed.is_empty());
    assert_eq!(run.told.exports, run.outcome.exports);
    assert_eq!(run.told.funnel, run.outcome.funnel);
    assert_eq!(run.told.quarantine, run.outcome.quarantine);
}

// the truth of a pair: canonical head to the world of each series, so fixed to moving is moving's pose after fixed's inverse
fn heads(run: &Prepared) {
    let names = isocenter::deid::Pseudonyms::new(&isocenter::deid::Key::demo());
    let pose_of = |token: &str| {
        let series = run.truth.series.iter().find(|s| names.token("series", &s.series_uid) == token).unwrap();
        Affine::from_rows(series.pose)
    };
    let items = manifest::read(&run.out).unwrap();
    let mut registered = 0;
    for item in &items {
        let Some(found) = &item.registration else { continue };
        let fixed = items.iter().find(|i| i.item_id == found.fixed).unwrap();
        let truth = pose_of(&item.series).compose(&pose_of(&fixed.series).inverse().unwrap());
        let got = Affine::from_rows(found.fixed_to_moving_lps);
        // a sphere of 80 mm about the middle of the fixed head stands for the brain
        let centre = pose_of(&fixed.series).apply([0.0; 3]);
        let mut sum = 0.0;
        let mut count = 0;
        for x in -4i32..=4 {
            for y in -4i32..=4 {
                for z in -4i32..=4 {
                    let offset = [x, y, z].map(|v| f64::from(v) * 20.0);
                    if affine::norm(offset) > 80.0 {
                        continue;
                    }
                    let p = [0, 1, 2].map(|a| centre[a] + offset[a]);
                    let (a, b) = (truth.apply(p), got.apply(p));
                    sum += affine::norm([0, 1, 2].map(|n| a[n] - b[n]));
                    count += 1;
                }
            }
        }
        let mean = sum / f64::from(count);
        println!("{} {:?}: {mean:.3} mm", item.item_id, item.contrast);
        assert!(mean < 0.5, "{:?} {:?} is {mean:.3} mm off", item.modality, item.contrast);
        registered += 1;
    }
    assert!(registered >= 9, "{registered} series were registered");
}

// the profile removes weight and times from every header, and the uptake is right all the same
fn uptake(run: &Prepared) {
    let names = isocenter::deid::Pseudonyms::new(&isocenter::deid::Key::demo());
    let items = manifest::read(&run.out).unwrap();
    assert!(!run.truth.suv.is_empty());
    for known in &run.truth.suv {
        let token = names.token("series", &known.series_uid);
        let item = items.iter().find(|i| i.series == token).unwrap();
        assert_eq!(item.unit, "SUVbw");
        let volume = formats::read(run.out.join(&item.image)).unwrap().volume.to_real(&Ctx::default()).unwrap();
        let geometry = volume.geometry();
        let mut values = Vec::new();
        let [nx, ny, _] = volume.shape();
        for (n, v) in volume.voxels().iter().enumerate() {
            let p = geometry.world_of([n % nx, n / nx % ny, n / nx / ny].map(|i| i as f64));
            // the truth's ball lies inside the region, away from the partial volume of its edge
            if affine::norm([0, 1, 2].map(|a| p[a] - known.centre_mm[a])) <= known.radius_mm {
                values.push(f64::from(*v));
            }
        }
        assert!(!values.is_empty(), "{} holds no voxel", known.region);
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        // 2 %: the noise of the phantom, averaged over a few dozen voxels, and the steps of the stored integers
        assert!(
            (mean - known.value).abs() < 0.02 * known.value + 0.02,
            "{}: {mean:.3}, not {}",
            known.region,
            known.value
        );
    }
}

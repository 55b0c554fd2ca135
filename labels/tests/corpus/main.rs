//! Against published statistics of a real segmentation in the corpus beside the checkout.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

mod nifti;

use isocenter_labels::{overlap, stats, table};
use isocenter_testing::corpus::part as corpus;
use isocenter_volume::{Ctx, LabelMap};
use serde_json::Value;

/// TotalSegmentator's own statistics of 40 classes: volume in mm3, mean intensity rounded to five decimals.
#[test]
fn volume_and_mean_intensity_of_40_classes() {
    let Some(folder) = corpus("seedtools/label-stats") else { return };
    let ct = nifti::read(&folder.join("ct.nii.gz"));
    // names come from the table in the file's header extension
    let labels = table::label_map(&isocenter_formats::read(folder.join("seg.nii.gz")).unwrap()).unwrap();
    let found = stats::label_stats(&labels, None, &Ctx::default()).unwrap();
    let intensities = stats::intensities(&labels, &ct, &Ctx::default()).unwrap();
    // classes are numbered 1.. in the order of the file
    let text = std::fs::read_to_string(folder.join("statistics.json")).unwrap();
    let names: Vec<&str> = text.lines().filter_map(|l| l.strip_prefix("    \"")?.strip_suffix("\": {")).collect();
    let wanted: Value = serde_json::from_str(&text).unwrap();
    let present: Vec<(usize, &str)> =
        names.iter().copied().enumerate().filter(|(_, n)| wanted[n]["volume"].as_f64().unwrap() > 0.0).collect();
    assert_eq!((names.len(), present.len(), found.len(), intensities.len()), (117, 40, 40, 40));
    for ((label, intensity), (n, name)) in found.iter().zip(&intensities).zip(present) {
        assert_eq!((label.value, intensity.value), (n as u32 + 1, n as u32 + 1), "{name}");
        assert_eq!(label.name, name);
        let number = |key: &str| wanted[name][key].as_f64().unwrap();
        assert!((label.volume_mm3 - number("volume")).abs() < 1e-6 * number("volume"), "{name}");
        assert!((intensity.mean - number("intensity")).abs() <= 0.5e-5 + 1e-9, "{name}: {}", intensity.mean);
        assert_eq!(label.voxels, intensity.samples);
    }
}

/// MedPy's Dice and Jaccard and SimpleITK's (signed, doubled) volume similarity on eight pairs of masks.
#[test]
fn overlap_agrees_with_medpy_and_simpleitk() {
    let Some(folder) = corpus("labels/metrics") else { return };
    // Python writes what JSON has no word for
    let text = std::fs::read_to_string(folder.join("expected.json"))
        .unwrap()
        .replace("Infinity", "null")
        .replace("NaN", "null");
    let expected: Value = serde_json::from_str(&text).unwrap();
    let mut seen = 0;
    for (name, wanted) in expected.as_object().unwrap() {
        let read = |which: &str| {
            let volume = nifti::read(&folder.join(format!("{name}_{which}.nii.gz")));
            LabelMap::from_volume(&volume.into(), vec![]).unwrap()
        };
        let found = overlap::overlap(&read("ref"), &read("pred"), &Ctx::default()).unwrap();
        let number = |v: &Value| v.as_f64();
        let (Some(line), Some(n)) = (found.first(), number(&wanted["n_ref"])) else {
            assert_eq!((found.len(), name.as_str()), (0, "both_empty"));
            continue;
        };
        assert_eq!((line.a as f64, Some(line.b as f64)), (n, number(&wanted["n_pred"])), "{name}");
        let close = |found: Option<f64>, wanted: Option<f64>| {
            wanted.is_none_or(|w| found.is_some_and(|f| (f - w).abs() < 1e-12))
        };
        assert!(close(line.dice(), number(&wanted["medpy"]["dice"])), "{name}");
        assert!(close(line.jaccard(), number(&wanted["medpy"]["jaccard"])), "{name}");
        let signed = number(&wanted["simpleitk"]["volume_similarity"]);
        assert!(close(line.volume_similarity(), signed.map(|s| 1.0 - s.abs() / 2.0)), "{name}");
        seen += usize::from(number(&wanted["medpy"]["dice"]).is_some());
    }
    assert!(seen >= 6, "{seen}");
}

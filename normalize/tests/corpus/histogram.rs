//! Histogram entries: matching by levels and by rank, equalization. Parameters are those of the manifest.

use isocenter_normalize::{
    Region, Step,
    filter::{Ahe, Clahe},
    histogram::{Cdf, CdfMatch, HistogramEqualize, HistogramMatch, Quantiles},
};
use isocenter_volume::{Ctx, Volume};
use serde_json::Value;
use std::path::Path;

use super::{intensity::entry, intensity::same, standardize::input};

#[test]
fn matching_by_levels() {
    entry("i30_histmatch_sitk", |folder, entry| {
        let ctx = Ctx::default();
        let count = |key: &str| entry["params"][key].as_u64().unwrap() as usize;
        let at_mean = entry["params"]["threshold_at_mean"].as_bool().unwrap();
        let counts = [count("levels"), count("match_points")];
        let reference = Quantiles::of(&input(folder, entry, 1), counts, at_mean, Region::All, None, &ctx).unwrap();
        let step = HistogramMatch::new(reference, at_mean).levels(counts[0]).unwrap();
        let (out, _) = Step::HistogramMatch(step).apply(&input(folder, entry, 0), None, &ctx).unwrap();
        same(folder, entry, out.voxels(), out.shape());
    });
}

#[test]
fn matching_by_rank() {
    entry("i31_histmatch_exact", |folder, entry| {
        let ctx = Ctx::default();
        let reference = Cdf::of(&input(folder, entry, 1), Cdf::MAX, Region::All, None, &ctx).unwrap();
        let step = Step::CdfMatch(CdfMatch::new(reference));
        let (out, _) = step.apply(&input(folder, entry, 0), None, &ctx).unwrap();
        same(folder, entry, out.voxels(), out.shape());
    });
}

#[test]
fn equalization() {
    entry("i32_histequal_monai", |folder, entry| {
        let out: Vec<f64> = serde_json::from_value(entry["params"]["out"].clone()).unwrap();
        let bins = entry["params"]["bins"].as_u64().unwrap() as usize;
        let step = Step::HistogramEqualize(HistogramEqualize::new(bins, [out[0], out[1]]).unwrap());
        let (out, _) = step.apply(&input(folder, entry, 0), None, &Ctx::default()).unwrap();
        same(folder, entry, out.voxels(), out.shape());
    });
}

/// Slices 8 to 16, as the entries of adaptive equalization take them.
fn slices(folder: &Path, entry: &Value, divide_by_largest: bool) -> Volume<f32> {
    assert!(entry["params"]["input"].as_str().unwrap().starts_with("geo[:, :, 8:16]"));
    let image = input(folder, entry, 0).crop([0, 0, 8], [72, 80, 8]).unwrap();
    if !divide_by_largest {
        return image;
    }
    let largest = image.voxels().iter().fold(0f32, |a, v| a.max(*v));
    let scaled: Vec<f32> = image.voxels().iter().map(|v| v / largest).collect();
    image.with_voxels(scaled, image.scaling().clone()).unwrap()
}

#[test]
fn adaptive_equalization_with_a_limit() {
    entry("i33_clahe_skimage", |folder, entry| {
        let params = &entry["params"];
        assert_eq!(params["kernel"], "shape/8");
        let step = Clahe::default().clip_limit(params["clip_limit"].as_f64().unwrap()).unwrap();
        let step = Step::Clahe(step.bins(params["nbins"].as_u64().unwrap() as usize).unwrap());
        let (out, _) = step.apply(&slices(folder, entry, true), None, &Ctx::default()).unwrap();
        same(folder, entry, out.voxels(), out.shape());
    });
}

#[test]
fn adaptive_equalization_by_a_power_law() {
    entry("i34_ahe_sitk", |folder, entry| {
        let params = &entry["params"];
        let radius: [usize; 3] = serde_json::from_value(params["radius"].clone()).unwrap();
        let number = |key: &str| params[key].as_f64().unwrap();
        let step = Ahe::new(radius).unwrap().alpha(number("alpha")).unwrap().beta(number("beta")).unwrap();
        let (out, _) = Step::Ahe(step).apply(&slices(folder, entry, false), None, &Ctx::default()).unwrap();
        same(folder, entry, out.voxels(), out.shape());
    });
}

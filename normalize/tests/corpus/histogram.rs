//! Histogram entries: matching by levels and by rank, equalization. Parameters are those of the manifest.

use isocenter_normalize::{
    Region, Step,
    histogram::{Cdf, CdfMatch, HistogramEqualize, HistogramMatch, Quantiles},
};
use isocenter_volume::Ctx;

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

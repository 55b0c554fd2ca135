//! Standardization entries: Nyul's scale, white stripe, tissue means. Parameters are those of the manifest.

use std::path::Path;

use isocenter_normalize::{
    Region, Step,
    standardize::{Clusters, Fcm, Nyul, Rule, ScalePart, StandardScale, WhiteStripe},
};
use isocenter_volume::{Ctx, Volume, stats::Cohort};
use serde_json::Value;

use super::{
    intensity::{entry, same},
    nifti,
};

/// The region of intensity-normalization and of the entries: `value > 0`.
const FOREGROUND: Region = Region::Above(0.0);

pub(super) fn input(folder: &Path, entry: &Value, n: usize) -> Volume<f32> {
    let name = entry["inputs"][n].as_str().unwrap();
    // a name may stand for the file of another
    let manifest: Value = serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    nifti::read(&folder.join(manifest["inputs"][name]["file"].as_str().unwrap()))
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|p| p.as_f64().unwrap()).collect()
}

/// The scale of a cohort entry, held to its reference; the order in which items arrive is not that of their names.
fn scale(id: &str, key: &str) -> Option<StandardScale> {
    let mut out = None;
    entry(id, |folder, entry| {
        let (percentiles, range) = (numbers(&entry["params"]["percentiles"]), numbers(&entry["params"]["out"]));
        let mut cohort = Cohort::new();
        for n in (0..entry["inputs"].as_array().unwrap().len()).rev() {
            let image = input(folder, entry, n);
            let part = ScalePart::of(&image, &percentiles, FOREGROUND, None, &Ctx::default()).unwrap();
            cohort.insert(n.to_string(), part);
        }
        let found = StandardScale::of_cohort(&cohort, [range[0], range[1]]).unwrap();
        for (found, wanted) in found.values().iter().zip(numbers(&entry["values"][key])) {
            assert!((found - wanted).abs() <= entry["tol"][key].as_f64().unwrap(), "{id}: {found} {wanted}");
        }
        out = Some(found);
    });
    out
}

fn applied(id: &str, step: &Step) {
    entry(id, |folder, entry| {
        let image = input(folder, entry, 0);
        let before = image.voxels().to_vec();
        let (out, _) = step.apply(&image, None, &Ctx::default()).unwrap();
        same(folder, entry, out.voxels(), out.shape());
        assert!(image.voxels() == before, "{id}: the input is as it was");
    });
}

#[test]
fn scales_of_five_images_and_their_maps() {
    if let Some(scale) = scale("i20_nyul_landmarks", "standard_scale") {
        applied("i21_nyul_apply", &Step::Nyul(Nyul::new(scale)));
    }
    if let Some(scale) = scale("i22_histstd_landmarks", "landmarks") {
        let scale = scale.without(&[25.0, 75.0]).unwrap();
        applied("i23_histstd_apply", &Step::Nyul(Nyul::new(scale)));
    }
}

fn number(entry: &Value, key: &str) -> f64 {
    entry["params"][key].as_f64().unwrap()
}

#[test]
fn white_stripe() {
    entry("i24_whitestripe_fit", |folder, entry| {
        assert_eq!(entry["params"]["modality"], "T1");
        let width = number(entry, "width");
        let step = WhiteStripe::new(Rule::Last).width(width, width).unwrap();
        let fitted = step.fit(&input(folder, entry, 0), None, &Ctx::default()).unwrap();
        for (key, name) in [("mean", "mean"), ("std", "sd")] {
            let (found, wanted) = (fitted.measured()[name], entry["values"][key].as_f64().unwrap());
            // the stripe is that of the reference, not only near to it
            assert!((found - wanted).abs() <= 1e-5 * wanted, "{key}: {found} {wanted}");
        }
        applied("i25_whitestripe_apply", &Step::WhiteStripe(step));
    });
}

#[test]
fn tissue_clusters_and_the_division_by_one() {
    entry("i26_fcm_centers", |folder, entry| {
        let (clusters, m) = (entry["params"]["clusters"].as_u64().unwrap() as usize, number(entry, "m"));
        let image = input(folder, entry, 0);
        let found = Clusters::of(&image, clusters, m, FOREGROUND, None, &Ctx::default()).unwrap();
        for (found, wanted) in found.centres().iter().zip(numbers(&entry["values"]["centers"])) {
            // thousandfold below the entry's own tolerance
            assert!((found - wanted).abs() <= 3e-4, "{found} {wanted}");
        }
        applied("i27_fcm_apply", &Step::Fcm(Fcm::default()));
    });
}

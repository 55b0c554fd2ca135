//! Intensity entries: z-scores, percentiles, windows, fingerprint, Otsu, head mask.

use std::path::Path;

use isocenter_normalize::{
    CtWindow, Fingerprint, FingerprintNormalize, Output, PercentileRescale, Region, Step, ZScore, head, otsu,
    percentiles,
};
use isocenter_volume::{Ctx, Mask, Volume};
use serde_json::Value;

use super::{corpus, nifti};

/// Runs a check with the folder and the entry of an id.
pub(super) fn entry(id: &str, check: impl FnOnce(&Path, &Value)) {
    let Some(folder) = corpus() else { return };
    let manifest: Value = serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    let entries = manifest["entries"].as_array().unwrap();
    check(&folder, entries.iter().find(|e| e["id"] == id).unwrap());
}

/// Holds every s-th voxel to the reference by the entry's own tolerance.
pub(super) fn same(folder: &Path, entry: &Value, found: &[f32], shape: [usize; 3]) {
    let reference = nifti::read(&folder.join(entry["ref"].as_str().unwrap()));
    let number = |key: &str| entry["tol"][key].as_f64().unwrap();
    let stride: Vec<usize> = entry["stride"].as_array().unwrap().iter().map(|s| s.as_u64().unwrap() as usize).collect();
    let [nx, ny, _] = reference.shape();
    let good = reference.voxels().iter().enumerate().filter(|&(n, &wanted)| {
        let index = [n % nx * stride[0], n / nx % ny * stride[1], n / nx / ny * stride[2]];
        let found = f64::from(found[index[0] + shape[0] * (index[1] + shape[1] * index[2])]);
        (found - f64::from(wanted)).abs() <= number("atol") + number("rtol") * f64::from(wanted.abs())
    });
    let part = good.count() as f64 / reference.voxels().len() as f64;
    assert!(part >= number("frac"), "{}: {part}", entry["id"]);
}

fn volume_entry(id: &str, step: &Step) {
    entry(id, |folder, entry| {
        let image = nifti::read(&folder.join(format!("inputs/{}.nii.gz", entry["inputs"][0].as_str().unwrap())));
        let (out, _) = step.apply(&image, None, &Ctx::default()).unwrap();
        same(folder, entry, out.voxels(), out.shape());
    });
}

#[test]
fn zscores() {
    volume_entry("i01_zscore_whole", &Step::ZScore(ZScore::default()));
    volume_entry("i02_zscore_positive", &Step::ZScore(ZScore::new(Region::Above(0.0))));
    volume_entry("i03_zscore_above_mean", &Step::ZScore(ZScore::new(Region::AboveMean).ddof(1)));
    let keep = ZScore::new(Region::NonZero).keep_zeros(true);
    volume_entry("i04_zscore_nonzero_only", &Step::ZScore(keep));
}

#[test]
fn rescaled_percentiles() {
    volume_entry("i07_rescale_p1_p99", &Step::PercentileRescale(PercentileRescale::new(1.0, 99.0)));
    let torchio = PercentileRescale::new(0.5, 99.5).out(Output::Range([-1.0, 1.0]));
    volume_entry("i08_rescale_torchio", &Step::PercentileRescale(torchio));
    let winsorize = PercentileRescale::new(1.0, 99.0).out(Output::Keep).region(Region::Above(0.0));
    volume_entry("i37_winsorize_ants", &Step::PercentileRescale(winsorize));
}

#[test]
fn windows() {
    for (name, centre, width) in
        [("soft", 40.0, 400.0), ("lung", -600.0, 1500.0), ("bone", 400.0, 1800.0), ("brain", 40.0, 80.0)]
    {
        let window = CtWindow::centre_width(centre, width).unwrap();
        volume_entry(&format!("i09_ct_window_{name}"), &Step::CtWindow(window));
    }
    let padded = CtWindow::range(-1000.0, 1000.0).unwrap().out(Output::Range([-1.0, 1.0]));
    volume_entry("i12_ct_clip_padding", &Step::CtWindow(padded));
}

#[test]
fn exact_percentiles() {
    let check = |id: &str, region: Region| {
        entry(id, |folder, entry| {
            let read = |n: usize| -> Volume<f32> {
                nifti::read(&folder.join(format!("inputs/{}.nii.gz", entry["inputs"][n].as_str().unwrap())))
            };
            let numbers = |v: &Value| v.as_array().unwrap().iter().map(|p| p.as_f64().unwrap()).collect::<Vec<_>>();
            let mask = (region == Region::Mask).then(|| Mask::above(&read(1), 0.0));
            let wanted = numbers(&entry["params"]["percentiles"]);
            let found = percentiles(&read(0), &wanted, region, mask.as_ref(), &Ctx::default());
            for (found, wanted) in found.unwrap().iter().zip(numbers(&entry["values"]["values"])) {
                assert!((found - wanted).abs() <= entry["tol"]["values"].as_f64().unwrap(), "{id}: {found} {wanted}");
            }
        });
    };
    check("i05_percentiles", Region::Above(0.0));
    check("i06_percentiles_float", Region::Mask);
}

#[test]
fn fingerprint_and_its_normalization() {
    entry("i10_ct_fingerprint", |folder, entry| {
        let image = nifti::read(&folder.join("inputs/ct.nii.gz"));
        let found = Fingerprint::of(&image, Region::Between(-500.0, 2000.0), None, &Ctx::default()).unwrap();
        let found = serde_json::to_value(found).unwrap();
        for (key, wanted) in entry["values"].as_object().unwrap() {
            let isocenter_volume::exact::Exact(found) = serde_json::from_value(found[key].clone()).unwrap();
            let difference = (found - wanted.as_f64().unwrap()).abs();
            assert!(difference <= entry["tol"][key].as_f64().unwrap(), "{key}");
        }
    });
    entry("i11_nnunet_ct_normalization", |_, entry| {
        let given: Fingerprint = serde_json::from_value({
            let mut p = entry["params"].clone();
            p.as_object_mut().unwrap().remove("clip");
            p
        })
        .unwrap();
        volume_entry("i11_nnunet_ct_normalization", &Step::Fingerprint(FingerprintNormalize::try_from(given).unwrap()));
    });
}

#[test]
fn otsu_and_head_mask() {
    entry("i35_otsu", |folder, entry| {
        let image = nifti::read(&folder.join("inputs/mr.nii.gz"));
        let found = otsu::threshold(&image, Region::All, None, &Ctx::default()).unwrap();
        let above = image.voxels().iter().filter(|&&v| f64::from(v) > found).count() as f64;
        for (key, found) in [("threshold", found), ("voxels", above)] {
            let wanted = entry["values"][key].as_f64().unwrap();
            assert!((found - wanted).abs() <= entry["tol"][key].as_f64().unwrap(), "{key}: {found} {wanted}");
        }
    });
    entry("i36_head_mask", |folder, entry| {
        let image = nifti::read(&folder.join("inputs/mr.nii.gz"));
        let found = head::mask(&image, &Ctx::default()).unwrap().to_bools();
        let found: Vec<f32> = found.into_iter().map(|b| f32::from(u8::from(b))).collect();
        same(folder, entry, &found, image.shape());
    });
}
